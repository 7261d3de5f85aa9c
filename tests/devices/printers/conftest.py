"""A real driver in its worker over a real wire to the emulated printer."""

import time

import pytest

from devices.contract import DeviceState, DeviceStatus, PrinterCondition, PrintJobChanged, PrintState
from devices.emulators.printer import PrinterEmulator
from devices.printers.document import Align, Gap, PrintDocument, Qr, Rule, Text, TwoColumns
from devices.printers.driver import PrinterDriver
from devices.printers.options import PrinterKind, PrinterOptions
from devices.worker import DeviceWorker

WIRES = [PrinterKind.TCP, PrinterKind.SERIAL, PrinterKind.USB_FILE]
WAIT_S = 20.0
QUICK = {"status_timeout_s": 0.3, "poll_every_s": 0.2, "confirm_timeout_s": 1.5, "silent_confirm_timeout_s": 0.5}
LAST_STATES = {PrintState.CONFIRMED, PrintState.UNCONFIRMED, PrintState.FAILED}
SLIP = PrintDocument(
    blocks=(
        Text(text="Bệnh viện Đa khoa Hoa Sen", height_px=30, bold=True, align=Align.CENTER),
        Text(text="A015", height_px=200, bold=True, align=Align.CENTER, tight=True),
        Rule(dashed=True),
        TwoColumns(left="Người bệnh", right="N*** V** A"),
        Gap(),
        Qr(payload="TD:ABCDEFGHIJKLMNOPQRSTUVWX"),
    )
)


class Bench:
    """One printer and one driver."""

    def __init__(self, kind, folder, inbox, **changes):
        self.kind = kind
        self.inbox = inbox
        self.printer = PrinterEmulator(folder / "out")
        self._link = folder / "printer"
        self._port = self._serve(0)
        self.options = self._options(changes)
        self.driver = PrinterDriver("printer", self.options, inbox)
        self.worker = DeviceWorker(self.driver, inbox)
        self._jobs = 0

    def _serve(self, port):
        if self.kind is PrinterKind.TCP:
            return self.printer.serve_tcp(port)
        serve = self.printer.serve_pty if self.kind is PrinterKind.SERIAL else self.printer.serve_usb_file
        serve(self._link)
        return 0

    def _options(self, changes):
        place = {"host": "127.0.0.1", "port": self._port} if self.kind is PrinterKind.TCP else {"path": str(self._link)}
        return PrinterOptions(kind=self.kind, **place, **{**QUICK, **changes})

    def start(self):
        self.worker.start()
        self.inbox.state(DeviceState.READY)
        self.inbox.next(PrinterCondition)
        return self

    def restart_printer(self, folder):
        """Switch the printer off and a fresh one on at the same place."""
        self.printer.stop()
        self.inbox.state(DeviceState.LOST)
        self.printer = PrinterEmulator(folder / "fresh")
        self._serve(self._port)
        self.inbox.state(DeviceState.READY)

    def submit(self, document=SLIP):
        self._jobs += 1
        job_id = f"job-{self._jobs}"
        self.driver.submit(job_id, document)
        return job_id

    def end_of(self, job_id, states=LAST_STATES):
        """The event with which a job comes to one of `states`."""
        while (event := self.inbox.next(PrintJobChanged)).job_id != job_id or event.state not in states:
            pass
        return event

    def print_one(self, document=SLIP):
        return self.end_of(self.submit(document))

    def condition(self, **wanted):
        while True:
            told = self.inbox.next(PrinterCondition)
            if all(getattr(told, name) == value for name, value in wanted.items()):
                return told

    def stop(self):
        started = time.monotonic()
        self.worker.stop()
        took = time.monotonic() - started
        self.printer.stop()
        return took


@pytest.fixture
def bench_of(tmp_path, inbox):
    """Builds one bench that is not started; it is stopped in time at the end."""
    built = []

    def build(kind, **changes):
        built.append(Bench(kind, tmp_path, inbox, **changes))
        return built[-1]

    yield build
    for bench in built:
        assert bench.stop() < 2.0
    assert not [e for e in inbox.drain() if isinstance(e, DeviceStatus) and e.code == "device.driver_failed"]


@pytest.fixture(params=WIRES, ids=lambda kind: kind.value)
def bench(request, tmp_path, inbox):
    """A started printer on each wire; a test's `faults_from_the_start` are there before the driver is."""
    built = Bench(request.param, tmp_path, inbox)
    for fault in getattr(request.function, "faults_from_the_start", ()):
        setattr(built.printer.faults, fault, True)
    built.start()
    yield built
    assert built.stop() < 2.0
    assert not [e for e in inbox.drain() if isinstance(e, DeviceStatus) and e.code == "device.driver_failed"]
