"""A printer's connection with the questions asked over it: opened, used and closed by the driver."""

from __future__ import annotations

import threading
from collections.abc import Callable

from devices.contract import DeviceLost
from devices.printers.encoder import CLEAR_BUFFERS, TELL_CHANGES
from devices.printers.models import Clears
from devices.printers.options import PrinterOptions
from devices.printers.status import BufferCleared, Reply
from devices.printers.status_questions import StatusQuestions
from devices.printers.transports import Transport, TransportOpener

COMMAND_WAIT_S = 0.1
LISTEN_S = 0.05
FILL_WAIT_S = 3.0


class PrinterLine:
    """For the driver's thread, only `shut` may be called from any. What answers no question goes to `on_reply`."""

    def __init__(
        self,
        options: PrinterOptions,
        *,
        open_connection: TransportOpener,
        clock_s: Callable[[], float],
        on_reply: Callable[[Reply], None],
    ) -> None:
        self._options = options
        self._model = options.capabilities
        self._open_connection = open_connection
        self._clock_s = clock_s
        self._on_reply = on_reply
        self._shut = threading.Event()
        self._cleared = False
        self._ends: tuple[Transport, StatusQuestions] | None = None

    @property
    def is_shut(self) -> bool:
        return self._shut.is_set()

    def shut(self) -> None:
        """Whoever waits for the printer stops with `DeviceLost`, until `unshut`."""
        self._shut.set()

    def unshut(self) -> None:
        self._shut.clear()

    def connect(self) -> None:
        """Open a new connection. Raises `DeviceLost`."""
        transport = self._open_connection(self._options)
        questions = StatusQuestions(
            transport,
            timeout_s=self._options.status_timeout_s,
            clock_s=self._clock_s,
            on_reply=self._replied,
            check=self.check,
        )
        self._ends = transport, questions
        if self._model.automatic_status:
            transport.write(TELL_CHANGES, COMMAND_WAIT_S)

    def ends(self) -> tuple[Transport, StatusQuestions]:
        """The connection and the questions over it. Raises `DeviceLost` when there is none."""
        self.check()
        if self._ends is None:
            raise DeviceLost("printer.lost", "not open")
        return self._ends

    def disconnect(self, *, drop: bool) -> None:
        """Close the connection if there is one; with `drop` nothing that was sent and has not left goes out later."""
        ends, self._ends = self._ends, None
        if ends is not None:
            ends[0].close(drop=drop)

    def check(self) -> None:
        """Raises `DeviceLost` when shut."""
        if self.is_shut:
            raise DeviceLost("printer.lost", "closed")

    def ask_in_passing(self, question: bytes) -> bool:
        """Send a question that is answered in its turn; whether it left. Raises `DeviceLost`."""
        taken = self.ends()[0].write(question, COMMAND_WAIT_S)
        if 0 < taken < len(question):
            raise DeviceLost("printer.stalled", "torn question")
        return taken > 0

    def fill(self, data: bytes) -> bool:
        """Send bytes that mean nothing wherever they are torn; whether all were taken. Raises `DeviceLost`."""
        rest = memoryview(data)
        end_s = self._clock_s() + FILL_WAIT_S
        while rest and self._clock_s() < end_s:
            transport, questions = self.ends()
            rest = rest[transport.write(rest, COMMAND_WAIT_S) :]
            questions.listen(0.0)
        return not rest

    def clear(self) -> bool:
        """Have the printer throw away what it keeps (DLE DC4); whether it said that it did. Raises `DeviceLost`."""
        if self._model.clears is Clears.NO:
            return False
        transport, questions = self.ends()
        self._cleared = False
        transport.write(CLEAR_BUFFERS, COMMAND_WAIT_S)
        end_s = self._clock_s() + self._options.status_timeout_s
        while not self._cleared and self._clock_s() < end_s:
            self.check()
            questions.listen(LISTEN_S)
        return self._cleared

    def _replied(self, reply: Reply) -> None:
        if isinstance(reply, BufferCleared):
            self._cleared = True
        else:
            self._on_reply(reply)
