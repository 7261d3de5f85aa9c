"""Every printer fault on every wire: no paper for nobody, no slip lost in silence, always a number for the patient, and
for each what the patient's screen and the staff are told, in both languages."""

import time

import pytest
from support.printer_bench import LAST_STATES, WIRES, Bench
from support.printer_faults import FAULTS

from config.catalogue import load_catalogue
from devices.contract import DeviceState, PrinterCondition, PrintState
from devices.printers.document import Align, PrintDocument, Qr, Text
from kiosk.domain.localized import Language
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import PrintProgress
from kiosk.station.devices_bridge.bridge import DevicesBridge

pytestmark = pytest.mark.allowed_warnings("printer lost")

TEXTS = load_catalogue()
EXPIRES_S = 0.8
QUIET_S = 0.15
FAST = {
    "status_timeout_s": 0.2,
    "poll_every_s": 0.1,
    "confirm_timeout_s": 1.0,
    "silent_confirm_timeout_s": 0.4,
    "stall_timeout_s": 0.3,
    "max_job_age_s": EXPIRES_S,
}
A_THIRD = [(fault, WIRES[number % len(WIRES)]) for number, fault in enumerate(FAULTS[::3])]
"""All of them take minutes."""
ALL = [(fault, wire) for fault in FAULTS for wire in WIRES]


def slip(number):
    """A slip of some 30 kB with a code of its own."""
    label = Text(text=f"A{number:03}", height_px=200, bold=True, align=Align.CENTER, tight=True)
    body = tuple(Text(text=f"Phòng khám số {line}, tầng {number}", height_px=44) for line in range(6))
    return PrintDocument(blocks=(label, *body, Qr(payload=f"TD:{number:024}")))


class Watched:
    """What the patient's screen and the staff get to know, through the kiosk's own bridge, beside the test's inbox."""

    def __init__(self, inbox):
        self.inbox = inbox
        self.screen = []
        self.staff = []
        self.bridge = DevicesBridge(
            post=self.screen.append,
            report_fault=lambda code, *_params: self.staff.append(code),
            texts=TEXTS,
            time_zone=None,
            today=None,
        )

    def __call__(self, event):
        self.bridge.on_device_event(event)
        self.inbox(event)

    def told_staff(self):
        """The visit passes a slip's trouble on to staff as well."""
        return {*self.staff, *(posted.fault.code for posted in self.papers() if posted.fault is not None)}

    def papers(self):
        return [posted for posted in self.screen if isinstance(posted, ev.PrintChanged)]


@pytest.fixture
def watched(inbox):
    return Watched(inbox)


def papers_with(bench, number):
    return [ticket for ticket in bench.all_tickets() if f"TD:{number:024}" in ticket.codes]


def sentence(key):
    return [TEXTS.text(key, language) for language in Language]


def ended(bench, job):
    return bench.end_of(job, LAST_STATES)


def play(fault, wire, tmp_path, watched):
    """Break, print, let time pass, mend, print for the next patient; the bench at the end."""
    bench = Bench(wire, tmp_path, watched.inbox, sink=watched, **{**FAST, **fault.options})
    try:
        if fault.begins_with:
            fault.breaks(bench)
        bench.worker.start()
        if not fault.begins_with:
            bench.inbox.state(DeviceState.READY)
            bench.inbox.next(PrinterCondition)
            fault.breaks(bench)
        return _live_through(fault, wire, bench, watched)
    finally:
        assert bench.stop() < 2.0


def _live_through(fault, wire, bench, watched):
    expected = fault.but.get(wire, fault.expected)
    if fault.begins_with or bench.is_unplugged:
        if expected.state is PrintState.FAILED:
            bench.until(lambda: expected.staff <= watched.told_staff())
        else:
            bench.condition(answered="silent" not in fault.name)
    submitted_s = time.monotonic()
    job = bench.submit(slip(1))
    first = ended(bench, job)
    assert first.state is expected.state
    assert expected.code in (None, first.code)
    screens = [(paper.progress, paper.fault) for paper in watched.papers()]
    assert screens[-1][0] is PrintProgress(first.state.value)
    patient_gone_s = submitted_s + bench.options.max_job_age_s
    if fault.late:
        bench.until(lambda: time.monotonic() > patient_gone_s)
        bench.until(lambda: bench.settled() or "printer.old_ticket_inside" in watched.told_staff())
    mended_s = time.monotonic()
    fault.mends(bench)
    if not fault.late and not fault.comes_out:
        bench.until(lambda: time.monotonic() > patient_gone_s and bench.settled())
        assert all(paper.progress is not PrintProgress.CONFIRMED for paper in watched.papers())
    elif not fault.late:
        assert ended(bench, job).state is PrintState.CONFIRMED
    after = next_patient(bench)
    assert after.state is fault.after
    bench.until(lambda: len(papers_with(bench, 2)) == 1)
    of_the_first = papers_with(bench, 1)
    assert len(of_the_first) <= 1, "a second paper"
    assert expected.paper in (None, len(of_the_first) == 1), "a lost or a late paper"
    stale = [paper for paper in of_the_first if fault.late and paper.cut_at_s > max(patient_gone_s, mended_s)]
    assert not stale
    assert not any(len(paper.codes) > 1 for paper in bench.all_tickets()), "two numbers on one paper"
    assert expected.staff <= watched.told_staff()
    for code in watched.told_staff():
        assert all(sentence(f"staff.{code}")), code
    for paper in watched.papers():
        if paper.fault is not None:
            assert all(sentence(f"fault.{paper.fault.code}"))
    return bench


def next_patient(bench):
    """The next slip; staff may take some moments, and the patient may tap "print again"."""
    for _ in range(40):
        job = bench.submit(slip(2))
        end = ended(bench, job)
        if end.state is not PrintState.FAILED:
            return end
        bench.pause(0.1)
    raise AssertionError(f"the printer never came back: {end.code}")


def test_the_table_holds_at_least_24_faults_under_different_names():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 24


@pytest.mark.parametrize(("fault", "wire"), A_THIRD, ids=lambda part: getattr(part, "name", None) or part.value)
def test_a_printer_fault_leaves_no_paper_for_nobody_and_no_patient_without_a_number(fault, wire, tmp_path, watched):
    play(fault, wire, tmp_path, watched)


@pytest.mark.long
@pytest.mark.parametrize(("fault", "wire"), ALL, ids=lambda part: getattr(part, "name", None) or part.value)
def test_every_printer_fault_on_every_wire(fault, wire, tmp_path, watched):
    play(fault, wire, tmp_path, watched)
