"""What every driver offers, and the events drivers deliver. Knows nothing of hospitals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class DeviceState(StrEnum):
    STOPPED = "stopped"
    CONNECTING = "connecting"
    READY = "ready"
    LOST = "lost"  # was there or should be there; being reconnected with back-off


@dataclass(frozen=True, kw_only=True)
class DeviceStatus:
    """State of one device. `code` says why in a dotted code (`scanner.port_missing`, `printer.paper_out`), `detail`
    is technical text for logs and the doctor, never shown to patients and never personal."""

    device: str
    state: DeviceState
    code: str | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """One code from a scanner or camera. `text` is NFC; `certain` is false when the bytes were not plain UTF-8."""

    device: str
    text: str
    certain: bool = True


class ScanOutcome(StrEnum):
    """What became of one code held before a reader. The last three are failures: the person has to try again."""

    READ = "read"
    UNCERTAIN = "uncertain"  # read, but its bytes were not plain UTF-8
    TORN = "torn"  # its end did not come
    UNREADABLE = "unreadable"  # something was there, and no text came of it
    TOO_LONG = "too_long"


@dataclass(frozen=True, kw_only=True)
class ScanMeasured:
    """How hard one code was to read; told beside `Scanned`, holds nothing of the code itself.

    `format` is the symbology (`qr`, `code_128` …), `unknown` where the device does not say. `decode_ms` is from the
    first sight of the code to its text, None where the device does not know (a serial scanner tells only the end).
    `tries` counts the attempts that took, 1 where the device does not say.
    """

    device: str
    outcome: ScanOutcome
    format: str = "unknown"
    decode_ms: int | None = None
    tries: int = 1


class CameraHint(StrEnum):
    """What the person should do with what is held before a camera."""

    NONE = "none"
    CLOSER = "closer"
    TILT = "tilt"  # light glares on it
    TOO_DARK = "too_dark"
    TURN_OVER = "turn_over"  # a card without a code: the 2024 citizen card has it on the back


@dataclass(frozen=True, kw_only=True)
class CameraGuidance:
    """A camera's advice, told when it changes."""

    device: str
    hint: CameraHint


@dataclass(frozen=True, kw_only=True, repr=False)
class MrzSeen:
    """The machine-readable zone of a card's back (TD1, ICAO 9303-5) seen by a camera that was asked to look for it.
    Dates are YYMMDD; `number` is a Vietnamese card's twelve digits. Check digits of the three key fields hold; `lines`
    (three of 30) hold as a whole only when `complete`. Personal: never printed by `repr`, never logged or stored."""

    device: str
    document_number: str
    birth: str
    expiry: str
    number: str | None
    lines: tuple[str, str, str]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class CardPresent:
    """A card lies on the reader; `atr` is its answer to reset."""

    device: str
    atr: bytes


@dataclass(frozen=True, kw_only=True)
class CardRemoved:
    device: str


class PrintState(StrEnum):
    """Where one print job stands. Apart from the ticket's own state: paper never decides whether a number exists."""

    QUEUED = "queued"
    SENT = "sent"  # told just before the first byte goes out: from here on paper may come out
    CONFIRMED = "confirmed"  # the printer itself said that this job's printing has ended
    UNCONFIRMED = "unconfirmed"  # sent in part or whole, outcome unknown; never repeated by itself
    FAILED = "failed"  # nothing was sent and nothing is kept: no stale ticket will come out later


@dataclass(frozen=True, kw_only=True)
class PrintJobChanged:
    """One job's new state. `code` says why for `UNCONFIRMED` and `FAILED` (`printer.paper_out` …). An unconfirmed job
    may become confirmed later, when a refilled printer goes on and reports it."""

    device: str
    job_id: str
    state: PrintState
    code: str | None = None


@dataclass(frozen=True, kw_only=True)
class PrinterCondition:
    """What a printer said of itself; None is "it did not say", never "all is well". Delivered on every change, so that
    staff learn of an ending roll before a patient does. Three are found out about it: `garbled`, its answers are no
    answers (bit rate, parity); `elsewhere`, connected over the network it has never spoken, as one that serves another
    host; `old_ticket_inside`, it keeps an expired slip that could not be thrown away."""

    device: str
    answered: bool
    online: bool | None = None
    cover_open: bool | None = None
    paper_out: bool | None = None
    paper_near_end: bool | None = None
    cutter_error: bool | None = None
    unrecoverable: bool | None = None
    recoverable: bool | None = None  # jammed somewhere: goes on when somebody has helped
    overheated: bool | None = None  # goes on by itself when the head has cooled down
    garbled: bool = False
    elsewhere: bool = False
    old_ticket_inside: bool = False

    @property
    def blocking_code(self) -> str | None:
        """Why nothing can be printed now, or None (also when the printer says nothing)."""
        return "printer.old_ticket_inside" if self.old_ticket_inside else self.said_blocking_code

    @property
    def said_blocking_code(self) -> str | None:
        """`blocking_code` as far as the printer itself says it."""
        if self.garbled:
            return "printer.garbled"
        if self.cover_open:
            return "printer.cover_open"
        if self.paper_out:
            return "printer.paper_out"
        if self.cutter_error:
            return "printer.cutter_error"
        if self.unrecoverable:
            return "printer.unrecoverable_error"
        if self.recoverable:
            return "printer.recoverable_error"
        if self.overheated:
            return "printer.overheated"
        return "printer.offline" if self.online is False else None

    @property
    def code(self) -> str | None:
        """What staff should know: the blocking reason, else `printer.paper_near_end`, `printer.elsewhere`,
        `printer.silent` or None."""
        if self.blocking_code:
            return self.blocking_code
        if self.paper_near_end:
            return "printer.paper_near_end"
        return None if self.answered else self.silent_code

    @property
    def silent_code(self) -> str:
        """What a printer that says nothing is taken for."""
        return "printer.elsewhere" if self.elsewhere else "printer.silent"


@dataclass(frozen=True, kw_only=True)
class PaperForeseen:
    """About so many slips will still fit on the roll, by what was cut since it was new; told at a few counts, before
    the printer's own sensor sees the end."""

    device: str
    tickets_left: int


DeviceEvent = (
    DeviceStatus
    | Scanned
    | ScanMeasured
    | CameraGuidance
    | MrzSeen
    | CardPresent
    | CardRemoved
    | PrintJobChanged
    | PrinterCondition
    | PaperForeseen
)
EventSink = Callable[[DeviceEvent], None]
"""Called on the driver's own thread; receivers hand over to theirs and return at once."""


class DeviceLost(Exception):
    """The device went away or cannot be opened; the worker reconnects. `code` as in `DeviceStatus`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
