"""The printer faults a kiosk has to live with: what goes wrong, what staff do about it, and what has to come of it.

Each is played on every wire; `Expected` is the same for all wires unless `but` says otherwise.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import serial

from devices.contract import PrintState
from devices.printers.options import PrinterKind

HALF_A_SLIP = 6_000
NEARLY_A_SLIP = 24_000
ANSWERS_IN_TIME = {"status_timeout_s": 0.6}
"""Of a printer that only tells what is wrong with it: on a busy machine the emulator's word may take a while."""
CONFIRMED, UNCONFIRMED, FAILED = PrintState.CONFIRMED, PrintState.UNCONFIRMED, PrintState.FAILED


@dataclass(frozen=True, kw_only=True)
class Expected:
    """`state` and `code` are the slip's first end, which the patient's screen shows; `staff` the codes told to staff
    among others; `paper` whether the slip came out for its patient, None where that depends on the moment."""

    state: PrintState
    code: str | None = None
    staff: frozenset[str] = frozenset()
    paper: bool | None = False


@dataclass(frozen=True, kw_only=True)
class PrinterFault:
    """`breaks` and `mends` get the bench. `begins_with`: there before the kiosk starts. `late`: staff come only
    when the slip has lost its patient; otherwise they are there at once and it `comes_out`, or what is left of it is
    never taken for it. `after` is how the next
    patient's slip ends."""

    name: str
    breaks: Callable[[Any], object]
    mends: Callable[[Any], object]
    expected: Expected
    but: dict[PrinterKind, Expected] = field(default_factory=dict)
    begins_with: bool = False
    late: bool = True
    comes_out: bool = True
    after: PrintState = CONFIRMED
    options: dict[str, Any] = field(default_factory=dict)


def sets(**faults: Any) -> Callable[[Any], None]:
    def act(bench: Any) -> None:
        for name, value in faults.items():
            setattr(bench.printer.faults, name, value)

    return act


def on(name: str, code: str, *, state: PrintState = FAILED, **more: Any) -> PrinterFault:
    """A fault that is there before the slip, seen by the kiosk's questions."""
    return PrinterFault(
        name=name.replace("_", " "),
        breaks=sets(**{name: True}),
        mends=sets(**{name: False}),
        expected=Expected(state=state, code=code, staff=frozenset({code})),
        options={} if name == "silent" else ANSWERS_IN_TIME,
        **more,
    )


def struck(name: str, code: str, **more: Any) -> PrinterFault:
    """A fault that comes in the middle of a slip; the model tells of it by itself (GS a)."""
    return PrinterFault(
        name=f"{name.replace('_', ' ')} in the middle",
        breaks=sets(strikes=(name, HALF_A_SLIP)),
        mends=sets(**{name: False}),
        expected=Expected(state=UNCONFIRMED, code=code, staff=frozenset({code})),
        options={"model": "epson-tm-t20"},
        **more,
    )


def refill(bench: Any) -> None:
    bench.printer.faults.paper_out = False


def power_cycle_and_refill(bench: Any) -> None:
    """What staff are told to do with a printer that keeps an old slip."""
    bench.printer.power_cycle()
    refill(bench)


def unseen(name: str, after_bytes: int, *, options: Any = None, **how: Any) -> PrinterFault:
    """Power off and on again in the middle of a slip, on a line that does not show it."""
    return PrinterFault(
        name=name,
        breaks=sets(bytes_per_s=40_000.0, reboot_after_bytes=after_bytes, **how),
        mends=sets(bytes_per_s=None, off_s=0.2, holds_line=False),
        expected=Expected(state=UNCONFIRMED, paper=None),
        options={"max_job_age_s": 4.0, **(options or {})},
    )


def power_cycle_unseen_and_refill(bench: Any) -> None:
    """What hasty staff do, on a line that does not show it."""
    bench.printer.power_cycle(line_shows_it=False)
    refill(bench)


def nothing(_: Any) -> None:
    """Nobody has to do anything."""


def take_the_printer(bench: Any) -> None:
    """Another program is there first: over TCP it is served and we wait unheard, else the port is locked."""
    if bench.kind is PrinterKind.TCP:
        bench.other = socket.create_connection(("127.0.0.1", bench.options.port))
        bench.other.sendall(b"\x10\x04\x01")
        assert bench.other.recv(1)
        return
    bench.other = serial.Serial(bench.options.path, exclusive=True)


