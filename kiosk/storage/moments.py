"""Moments as stored: microseconds of UTC since 1970, which sort and compare as integers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_stored(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_stored(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
