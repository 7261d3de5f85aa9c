"""Where a problem stands in a parsed settings file, and the value given there, unless it might be a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

from config.problems import SettingsProblem

Path = tuple[str | int, ...]
"""The steps from the top of a file to a value: names of tables and keys, places in lists."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_SHOWN_CHARS = 40
_UNSEEN = frozenset({"settings.unknown_key", "settings.missing_key"})
"""What an unknown key holds may be a password whose key was mistyped."""


def table_path(problem: SettingsProblem) -> Path:
    """`services[2]` as `("services", 2)`; an unknown table's name stands as it is."""
    return (problem.table,) if problem.code == "settings.unknown_table" else _steps(problem.table)


def value_path(problem: SettingsProblem) -> Path:
    """The same with the key; an unknown key stands as it is, with its dots."""
    key: Path = (problem.key,) if problem.code == "settings.unknown_key" else _steps(problem.key)
    return (*table_path(problem), *key)


def value_at(raw: object, path: Path) -> object:
    """What stands at `path`. Raises `KeyError` where nothing does."""
    for step in path:
        match raw, step:
            case (dict(), str()) if step in raw:
                raw = raw[step]
            case (list(), int()) if step < len(raw):
                raw = raw[step]
            case _:
                raise KeyError(step)
    return raw


def with_given(problem: SettingsProblem, raw: Mapping[str, object], kind: object) -> SettingsProblem:
    """The problem with the value that stands in the file; where one is wanted and none stands, that is the problem."""
    if not problem.key or problem.code in _UNSEEN:
        return problem
    try:
        given = value_at(raw, value_path(problem))
    except KeyError:
        return replace(problem, code="settings.wanted") if problem.code == "settings.not_allowed" else problem
    return problem if _is_secret(problem, kind) else replace(problem, given=_shown(given))


def _is_secret(problem: SettingsProblem, kind: Any) -> bool:
    """Options that are kept out of a dataclass's `repr` are kept out of messages too, and so is all of a nested one."""
    kinds = [each for each in (kind, *get_args(kind)) if is_dataclass(each)]
    name = next((step for step in _steps(problem.key) if isinstance(step, str)), "")
    shown = {f.name for each in kinds for f in fields(each) if f.repr and not f.metadata.get("secret")}
    if len([step for step in table_path(problem) if isinstance(step, str)]) > 1:
        return True
    return name not in shown or problem.detail == "secret" or "secret" in problem.code or "credential" in problem.code


def _shown(value: object) -> str:
    if not isinstance(value, bool | int | float | str):
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"


def _steps(path: str) -> Path:
    return tuple(name or int(index) for name, index in _STEP.findall(path))
