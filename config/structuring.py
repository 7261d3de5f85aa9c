"""Parsed TOML into frozen options dataclasses: strictly, and with every error of a file at once.

cattrs walks the types and gathers the errors; its own conversions of scalars (`int("7")`, `str(7)`, a text taken
for a list of letters) are replaced by strict ones, because in a settings file they are mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import time
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from config.problems import Misfit, SettingsProblem, closest
from config.secret import Secret

ResolveSecret = Callable[[object], str]
"""What stands in the file for a secret -> the secret's text. Raises `Misfit`."""


def make_converter(*, resolve_secret: ResolveSecret, folder: Path) -> Converter:
    """A converter for settings. Relative paths are taken from `folder`, the one the file lies in."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for scalar in (bool, int, float, str):
        converter.register_structure_hook(scalar, _scalar_or_choice)
    converter.register_structure_hook(Path, lambda value, _: folder / _strict_scalar(value, str))
    converter.register_structure_hook(time, _time_of_day)
    converter.register_structure_hook(ZoneInfo, _time_zone)
    converter.register_structure_hook(Secret, lambda value, _: Secret(resolve_secret(value)))
    converter.register_structure_hook(Enum, _choice)
    converter.register_structure_hook_func(_is_tuple, lambda value, kind: _tuple(converter, value, kind))

    def dataclass_hook(kind: type) -> Callable[[object, object], object]:
        secret_fields: dict[str, Any] = {
            f.name: override(struct_hook=lambda value, _: resolve_secret(value))
            for f in fields(kind)
            if f.metadata.get("secret")
        }
        structure: Callable[[Any, Any], object] = make_dict_structure_fn(kind, converter, **secret_fields)

        def from_table(value: object, _: object) -> object:
            if not isinstance(value, Mapping):
                raise Misfit("settings.wrong_type", "table")
            return structure(value, kind)

        return from_table

    converter.register_structure_hook_factory(is_dataclass, dataclass_hook)
    return converter


def problems_of(error: BaseException, path: str = "") -> list[SettingsProblem]:
    """Every problem inside a structuring error, each with the place it stands at (`services[2].prefix`)."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        return [problem for inner in error.exceptions for problem in problems_of(inner, _step_into(inner, path))]
    if isinstance(error, ForbiddenExtraKeysError):
        return [_unknown_key(error.cl, key, path) for key in sorted(error.extra_fields)]
    if isinstance(error, KeyError):
        return [_at(path, code="settings.missing_key")]
    if isinstance(error, Misfit):
        place = f"{path}.{error.key}" if error.key else path
        return [_at(place, code=error.code, detail=error.detail, suggestion=error.suggestion)]
    return [_refused(error, path)]


def _refused(error: BaseException, path: str) -> SettingsProblem:
    """Options dataclasses refuse a value with `ValueError(code, key, allowed)`, `allowed` being words of no language:
    a range, a list, an example."""
    match error.args:
        case (str(), str(key), str(allowed)):
            return _at(f"{path}.{key}" if path else key, code="settings.not_allowed", detail=allowed)
    return _at(path, code="settings.value_refused", detail=str(error))


def _step_into(error: BaseException, path: str) -> str:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return f"{path}.{note.name}" if path else note.name
        if isinstance(note, IterableValidationNote):
            step = f"[{note.index}]" if isinstance(note.index, int) else f".{note.index}"
            return f"{path}{step}".removeprefix(".")
    return path


def _at(path: str, *, code: str, detail: str = "", suggestion: str = "") -> SettingsProblem:
    """The last name of `path` is the key; a path of one name is the table itself."""
    table, _, key = path.rpartition(".")
    if not table:
        table, key = path, ""
    return SettingsProblem(code=code, table=table, key=key, detail=detail, suggestion=suggestion)


def _unknown_key(kind: type, key: str, path: str) -> SettingsProblem:
    code = "settings.unknown_key" if path else "settings.unknown_table"
    known = [f.name for f in fields(kind)] if is_dataclass(kind) else []
    return SettingsProblem(
        code=code, table=path or key, key=key if path else "", suggestion=closest(key, known), detail=", ".join(known)
    )


def _scalar_or_choice(value: object, kind: Any) -> Any:
    """cattrs finds the hook of `str` for a StrEnum as well."""
    return _choice(value, kind) if issubclass(kind, Enum) else _strict_scalar(value, kind)


def _strict_scalar(value: object, kind: Any) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise Misfit("settings.wrong_type", kind.__name__)
    return value


def _time_of_day(value: object, _: object) -> time:
    """`"07:00"` or TOML's own local time `07:00:00`."""
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(_strict_scalar(value, str))
    except ValueError:
        raise Misfit("settings.wrong_type", "time") from None


def _time_zone(value: object, _: object) -> ZoneInfo:
    name = _strict_scalar(value, str)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Misfit("settings.time_zone_unknown", name, "Asia/Ho_Chi_Minh") from None


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _choice(value: object, kind: type[Enum]) -> Enum:
    try:
        return kind(value)
    except ValueError:
        allowed = [str(member.value) for member in kind]
        raise Misfit("settings.not_a_choice", ", ".join(allowed), closest(str(value), allowed)) from None


def _tuple(converter: Converter, value: object, kind: Any) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise Misfit("settings.wrong_type", "list")
    args = get_args(kind)
    kinds = [args[0]] * len(value) if args[-1] is Ellipsis else list(args)
    if len(kinds) != len(value):
        raise Misfit("settings.wrong_length", str(len(kinds)))
    members: list[object] = []
    errors: list[Exception] = []
    for index, (member, member_kind) in enumerate(zip(value, kinds, strict=True)):
        try:
            members.append(converter.structure(member, member_kind))
        except (BaseValidationError, Misfit) as error:  # gathered and reported together, as cattrs does
            error.add_note(IterableValidationNote(f"at index {index}", index, member_kind))
            errors.append(error)
    if errors:
        raise IterableValidationError(f"while structuring {kind}", errors, kind)
    return tuple(members)


def has_required_fields(kind: object) -> bool:
    """Whether a dataclass cannot be made from an empty table."""
    return (
        isinstance(kind, type)
        and is_dataclass(kind)
        and any(f.init and f.default is MISSING and f.default_factory is MISSING for f in fields(kind))
    )
