"""What a station keeps its wishes for numbers in, and on which thread it waits for the disk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from kiosk.domain.outbox import Instant
from kiosk.station.outbox_port import OutboxPort


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """`disk` is a pool of one thread, ended by its maker; `own_numbers`: the kiosk may give numbers of its own."""

    outbox: OutboxPort
    disk: Executor
    instant: Callable[[], Instant]
    own_numbers: bool = True
