"""Reads an ESC/POS stream as a printer does: bytes in, ink on paper and events out. No I/O, clock or thread.

Delivery may be torn anywhere; nothing raises, whatever arrives. What is not understood is counted, never guessed at:
commands of known length are skipped whole, so that their parameters do not come out as text.

Source: Epson "ESC/POS Command Reference" for TM printers; dot = motion unit (8 dots/mm) as on 203 dpi models.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Generator

from devices.emulators.escpos_commands import SKIPPED_PARAMETERS, TERMINATED_BY_NUL
from devices.emulators.escpos_events import (
    AutomaticStatusSet,
    JobTagAsked,
    PrinterEvent,
    QueuedStatusAsked,
    TicketCut,
)
from devices.emulators.escpos_graphics import GraphicsStore, column_ink
from devices.emulators.escpos_page import Page
from devices.emulators.escpos_paper import ink_of_bits, scaled
from devices.emulators.escpos_qr import QrStore

log = logging.getLogger("tiepdon.devices.emulators")

Bytes = Generator[int, bytes, bytes]
Steps = Generator[int, bytes, None]
"""A parser part: yields how many bytes it needs next and is sent exactly those."""

_MAX_RAW_BYTES = 8 << 20  # what is kept of one ticket; the picture is not bounded by it
_DLE, _ESC, _FS, _GS = 0x10, 0x1B, 0x1C, 0x1D


def _take(count: int) -> Bytes:
    return (yield count)


def _number() -> Generator[int, bytes, int]:
    return int.from_bytes((yield from _take(2)), "little")


class EscPosInterpreter:
    """One printer's head. `unknown` counts what was not understood, by command."""

    def __init__(self, width_dots: int = 576) -> None:
        self.unknown: Counter[str] = Counter()
        self._page = Page(width_dots)
        self._raw = bytearray()
        self._events: list[PrinterEvent] = []
        self._commands = self._command_table()
        self._needed = 1
        self.discard_input()

    def feed(self, data: bytes) -> list[PrinterEvent]:
        """Work off `data`; returns what it asked for, in order."""
        self._pending += data
        start = 0
        while len(self._pending) - start >= self._needed:
            portion = bytes(self._pending[start : start + self._needed])
            start += self._needed
            if len(self._raw) < _MAX_RAW_BYTES:
                self._raw += portion
            self._needed = self._parser.send(portion)
        del self._pending[:start]
        events, self._events = self._events, []
        return events

    def discard_input(self) -> None:
        """Forget a command begun but not ended and the line begun; what is on the paper stays."""
        self._pending = bytearray()
        self._page.reset()
        self._qr = QrStore()
        self._graphics = GraphicsStore(self._page.width_dots)
        self._parser = self._stream()
        self._needed = next(self._parser)

    def _stream(self) -> Steps:
        while True:
            first = (yield 1)[0]
            if first in (_ESC, _FS, _GS, _DLE):
                yield from self._command(first)
            elif first == 0x0A:
                self._page.end_line()
            elif first == 0x0D:
                pass  # automatic line feed is off on every common printer: LF ends a line, CR does nothing
            elif first == 0x09:
                self._page.tab()
            elif first >= 0x20:
                self._page.write(first)
            else:
                self._count_unknown(f"{first:02x}")

    def _command(self, first: int) -> Steps:
        code = bytes([first]) + (yield from _take(1))
        action = self._commands.get(code)
        if action is not None:
            yield from action()
        elif code in SKIPPED_PARAMETERS:
            yield from _take_any(SKIPPED_PARAMETERS[code])
        elif code in TERMINATED_BY_NUL:
            while (yield 1) != b"\0":
                pass
        else:
            self._count_unknown(code.hex(" "))

    def _count_unknown(self, what: str) -> None:
        self.unknown[what] += 1
        if self.unknown[what] in (1, 10, 100, 1_000):
            log.debug("command %s not understood (%d times)", what, self.unknown[what])

    def _command_table(self) -> dict[bytes, Callable[[], Steps]]:
        page = self._page
        return {
            b"\x1b@": self._initialise,
            b"\x1b!": self._with_byte(page.set_print_mode),
            b"\x1b$": self._with_number(page.move_to),
            b"\x1b*": self._column_image,
            b"\x1b-": self._with_byte(page.set_underlined),
            b"\x1b2": self._with_nothing(page.set_default_spacing),
            b"\x1b3": self._with_byte(page.set_spacing),
            b"\x1bE": self._with_byte(page.set_bold),
            b"\x1bG": self._with_byte(page.set_bold),
            b"\x1bJ": self._with_byte(page.feed_dots),
            b"\x1bM": self._with_byte(page.set_font),
            b"\x1ba": self._with_byte(page.set_alignment),
            b"\x1bd": self._with_byte(page.feed_lines),
            b"\x1bi": self._with_nothing(self._cut),
            b"\x1bm": self._with_nothing(self._cut),
            b"\x1bt": self._with_byte(page.set_code_page),
            b"\x1b(": self._skip_block,
            b"\x1c(": self._skip_block,
            b"\x1d!": self._with_byte(page.set_size),
            b"\x1d(": self._block,
            b"\x1d8": self._long_block,
            b"\x1dB": self._with_byte(page.set_reversed),
            b"\x1dV": self._cut_command,
            b"\x1da": self._with_byte(lambda mask: self._events.append(AutomaticStatusSet(mask=mask))),
            b"\x1dk": self._skip_barcode,
            b"\x1dr": self._with_byte(self._ask_status),
            b"\x1dv": self._raster,
            b"\x10\x04": self._skip_status,
            b"\x10\x14": self._skip_pulse,
        }

    def _with_byte(self, apply: Callable[[int], None]) -> Callable[[], Steps]:
        def steps() -> Steps:
            apply((yield from _take(1))[0])

        return steps

    def _with_number(self, apply: Callable[[int], None]) -> Callable[[], Steps]:
        def steps() -> Steps:
            apply((yield from _number()))

        return steps

    def _with_nothing(self, apply: Callable[[], None]) -> Callable[[], Steps]:
        def steps() -> Steps:
            apply()
            yield from ()

        return steps

    def _initialise(self) -> Steps:
        self._page.reset()
        self._qr = QrStore()
        self._graphics = GraphicsStore(self._page.width_dots)
        yield from ()

    def _ask_status(self, kind: int) -> None:
        self._events.append(QueuedStatusAsked(kind=kind & 0x0F))

    def _cut(self) -> None:
        self._page.finish_line()
        self._events.append(TicketCut(raw=bytes(self._raw), image=self._page.cut()))
        self._raw.clear()

    def _cut_command(self) -> Steps:
        mode = (yield 1)[0]
        if mode in (65, 66, 97, 98, 103, 104):
            feed = (yield 1)[0]
            self._page.finish_line()
            self._page.feed_blank(feed)
        elif mode not in (0, 1, 48, 49):
            self._count_unknown(f"1d 56 {mode:02x}")
            return
        self._cut()

    def _raster(self) -> Steps:
        """GS v 0 m xL xH yL yH: printed row by row as it arrives, as a thermal head does."""
        _, mode = yield from _take(2)
        row_bytes = yield from _number()
        rows = yield from _number()
        self._page.finish_line()
        if not row_bytes:
            return
        horizontal, vertical = 1 + (mode & 1), 1 + (mode >> 1 & 1)
        for _ in range(rows):
            row = yield from _take(row_bytes)
            self._page.stamp(scaled(ink_of_bits(row, row_bytes * 8, 1), horizontal, vertical))

    def _column_image(self) -> Steps:
        mode = (yield 1)[0]
        columns = yield from _number()
        column_bytes = 3 if mode in (32, 33) else 1
        data = yield from _take_any(columns * column_bytes)
        if columns:
            self._page.add(column_ink(data, column_bytes, double_width=mode in (0, 32)))

    def _block(self) -> Steps:
        """GS ( x pL pH …: QR, graphics, job tags; other functions are skipped whole."""
        name = yield from _take(1)
        length = yield from _number()
        if name == b"L":
            yield from self._graphics_block(length)
            return
        data = yield from _take_any(length)
        if name == b"k":
            self._qr_block(data)
        elif name == b"H" and len(data) == 6 and data[:2] == b"00":
            self._events.append(JobTagAsked(tag=data[2:]))
        else:
            self._count_unknown(f"1d 28 {name.hex()} {data[:2].hex(' ')}")

    def _long_block(self) -> Steps:
        """GS 8 L p1 p2 p3 p4: GS ( L with a four-byte length."""
        name = yield from _take(1)
        if name != b"L":
            self._count_unknown(f"1d 38 {name.hex()}")
            return
        length = int.from_bytes((yield from _take(4)), "little")
        yield from self._graphics_block(length)

    def _graphics_block(self, length: int) -> Steps:
        head = yield from _take_any(min(length, 2))
        if head == b"0p" and length >= 10:
            yield from self._graphics.store((yield from _take(8)), length - 10)
            return
        yield from _drop(length - len(head))
        if head in (b"02", b"0\x02"):
            self._page.finish_line()
            for ink in self._graphics.take():
                self._page.stamp(ink)
        else:
            self._count_unknown(f"1d 28 4c {head.hex(' ')}")

    def _qr_block(self, data: bytes) -> None:
        if data[:1] != b"1" or len(data) < 3:
            self._count_unknown(f"1d 28 6b {data[:2].hex(' ')}")
            return
        printed = self._qr.execute(data[1], data[2:])
        if printed is None:
            return
        if printed.width > self._page.width_dots:
            self._count_unknown("qr wider than the paper")
            return
        self._page.finish_line()
        self._page.stamp(printed)

    def _skip_block(self) -> Steps:
        name = yield from _take(1)
        yield from _drop((yield from _number()))
        self._count_unknown(f"block {name.hex()}")

    def _skip_barcode(self) -> Steps:
        """GS k: one-dimensional symbols are not drawn."""
        system = (yield 1)[0]
        if system >= 65:
            yield from _drop((yield 1)[0])
        else:
            while (yield 1) != b"\0":
                pass
        self._count_unknown("1d 6b")

    def _skip_status(self) -> Steps:
        if (yield 1)[0] in (7, 8, 18):
            yield 1

    def _skip_pulse(self) -> Steps:
        function = (yield 1)[0]
        yield from _drop({1: 2, 2: 2, 3: 5, 7: 1, 8: 7}.get(function, 0))


def _take_any(count: int) -> Bytes:
    """`count` bytes, which may be none (a parser never asks for nothing)."""
    return (yield count) if count else b""


def _drop(count: int) -> Steps:
    """Let `count` bytes pass without keeping them all: the count may be four gigabytes of garbage."""
    while count > 0:
        portion = min(count, 4_096)
        yield portion
        count -= portion
