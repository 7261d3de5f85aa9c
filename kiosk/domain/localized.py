"""Languages and texts as the domain sees them: keys and parameters, never prose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Language(StrEnum):
    """Languages of patient and staff faces; Vietnamese comes first everywhere."""

    VI = "vi"
    EN = "en"


@dataclass(frozen=True, kw_only=True)
class LocalizedText:
    """A short text in every language, as hospitals configure it (names of services, rooms, counters)."""

    vi: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.en if language is Language.EN else self.vi


class Texts(Protocol):
    """The text catalogue; built at the top from `config/texts`, handed down to whoever speaks to people."""

    def text(self, key: str, language: Language, /, **params: object) -> str:
        """Text of `key` with `params` filled in. An unknown key raises `KeyError`."""
        ...
