"""What a ticket printer does for us, the same over TCP, a serial line and a USB device file."""

import pytest
from PIL import ImageChops
from support.marked_paper import unmarked

from devices.contract import PrinterCondition, PrintState
from devices.printers.document import PaperWidth, PrintDocument, Text
from devices.printers.options import PrinterKind
from devices.printers.raster import Rasterizer
from devices.printers.typesetting import FontBook, font_files

pytestmark = pytest.mark.allowed_warnings("printer lost")

LOST_CODES = {"printer.lost", "printer.unreachable", "printer.port_missing", "printer.stalled"}


def text_picture(bench, document):
    """The first picture of a document as the driver's own rasterizer draws it."""
    fonts = FontBook(font_files(bench.options))
    return Rasterizer(fonts, PaperWidth.MM_80).render(document)[0]


def test_a_slip_comes_out_dot_for_dot_and_its_code_can_be_read(bench):
    document = PrintDocument(blocks=(Text(text="Khám bệnh BHYT: Nguyễn Thị Hường", height_px=40, bold=True),))
    assert bench.print_one(document).state is PrintState.CONFIRMED
    printed = bench.printer.wait_for_ticket(1, 5).image
    wanted = text_picture(bench, document)
    shown = unmarked(printed.crop((0, 0, wanted.width, wanted.height)), wanted.height)
    assert ImageChops.logical_xor(shown.convert("1"), unmarked(wanted, wanted.height).convert("1")).getbbox() is None
    bench.print_one()
    assert bench.printer.wait_for_ticket(2, 5).codes == ("TD:ABCDEFGHIJKLMNOPQRSTUVWX",)


def test_a_job_is_queued_sent_and_confirmed_in_this_order(bench):
    job = bench.submit()
    states = [bench.end_of(job, {state}).state for state in ("queued", "sent", "confirmed")]
    assert states == [PrintState.QUEUED, PrintState.SENT, PrintState.CONFIRMED]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("paper_out", "printer.paper_out"),
        ("cover_open", "printer.cover_open"),
        ("cutter_error", "printer.cutter_error"),
        ("offline", "printer.offline"),
    ],
)
def test_a_printer_that_cannot_print_fails_the_job_and_never_prints_it_later(bench, fault, code):
    setattr(bench.printer.faults, fault, True)
    ended = bench.print_one()
    assert (ended.state, ended.code) == (PrintState.FAILED, code)
    setattr(bench.printer.faults, fault, False)
    bench.condition(online=True)
    assert bench.print_one().state is PrintState.CONFIRMED
    assert len(bench.printer.tickets) == 1


def test_staff_hear_of_an_ending_roll_without_any_job(bench):
    bench.printer.faults.paper_near_end = True
    assert bench.condition(paper_near_end=True).paper_out is False
    bench.printer.faults.paper_out = True
    assert bench.condition(paper_out=True).blocking_code == "printer.paper_out"


def test_paper_that_ends_in_a_slip_leaves_it_unconfirmed_until_new_paper_finishes_it(bench):
    bench.printer.faults.paper_out_after_bytes = 6_000
    job = bench.submit()
    assert bench.end_of(job).state is PrintState.UNCONFIRMED
    bench.printer.faults.paper_out = False
    assert bench.end_of(job).state is PrintState.CONFIRMED
    assert len(bench.printer.tickets) == 1


@pytest.mark.parametrize("after_bytes", [1_000, 6_000, 12_000])
def test_a_printer_that_dies_in_a_slip_leaves_it_unconfirmed_and_prints_the_next(bench, after_bytes):
    bench.printer.faults.die_after_bytes = after_bytes
    ended = bench.print_one()
    assert ended.state is PrintState.UNCONFIRMED
    assert ended.code in LOST_CODES
    bench.condition(online=True)
    assert bench.print_one().state is PrintState.CONFIRMED
    scrap, slip = bench.printer.tickets
    assert not scrap.codes, "half a slip hung out of the printer and was cut off"
    assert slip.codes


def test_a_printer_that_falls_silent_after_having_spoken_gets_no_slip(bench):
    bench.printer.faults.silent = True
    ended = bench.print_one()
    assert (ended.state, ended.code) == (PrintState.FAILED, "printer.silent")
    bench.printer.faults.silent = False
    bench.condition(answered=True)
    assert bench.print_one().state is PrintState.CONFIRMED
    assert len(bench.printer.tickets) == 1


