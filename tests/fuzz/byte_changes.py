"""Changes that every fuzzer makes to bytes."""

from __future__ import annotations

import random
from collections.abc import Sequence


def span(data: bytearray, dice: random.Random) -> slice:
    """Some stretch, mostly short; it may be empty."""
    at = dice.randrange(len(data) + 1)
    return slice(at, min(len(data), at + dice.choice((1, 1, 2, 4, 8, 30, 200))))


def change(data: bytearray, dice: random.Random, tokens: Sequence[bytes], repeats: Sequence[int]) -> None:
    """One change in place: bytes cut out, made random, repeated, a token put in, the end cut off, or one bit turned."""
    where = span(data, dice)
    match dice.randrange(6):
        case 0:
            data[where] = b""
        case 1:
            data[where.start : where.start] = dice.choice(tokens)
        case 2:
            data[where] = dice.randbytes(where.stop - where.start)
        case 3:
            data[where.start : where.start] = data[where] * dice.choice(repeats)
        case 4:
            del data[where.start :]
        case _:
            if where.start < len(data):
                data[where.start] ^= 1 << dice.randrange(8)
