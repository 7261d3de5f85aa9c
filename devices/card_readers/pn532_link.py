"""Commands to a PN532 and their answers over a serial line: acknowledgement, repetition, time-outs, noise.

Source: NXP UM0701-02, 6.2.1.6 (dialogue): the chip acknowledges a command, works, answers; the host asks for an answer
again by NACK, ends a command early by ACK. The command word of an answer is the command's plus one.

A command whose acknowledgement does not come is repeated only when that is harmless: the acknowledgement may be what
was lost, and an APDU that reaches the card twice breaks its secure messaging.
"""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable

import serial

from devices.card_readers.pn532_frames import ACK_FRAME, NACK_FRAME, TO_CHIP, TO_HOST, Frame, FrameKind, FrameParser
from devices.card_readers.pn532_frames import encode_frame as encode
from devices.serial_line import GONE, SerialPort, quietly

ACK_WAIT_S = 0.2  # the manual promises 15 ms; a USB adapter may hold bytes back for 16 ms and more
_UNACKNOWLEDGED_WAIT_S = 1.0
_TRIES = 3
_QUIET_S = 0.03
_STUCK_S = 0.15  # no frame pauses that long in its middle
_LONGEST_NOISE_S = 0.3
_READ_SLICE_S = 0.05
_WAKE_UP = b"\x55\x55" + b"\x00" * 14
"""Wakes the chip from power-down; the zeros give its oscillator 1.2 ms at 115,200 bit/s (AN10609, HSU wake-up)."""

_CODES_BY_ERRNO = {
    errno.EACCES: "card_reader.port_denied",
    errno.EPERM: "card_reader.port_denied",
    errno.EAGAIN: "card_reader.port_busy",
    errno.EBUSY: "card_reader.port_busy",
}


