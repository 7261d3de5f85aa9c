"""Power off and on again in the middle of a slip, unseen by the line: never confirmed unless the whole slip came out.

Swept without threads over a line that loses nothing (flow control held it), a little, or much of what follows."""

import itertools
import random

import pytest
from PIL import ImageChops

from devices.contract import PrintJobChanged, PrintState
from devices.emulators.escpos_events import JobTagAsked, QueuedStatusAsked, TicketCut
from devices.emulators.escpos_interpreter import EscPosInterpreter
from devices.printers.document import Align, PrintDocument, Qr, Text
from devices.printers.driver import PrinterDriver
from devices.printers.options import PrinterKind, PrinterOptions

SLIP = PrintDocument(
    blocks=(
        Text(text="A015", height_px=110, bold=True, align=Align.CENTER, tight=True),
        Text(text="Khám Răng – Hàm – Mặt", height_px=34, bold=True),
        Qr(payload="TD:ABCDEFGHIJKLMNOPQRSTUVWX"),
    )
)
LAST = {PrintState.CONFIRMED, PrintState.UNCONFIRMED, PrintState.FAILED}
SWALLOWED = (150, 1_000, 4_500, 12_000)
"""From 13 ms at 115,200 bit/s to a second. No mark fits into a QR code's commands or the cut: fewer may pass there."""


class CycledPrinter:
    """A printer in the same thread. `cycle` has it lose power at one byte of what is printed, and so many after it."""

    def __init__(self):
        self.papers = []
        self.sent = 0
        self.answers_marks = True
        self._off = range(-1, -1)
        self._head = EscPosInterpreter()
        self._out = b""

    def cycle(self, at, swallowed):
        self.sent, self._off = 0, range(at, at + swallowed)

    def write(self, data, timeout_s):
        data = bytes(data)
        if data[:2] == b"\x10\x04":
            self._out += b"\x12"
            return len(data)
        begin, end = self._off.start - self.sent, self._off.stop - self.sent
        self.sent += len(data)
        if not 0 <= begin < len(data):
            self._print(data[max(0, end) :] if begin < 0 else data)
            return len(data)
        self._print(data[:begin])
        self._head.discard_input()
        self._print(data[end:])
        return len(data)

    def _print(self, data):
        for event in self._head.feed(data):
            match event:
                case TicketCut():
                    self.papers.append(event.image)
                case JobTagAsked(tag=tag):
                    self._out += b"\x37\x22" + tag + b"\0"
                case QueuedStatusAsked() if self.answers_marks:
                    self._out += b"\0"

    def read(self, timeout_s):
        data, self._out = self._out, b""
        return data

    def close(self, *, drop=False):
        """Nothing to release."""


class Bench:
    def __init__(self, inbox, model):
        ticks = itertools.count()
        options = PrinterOptions(kind=PrinterKind.SERIAL, path="p", model=model)
        self.inbox = inbox
        self.printer = CycledPrinter()
        self.driver = PrinterDriver(
            "printer", options, inbox, open_connection=lambda _: self.printer, clock_s=lambda: next(ticks) * 0.02
        )
        self.driver.open()
        self._jobs = 0
        state, papers = self.print_one()
        assert state is PrintState.CONFIRMED
        (self.whole,) = papers
        self.length = self.printer.sent

    def print_one(self):
        """How a slip ends, and the papers that came out meanwhile."""
        self._jobs += 1
        before = len(self.printer.papers)
        self.driver.submit(f"job-{self._jobs}", SLIP)
        ends = []
        while not ends:
            self.driver.step()
            ends = [event.state for event in self.inbox.drain() if isinstance(event, PrintJobChanged)]
            ends = [state for state in ends if state in LAST]
        return ends[0], self.printer.papers[before:]

    def cycled(self, at, swallowed):
        """Whether a slip with power lost after `at` bytes was called confirmed, and whether it came out whole."""
        self.printer.cycle(at, swallowed)
        state, papers = self.print_one()
        self.printer.cycle(-1, 0)
        whole = any(paper.size == self.whole.size and same(paper, self.whole) for paper in papers)
        return state is PrintState.CONFIRMED, whole

    def reconnect(self):
        self.driver.close()
        self.driver.open()

    def next_is_confirmed(self):
        return any(self.print_one()[0] is PrintState.CONFIRMED for _ in range(2))


def same(one, other):
    return ImageChops.logical_xor(one, other).getbbox() is None


@pytest.fixture(params=["epson-tm-t20", "generic-80-no-tag"])
def bench(request, inbox):
    return Bench(inbox, request.param)


def sweep(bench, offsets, swallowed_of):
    wrong = []
    for at in offsets:
        swallowed = swallowed_of(at)
        confirmed, whole = bench.cycled(at, swallowed)
        if confirmed and not whole:
            wrong.append((at, swallowed))
        assert bench.next_is_confirmed(), (at, swallowed)
    return wrong


def offsets_in(bench, count):
    """Bytes at its beginning, its end, and some of what is between."""
    between = random.Random(6).sample(range(bench.length), count)
    return [*range(0, 20, 4), *between, *range(bench.length - 20, bench.length, 4)]


def test_wherever_power_is_lost_a_slip_is_confirmed_only_when_all_of_it_came_out(bench):
    randomly = random.Random(6)
    assert sweep(bench, offsets_in(bench, 12), lambda _: randomly.choice(SWALLOWED)) == []


def test_power_lost_in_a_picture_is_noticed_even_when_the_line_held_every_byte(bench):
    pictures = random.Random(7).sample(range(40, bench.length - 400), 8)
    assert sweep(bench, pictures, lambda _: 0) == []


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("swallowed", [0, *SWALLOWED])
def test_at_very_many_places_too(bench, swallowed):
    places = random.Random(8).sample(range(40, bench.length - 400), 150)
    assert sweep(bench, places, lambda _: swallowed) == []


def test_a_printer_that_knows_no_marks_is_confirmed_by_the_end_alone(inbox):
    bench = Bench(inbox, "epson-tm-t20")
    bench.printer.answers_marks = False
    bench.reconnect()
    assert [bench.print_one()[0] for _ in range(2)] == [PrintState.CONFIRMED] * 2


def test_one_that_is_found_to_know_marks_is_not_believed_without_them(inbox):
    """All marks of its first slip were swallowed, and only its end was not."""
    bench = Bench(inbox, "epson-tm-t20")
    bench.reconnect()
    confirmed, whole = bench.cycled(30, bench.length - 30 - len(b"\x1d(H\x06\x00\x30\x30ABCD"))
    assert (confirmed, whole) == (False, False)
