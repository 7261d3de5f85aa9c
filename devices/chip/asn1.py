"""asn1crypto kept in bounds: hostile input is measured first, and whatever it trips over becomes `MalformedData`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asn1crypto.core import Asn1Value

from devices.chip import tlv
from devices.chip.errors import MalformedData

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
    tlv.check_depth(der)
    with guarded(what):
        return kind.load(der, strict=True)
