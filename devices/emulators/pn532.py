"""A PN532 on a pseudo-terminal: what NFC reader boards behind a USB-serial adapter look like to a host.

It speaks the chip's own protocol (NXP UM0701-02; HSU), so that any host software for one finds it, libnfc for example:
`LIBNFC_DEVICE=pn532_uart:PORT nfc-list`. Commands are acknowledged, carried out and answered; a host may ask for an
answer again (NACK) and end a command early (ACK, or the next command). From power-on it sleeps: the bytes that wake it
are lost.
"""

from __future__ import annotations

import os
import pty
import select
import termios
import threading
import tty
from pathlib import Path

from devices.card_readers.pn532_frames import (
    ACK_FRAME,
    ERROR_FRAME,
    NACK_FRAME,
    TO_CHIP,
    TO_HOST,
    FrameKind,
    FrameParser,
    encode_frame,
)
from devices.card_readers.virtual_reader import VirtualCard
from devices.emulators.pn532_chip import FACTORY_BIT_RATE, Interrupted, Pn532Firmware, SyntaxFault
from devices.emulators.pn532_faults import Pn532Faults
from devices.emulators.pn532_field import LaidCard, RfField, TypeA, TypeB

_LOST_WHILE_WAKING = 8  # bytes at 115,200 bit/s until the oscillator runs
_BITS_PER_BYTE = 10
_JOIN_S = 2.0
_READ_BYTES = 4096
_OUTPUT_SPEED = 5  # in what tcgetattr gives
_NOISE = b"\xf8\x80\xfe"  # how bytes look at another bit rate


class Pn532Emulator:
    """The chip; use as a context manager. Starts plugged in, asleep, without a card.

    `port` is where the host finds it: a symlink with that path, as `/dev/serial/by-id/…` is one, or without a path the
    terminal itself, whose name changes at replugging. `paced` lets bytes take the time they take on a real line. After
    SetSerialBaudRate the host has to set its terminal to the new rate, or nothing is understood; at the chip's own rate
    any setting will do.
    `rf_timeout_s` is how long the chip waits for a card that does not answer.
    """

    def __init__(self, port: Path | None = None, *, paced: bool = False, rf_timeout_s: float = 0.05) -> None:
        self.faults = Pn532Faults()
        self._link = port
        self._paced = paced
        self._field = RfField()
        self._firmware = Pn532Firmware(self._field, self.faults, rf_timeout_s=rf_timeout_s)
        self._plug = threading.Lock()
        self._master = self._slave = -1
        self._poke_reader = self._poke_writer = -1
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self.replug()

    def __enter__(self) -> Pn532Emulator:
        return self

    def __exit__(self, *exception: object) -> None:
        self.unplug()

    @property
    def port(self) -> Path:
        """Path to open."""
        return self._link or Path(os.ttyname(self._slave))

    def lay(self, card: VirtualCard, shape: TypeA | TypeB | None = None) -> None:
        """Lay a card in the field, instead of the one that lies there."""
        self._field.lay(LaidCard(card=card, shape=shape or TypeA()))
        self._poke()

    def take(self) -> None:
        """Take the card; does nothing when none lies there."""
        self._field.lay(None)

    def unplug(self) -> None:
        """Pull the plug: the path vanishes, who reads gets an input/output error. A card stays where it lies."""
        with self._plug:
            if self._thread is None:
                return
            self._stopping.set()
            self._poke()
            self._thread.join(_JOIN_S)
            self._thread = None
            if self._link is not None:
                self._link.unlink(missing_ok=True)
            for descriptor in (self._master, self._slave, self._poke_reader, self._poke_writer):
                os.close(descriptor)

    def replug(self) -> None:
        """Plug in again: power on, another terminal behind the same path. Does nothing when plugged in."""
        with self._plug:
            if self._thread is not None:
                return
            self._master, self._slave = pty.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self._poke_reader, self._poke_writer = os.pipe()
            os.set_blocking(self._poke_reader, False)
            if self._link is not None:
                self._link.unlink(missing_ok=True)
                self._link.symlink_to(os.ttyname(self._slave))
            self._firmware.reset()
            self._stopping.clear()
            line = _Line(self._master, self._poke_reader, self._stopping, self.faults, paced=self._paced)
            self._thread = threading.Thread(target=_Chip(line, self._firmware, self.faults).run, name="pn532-chip")
            self._thread.daemon = True
            self._thread.start()

    def _poke(self) -> None:
        if self._thread is not None:
            os.write(self._poke_writer, b"!")


class _LineClosed(Exception):
    """The plug was pulled."""


