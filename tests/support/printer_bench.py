"""A real driver in its worker over a real wire to the emulated printer."""

import threading
import time

from devices.contract import DeviceState, PrinterCondition, PrintJobChanged, PrintState
from devices.emulators.printer import BUFFER_BYTES, PrinterEmulator
from devices.printers.document import Align, Gap, PrintDocument, Qr, Rule, Text, TwoColumns
from devices.printers.driver import PrinterDriver
from devices.printers.options import PrinterKind, PrinterOptions
from devices.worker import DeviceWorker

WIRES = [PrinterKind.TCP, PrinterKind.SERIAL, PrinterKind.USB_FILE]
WAIT_S = 20.0
QUICK = {"status_timeout_s": 0.3, "poll_every_s": 0.2, "confirm_timeout_s": 1.5, "silent_confirm_timeout_s": 0.5}
PATIENT = {"status_timeout_s": 1.0, "confirm_timeout_s": 2.5}
"""For a printer that answers: on a busy machine the emulator, drawing a ticket and reading its code, may not get its
turn for half a second."""
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

    def __init__(self, kind, folder, inbox, *, sink=None, buffer_bytes=BUFFER_BYTES, clock_s=time.monotonic, **changes):
        self.kind = kind
        self.inbox = inbox
        self.is_unplugged = False
        self._before = ()
        self.printer = PrinterEmulator(folder / "out", buffer_bytes=buffer_bytes)
        self._link = folder / "printer"
        self._port = self._serve(0)
        self.options = self._options(changes)
        self.driver = PrinterDriver("printer", self.options, sink or inbox, clock_s=clock_s)
        self.worker = DeviceWorker(self.driver, sink or inbox)
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

    def unplug_printer(self):
        self.is_unplugged = True
        self._before += self.printer.tickets
        self.printer.stop()

    def plug_printer_in(self):
        self.printer = PrinterEmulator()
        self._serve(self._port)

    def all_tickets(self):
        """Also those of the printer that stood here before."""
        return (*self._before, *self.printer.tickets)

    def settled(self):
        """Nothing of a slip before is kept that may still come out."""
        return self.driver.keeps_nothing

    def pause(self, seconds):
        threading.Event().wait(seconds)

    def submit(self, document=SLIP):
        self._jobs += 1
        job_id = f"job-{self._jobs}#0"
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

    def until(self, true):
        """Wait until something is true."""
        deadline_s = time.monotonic() + WAIT_S
        while not true():
            assert time.monotonic() < deadline_s
            threading.Event().wait(0.01)

    def stop(self):
        started = time.monotonic()
        self.worker.stop()
        took = time.monotonic() - started
        self.printer.stop()
        return took
