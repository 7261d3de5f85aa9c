"""Where stations under test keep their wishes for numbers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.domain.outbox import Instant
from kiosk.station.keeping import Keeping
from kiosk.storage.outbox import Outbox
from kiosk.storage.sealing import Sealer

SEALER = Sealer(bytes(32))
START = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


class AtOnce(Executor):
    """Runs what is submitted on the caller's thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def keeping(
    path: Path | None = None,
    *,
    own_numbers: bool = False,
    clock_s: Callable[[], float] = lambda: 0.0,
    disk: Executor | None = None,
) -> Keeping:
    """An outbox at `path` (in memory without one), its clock following `clock_s`."""

    def instant() -> Instant:
        since = timedelta(seconds=clock_s())
        return Instant(at=START + since, boot="boot", since_boot=since)

    return Keeping(outbox=Outbox(path, SEALER, "K1"), disk=disk or AtOnce(), instant=instant, own_numbers=own_numbers)
