"""The text catalogue: every sentence people see or hear, by key, in Vietnamese and English.

One TOML file per area and language (`texts/vi/kiosk.toml`); nested tables are flattened to dotted keys.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from types import MappingProxyType

LANGUAGES = ("vi", "en")


class Catalogue:
    """Texts by language and dotted key; satisfies `kiosk.domain.localized.Texts`."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """`texts`: language -> dotted key -> text with `{name}` parameters (str.format)."""
        self._texts = {language: MappingProxyType(dict(by_key)) for language, by_key in texts.items()}

    def text(self, key: str, language: str, /, **params: object) -> str:
        """Text of `key` with `params` filled in. Unknown keys, languages and missing parameters raise `KeyError`."""
        return self._texts[language][key].format_map(params)

    def keys(self, language: str) -> frozenset[str]:
        return frozenset(self._texts[language])

    def problems(self) -> list[str]:
        """What a translator or author has to repair, one line each; empty when the catalogue is sound."""
        return sorted([*self._differences(), *self._flaws()])

    def _differences(self) -> Iterator[str]:
        first, *others = self._texts
        for other in others:
            for key in self.keys(first) ^ self.keys(other):
                yield f"{key}: missing in {other if key in self.keys(first) else first}"
            for key in self.keys(first) & self.keys(other):
                if _parameters(self._texts[first][key]) != _parameters(self._texts[other][key]):
                    yield f"{key}: parameters differ between {first} and {other}"

    def _flaws(self) -> Iterator[str]:
        for language, by_key in self._texts.items():
            for key, text in by_key.items():
                yield from (f"{key} ({language}): {flaw}" for flaw in _flaws_of(text))


def load_catalogue(folder: Traversable | None = None) -> Catalogue:
    """The shipped catalogue, or that of `folder` with the same form (`vi/*.toml`, `en/*.toml`).

    Raises `ValueError` naming the file when one is not TOML, holds something else than texts, or repeats a key.
    """
    root = files("config").joinpath("texts") if folder is None else folder
    return Catalogue({language: _load_language(root.joinpath(language)) for language in LANGUAGES})


def _load_language(folder: Traversable) -> dict[str, str]:
    texts: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            flat = dict(_flatten(tomllib.loads(file.read_text(encoding="utf-8"))))
        except ValueError as error:
            raise ValueError(f"{folder.name}/{file.name}: {error}") from None
        if repeated := texts.keys() & flat.keys():
            raise ValueError(f"{folder.name}/{file.name}: repeats {', '.join(sorted(repeated))}")
        texts |= flat
    return texts


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        match value:
            case dict():
                yield from _flatten(value, f"{prefix}{name}.")
            case str():
                yield f"{prefix}{name}", value
            case _:
                raise ValueError(f"{prefix}{name} is not a text")


def _parameters(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _flaws_of(text: str) -> Iterator[str]:
    if not text.strip():
        yield "empty"
    if text != unicodedata.normalize("NFC", text):
        yield "not NFC"
    if any(line != line.strip() for line in text.split("\n")):
        yield "space at the start or end of a line"
    try:
        names = _parameters(text)
    except ValueError as error:
        yield f"braces: {error}"
        return
    if any(not name.isidentifier() for name in names):
        yield "parameters must be plain names"
