"""Two printers of one kiosk: what nobody has sent goes on to the next, what one has sent never does."""

import pytest
from support.printer_bench import SLIP, Bench

from devices.contract import DeviceState, DeviceStatus, PrinterCondition, PrintJobChanged, PrintState
from devices.printers.driver import PrinterDriver
from devices.printers.group import PrinterGroup
from devices.printers.options import PrinterKind
from devices.worker import DeviceWorker

pytestmark = pytest.mark.allowed_warnings("printer lost", "printer_2 lost")


class Pair:
    """Two emulated printers behind one group."""

    def __init__(self, folder, inbox):
        self.inbox = inbox
        self.group = PrinterGroup(inbox)
        self.benches = []
        for number in (1, 2):
            (folder / str(number)).mkdir()
            bench = Bench(PrinterKind.TCP, folder / str(number), inbox)
            name = "printer" if number == 1 else "printer_2"
            bench.driver = PrinterDriver(name, bench.options, self.group.on_device_event)
            bench.worker = DeviceWorker(bench.driver, self.group.on_device_event)
            self.group.add(bench.driver)
            self.benches.append(bench)
        self.first, self.second = (bench.printer for bench in self.benches)

    def start(self):
        for bench in self.benches:
            bench.worker.start()
        ready = set()
        while len(ready) < 2:
            event = self.inbox.next(PrinterCondition)
            ready |= {event.device} if event.answered else set()

    def states(self, job):
        """Every state told of a job until its end, and who told the last."""
        told = []
        while not told or told[-1].state in (PrintState.QUEUED, PrintState.SENT):
            event = self.inbox.next(PrintJobChanged)
            told += [event] if event.job_id == job else []
        return [event.state for event in told], told[-1]

    def papers(self):
        return len(self.first.tickets), len(self.second.tickets)


@pytest.fixture
def pair(tmp_path, inbox):
    built = Pair(tmp_path, inbox)
    built.start()
    yield built
    for bench in built.benches:
        bench.stop()


def test_the_first_printer_prints_while_it_works(pair):
    pair.group.submit("a", SLIP)
    states, end = pair.states("a")
    assert states == [PrintState.QUEUED, PrintState.SENT, PrintState.CONFIRMED]
    assert end.device == "printer"
    assert pair.papers() == (1, 0)


def test_a_slip_the_first_cannot_print_comes_out_of_the_second(pair):
    pair.first.faults.paper_out = True  # not known yet: the slip is offered to it
    pair.group.submit("a", SLIP)
    states, end = pair.states("a")
    assert states == [PrintState.QUEUED, PrintState.SENT, PrintState.CONFIRMED]
    assert end.device == "printer_2"
    pair.first.faults.paper_out = False
    pair.benches[0].condition(paper_out=False)
    pair.group.submit("b", SLIP)
    assert pair.states("b")[1].device == "printer"
    assert pair.papers() == (1, 1)


def test_a_slip_that_was_sent_is_never_given_to_another(pair):
    pair.first.faults.die_after_bytes = 6_000
    pair.group.submit("a", SLIP)
    states, end = pair.states("a")
    assert (states[-1], end.device) == (PrintState.UNCONFIRMED, "printer")
    assert pair.papers() == (0, 0)


def test_a_slip_nobody_can_print_has_failed(pair):
    pair.first.faults.cover_open = pair.second.faults.paper_out = True
    pair.group.submit("a", SLIP)
    states, end = pair.states("a")
    assert states == [PrintState.QUEUED, PrintState.FAILED]
    assert end.code in {"printer.cover_open", "printer.paper_out"}


class Kept:
    """A printer that only keeps what it gets."""

    def __init__(self, name):
        self.name = name
        self.jobs = []

    def submit(self, job_id, document):
        self.jobs.append(job_id)


def test_a_printer_known_not_to_work_is_passed_over_and_an_old_slip_given_to_nobody():
    now = [0.0]
    told = []
    group = PrinterGroup(told.append, max_job_age_s=30.0, clock_s=lambda: now[0])
    first, second = Kept("printer"), Kept("printer_2")
    group.add(first)
    group.add(second)
    group.on_device_event(DeviceStatus(device="printer", state=DeviceState.LOST, code="printer.lost"))
    group.submit("a", SLIP)
    assert (first.jobs, second.jobs) == ([], ["a"])
    now[0] = 31.0
    failed = PrintJobChanged(device="printer_2", job_id="a", state=PrintState.FAILED, code="printer.too_late")
    group.on_device_event(failed)
    assert first.jobs == []
    assert told[-1] == failed
