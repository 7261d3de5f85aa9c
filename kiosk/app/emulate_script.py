"""Orders to an emulator by the clock: a file of lines `SECONDS ORDER`, counted from the start."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.app.emulate_console import LineRefused
from kiosk.app.start import CannotStart


@dataclass(frozen=True, kw_only=True)
class TimedOrder:
    """An order so many seconds after the start."""

    at_s: float
    order: str


def read_script(file: Path | None) -> tuple[TimedOrder, ...]:
    """The file's orders by time; empty lines and those with `#` in front are left out. Raises `CannotStart`."""
    if file is None:
        return ()
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart("emulate.script_unreadable", path=str(file)) from error
    orders = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            seconds, _, order = line.strip().partition(" ")
            if not seconds.replace(".", "", 1).isdecimal() or not order:
                raise CannotStart("emulate.script_line", path=str(file), line=number)
            orders.append(TimedOrder(at_s=float(seconds), order=order.strip()))
    return tuple(sorted(orders, key=lambda one: one.at_s))


class ScriptPlayer:
    """Obeys timed orders on a thread of its own; an order nobody understands is passed over."""

    def __init__(self, script: Sequence[TimedOrder], obey: Callable[[str], object]) -> None:
        self._script = script
        self._obey = obey
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._play, name="emulator-script", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _play(self) -> None:
        begun_s = 0.0
        for timed in self._script:
            if self._stopping.wait(timed.at_s - begun_s):
                return
            begun_s = timed.at_s
            with suppress(LineRefused):
                self._obey(timed.order)
