"""The printer of a simulated kiosk: paper comes or not, whatever is said about it, also after the kiosk has died."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sim_network import Process
from sim_time import Scheduler

from kiosk.domain.faults import Fault
from kiosk.domain.slip import Slip
from kiosk.domain.visit.events import PrintChanged
from kiosk.domain.visit.state import PrintProgress


@dataclass(frozen=True, kw_only=True)
class Paper:
    ref: str
    label: str
    copy: int
    at_s: float


@dataclass(kw_only=True)
class SimPrinter:
    """Shares of all jobs: refused before anything is sent; paper without a word; a word (unconfirmed) without paper."""

    time: Scheduler
    dice: random.Random
    refuses: float = 0.0
    silent: float = 0.0
    swallows: float = 0.0
    papers: list[Paper] = field(default_factory=list)

    def print(self, slip: Slip, process: Process, tell: Callable[[PrintChanged], None]) -> None:
        """What the driver of `process` does with a job; `tell` is how it tells."""

        def say(progress: PrintProgress, in_s: float, code: str | None = None) -> None:
            fault = None if code is None else Fault(code=code)
            event = PrintChanged(ticket_id=slip.ticket_id, progress=progress, fault=fault, copy=slip.reprint)
            process.soon(lambda: tell(event), in_s)

        chance = self.dice.random()
        if chance < self.refuses:
            say(PrintProgress.FAILED, 0.2, "printer.paper_out")
            return
        say(PrintProgress.SENT, 0.1)
        out_s = self.dice.uniform(0.3, 1.5)
        process.soon(lambda: self._begun(slip, out_s), 0.1)
        if chance < self.refuses + self.silent + self.swallows:
            say(PrintProgress.UNCONFIRMED, out_s + 0.2, "printer.silent")
        else:
            say(PrintProgress.CONFIRMED, out_s + 0.2)
        if chance > self.refuses + self.silent and chance < self.refuses + self.silent + self.swallows:
            self._swallowed.add((slip.ticket_id, slip.reprint))

    _swallowed: set[tuple[str, int]] = field(default_factory=set)

    def _begun(self, slip: Slip, out_s: float) -> None:
        """From here on the paper comes whether the kiosk lives or not."""
        if (slip.ticket_id, slip.reprint) in self._swallowed:
            return

        def out() -> None:
            paper = Paper(ref=slip.ticket_id, label=slip.label, copy=slip.reprint, at_s=self.time.now_s)
            self.papers.append(paper)

        self.time.after(out_s, out)
