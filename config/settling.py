"""A settings file taken as far as it goes: what cannot be used is left out and told, all the rest holds.

For the faces in lobby and waiting room: one bad line must not close a reception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_origin

from config.given import Path as Steps
from config.given import table_path, value_at, value_path
from config.problems import Instead, SettingsError, SettingsProblem
from config.settings import Settings, may_be_none, read_toml, structure_tables
from config.structuring import has_required_fields

_LEFT_OUT = frozenset({"settings.unknown_table", "settings.unknown_key"})
_UNREADABLE = frozenset(
    {"settings.file_missing", "settings.file_unreadable", "settings.not_utf8", "settings.syntax"},
)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Settings to work with, and every problem of the file with what holds instead; none: the file is right."""

    settings: Settings
    file: str = ""
    problems: tuple[SettingsProblem, ...] = ()

    @property
    def is_unreadable(self) -> bool:
        """Nothing of the file could be used."""
        return any(problem.code in _UNREADABLE for problem in self.problems)


def settle_settings(
    path: Path | None, tables: Mapping[str, Any], *, environ: Mapping[str, str] | None = None
) -> Settled:
    """As `load_settings`, without ever refusing: a bad value gives way to its default, an optional table or an entry of
    a list that lacks what it needs is off, an unreadable file counts as an empty one.

    Raises `SettingsError` only for a table that has no defaults at all."""
    raw, problems = _read(path)
    folder = Path() if path is None else path.parent

    def structure(raw: Mapping[str, object]) -> tuple[dict[str, object], list[SettingsProblem]]:
        return structure_tables(raw, tables, folder=folder, environ=environ)

    made, found = _settled(raw, tables, structure)
    if lacking := [problem for problem in found if problem.instead is None]:
        raise SettingsError(str(path or ""), (*problems, *lacking))
    return Settled(settings=Settings(tables=made), file=str(path or ""), problems=(*problems, *found))


def _read(path: Path | None) -> tuple[dict[str, object], list[SettingsProblem]]:
    if path is None:
        return {}, []
    try:
        return read_toml(path), []
    except SettingsError as error:
        return {}, [replace(problem, instead=Instead.DEFAULT) for problem in error.problems]


_Structure = Callable[[Mapping[str, object]], tuple[dict[str, object], list[SettingsProblem]]]


def _settled(
    raw: dict[str, object], tables: Mapping[str, Any], structure: _Structure
) -> tuple[dict[str, object], list[SettingsProblem]]:
    """Take out what is wrong and look again until the rest is right; each round takes something out."""
    rest = deepcopy(raw)
    made, found = structure(rest)
    told: list[SettingsProblem] = []
    while found:
        cut = [_cut(rest, problem) for problem in found]
        told += [replace(p, instead=_instead(p, steps, tables)) for p, steps in zip(found, cut, strict=True)]
        if any(steps == () for steps in cut):
            return {}, told
        _take_out(rest, cut)
        made, found = structure(rest)
    return made, _without_echoes(told)


def _cut(raw: Mapping[str, object], problem: SettingsProblem) -> Steps:
    """What has to go: the value, or the table around a value that is wanted and not there; nothing is left of a table
    that is wanted itself."""
    for path in (value_path(problem), table_path(problem)):
        try:
            value_at(raw, path)
        except KeyError:
            continue
        return path
    return ()


def _take_out(raw: dict[str, object], paths: Iterable[Steps]) -> None:
    wanted = set(paths)
    outermost = [path for path in wanted if not any(path[:end] in wanted for end in range(1, len(path)))]
    for path in sorted(outermost, key=lambda path: [str(step).zfill(6) for step in path], reverse=True):
        container: Any = value_at(raw, path[:-1])
        del container[path[-1]]


def _instead(problem: SettingsProblem, cut: Steps, tables: Mapping[str, Any]) -> Instead | None:
    if problem.code in _LEFT_OUT:
        return Instead.LEFT_OUT
    kind = tables.get(str(cut[0])) if cut else None
    if kind is None or (len(cut) == 1 and has_required_fields(kind)):
        return None
    if (len(cut) == 1 and may_be_none(kind)) or (len(cut) == 2 and get_origin(kind) is tuple):
        return Instead.OFF
    return Instead.DEFAULT


def _without_echoes(told: list[SettingsProblem]) -> list[SettingsProblem]:
    """A key that was taken out may be missed in the next round: it is told once, with what holds in the end."""
    first: dict[str, SettingsProblem] = {}
    for problem in told:
        known = first.get(problem.place)
        first[problem.place] = problem if known is None else replace(known, instead=problem.instead)
    return list(first.values())