def give_back(bench: Any) -> None:
    bench.other.close()


def unplug(bench: Any) -> None:
    bench.unplug_printer()


def plug_in(bench: Any) -> None:
    bench.plug_printer_in()


GONE = Expected(state=FAILED, code="printer.port_missing", staff=frozenset({"printer.lost", "printer.port_missing"}))
UNREACHED = Expected(state=FAILED, code="printer.unreachable", staff=frozenset({"printer.unreachable"}))
LOCKED = Expected(state=FAILED, code="printer.port_busy", staff=frozenset({"printer.port_busy"}))
LOST = Expected(state=UNCONFIRMED, code="printer.lost", staff=frozenset({"printer.lost"}))
PRINTED_UNHEARD = Expected(state=UNCONFIRMED, code="printer.silent", staff=frozenset({"printer.silent"}), paper=True)
ELSEWHERE = Expected(state=FAILED, code="printer.elsewhere", staff=frozenset({"printer.elsewhere"}))
CONFIRMED_PAPER = Expected(state=CONFIRMED, paper=True)
STALLED = Expected(state=UNCONFIRMED, code="printer.stalled")

FAULTS = (
    on("paper_out", "printer.paper_out"),
    PrinterFault(
        name="paper nearly out",
        breaks=sets(paper_near_end=True),
        mends=sets(paper_near_end=False),
        expected=Expected(state=CONFIRMED, staff=frozenset({"printer.paper_near_end"}), paper=True),
    ),
    on("cover_open", "printer.cover_open"),
    on("cutter_error", "printer.cutter_error"),
    on("unrecoverable_error", "printer.unrecoverable_error"),
    on("recoverable_error", "printer.recoverable_error"),
    PrinterFault(
        name="overheated",
        breaks=sets(auto_recoverable_error=True),
        mends=sets(auto_recoverable_error=False),
        options=ANSWERS_IN_TIME,
        expected=Expected(state=FAILED, code="printer.overheated", staff=frozenset({"printer.overheated"})),
    ),
    on("offline", "printer.offline"),
    on("silent", "printer.silent"),
    PrinterFault(
        name="silent since ever",
        breaks=sets(silent=True),
        mends=sets(silent=False),
        begins_with=True,
        expected=PRINTED_UNHEARD,
        but={PrinterKind.TCP: ELSEWHERE},
    ),
    PrinterFault(
        name="silent since ever, of a model that answers",
        breaks=sets(silent=True),
        mends=sets(silent=False),
        begins_with=True,
        options={"model": "epson-tm-t20"},
        expected=Expected(state=FAILED, code="printer.silent", staff=frozenset({"printer.silent"})),
        but={PrinterKind.TCP: ELSEWHERE},
    ),
    PrinterFault(
        name="wrong bit rate",
        breaks=sets(wrong_bit_rate=True),
        mends=sets(wrong_bit_rate=False),
        begins_with=True,
        options={"model": "epson-tm-t20"},
        expected=Expected(state=FAILED, code="printer.silent", staff=frozenset({"printer.silent"})),
        but={PrinterKind.TCP: ELSEWHERE},
    ),
    PrinterFault(
        name="wrong parity",
        breaks=sets(garbled_answers=True),
        mends=sets(garbled_answers=False),
        begins_with=True,
        expected=Expected(state=FAILED, code="printer.garbled", staff=frozenset({"printer.garbled"})),
    ),
    PrinterFault(
        name="taken by another host",
        breaks=take_the_printer,
        mends=give_back,
        begins_with=True,
        expected=LOCKED,
        but={PrinterKind.TCP: ELSEWHERE},
    ),
    PrinterFault(
        name="switched off or unplugged",
        breaks=unplug,
        mends=plug_in,
        expected=GONE,
        but={PrinterKind.TCP: UNREACHED},
    ),
    struck("paper_out", "printer.paper_out"),
    struck("cover_open", "printer.cover_open"),
    struck("cutter_error", "printer.cutter_error"),
    struck("recoverable_error", "printer.recoverable_error"),
    struck("unrecoverable_error", "printer.unrecoverable_error"),
    struck("auto_recoverable_error", "printer.overheated"),
    struck("offline", "printer.offline"),
    PrinterFault(
        name="paper out in the middle, refilled at once",
        breaks=sets(strikes=("paper_out", HALF_A_SLIP)),
        mends=refill,
        late=False,
        options={"model": "epson-tm-t20", "max_job_age_s": 10.0},
        expected=Expected(
            state=UNCONFIRMED, code="printer.paper_out", staff=frozenset({"printer.paper_out"}), paper=True
        ),
    ),
    PrinterFault(
        name="paper out in the middle, of a printer nothing is known of",
        breaks=sets(strikes=("paper_out", HALF_A_SLIP)),
        mends=refill,
        expected=Expected(state=UNCONFIRMED, staff=frozenset({"printer.old_ticket_inside"})),
    ),
    PrinterFault(
        name="paper out in the middle, of a clone that keeps its buffer",
        breaks=sets(no_clear=True, strikes=("paper_out", HALF_A_SLIP)),
        mends=power_cycle_and_refill,
        expected=Expected(state=UNCONFIRMED, staff=frozenset({"printer.old_ticket_inside"})),
    ),
    PrinterFault(
        name="power lost in the middle",
        breaks=sets(die_after_bytes=HALF_A_SLIP),
        mends=nothing,
        expected=LOST,
    ),
    PrinterFault(
        name="power lost near the end",
        breaks=sets(die_after_bytes=NEARLY_A_SLIP),
        mends=nothing,
        expected=LOST,
    ),
    unseen("power lost unseen by the line", HALF_A_SLIP),
    unseen("power lost unseen for a moment", HALF_A_SLIP, off_s=0.03),
    unseen("power lost unseen for long", HALF_A_SLIP, off_s=1.5),
    unseen("power lost unseen at the beginning", 200),
    unseen("power lost unseen near the end", NEARLY_A_SLIP),
    unseen("power lost unseen, the line holding what is sent", HALF_A_SLIP, off_s=0.5, holds_line=True),
    unseen("power lost unseen, of a clone without job tags", HALF_A_SLIP, options={"model": "generic-80-no-tag"}),
    PrinterFault(
        name="power lost unseen while paper is out",
        breaks=sets(strikes=("paper_out", HALF_A_SLIP)),
        mends=power_cycle_unseen_and_refill,
        late=False,
        comes_out=False,
        options={"model": "epson-tm-t20", "max_job_age_s": 4.0},
        expected=Expected(
            state=UNCONFIRMED, code="printer.paper_out", staff=frozenset({"printer.paper_out"}), paper=None
        ),
    ),
    PrinterFault(
        name="cable pulled in the middle",
        breaks=sets(cable_pulled_after_bytes=HALF_A_SLIP),
        mends=nothing,
        expected=LOST,
    ),
    PrinterFault(
        name="falls silent in the middle",
        breaks=sets(strikes=("silent", HALF_A_SLIP)),
        mends=sets(silent=False),
        expected=Expected(state=UNCONFIRMED, code="printer.silent", staff=frozenset({"printer.silent"}), paper=True),
    ),
    PrinterFault(
        name="answers late",
        breaks=sets(answer_delay_s=0.1),
        mends=sets(answer_delay_s=0.0),
        expected=CONFIRMED_PAPER,
    ),
    PrinterFault(
        name="answers later than anybody waits",
        breaks=sets(answer_delay_s=0.45),
        mends=sets(answer_delay_s=0.0),
        expected=Expected(state=FAILED, code="printer.silent", staff=frozenset({"printer.silent"})),
    ),
    PrinterFault(
        name="status blocks nobody asked for",
        breaks=sets(automatic_status=True),
        mends=sets(automatic_status=False),
        expected=CONFIRMED_PAPER,
    ),
    PrinterFault(
        name="clone without job tags",
        breaks=sets(no_job_tag=True),
        mends=nothing,
        expected=CONFIRMED_PAPER,
        options={"max_job_age_s": 4.0},
    ),
    PrinterFault(
        name="printer that does not know the questions inside a slip",
        breaks=sets(no_status_request=True),
        mends=nothing,
        expected=CONFIRMED_PAPER,
    ),
    PrinterFault(
        name="clone that knows two of the four questions",
        breaks=sets(unanswered=frozenset({2, 3})),
        mends=nothing,
        begins_with=True,
        expected=CONFIRMED_PAPER,
        options={"status_timeout_s": 0.1},
    ),
    PrinterFault(
        name="slow printer",
        breaks=sets(bytes_per_s=30_000.0),
        mends=sets(bytes_per_s=None),
        expected=CONFIRMED_PAPER,
        options={"confirm_timeout_s": 5.0},
    ),
)
