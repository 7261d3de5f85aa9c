"""The roll's end is foreseen by what was cut, kept over a restart, and forgotten with a new roll."""

import pytest

from devices.contract import PaperForeseen, PrinterCondition
from devices.printers.options import PrinterKind
from devices.printers.paper_meter import WARN_AT_TICKETS, PaperMeter, RollFile, RollMemory, RollUse

ROLL_MM = 15_000.0
SLIP_MM = 150.0


def condition(**said):
    return PrinterCondition(device="printer", answered=True, **said)


def cut_until_told(meter, slips=200):
    return [left for left in (meter.cut(SLIP_MM) for _ in range(slips)) if left is not None]


def test_staff_are_told_once_at_each_count():
    assert cut_until_told(PaperMeter(RollMemory(), ROLL_MM)) == list(WARN_AT_TICKETS)


def test_longer_slips_leave_fewer():
    meter = PaperMeter(RollMemory(), ROLL_MM)
    meter.cut(SLIP_MM)
    short = meter.tickets_left
    for _ in range(9):
        meter.cut(3 * SLIP_MM)
    assert meter.tickets_left < short / 3


def test_nothing_is_foretold_without_a_length_or_a_slip():
    assert PaperMeter(RollMemory(), ROLL_MM).tickets_left is None
    meter = PaperMeter(RollMemory(), 0.0)
    assert cut_until_told(meter) == []


def test_the_count_is_kept_over_a_restart(tmp_path):
    file = RollFile(tmp_path / "roll.json")
    before = PaperMeter(file, ROLL_MM)
    for _ in range(30):
        before.cut(SLIP_MM)
    assert PaperMeter(RollFile(tmp_path / "roll.json"), ROLL_MM).tickets_left == before.tickets_left == 70


@pytest.mark.parametrize("content", ["", "{", "[]", '{"used_mm": 3, "other": 1}', "\x00"])
def test_a_file_that_is_none_counts_as_a_new_roll(tmp_path, content):
    (tmp_path / "roll.json").write_text(content)
    assert RollFile(tmp_path / "roll.json").load() == RollUse()


@pytest.mark.parametrize(
    "wrong",
    [
        '{"used_mm": null, "tickets": 3}',
        '{"used_mm": "a", "tickets": 3}',
        '{"used_mm": 0, "tickets": 3}',
        '{"used_mm": 1e-320, "tickets": 3}',
        '{"used_mm": -5.0, "tickets": -1}',
        '{"used_mm": NaN, "tickets": 1}',
        '{"used_mm": 5.0, "tickets": 1e999}',
        '{"used_mm": 5.0, "tickets": true}',
        '{"used_mm": 5.0, "tickets": 1, "learned_mm": 0}',
        '{"used_mm": 5.0, "tickets": 1, "begun": "yes"}',
    ],
)
def test_a_file_with_values_no_roll_can_have_stops_no_slip(tmp_path, wrong):
    (tmp_path / "roll.json").write_text(wrong)
    meter = PaperMeter(RollFile(tmp_path / "roll.json"), ROLL_MM)
    assert not meter.died_in_a_slip
    meter.cut(SLIP_MM)
    assert meter.tickets_left == 99


def test_a_place_that_cannot_be_written_loses_only_the_forecast(tmp_path):
    meter = PaperMeter(RollFile(tmp_path / "none" / "roll.json"), ROLL_MM)
    assert cut_until_told(meter) == list(WARN_AT_TICKETS)


@pytest.mark.parametrize(
    "seen",
    [
        [{"paper_out": False}, {"paper_out": True}, {"paper_out": False}],
        [{"paper_near_end": True, "cover_open": True}, {"cover_open": False, "paper_near_end": False}],
    ],
)
def test_a_roll_seen_to_be_changed_is_new(seen):
    meter = PaperMeter(RollMemory(), ROLL_MM)
    cut_until_told(meter, 97)
    for said in seen:
        meter.saw(condition(**said))
    assert meter.tickets_left is None
    assert cut_until_told(meter)[:1] == [40]


