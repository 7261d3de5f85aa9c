"""QR and barcode scanners on a serial line (USB-CDC or RS-232), read with pyserial.

Quirks met (pyserial 3.5): two programs may open one port unless `exclusive` is set; opening flushes the input, so a
scan made while nobody listened is never handed to the next patient. At a wrong bit rate a UART gives garbage, NULs
or nothing: with `baud = 0` each unreadable scan moves on to the next rate until one is readable.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import serial

from devices.contract import DeviceLost, EventSink
from devices.scanners.bit_rate import DETECT, BitRateSearch
from devices.scanners.decoding import decode_frame
from devices.scanners.framing import Frame, Framed, Framer, Terminator
from devices.scanners.observed import Observer
from devices.scanners.port_lost import port_lost
from devices.scanners.scan_teller import ScanTeller
from devices.serial_line import GONE, SerialPort, quietly

_CLOSE_WAIT_S = 1.0


@dataclass(frozen=True, kw_only=True)
class SerialScannerOptions:
    """`port` is a device path, best one that survives replugging (`/dev/serial/by-id/…`), or a pyserial URL. `baud` is
    in bit/s; 0 finds it by trying (USB-CDC scanners do not mind which it is).

    `idle_gap_s`: silence that ends a scan of a scanner without suffix. `torn_gap_s`: silence after which a scan whose
    suffix is missing is given up waiting for. `max_frame_bytes`: longer scans are dropped (a full QR has 2,953).
    """

    port: str
    baud: int = 115_200
    terminator: Terminator = Terminator.ANY
    idle_gap_s: float = 0.05
    torn_gap_s: float = 0.5
    max_frame_bytes: int = 4096
    exclusive: bool = True
    poll_s: float = 0.5

    def __post_init__(self) -> None:
        if self.baud < DETECT:
            raise ValueError("scanner.baud_negative", "baud", "≥ 0")


PortOpener = Callable[[SerialScannerOptions], SerialPort]


def open_serial_port(options: SerialScannerOptions) -> SerialPort:
    """Open a real port (8N1) at a given bit rate. Raises what pyserial raises."""
    port: SerialPort = serial.serial_for_url(
        options.port, baudrate=options.baud, timeout=options.poll_s, exclusive=options.exclusive or None
    )
    return port


class SerialScanner:
    """Driver of one scanner for `DeviceWorker`; delivers `Scanned`, `DeviceStatus` READY with the code
    `scanner.frame_too_long` or `scanner.unreadable` for scans that could not be used, and `ScanMeasured` for each.

    `observe` is told how each scan arrived (`tiepdon scanner test`).

    `DeviceLost` codes: `scanner.port_missing`, `scanner.port_denied`, `scanner.port_busy`, `scanner.closed`.
    """

    def __init__(
        self,
        name: str,
        options: SerialScannerOptions,
        sink: EventSink,
        *,
        open_port: PortOpener = open_serial_port,
        clock_s: Callable[[], float] = time.monotonic,
        observe: Observer | None = None,
    ) -> None:
        self.name = name
        self._options = options
        self._open_port = open_port
        self._clock_s = clock_s
        self._tell = ScanTeller(name, sink, observe)
        self._rates = BitRateSearch(options.baud)
        self._port: SerialPort | None = None
        self._in_use = threading.Lock()
        self._framer = Framer.by(options)

    def open(self) -> None:
        """Open the port. Raises `DeviceLost`."""
        with self._in_use:
            try:
                self._port = self._open_port(replace(self._options, baud=self._rates.rate))
            except GONE as error:
                raise port_lost(error) from error
            self._framer.reset()

    def step(self) -> None:
        """Read what is there, waiting at most `poll_s`, and deliver the scans that ended. Raises `DeviceLost`."""
        with self._in_use:
            port = self._port
            if port is None:
                raise DeviceLost("scanner.closed")
            try:
                framed = self._read(port)
            except GONE as error:
                raise port_lost(error) from error
        for item in framed:
            if not isinstance(item, Frame):
                self._tell.too_long(item)
            elif self._rates.heard(item.data):
                self._deliver(item)
            else:
                self._tell.unreadable(f"no text; trying {self._rates.rate} bit/s")
                self._use_rate(port)

    def close(self) -> None:
        """Wake a waiting `step` and release the port."""
        port = self._port
        if port is not None:
            quietly(port.cancel_read)
        if not self._in_use.acquire(timeout=_CLOSE_WAIT_S):
            return
        try:
            port, self._port = self._port, None
            self._framer.reset()
            if port is not None:
                quietly(port.close)
        finally:
            self._in_use.release()

    def _read(self, port: SerialPort) -> list[Framed]:
        wanted_s = self._options.idle_gap_s if self._framer.is_waiting else self._options.poll_s
        if port.timeout != wanted_s:
            port.timeout = wanted_s
        data = port.read(max(1, port.in_waiting))
        now_s = self._clock_s()
        return self._framer.feed(data, now_s) if data else self._framer.tick(now_s)

    def _use_rate(self, port: SerialPort) -> None:
        with self._in_use:
            if self._port is not port:
                return
            try:
                port.baudrate = self._rates.rate
            except GONE as error:
                raise port_lost(error) from error

    def _deliver(self, item: Frame) -> None:
        decoded = decode_frame(item.data)
        if decoded.text:
            self._tell.scanned(item, decoded, certain=decoded.certain and item.whole, baud=self._rates.rate)
        elif item.data.strip(b"\0"):
            self._tell.unreadable(f"{len(item.data)} bytes without text")
