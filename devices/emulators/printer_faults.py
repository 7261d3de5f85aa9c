"""What can be wrong with an emulated printer, and how the printer words it in its status bytes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

_FIXED = 0x12  # bits 1 and 4 of every DLE EOT answer
_NO_LIMIT = 1 << 62


def _nobody() -> None:
    """Listener of faults that belong to no printer yet."""


@dataclass(kw_only=True)
class PrinterFaults:
    """Settable from any thread while the printer runs; an unknown name raises `AttributeError`.

    The `…_after_bytes` count bytes the printer works off from now on, act once and then are None again; `strikes` does
    so for any other fault: its name, and after how many bytes it becomes true."""

    paper_out: bool = False
    lying_sensor: bool = False  # a roll that has ended or nearly so is never told of; printing stops all the same
    paper_near_end: bool = False
    cover_open: bool = False
    cutter_error: bool = False
    unrecoverable_error: bool = False
    auto_recoverable_error: bool = False  # an overheated head
    recoverable_error: bool = False  # jammed somewhere else than at the cutter
    offline: bool = False  # by its own button or menu
    silent: bool = False  # prints, answers nothing at all
    bytes_per_s: float | None = None  # how fast it works off its buffer; None is at once
    answer_delay_s: float = 0.0
    automatic_status: bool = False  # status blocks nobody here asked for, before every answer and on every change
    no_job_tag: bool = False  # a clone that does not know GS ( H
    no_status_request: bool = False  # a clone that does not know GS r
    no_clear: bool = False  # a clone that does not know DLE DC4 function 8
    unanswered: frozenset[int] = frozenset()  # the n of DLE EOT a clone does not know
    wrong_bit_rate: bool = False  # what it hears is nonsense to it, and what it says to the host
    garbled_answers: bool = False  # another parity: it hears well, its answers come with bit 7 turned over
    paper_out_after_bytes: int | None = None  # the roll ends in the middle of something
    strikes: tuple[str, int] | None = None
    die_after_bytes: int | None = None  # power lost: connection dropped, buffer gone, the half-printed ticket hangs out
    reboot_after_bytes: int | None = None  # the same on a line that does not show it: the connection stays
    off_s: float = 0.2  # from power off to the first byte taken, where the line goes on; real ones need one to three
    holds_line: bool = False  # what is sent meanwhile waits on the line (flow control) instead of being lost
    cable_pulled_after_bytes: int | None = None  # connection dropped, the printer works on with what it has
    _lock: Any = field(init=False, default_factory=threading.RLock, repr=False, compare=False)
    _changed: Callable[[], None] = field(init=False, default=_nobody, repr=False, compare=False)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _NAMES:
            raise AttributeError(f"a printer has no fault {name!r}")
        lock = self.__dict__.get("_lock")
        if lock is None or name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        with lock:
            object.__setattr__(self, name, value)
        self._changed()

    def tell_changes_to(self, listener: Callable[[], None]) -> None:
        """`listener` is called after every change, on the thread that made it."""
        self._changed = listener

    @property
    def stops_printing(self) -> bool:
        return self.paper_out or self.cover_open or self.offline or self.in_error

    @property
    def _says_stopped(self) -> bool:
        return self._says_paper_out or self.cover_open or self.offline or self.in_error

    @property
    def _says_paper_out(self) -> bool:
        return self.paper_out and not self.lying_sensor

    @property
    def _says_near_end(self) -> bool:
        return (self.paper_near_end or self.paper_out) and not self.lying_sensor

    @property
    def in_error(self) -> bool:
        return self.cutter_error or self.unrecoverable_error or self.auto_recoverable_error or self.recoverable_error

    def allowed_bytes(self) -> int:
        """How many bytes may be worked off before one of the counted faults strikes."""
        counted = [getattr(self, name) for name in _COUNTED]
        limits = [limit for limit in counted if limit is not None] + ([self.strikes[1]] if self.strikes else [])
        return min(limits, default=_NO_LIMIT)

    def count(self, worked_off: int) -> frozenset[str]:
        """Count `worked_off` bytes; the names of the counted faults that strike now. Those that are a state of the
        printer are set here, the others are the printer's to carry out."""
        with self._lock:
            struck = set()
            for name in _COUNTED:
                left = getattr(self, name)
                if left is not None:
                    setattr(self, name, left - worked_off if left > worked_off else None)
                    struck |= {name} if left <= worked_off else set()
            if self.strikes is not None:
                name, left = self.strikes
                self.strikes = (name, left - worked_off) if left > worked_off else None
                if left <= worked_off:
                    setattr(self, name, True)
            self.paper_out = self.paper_out or "paper_out_after_bytes" in struck
            return frozenset(struck)

    def real_time_status(self, kind: int) -> bytes:
        """The answer to DLE EOT `kind` (1 printer, 2 off-line cause, 3 error cause, 4 roll paper)."""
        bits = {
            1: 0x08 * self._says_stopped,
            2: 0x04 * self.cover_open | 0x20 * self._says_paper_out | 0x40 * self.in_error,
            3: self._errors(),
            4: 0x0C * self._says_near_end | 0x60 * self._says_paper_out,
        }
        return bytes([_FIXED | bits[kind]])

    def queued_status(self, kind: int) -> bytes:
        """The answer to GS r `kind`: 1 paper, otherwise the drawer, which is shut."""
        if kind != 1:
            return b"\x00"
        return bytes([0x03 * self._says_near_end | 0x0C * self._says_paper_out])

    def automatic_status_block(self) -> bytes:
        """The four bytes of automatic status back (GS a)."""
        return bytes(
            [
                0x10 | 0x08 * self._says_stopped | 0x20 * self.cover_open,
                self._errors(),
                0x03 * self._says_near_end | 0x0C * self._says_paper_out,
                0x00,
            ]
        )

    def _errors(self) -> int:
        jammed = 0x04 * self.recoverable_error | 0x08 * self.cutter_error
        return jammed | 0x20 * self.unrecoverable_error | 0x40 * self.auto_recoverable_error


_COUNTED = ("paper_out_after_bytes", "die_after_bytes", "reboot_after_bytes", "cable_pulled_after_bytes")
_NAMES = frozenset(member.name for member in fields(PrinterFaults))