def test_a_printer_that_never_answers_still_prints_on_a_cable_and_is_never_called_confirmed(bench):
    ended = bench.print_one()
    if bench.kind is PrinterKind.TCP:
        assert (ended.state, ended.code) == (PrintState.FAILED, "printer.elsewhere")
        assert bench.printer.buffered_bytes == 0
        return
    assert (ended.state, ended.code) == (PrintState.UNCONFIRMED, "printer.silent")
    assert bench.printer.wait_for_ticket(1, 5).codes


test_a_printer_that_never_answers_still_prints_on_a_cable_and_is_never_called_confirmed.faults_from_the_start = (
    "silent",
)


def test_a_clone_without_job_tags_is_found_out_and_believed_by_its_marks(bench):
    bench.printer.faults.no_job_tag = True
    assert [bench.print_one().state for _ in range(3)] == [PrintState.CONFIRMED] * 3
    assert all(ticket.codes for ticket in bench.printer.tickets)
    assert b"\x1d(H" not in bench.printer.tickets[2].raw


def test_a_printer_that_answers_nothing_in_order_is_never_called_confirmed(bench):
    bench.printer.faults.no_job_tag = bench.printer.faults.no_status_request = True
    ended = bench.print_one()
    assert (ended.state, ended.code) == (PrintState.UNCONFIRMED, "printer.no_confirmation")
    assert bench.printer.wait_for_ticket(1, 5).codes


def test_unasked_status_blocks_are_not_taken_for_answers(bench):
    bench.printer.faults.automatic_status = True
    assert bench.print_one().state is PrintState.CONFIRMED
    bench.printer.faults.paper_out = True
    assert bench.print_one().code == "printer.paper_out"


def test_late_answers_do_not_shift_by_one_question(bench):
    bench.printer.faults.answer_delay_s = 0.2
    assert bench.print_one().state is PrintState.CONFIRMED
    bench.printer.faults.paper_out = True
    told = bench.condition(paper_out=True)
    assert (told.cover_open, told.cutter_error) == (False, False)


def test_jobs_are_printed_whole_and_in_order(bench):
    jobs = [bench.submit() for _ in range(3)]
    assert [bench.end_of(job).state for job in jobs] == [PrintState.CONFIRMED] * 3
    assert all(ticket.codes for ticket in bench.printer.tickets)
    assert len(bench.printer.tickets) == 3


def test_more_jobs_than_may_wait_are_refused_at_once(bench):
    bench.printer.faults.bytes_per_s = 20_000.0
    jobs = [bench.submit() for _ in range(bench.options.max_waiting_jobs + 3)]
    assert bench.end_of(jobs[-1]).code == "printer.busy"


def test_a_printer_switched_off_fails_jobs_at_once_and_prints_again_when_it_is_back(bench, tmp_path):
    assert bench.print_one().state is PrintState.CONFIRMED
    bench.restart_printer(tmp_path)
    bench.condition(online=True)
    assert bench.print_one().state is PrintState.CONFIRMED
    assert len(bench.printer.tickets) == 1


def test_a_name_cannot_command_the_printer(bench):
    hostile = "\x1b@\x1dV\x00\x10\x04\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08 Nguyễn \u202e\u200bVăn \x1bp\x00 An"
    document = PrintDocument(blocks=(Text(text=hostile, height_px=40), Text(text="Trần", height_px=40)))
    assert bench.print_one(document).state is PrintState.CONFIRMED
    clean = PrintDocument(blocks=(Text(text="@V Nguyễn Văn p An", height_px=40), Text(text="Trần", height_px=40)))
    ticket = bench.printer.wait_for_ticket(1, 5)
    assert not bench.printer.unknown
    assert len(bench.printer.tickets) == 1
    assert ticket.image.height == pytest.approx(text_picture(bench, clean).height, abs=80)


def test_what_a_printer_says_of_itself_is_told_once_per_change(bench):
    bench.printer.faults.cover_open = True
    bench.condition(cover_open=True)
    assert bench.print_one().state is PrintState.FAILED
    repeated = [event for event in bench.inbox.drain() if isinstance(event, PrinterCondition)]
    assert repeated == []
