"""Where random numbers come from: the system, unless a worked example wants its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from devices.chip.groups import RandomBelow


@dataclass(frozen=True, kw_only=True)
class Randomness:
    """`below(n)` gives a number in 0 … n-1, `octets(n)` gives n bytes."""

    below: RandomBelow = secrets.randbelow
    octets: Callable[[int], bytes] = secrets.token_bytes