def test_a_fluttering_sensor_is_no_new_roll():
    meter = PaperMeter(RollMemory(), ROLL_MM)
    cut_until_told(meter, 50)
    for near_end in (True, False, True, None, False):
        meter.saw(condition(paper_near_end=near_end, paper_out=False))
    assert meter.tickets_left == 50


def test_a_roll_seen_from_end_to_end_teaches_how_long_rolls_are():
    meter = PaperMeter(RollMemory(), ROLL_MM)
    meter.new_roll()
    meter.saw(condition(paper_out=False))
    cut_until_told(meter, 60)
    meter.saw(condition(paper_out=True))
    meter.saw(condition(paper_out=False))
    meter.cut(SLIP_MM)
    assert meter.tickets_left == 59


def test_a_program_that_died_in_a_slip_knows_it_when_it_is_back():
    store = RollMemory()
    meter = PaperMeter(store, ROLL_MM)
    meter.begin()
    assert PaperMeter(store, ROLL_MM).died_in_a_slip
    meter.cut(SLIP_MM)
    assert not PaperMeter(store, ROLL_MM).died_in_a_slip


def test_staff_hear_of_the_end_of_the_roll_before_the_printer_sees_it(bench_of, inbox):
    bench = bench_of(PrinterKind.TCP, roll_length_m=1.0).start()
    bench.submit()
    told = inbox.next(PaperForeseen)
    assert told.tickets_left in range(1, 41)


def test_word_of_a_new_roll_is_taken_by_the_running_driver(bench_of, inbox, tmp_path):
    file = RollFile(tmp_path / "roll.json")
    file.save(RollUse(used_mm=900.0, tickets=9))
    bench = bench_of(PrinterKind.TCP, roll_length_m=1.0, paper_file=tmp_path / "roll.json").start()
    word = file.leave_word_of_new_roll()
    bench.until(lambda: not word.exists())
    bench.until(lambda: file.load() == RollUse(since_new=True))


@pytest.mark.parametrize(
    ("slips", "seen", "new"),
    [
        (97, [{"cover_open": True, "paper_out": True}, {"cover_open": False, "paper_out": False}], True),
        (50, [{"cover_open": True, "paper_out": True}, {"cover_open": False, "paper_out": False}], False),
        (97, [{"cover_open": True, "paper_out": False}, {"cover_open": False, "paper_out": False}], False),
        (97, [{"cover_open": True, "paper_out": True}, {"paper_out": False, "paper_near_end": True}], False),
        (
            50,
            [{"cover_open": True, "paper_near_end": True}, {"paper_near_end": True}, {"paper_near_end": False}],
            False,
        ),
    ],
)
def test_a_cover_that_was_opened_is_a_new_roll_only_after_a_warning(slips, seen, new):
    meter = PaperMeter(RollMemory(), ROLL_MM)
    cut_until_told(meter, slips)
    meter.saw(condition(paper_out=False))
    for said in seen:
        meter.saw(condition(**said))
    assert (meter.tickets_left is None) is new


def test_a_roll_taken_out_early_teaches_nothing():
    meter = PaperMeter(RollMemory(), ROLL_MM)
    meter.new_roll()
    meter.saw(condition(paper_out=False))
    cut_until_told(meter, 80)
    meter.saw(condition(paper_out=True, cover_open=True))
    meter.saw(condition(paper_out=False))
    meter.cut(SLIP_MM)
    assert meter.tickets_left == 99


def test_half_a_slip_of_a_killed_kiosk_is_cut_off_before_the_next(bench_of, tmp_path):
    RollFile(tmp_path / "roll.json").save(RollUse(begun=True))
    bench = bench_of(PrinterKind.USB_FILE, paper_file=tmp_path / "roll.json").start()
    bench.until(lambda: bench.driver.keeps_nothing)
    bench.print_one()
    scrap, slip = bench.printer.tickets
    assert (scrap.codes, len(slip.codes)) == ((), 1)
