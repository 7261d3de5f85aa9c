"""Where an emulated card takes its random bytes: the system, or a seed for tests that repeat."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]
"""So many random bytes; `secrets.token_bytes`, or `seeded`."""


def seeded(seed: str) -> RandomBytes:
    """The same bytes for the same seed, call after call."""
    calls = itertools.count()
    return lambda size: hashlib.shake_256(f"{seed}/{next(calls)}".encode()).digest(size)


def below(limit: int, random_bytes: RandomBytes) -> int:
    """A number in 0 … limit-1, uniform but for a bias of 2^-64."""
    return int.from_bytes(random_bytes((limit.bit_length() + 7) // 8 + 8), "big") % limit
