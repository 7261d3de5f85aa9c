"""A secret from the settings: kept out of every representation."""

from __future__ import annotations

import hmac


class Secret:
    """A password, key or token. Formatting or logging it shows stars; `reveal()` gives the text.

    Options dataclasses that may not import this package mark a plain `str` field with `metadata={"secret": True}`
    instead (and `repr=False`): the settings loader then takes it from a file or credential all the same.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))
