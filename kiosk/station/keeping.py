"""What a station keeps its wishes for numbers in, and on which thread it waits for the disk."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from kiosk.domain.outbox import Instant
from kiosk.storage.outbox import Outbox
from kiosk.storage.sealing import KEY_BYTES, Sealer

P = ParamSpec("P")
T = TypeVar("T")

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """`disk` is a pool of one thread, ended by its maker; `own_numbers`: the kiosk may give numbers of its own."""

    outbox: Outbox
    disk: Executor
    instant: Callable[[], Instant]
    own_numbers: bool = True


class AtOnce(Executor):
    """Runs what is submitted on the caller's thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def in_memory() -> Keeping:
    """For a station without a disk of its own: nothing outlives it, so it gives no numbers of its own."""
    sealer = Sealer(os.urandom(KEY_BYTES))
    return Keeping(outbox=Outbox(None, sealer, "K"), disk=AtOnce(), instant=machine_instant(""), own_numbers=False)


def machine_instant(boot: str) -> Callable[[], Instant]:
    """Now, by both clocks of the machine."""

    def now() -> Instant:
        since_boot = timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))
        return Instant(at=datetime.now(UTC), boot=boot, since_boot=since_boot)

    return now
