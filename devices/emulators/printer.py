"""An ESC/POS receipt printer that exists only as its wire: real sockets and ttys, real status, tickets as pictures.

It buffers, prints, stops and answers as Epson's TM printers with an 80 mm roll do: without paper or with an open cover
it keeps what it has, goes off-line, still answers real-time commands, and finishes the ticket by itself when the fault
is gone. What it does not emulate: page mode, one-dimensional bar codes, user-defined characters, stored logos.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image

from devices.emulators.escpos_events import (
    AutomaticStatusSet,
    JobTagAsked,
    PrinterEvent,
    QueuedStatusAsked,
    TicketCut,
)
from devices.emulators.escpos_interpreter import EscPosInterpreter
from devices.emulators.escpos_realtime import RealTimeCommand, RealTimeKind, RealTimeScanner
from devices.emulators.printer_faults import PrinterFaults
from devices.emulators.printer_links import PtyWire, Session, TcpWire, WireServer

log = logging.getLogger("tiepdon.devices.emulators")

BUFFER_BYTES = 4_096  # the receive buffer of the common models
_RESERVE_BYTES = 64  # of it are kept for real-time commands when it is full
_SLICE_BYTES = 256
_PACED_SLICE_S = 0.02
_STOP_TIMEOUT_S = 2.0
_QUIET_ZONE_DOTS = 40


@dataclass(frozen=True, kw_only=True)
class PrintedTicket:
    """One piece of paper. `raw` is every byte since the last cut, real-time commands among them included; `image` is
    mode "1"; `codes` are the payloads of the QR codes a scanner finds on the picture, from the top. `cut_at_s` is when
    it fell, of `time.monotonic`."""

    raw: bytes
    image: Image.Image
    codes: tuple[str, ...]
    png_path: Path | None
    raw_path: Path | None
    cut_at_s: float = 0.0


class PrinterEmulator:
    """Serve it on one wire or several; tickets are also written to `out` (`ticket-001.png`, `ticket-001.bin`).

    `on_ticket` is called on the printer's own thread and returns at once."""

    def __init__(
        self,
        out: Path | None = None,
        *,
        width_dots: int = 576,
        on_ticket: Callable[[PrintedTicket], None] | None = None,
        buffer_bytes: int = BUFFER_BYTES,
    ) -> None:
        self.faults = PrinterFaults()
        self._out = out
        self._on_ticket = on_ticket
        self._capacity = buffer_bytes
        self._interpreter = EscPosInterpreter(width_dots)
        self._real_time = RealTimeScanner()
        self._state = threading.Condition()
        self._buffer = bytearray()
        self._discarding = False
        self._off_until_s = 0.0
        self._automatic_mask = 0
        self._told_status = self.faults.automatic_status_block()
        self._tickets: tuple[PrintedTicket, ...] = ()
        self._session: Session | None = None
        self._servers: list[WireServer] = []
        self._stopping = threading.Event()
        self.faults.tell_changes_to(self._wake)
        self._engine = threading.Thread(target=self._run, name="printer-emulator", daemon=True)
        self._engine.start()

    def __enter__(self) -> PrinterEmulator:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def tickets(self) -> tuple[PrintedTicket, ...]:
        return self._tickets

    @property
    def buffered_bytes(self) -> int:
        """What has arrived and is not worked off."""
        return len(self._buffer)

    @property
    def unknown(self) -> Counter[str]:
        """What was received and not understood, counted by command."""
        return Counter(self._interpreter.unknown)

    def serve_tcp(self, port: int = 0) -> int:
        """Listen on 127.0.0.1; returns the port. Raises `OSError` when it is taken."""
        wire = TcpWire(port)
        self._servers.append(WireServer(wire, self, "printer-emulator-tcp"))
        return wire.port

    def serve_pty(self, link: Path) -> None:
        """Be a serial printer at `link`, a symlink that stays while the tty behind it may change."""
        self._servers.append(WireServer(PtyWire(link), self, "printer-emulator-pty"))

    def serve_usb_file(self, link: Path) -> None:
        """Pose as /dev/usb/lpN at `link`: to be opened O_RDWR | O_NONBLOCK | O_NOCTTY, read and written.

        Like usblp: EAGAIN when it takes no more or has no answer, an error when it is gone. Unlike usblp: it is a tty
        underneath (isatty, and EIO instead of ENODEV), several hosts may open it, a read without O_NONBLOCK waits, an
        unread answer waits for the next host, and the LPGETSTATUS and GET_DEVICE_ID ioctls fail."""
        self._servers.append(WireServer(PtyWire(link), self, "printer-emulator-usb"))

    def wait_for_ticket(self, count: int, timeout_s: float) -> PrintedTicket:
        """The `count`-th ticket (from 1) when it is cut. Raises `TimeoutError`."""
        with self._state:
            if not self._state.wait_for(lambda: len(self._tickets) >= count, timeout_s):
                raise TimeoutError(f"{len(self._tickets)} of {count} tickets after {timeout_s} s")
            return self._tickets[count - 1]

    def stop(self) -> None:
        """Close every wire and end every thread, within two seconds. Safe to call twice."""
        deadline = time.monotonic() + _STOP_TIMEOUT_S
        self._stopping.set()
        self._wake()
        for server in self._servers:
            server.stop(max(0.0, deadline - time.monotonic()))
        self._servers.clear()
        self._engine.join(max(0.0, deadline - time.monotonic()))

    # --- called by the wires' threads

    def room(self) -> int:
        if self.faults.holds_line and time.monotonic() < self._off_until_s:
            return 0
        return max(0, self._capacity + _RESERVE_BYTES - len(self._buffer))

    def receive(self, session: Session, data: bytes) -> None:
        with self._state:
            if session.dropped or time.monotonic() < self._off_until_s:
                return
            self._session = session
            if self.faults.wrong_bit_rate:
                data = _at_another_bit_rate(data)
            commands, nothing_else = self._real_time.feed(data)
            kept_from = 0
            for command in commands:
                if self._act_at_once(command):
                    self._buffer.clear()
                    self._discarding = True
                    kept_from = command.end
            if not (nothing_else and len(self._buffer) >= self._capacity):
                self._buffer += data[kept_from:]
            self._state.notify_all()

    def _act_at_once(self, command: RealTimeCommand) -> bool:
        """Run a real-time command; true when it clears the buffers."""
        if command.kind is RealTimeKind.STATUS:
            if command.argument in self.faults.unanswered:
                return False
            self._answer(self.faults.real_time_status(command.argument))
            return False
        if command.kind is RealTimeKind.ENQUIRY:
            return command.argument == 2 and self.faults.in_error
        if self.faults.no_clear:
            return False
        self._answer(b"\x37\x25\x00")
        return True

    def _answer(self, data: bytes) -> None:
        session = self._session
        if session is None or self.faults.silent:
            return
        if self.faults.automatic_status:
            session.send(self.faults.automatic_status_block(), self.faults.answer_delay_s)
        if self.faults.garbled_answers:
            data = bytes(byte ^ 0x80 for byte in data)
        session.send(data, self.faults.answer_delay_s)

    def _wake(self) -> None:
        with self._state:
            self._state.notify_all()

    # --- the engine's thread

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stay_off()
            with self._state:
                self._state.wait_for(self._has_work)
                self._tell_change()
                portion = self._next_portion()
            try:
                if portion:
                    self._work_off(portion)
            except Exception:  # the thread's edge: a full disk, a failing `on_ticket`
                log.exception("the printer emulator failed at %d bytes", len(portion))

    def _stay_off(self) -> None:
        off_s = self._off_until_s - time.monotonic()
        if off_s > 0:
            self._stopping.wait(off_s)
            self._tell_room()

    def _has_work(self) -> bool:
        return (
            self._stopping.is_set()
            or self._off_until_s > time.monotonic()
            or self._told_status != self.faults.automatic_status_block()
            or (bool(self._buffer) and not self.faults.stops_printing)
        )

    def _next_portion(self) -> bytes:
        if self._discarding:
            self._discarding = False
            self._interpreter.discard_input()
        if self.faults.stops_printing:
            return b""
        speed = self.faults.bytes_per_s
        size = min(_SLICE_BYTES, max(1, int(speed * _PACED_SLICE_S)) if speed else _SLICE_BYTES)
        portion = bytes(self._buffer[: min(size, max(1, self.faults.allowed_bytes()))])
        del self._buffer[: len(portion)]
        return portion

    def _work_off(self, portion: bytes) -> None:
        for event in self._interpreter.feed(portion):
            self._perform(event)
        struck = self.faults.count(len(portion))
        if "cable_pulled_after_bytes" in struck:
            self._hang_up()
        if struck & {"die_after_bytes", "reboot_after_bytes"}:
            self.power_cycle(line_shows_it="die_after_bytes" in struck)
        self._tell_room()
        if speed := self.faults.bytes_per_s:
            self._stopping.wait(len(portion) / speed)

    def _tell_room(self) -> None:
        for server in tuple(self._servers):
            server.wake()

    def _hang_up(self) -> None:
        with self._state:
            if self._session is not None:
                self._session.drop()
                self._session = None

    def power_cycle(self, *, line_shows_it: bool = True) -> None:
        """Off and on again: what it kept is gone; what is on the paper stays there, not cut. Any thread. Over TCP and
        USB the connection is lost and comes back with the printer; a serial line, or a box between, does not show it:
        there it is off for `faults.off_s`."""
        with self._state:
            if line_shows_it and self._session is not None:
                self._session.drop()
                self._session = None
            self._buffer.clear()
            self._real_time = RealTimeScanner()
            self._discarding = True
            self._automatic_mask = 0
            self._off_until_s = 0.0 if line_shows_it else time.monotonic() + self.faults.off_s
            self._state.notify_all()
        self._tell_room()

    def _perform(self, event: PrinterEvent) -> None:
        match event:
            case TicketCut():
                self._keep_ticket(event)
            case JobTagAsked():
                if not self.faults.no_job_tag:
                    self._answer(b"\x37\x22" + event.tag + b"\x00")
            case QueuedStatusAsked():
                if not self.faults.no_status_request:
                    self._answer(self.faults.queued_status(event.kind))
            case AutomaticStatusSet():
                self._automatic_mask = event.mask
                if event.mask:
                    self._send_automatic_status()

    def _tell_change(self) -> None:
        block = self.faults.automatic_status_block()
        if block != self._told_status:
            self._told_status = block
            if self._automatic_mask or self.faults.automatic_status:
                self._send_automatic_status()

    def _send_automatic_status(self) -> None:
        if self._session is not None and not self.faults.silent:
            self._session.send(self.faults.automatic_status_block(), self.faults.answer_delay_s)

    def _keep_ticket(self, cut: TicketCut) -> None:
        cut_at_s = time.monotonic()
        number = len(self._tickets) + 1
        png_path = raw_path = None
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            png_path, raw_path = self._out / f"ticket-{number:03}.png", self._out / f"ticket-{number:03}.bin"
            cut.image.save(png_path)
            raw_path.write_bytes(cut.raw)
        ticket = PrintedTicket(
            raw=cut.raw,
            image=cut.image,
            codes=_codes_on(cut.image),
            png_path=png_path,
            raw_path=raw_path,
            cut_at_s=cut_at_s,
        )
        with self._state:
            self._tickets += (ticket,)
            self._state.notify_all()
        if self._on_ticket is not None:
            self._on_ticket(ticket)


def _at_another_bit_rate(data: bytes) -> bytes:
    """What a slower receiver takes for bytes: few, and none of the host's."""
    return bytes(byte ^ 0xA9 | 0xC0 for byte in data[::12])


def _codes_on(image: Image.Image) -> tuple[str, ...]:
    """What a scanner reads off the paper; white is added around, as a reader sees the ticket on a white roll."""
    seen = Image.new("L", (image.width + 2 * _QUIET_ZONE_DOTS, image.height + 2 * _QUIET_ZONE_DOTS), 255)
    seen.paste(image.convert("L"), (_QUIET_ZONE_DOTS, _QUIET_ZONE_DOTS))
    found = zxingcpp.read_barcodes(seen, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2))
    ordered = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return tuple(code.bytes.decode("utf-8", "replace") for code in ordered)
