"""Print jobs: waiting ones, handed from any thread to the driver's, and the one being printed."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from devices.contract import PrintState
from devices.printers.document import PrintDocument

TAG_LENGTH = 4
TAG_CHARS = b"@ABCDEFGHIJKLMNO`abcdefghijklmno"
"""Without bit 4, so that a torn tag is never taken for a real-time status."""
TAG_COUNT = len(TAG_CHARS) ** TAG_LENGTH


@dataclass(frozen=True, kw_only=True)
class PrintJob:
    """One slip to be printed; `submitted_s` is a moment of the driver's monotonic clock."""

    job_id: str
    document: PrintDocument
    submitted_s: float


class Phase(Enum):
    """`DOUBTING`: its end has come without its marks, and the printer is asked whether it knows marks at all."""

    SENDING = "sending"
    AWAITING = "awaiting"
    DOUBTING = "doubting"


@dataclass(kw_only=True)
class RunningJob:
    """The one job in the printer's hands, changed by the driver's thread only. `fence` and `tag` name its beginning and
    its end. `moved_s` is when the printer last took a byte of it or answered; `told` is the last state that went to the
    sink. `marks_asked` and `marks_came` count the questions between its parts and their answers; `end_came`: its tag
    was answered; `without_paper`: an answer said that there is none; `passed_over`: an answer came that may have been
    an earlier job's; `too_many`: more answers came than were asked for. `mark_ends`: where in the `length` bytes of the
    slip its marks end."""

    job_id: str
    fence: bytes
    tag: bytes
    submitted_s: float
    moved_s: float
    rest: memoryview = field(default_factory=lambda: memoryview(b""))
    paper_mm: float = 0.0
    phase: Phase = Phase.SENDING
    told: PrintState = PrintState.QUEUED
    marks_asked: int = 0
    marks_came: int = 0
    end_came: bool = False
    without_paper: bool = False
    passed_over: bool = False
    too_many: bool = False
    length: int = 0
    mark_ends: tuple[int, ...] = ()

    @property
    def marks_sent(self) -> int:
        """How many of the marks asked can have reached the printer by now."""
        return bisect_right(self.mark_ends, self.length - len(self.rest)) if self.rest else self.marks_asked


@dataclass(kw_only=True)
class KeptSlip:
    """An unconfirmed slip the printer may still bring out. From `due_s` on it would come out for nobody and is thrown
    away; `torn`: not all of it was sent, or something stopped the printer in the middle. `dropped`: nothing of it is
    left on this machine. `cut_short`: not all of it was sent. `owed`: the printer answers in order and has not answered
    to its end; asked for at `ask_s`, last at `asked_s`, again after `wait_s`."""

    tag: bytes
    due_s: float
    torn: bool
    dropped: bool = False
    cut_short: bool = True
    owed: bool = False
    ask_s: float = 0.0
    asked_s: float = float("-inf")
    wait_s: float = 1.0


class WaitingJobs:
    """Jobs that are not begun. Open while the printer is connected; closed, it refuses with the code given."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._jobs: deque[PrintJob] = deque()
        self._refusal: str | None = "printer.lost"

    def put(self, job: PrintJob) -> str | None:
        """Queue `job`, or the code why not."""
        with self._lock:
            if self._refusal is not None:
                return self._refusal
            if len(self._jobs) >= self._limit:
                return "printer.busy"
            self._jobs.append(job)
            return None

    def take(self) -> PrintJob | None:
        """The oldest job."""
        with self._lock:
            return self._jobs.popleft() if self._jobs else None

    def take_older(self, than_s: float) -> list[PrintJob]:
        """The jobs submitted before `than_s`."""
        with self._lock:
            old = [job for job in self._jobs if job.submitted_s < than_s]
            self._jobs = deque(job for job in self._jobs if job.submitted_s >= than_s)
            return old

    def take_all(self) -> list[PrintJob]:
        """Every job that is waiting, oldest first."""
        with self._lock:
            return self._emptied()

    def open(self) -> None:
        with self._lock:
            self._refusal = None

    def close(self, code: str) -> list[PrintJob]:
        """Refuse from now on with `code`; the jobs that were waiting."""
        with self._lock:
            self._refusal = code
            return self._emptied()

    def _emptied(self) -> list[PrintJob]:
        jobs = list(self._jobs)
        self._jobs.clear()
        return jobs


def tag_of(number: int) -> bytes:
    """The job tag of a running number; repeats after `TAG_COUNT`."""
    places = (number // len(TAG_CHARS) ** place % len(TAG_CHARS) for place in range(TAG_LENGTH))
    return bytes(TAG_CHARS[place] for place in places)
