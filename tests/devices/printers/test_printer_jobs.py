"""What becomes of a job when the printer is not there, stops taking data, is slow to speak, or we stop."""

import itertools
import threading
import time

import pytest

from devices.contract import DeviceState, PrinterCondition, PrintJobChanged, PrintState
from devices.printers.document import PrintDocument, Qr, Text
from devices.printers.driver import PrinterDriver
from devices.printers.jobs import WaitingJobs, tag_of
from devices.printers.models import ConfirmBy, QrForm
from devices.printers.options import PrinterKind, PrinterOptions

pytestmark = pytest.mark.allowed_warnings("printer lost")

LONG_SLIP = PrintDocument(blocks=tuple(Text(text=f"Hàng {number}", height_px=100) for number in range(40)))
"""About 280 kB: more than a tty takes when nobody drains it."""


@pytest.fixture(params=[PrinterKind.TCP, PrinterKind.SERIAL], ids=lambda kind: kind.value)
def kind(request):
    return request.param


def jobs_of(inbox):
    return [(event.job_id, event.state, event.code) for event in inbox.drain() if isinstance(event, PrintJobChanged)]


def test_a_job_for_a_printer_that_is_not_connected_fails_at_once(inbox):
    driver = PrinterDriver("printer", PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1"), inbox)
    started = time.monotonic()
    driver.submit("job", LONG_SLIP)
    assert time.monotonic() - started < 1.0
    assert jobs_of(inbox) == [("job", PrintState.QUEUED, None), ("job", PrintState.FAILED, "printer.lost")]


def test_a_job_for_a_printer_that_is_gone_fails_with_the_reason(bench_of, inbox, kind):
    bench = bench_of(kind).start()
    bench.printer.stop()
    missing = "printer.unreachable" if kind is PrinterKind.TCP else "printer.port_missing"
    while inbox.state(DeviceState.LOST).code != missing:
        pass
    ended = bench.print_one()
    assert (ended.state, ended.code) == (PrintState.FAILED, missing)


def test_a_job_that_waited_too_long_is_never_printed(bench_of):
    bench = bench_of(PrinterKind.TCP, max_job_age_s=0.3)
    bench.printer.faults.bytes_per_s = 10_000.0
    bench.start()
    first, second = bench.submit(), bench.submit()
    ended = bench.end_of(second)
    assert (ended.state, ended.code) == (PrintState.FAILED, "printer.too_late")
    assert bench.end_of(first).state in {PrintState.CONFIRMED, PrintState.UNCONFIRMED}
    bench.printer.faults.bytes_per_s = None
    assert bench.print_one().state is PrintState.CONFIRMED
    assert len(bench.printer.tickets) == 2


def test_a_stalled_printer_gets_no_further_job_and_goes_on_with_the_old_one(bench_of):
    bench = bench_of(PrinterKind.SERIAL, stall_timeout_s=0.3).start()
    bench.printer.faults.paper_out_after_bytes = 2_000
    stalled = bench.submit(LONG_SLIP)
    ended = bench.end_of(stalled)
    assert (ended.state, ended.code) == (PrintState.UNCONFIRMED, "printer.stalled")
    refused = bench.print_one()
    assert (refused.state, refused.code) == (PrintState.FAILED, "printer.stalled")
    bench.printer.faults.paper_out = False
    assert bench.end_of(stalled).state is PrintState.CONFIRMED
    assert bench.print_one().state is PrintState.CONFIRMED
    assert len(bench.printer.tickets) == 2


def test_a_stalled_slip_that_has_lost_its_patient_never_comes_out(bench_of, kind):
    bench = bench_of(kind, stall_timeout_s=0.2, max_job_age_s=0.6).start()
    bench.printer.faults.paper_out_after_bytes = 2_000
    assert bench.print_one(LONG_SLIP).state is PrintState.UNCONFIRMED
    bench.condition(old_ticket_inside=True)
    bench.printer.faults.paper_out = False
    bench.condition(old_ticket_inside=False)
    assert bench.print_one().state is PrintState.CONFIRMED
    scrap, slip = bench.printer.tickets
    assert not scrap.codes
    assert scrap.image.height < 700, "what the printer had taken before it was full, and no more"
    assert slip.codes == ("TD:ABCDEFGHIJKLMNOPQRSTUVWX",)


@pytest.mark.parametrize("stuck", ["paper_out_after_bytes", "silent", "die_after_bytes", "bytes_per_s"])
def test_stopping_in_the_middle_of_a_job_ends_it_within_two_seconds(bench_of, inbox, kind, stuck):
    bench = bench_of(kind).start()
    setattr(bench.printer.faults, stuck, {"silent": True}.get(stuck, 1_500))
    begun, waiting = bench.submit(LONG_SLIP), bench.submit()
    if stuck != "silent":
        bench.end_of(begun, {PrintState.SENT})
    assert bench.stop() < 2.0
    ends = {job: state for job, state, _ in jobs_of(inbox)}
    assert ends.get(begun) in ({PrintState.FAILED} if stuck == "silent" else {PrintState.UNCONFIRMED})
    assert ends[waiting] is PrintState.FAILED
    bench.driver.submit("after", LONG_SLIP)
    assert jobs_of(inbox)[-1] == ("after", PrintState.FAILED, "printer.lost")


@pytest.mark.parametrize("after_bytes", [1, 2, 100, 20_000, 150_000])
def test_wherever_a_printer_dies_the_job_is_unconfirmed_once_and_no_paper_is_claimed(
    bench_of, inbox, kind, after_bytes
):
    bench = bench_of(kind).start()
    bench.printer.faults.die_after_bytes = after_bytes
    ended = bench.print_one(LONG_SLIP)
    if after_bytes > 12:
        assert ended.state is PrintState.UNCONFIRMED
    else:
        # the questions before the job killed it: nothing was sent
        assert ended.state in {PrintState.FAILED, PrintState.UNCONFIRMED}
    bench.condition(online=True)
    assert [entry for entry in jobs_of(inbox) if entry[0] == ended.job_id] == []
    assert bench.printer.tickets == ()


def test_answers_slower_than_the_time_out_never_show_paper_where_there_is_none(bench_of):
    bench = bench_of(PrinterKind.TCP, status_timeout_s=0.1)
    bench.printer.faults.answer_delay_s = 0.17
    bench.printer.faults.paper_out = True
    bench.start()
    assert bench.print_one().state is not PrintState.CONFIRMED
    assert not threading.Event().wait(1.5), "only to let several rounds of questions pass"
    told = [event for event in bench.inbox.drain() if isinstance(event, PrinterCondition)]
    assert all(event.paper_out is not False and not event.cover_open for event in told)


def test_a_clone_asked_by_status_request_is_confirmed_when_it_has_worked_the_slip_off(bench_of):
    bench = bench_of(PrinterKind.TCP, confirm_by=ConfirmBy.STATUS_REQUEST, qr_form=QrForm.RASTER)
    bench.printer.faults.no_job_tag = True
    bench.start()
    assert bench.print_one().state is PrintState.CONFIRMED
    assert b"\x1d(H" not in bench.printer.wait_for_ticket(1, 5).raw
    assert bench.printer.tickets[0].codes


def test_a_clones_late_answer_confirms_no_later_slip(bench_of):
    bench = bench_of(PrinterKind.TCP, confirm_by=ConfirmBy.STATUS_REQUEST, confirm_timeout_s=0.5)
    bench.start()
    bench.printer.faults.paper_out_after_bytes = 6_000
    first = bench.print_one()
    assert first.state is PrintState.UNCONFIRMED
    bench.printer.faults.paper_out = False
    bench.printer.wait_for_ticket(1, 5)
    states = [bench.print_one().state for _ in range(3)]
    assert states[-1] is PrintState.CONFIRMED, "one answer that bears no tag must not be owed for ever"
    assert len(bench.printer.tickets) == 4


def test_a_waiting_line_refuses_when_full_or_shut():
    waiting = WaitingJobs(1)
    assert waiting.put("a") == "printer.lost"
    waiting.open()
    assert [waiting.put("a"), waiting.put("b")] == [None, "printer.busy"]
    assert waiting.close("printer.unreachable") == ["a"]
    assert waiting.put("c") == "printer.unreachable"
    assert waiting.take() is None


class TalkingLine:
    """A printer that takes everything, answers every question well and says `then` after the slip."""

    def __init__(self, then):
        self._then = then
        self._out = b""

    def write(self, data, timeout_s):
        data = bytes(data)
        if data[:2] == b"\x10\x04":
            self._out += b"\x12"
        elif (at := data.rfind(b"\x1d(H")) >= 0:
            self._out += self._then(data[at + 7 : at + 11])
        return len(data)

    def read(self, timeout_s):
        data, self._out = self._out, b""
        return data

    def close(self, *, drop=False):
        """Nothing to release."""


def stepped(then, inbox, steps=60, **changes):
    """A driver without a thread on a `TalkingLine`, after some steps with one job; time passes with every look."""
    ticks = itertools.count()
    options = PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", qr_form=QrForm.NATIVE, **changes)
    driver = PrinterDriver(
        "printer",
        options,
        inbox,
        open_connection=lambda _: TalkingLine(then),
        clock_s=lambda: next(ticks) * 0.05,
        first_tag=7,
    )
    driver.open()
    driver.submit("job", PrintDocument(blocks=(Qr(payload="TD:abc"),)))
    for _ in range(steps):
        driver.step()
    driver.close()
    return [(state, code) for _, state, code in jobs_of(inbox)]


def test_only_the_jobs_own_tag_confirms_it(inbox):
    ends = stepped(lambda tag: b"\x37\x22" + tag_of(6) + b"\0" + b"\x37\x22" + tag[:3], inbox, confirm_timeout_s=1.0)
    assert ends[-1] == (PrintState.UNCONFIRMED, "printer.no_confirmation")
    assert stepped(lambda tag: b"\x13\x00\x00\x37\x22" + tag + b"\0", inbox)[-1] == (PrintState.CONFIRMED, None)


def test_a_clone_that_prints_on_without_paper_is_not_believed(inbox):
    ends = stepped(lambda tag: b"\x0f\x37\x22" + tag + b"\0", inbox)
    assert ends[-1] == (PrintState.UNCONFIRMED, "printer.paper_out")