class _Line:
    """The chip's end of the serial line."""

    bit_rate = FACTORY_BIT_RATE

    def __init__(self, master: int, poke: int, stopping: threading.Event, faults: Pn532Faults, *, paced: bool) -> None:
        self._master = master
        self._poke = poke
        self._stopping = stopping
        self._faults = faults
        self._paced = paced

    def read(self) -> bytes:
        """Wait for bytes of the host. Raises `_LineClosed`."""
        while not self.wait(None):
            continue
        data = os.read(self._master, _READ_BYTES)
        self._take_time(len(data))
        return data if self._rates_agree() else _NOISE

    def wait(self, seconds: float | None) -> bool:
        """Let time pass (None: until a card is laid); True as soon as the host says something. Raises `_LineClosed`."""
        ready, _, _ = select.select([self._master, self._poke], [], [], seconds)
        if self._stopping.is_set():
            raise _LineClosed
        if self._poke in ready:
            os.read(self._poke, _READ_BYTES)
        return self._master in ready

    def write(self, data: bytes) -> None:
        """Send to the host. Raises `_LineClosed`."""
        if self._faults.silent:
            return
        data = self._faults.garbage + data if self._rates_agree() else _NOISE
        self._take_time(len(data))
        size = 1 if self._faults.byte_by_byte else len(data)
        for start in range(0, len(data), size):
            self._write_all(data[start : start + size])

    def _write_all(self, data: bytes) -> None:
        while data and not self._stopping.is_set():
            _, ready, _ = select.select([], [self._master], [], 0.1)
            if ready:
                data = data[os.write(self._master, data) :]

    def _rates_agree(self) -> bool:
        return self.bit_rate == FACTORY_BIT_RATE or termios.tcgetattr(self._master)[_OUTPUT_SPEED] == _speed(
            self.bit_rate
        )

    def _take_time(self, size: int) -> None:
        if self._paced and self._stopping.wait(size * _BITS_PER_BYTE / self.bit_rate):
            raise _LineClosed


class _Chip:
    """Dialogue with the host: acknowledge, carry out, answer; repeat on NACK."""

    def __init__(self, line: _Line, firmware: Pn532Firmware, faults: Pn532Faults) -> None:
        self._line = line
        self._firmware = firmware
        self._faults = faults
        self._parser = FrameParser(TO_CHIP)
        self._to_lose = _LOST_WHILE_WAKING
        self._last_answer = b""

    def run(self) -> None:
        try:
            while True:
                for frame in self._parser.feed(self._while_awake(self._line.read())):
                    if frame.kind is FrameKind.NACK and self._last_answer:
                        self._line.write(self._last_answer)
                    elif frame.kind is FrameKind.ACK:
                        self._firmware.bit_rate = self._firmware.wanted_bit_rate
                    elif frame.kind is FrameKind.DATA:
                        self._serve(frame.data)
                    self._line.bit_rate = self._firmware.bit_rate
        except _LineClosed:
            return

    def _while_awake(self, data: bytes) -> bytes:
        if not self._firmware.is_asleep:
            return data
        lost, self._to_lose = data[: self._to_lose], max(0, self._to_lose - len(data))
        if not self._to_lose:
            self._firmware.is_asleep, self._to_lose = False, _LOST_WHILE_WAKING
        return data[len(lost) :]

    def _serve(self, command: bytes) -> None:
        if self._faults.act("nacked_commands"):
            self._line.write(NACK_FRAME)
            return
        if not self._faults.act("lost_acknowledgements"):
            self._line.write(ACK_FRAME)
        is_exchange = command[:1] == b"\x40"
        if is_exchange and self._faults.act("reset_after_exchanges"):
            self._firmware.reset()
            return
        try:
            if self._faults.act("refused_commands"):
                raise SyntaxFault
            self._answer(encode_frame(TO_HOST, self._firmware.run(command, self._wait)))
        except SyntaxFault:
            self._answer(ERROR_FRAME)
        except Interrupted:
            self._last_answer = b""

    def _wait(self, seconds: float | None) -> None:
        if self._line.wait(seconds):
            raise Interrupted

    def _answer(self, frame: bytes) -> None:
        self._last_answer = frame
        if self._line.wait(0) or self._faults.act("lost_answers"):
            return  # ended early by the host: the answer is not wanted any more
        if self._faults.act("damaged_answers"):
            frame = frame[:-2] + bytes([frame[-2] ^ 0xFF]) + frame[-1:]
        self._line.write(frame)


def _speed(bit_rate: int) -> int | None:
    """The terminal's word for a bit rate."""
    return getattr(termios, f"B{bit_rate}", None)
