"""What can be wrong with a settings file, as codes; the sentences stand in texts/*/cli.toml under `settings`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Protocol

_LINE_AND_COLUMN = re.compile(r"line (\d+), column (\d+)")


class TextSource(Protocol):
    """What this module needs of the catalogue."""

    def text(self, key: str, language: str, /, **params: object) -> str: ...


class Instead(StrEnum):
    """What holds where a part of a file could not be used and the program went on without it."""

    LEFT_OUT = "left_out"
    DEFAULT = "default"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class SettingsProblem:
    """One thing wrong in a settings file.

    `table` is the path of the table (`kiosk`, `services[2]`; empty: the file itself), `key` the key in it (may be
    empty). `detail` is technical: the expected kind, the allowed values, the line; never a secret's value. `given` is
    the value as it stands in the file, empty where there is none or it might be secret. `suggestion` is the name that
    was probably meant, `instead` what holds where the program goes on without this part.
    """

    code: str
    table: str = ""
    key: str = ""
    detail: str = ""
    given: str = ""
    suggestion: str = ""
    instead: Instead | None = None

    @property
    def place(self) -> str:
        """Where to look, as it is written in the file: `[kiosk] port`."""
        table = f"[{self.table}]" if self.table else ""
        return f"{table} {self.key}".strip()

    def sentence(self, texts: TextSource, language: str) -> str:
        """The problem in plain words, with "did you mean" where something was close and with what holds instead."""
        told = [texts.text(self.code, language, **self._params(texts, language))]
        if self.suggestion:
            told.append(texts.text("settings.did_you_mean", language, suggestion=self.suggestion))
        elif self.detail and self.code in ("settings.unknown_key", "settings.unknown_table"):
            told.append(texts.text("settings.known", language, detail=self.detail))
        if self.instead is not None:
            told.append(texts.text(f"settings.instead.{self.instead}", language))
        return " ".join(told)

    def _params(self, texts: TextSource, language: str) -> dict[str, str]:
        detail = self.detail
        if self.code == "settings.wrong_type":
            detail = texts.text(f"settings.kind.{self.detail}", language)
        key = _spoken_place(self.key, texts, language) if self.code == "settings.syntax" else self.key
        place = f"{self.place} = {self.given}" if self.given else self.place
        return {"place": place, "table": self.table, "key": key, "detail": detail}


def _spoken_place(place: str, texts: TextSource, language: str) -> str:
    """`line 2, column 10` or `end of document`, as Python's reader says it, in words of the language."""
    at = _LINE_AND_COLUMN.fullmatch(place)
    if at is None:
        return texts.text("settings.at_end", language)
    return texts.text("settings.at", language, line=at[1], column=at[2])


class SettingsError(Exception):
    """A settings file cannot be used; carries every problem found in it, in the file's order where known."""

    def __init__(self, file: str, problems: tuple[SettingsProblem, ...]) -> None:
        super().__init__(", ".join(f"{p.code} {p.place}".strip() for p in problems))
        self.file = file
        self.problems = problems


class Misfit(ValueError):
    """One value does not fit its field; the place is added on the way up. A check of a whole table names the `key`."""

    def __init__(self, code: str, detail: str = "", suggestion: str = "", *, key: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.suggestion = suggestion
        self.key = key


def closest(given: str, known: Iterable[str]) -> str:
    """The known name `given` was probably meant to be, or an empty string."""
    by_lower = {name.lower(): name for name in known}
    match = get_close_matches(given.lower().replace("-", "_"), by_lower, n=1, cutoff=0.6)
    return by_lower[match[0]] if match else ""
