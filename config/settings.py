"""Settings files: one TOML file, each table bound by the caller to the options dataclass beside its driver."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from cattrs.errors import BaseValidationError

from config.given import with_given
from config.problems import Misfit, SettingsError, SettingsProblem, closest
from config.structuring import ResolveSecret, has_required_fields, make_converter, problems_of

__all__ = ["Settings", "SettingsError", "SettingsProblem", "load_settings", "read_toml", "secret_resolver"]

_T = TypeVar("_T")

_SYNTAX_PLACE = re.compile(r"^(?P<what>.*?) \(at (?P<place>line \d+, column \d+|end of document)\)$")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The tables of a settings file, each as an instance of its options dataclass."""

    tables: Mapping[str, object]

    def table(self, name: str, kind: type[_T]) -> _T:
        """Options of table `name`. Raises `TypeError` when the table was bound to another class than `kind`."""
        options = self.tables[name]
        if not isinstance(options, kind):
            raise TypeError(f"table {name} holds {type(options).__name__}, not {kind.__name__}")
        return options

    def optional_table(self, name: str, kind: type[_T]) -> _T | None:
        """Options of a table that was bound to `kind | None`; None when the file does not have it."""
        return None if self.tables[name] is None else self.table(name, kind)


def load_settings(
    path: Path | None, tables: Mapping[str, Any], *, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings file at `path`; without one (None) every table has its defaults.

    `tables` binds a table's name to a frozen options dataclass, to `Options | None` (None when the table is absent)
    or to `tuple[Options, ...]` (an array of tables). `environ` is where `CREDENTIALS_DIRECTORY` is looked up (the
    process environment by default). Raises `SettingsError` with all problems of the file at once.
    """
    raw = {} if path is None else read_toml(path)
    made, problems = structure_tables(raw, tables, folder=Path() if path is None else path.parent, environ=environ)
    if problems:
        raise SettingsError(str(path or ""), tuple(problems))
    return Settings(tables=made)


def structure_tables(
    raw: Mapping[str, object], tables: Mapping[str, Any], *, folder: Path, environ: Mapping[str, str] | None
) -> tuple[dict[str, object], list[SettingsProblem]]:
    """The tables of a parsed file that can be used as they are, and every problem of all others."""
    resolve = secret_resolver(folder=folder, environ=os.environ if environ is None else environ)
    converter = make_converter(resolve_secret=resolve, folder=folder)
    problems = [
        SettingsProblem(
            code="settings.unknown_table", table=name, suggestion=closest(name, tables), detail=", ".join(tables)
        )
        for name in raw
        if name not in tables
    ]
    made: dict[str, object] = {}
    for name, kind in tables.items():
        if name not in raw and may_be_none(kind):
            made[name] = None
        elif name not in raw and has_required_fields(kind):
            problems.append(SettingsProblem(code="settings.missing_table", table=name))
        else:
            try:
                made[name] = converter.structure(raw.get(name, [] if get_origin(kind) is tuple else {}), kind)
            except (BaseValidationError, Misfit) as error:
                problems += [with_given(problem, raw, kind) for problem in problems_of(error, name)]
    return made, problems


def may_be_none(kind: object) -> bool:
    """Whether a table of this kind may be absent."""
    return get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind)


def read_toml(path: Path) -> dict[str, object]:
    """The parsed file. Raises `SettingsError` (missing, unreadable, not UTF-8, not TOML: with the line)."""
    try:
        # utf-8-sig: the editor of a Windows desktop writes a byte order mark
        return cast("dict[str, object]", tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        problem = SettingsProblem(code="settings.file_missing")
    except OSError as error:
        problem = SettingsProblem(code="settings.file_unreadable", detail=error.strerror or "")
    except UnicodeDecodeError as error:
        problem = SettingsProblem(code="settings.not_utf8", detail=str(error.object[: error.start].count(b"\n") + 1))
    except tomllib.TOMLDecodeError as error:
        problem = _syntax_problem(str(error))
    raise SettingsError(str(path), (problem,))


def _syntax_problem(message: str) -> SettingsProblem:
    match = _SYNTAX_PLACE.match(message)
    if match is None:
        return SettingsProblem(code="settings.syntax", detail=message)
    return SettingsProblem(code="settings.syntax", key=match["place"], detail=match["what"])


def secret_resolver(*, folder: Path, environ: Mapping[str, str]) -> ResolveSecret:
    """How secrets are found: `{ file = "path" }` beside the settings file, or `{ credential = "name" }` of systemd
    (`LoadCredential=`, systemd.exec(5)). A secret written into the settings file itself is refused."""

    def resolve(value: object) -> str:
        match value:
            case {"file": str(name), **rest} if not rest:
                return _read_secret(folder / name)
            case {"credential": str(name), **rest} if not rest:
                if not environ.get("CREDENTIALS_DIRECTORY"):
                    raise Misfit("settings.credentials_absent", name)
                return _read_secret(Path(environ["CREDENTIALS_DIRECTORY"]) / name)
            case str():
                raise Misfit("settings.secret_inline")
            case _:
                raise Misfit("settings.wrong_type", "secret")

    return resolve


def _read_secret(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misfit(
            "settings.secret_unreadable", f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8'}"
        ) from None
    if not text:
        raise Misfit("settings.secret_empty", str(path))
    return text
