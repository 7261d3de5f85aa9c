"""Personal names: taken over as they are (NFC, single spaces), compared folded."""

from __future__ import annotations

import unicodedata

from kiosk.domain.identity.characters import without_hidden

MAX_NAME_CHARS = 120
_JOINERS = frozenset(" '’ʼ`-‐‑–.")
_FOLDED_LETTERS = str.maketrans({"đ": "d", "ƀ": "b", "ł": "l", "ø": "o", "ı": "i"})


def read_name(text: str) -> str | None:
    """Name in NFC with single spaces, or null where the text cannot be one (digits, other scripts, damaged bytes).

    Hidden characters are taken out, so nothing in a name can command a printer or turn a line of text around.
    """
    name = " ".join(unicodedata.normalize("NFC", without_hidden(" ".join(text.split()))).split())
    if not name or len(name) > MAX_NAME_CHARS or not all(_belongs_in_name(char) for char in name):
        return None
    return name if any(char.isalpha() for char in name) else None


def _belongs_in_name(char: str) -> bool:
    if char in _JOINERS or unicodedata.category(char).startswith("M"):
        return True
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")


def folded_name(name: str) -> str:
    """Name for comparing: without case, marks, spaces, hyphens and apostrophes (`H'Hen Niê` = `H Hên NIE`)."""
    decomposed = unicodedata.normalize("NFD", name.casefold())
    letters = (char for char in decomposed if char.isalnum())
    return "".join(letters).translate(_FOLDED_LETTERS)


def same_name(one: str, other: str) -> bool:
    """True where two spellings can be the same name. Compare folded, send the original."""
    return folded_name(one) == folded_name(other)
