"""asn1crypto kept in bounds: hostile input is measured first, and whatever it trips over becomes `MalformedData`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asn1crypto.core import Asn1Value

from devices.chip import tlv
from devices.chip.errors import MalformedData

MAX_SIZE = 24 * 1024
"""Longest structure taken from a chip, in bytes; real ones have 2 to 5 kB."""
_TRIPS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto has been seen to raise on mutated input; it parses lazily, so every access may."""


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turns what asn1crypto raises inside the block into `MalformedData`; `what` names the structure."""
    try:
        yield
    except _TRIPS:
        raise MalformedData(f"{what}: not the structure it should be") from None


def load(kind: type[Asn1Value], der: bytes, what: str) -> Any:
    """`der` as an asn1crypto value of `kind`, nothing following it. Raises `MalformedData`. Use what it gives inside
    `guarded` only."""
    if len(der) > MAX_SIZE:
        raise MalformedData(f"{what}: beyond the cap")
    tlv.check_depth(der)
    return load_large(kind, der, what)


def load_large(kind: type[Asn1Value], der: bytes, what: str) -> Any:
    """The same without caps, for files that somebody trusted put there."""
    with guarded(what):
        return kind.load(der, strict=True)
