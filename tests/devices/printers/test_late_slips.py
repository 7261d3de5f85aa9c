"""Of slips nobody waits for any more one at most comes out, however badly the printer's paper sensor lies."""

import time

import pytest
from support.printer_bench import Bench

from devices.contract import DeviceStatus, PrintState
from devices.printers.document import Align, PrintDocument, Qr, Text
from devices.printers.options import PrinterKind

BUFFER_OF_MANY_SLIPS_BYTES = 262_144
OLD_TICKET_INSIDE = "printer.old_ticket_inside"


def code(number):
    return f"TD:{number:024}"


def slip(number):
    label = Text(text=f"A{number:03}", height_px=200, bold=True, align=Align.CENTER, tight=True)
    return PrintDocument(blocks=(label, Qr(payload=code(number))))


class Clock:
    """The driver's, which can be put forward: the printer's and the test's go on as they did."""

    def __init__(self):
        self.ahead_s = 0.0

    def __call__(self):
        return time.monotonic() + self.ahead_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["generic-80", "generic-80-no-tag"])
def model(request):
    return request.param


@pytest.fixture(params=[PrinterKind.TCP, PrinterKind.SERIAL], ids=lambda kind: kind.value)
def liar(request, model, clock, tmp_path, inbox):
    """A clone that says "fine" without paper, takes whole slips meanwhile and cannot be emptied; in its first slip it
    has shown that it answers in order."""
    bench = Bench(
        request.param,
        tmp_path,
        inbox,
        buffer_bytes=BUFFER_OF_MANY_SLIPS_BYTES,
        model=model,
        status_timeout_s=0.3,
        confirm_timeout_s=0.6,
        clock_s=clock,
    )
    faults = bench.printer.faults
    faults.lying_sensor = faults.no_clear = True
    faults.no_job_tag = model == "generic-80-no-tag"
    bench.start()
    assert printed_for(bench, 1)
    yield bench
    assert bench.stop() < 2.0
    assert not [e for e in inbox.drain() if isinstance(e, DeviceStatus) and e.code == "device.driver_failed"]


def printed_for(bench, number):
    """Whether a slip is confirmed."""
    return bench.print_one(slip(number)).state is PrintState.CONFIRMED


def codes_on(bench):
    return [payload for ticket in bench.printer.tickets for payload in ticket.codes]


def test_a_lying_sensor_lets_one_old_slip_out_at_most_and_the_next_patient_gets_his(liar, clock):
    liar.printer.faults.paper_out = True
    assert liar.print_one(slip(2)).state is PrintState.UNCONFIRMED, "its word was that all is well"
    told = liar.condition(old_ticket_inside=True)
    assert (told.blocking_code, told.paper_out) == (OLD_TICKET_INSIDE, False)
    ends = [liar.end_of(job) for job in [liar.submit(slip(number)) for number in (3, 4)]]
    assert [(end.state, end.code) for end in ends] == [(PrintState.FAILED, OLD_TICKET_INSIDE)] * 2
    clock.ahead_s = 2 * liar.options.max_job_age_s
    late = liar.print_one(slip(5))
    assert (late.state, late.code) == (PrintState.FAILED, OLD_TICKET_INSIDE)
    assert codes_on(liar) == [code(1)], "there is no paper"
    liar.printer.faults.paper_out = False
    assert liar.condition(old_ticket_inside=False).blocking_code is None
    assert printed_for(liar, 6)
    assert codes_on(liar) == [code(1), code(2), code(6)]
    assert not any(len(ticket.codes) > 1 for ticket in liar.printer.tickets)