class LinkLost(Exception):
    """The line itself is gone or could not be opened. `code` as in `DeviceLost`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class NoAnswer(Exception):
    """The chip did not acknowledge the command in time, or did (`acknowledged`) and then did not answer."""

    def __init__(self, *, acknowledged: bool = False) -> None:
        super().__init__("not answered" if acknowledged else "not acknowledged")
        self.acknowledged = acknowledged


class CommandRefused(Exception):
    """The chip does not know the command, or not in this form (syntax error frame)."""


PortOpener = Callable[[str, int], SerialPort]


def open_port(path: str, bit_rate: int) -> SerialPort:
    """Open a real port (8N1), for this process alone. Raises what pyserial raises."""
    port: SerialPort = serial.serial_for_url(
        path, baudrate=bit_rate, timeout=_READ_SLICE_S, write_timeout=1.0, exclusive=True
    )
    return port


class Pn532Link:
    """The line to one chip, for one thread at a time."""

    def __init__(self, port: SerialPort, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._port = port
        self._clock_s = clock_s
        self._parser = FrameParser(TO_HOST)
        self._frames: list[Frame] = []
        self._is_disturbed = True
        self._closed = threading.Event()

    @classmethod
    def opened(cls, path: str, bit_rate: int, opener: PortOpener) -> Pn532Link:
        """Open the line. Raises `LinkLost`."""
        try:
            return cls(opener(path, bit_rate))
        except (*GONE, ValueError) as error:
            code = _CODES_BY_ERRNO.get(getattr(error, "errno", None) or 0, "card_reader.missing")
            raise LinkLost(code, type(error).__name__) from error

    def use_bit_rate(self, bit_rate: int) -> None:
        """Change the host's end of the line. Raises `LinkLost`."""
        try:
            if self._port.baudrate != bit_rate:
                self._port.baudrate = bit_rate
        except GONE as error:
            raise LinkLost("card_reader.missing", type(error).__name__) from error
        self._is_disturbed = True

    def acknowledge(self) -> None:
        """Tell the chip that its answer was understood; few answers need it. Raises `LinkLost`."""
        self._write(ACK_FRAME)

    def wake(self) -> None:
        """Wake the chip, if it sleeps; a command has to follow at once. Raises `LinkLost`."""
        self._settle()
        self._write(_WAKE_UP)

    def command(self, word: int, data: bytes = b"", *, answer_s: float, repeatable: bool = True) -> bytes:
        """Send a command and give its answer without the command word. `answer_s` counts from its acknowledgement.

        Raises `LinkLost`, `NoAnswer`, `CommandRefused`."""
        self._settle()
        packet = encode(TO_CHIP, bytes([word]) + data)
        for _ in range(_TRIES if repeatable else 1):
            self._write(packet)
            try:
                return self._answer(word + 1, answer_s, repeatable)
            except NoAnswer as none:
                self.abort()
                if none.acknowledged:
                    raise
        raise NoAnswer

    def pause(self, seconds: float) -> None:
        """Let time pass; `interrupt` ends it."""
        self._closed.wait(seconds)

    def abort(self) -> None:
        """End a command that may still run. Raises `LinkLost`."""
        self._write(ACK_FRAME)
        self._is_disturbed = True
        self._settle()

    def interrupt(self) -> None:
        """End a waiting command with `LinkLost`; from another thread. Nothing can be sent any more."""
        self._closed.set()
        quietly(self._port.cancel_read)

    def close(self) -> None:
        """Release the port. Safe to call twice."""
        self._closed.set()
        quietly(self._port.close)

    def _answer(self, word: int, answer_s: float, repeatable: bool) -> bytes:
        deadline_s = self._clock_s() + (ACK_WAIT_S if repeatable else _UNACKNOWLEDGED_WAIT_S)
        acknowledged, asked_again = False, 0
        while True:
            frame = self._next_frame(deadline_s)
            if frame is None:
                raise NoAnswer(acknowledged=acknowledged)
            if frame.kind is FrameKind.ACK:
                acknowledged, deadline_s = True, self._clock_s() + answer_s
            elif frame.kind is FrameKind.DATA and frame.data[:1] == bytes([word]):
                return frame.data[1:]
            elif frame.kind is FrameKind.ERROR:
                raise CommandRefused
            elif frame.kind is FrameKind.DAMAGED and asked_again < _TRIES:
                asked_again += 1
                self._is_disturbed = True
                self._write(NACK_FRAME)
                deadline_s = max(deadline_s, self._clock_s() + ACK_WAIT_S)
            elif frame.kind is FrameKind.NACK and repeatable and not acknowledged:  # afterwards it is noise
                raise NoAnswer

    def _next_frame(self, deadline_s: float) -> Frame | None:
        quiet_since_s = self._clock_s()
        while not self._frames:
            now_s = self._clock_s()
            if self._parser.is_waiting and now_s - quiet_since_s > _STUCK_S:
                self._frames, quiet_since_s = self._parser.resynchronise(), now_s
                continue
            if now_s >= deadline_s:
                return None
            received = self._read(min(deadline_s - now_s, _READ_SLICE_S))
            if received:
                quiet_since_s = self._clock_s()
                self._frames = self._parser.feed(received)
        return self._frames.pop(0)

    def _settle(self) -> None:
        """Forget what is on the line; after a disturbance wait until nothing late comes any more."""
        until_s = self._clock_s() + _LONGEST_NOISE_S
        wait_s = _QUIET_S if self._is_disturbed else 0.0
        while self._read(wait_s) and self._clock_s() < until_s:
            continue
        self._parser.reset()
        self._frames = []
        self._is_disturbed = False

    def _read(self, wait_s: float) -> bytes:
        if self._closed.is_set():
            raise LinkLost("card_reader.closed")
        try:
            if self._port.timeout != wait_s:
                self._port.timeout = wait_s
            return bytes(self._port.read(max(1, self._port.in_waiting)))
        except GONE as error:
            raise LinkLost("card_reader.missing", type(error).__name__) from error

    def _write(self, data: bytes) -> None:
        if self._closed.is_set():
            raise LinkLost("card_reader.closed")
        try:
            self._port.write(data)
        except GONE as error:
            raise LinkLost("card_reader.missing", type(error).__name__) from error
