"""What all `tiepdon emulate` commands share: one line when ready, orders by lines on standard input, a clean end."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from config.catalogue import Catalogue
from kiosk.domain.localized import Language

READY_LINE = "Tiếp Đón emulated {device} ready: {place}"
_READ_BYTES = 4096
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class LineRefused(Exception):
    """A typed line cannot be obeyed; `key` is in `texts/*/emulate.toml`."""

    def __init__(self, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


Obey = Callable[[str], str | None]
"""Does what a line says; answers what to print, None for the usual "ok". Raises `LineRefused`."""


def serve(device: str, place: str, *, notes: Sequence[str] = (), obey: Obey, texts: Catalogue) -> None:
    """Say that the emulator is ready at `place`, then obey lines until SIGTERM, SIGHUP or Ctrl-C.

    Ends of standard input, of a closed one too, are no end of the emulator: services have none."""
    with _wakened_by_signals() as wake:
        say(READY_LINE.format(device=device, place=place), *notes, texts.text("emulate.say_help", Language.VI))
        say(texts.text("emulate.say_help", Language.EN))
        for line in _lines(wake):
            _answer(line, obey, texts, help_key=f"emulate.help.{device}")


def say(*lines: str) -> None:
    """Print lines at once, also into a pipe; who no longer reads them does not end the emulator."""
    with suppress(BrokenPipeError):
        for line in lines:
            print(line, flush=True)


def _answer(line: str, obey: Obey, texts: Catalogue, help_key: str) -> None:
    if line in ("help", "?"):
        say(*(texts.text(help_key, language) for language in Language))
        return
    try:
        say(obey(line) or f"ok: {line}")
    except LineRefused as refusal:
        for language in Language:
            print(f"[{refusal.key}] {texts.text(refusal.key, language, **refusal.params)}", file=sys.stderr, flush=True)


def _lines(wake: int) -> Iterator[str]:
    """Lines without their ends, empty ones left out, until something arrives at `wake`."""
    # closed from the start: descriptor 0 may be anything of ours by now
    typed = None if sys.stdin is None else sys.stdin.fileno()
    torn = b""
    while True:
        ready, _, _ = select.select([wake] if typed is None else [wake, typed], [], [])
        if wake in ready or typed is None:
            return
        data = _read(typed)
        if not data:
            typed = None
        *whole, torn = (torn + data).split(b"\n")
        yield from (text for line in whole if (text := line.decode("utf-8", "replace").strip()))


def _read(typed: int) -> bytes:
    """What was typed; empty at the end, and where the terminal belongs to another program now."""
    try:
        return os.read(typed, _READ_BYTES)
    except OSError:
        return b""


@contextmanager
def _wakened_by_signals() -> Iterator[int]:
    """A descriptor that becomes readable when the process is told to end."""
    wake, wakened = os.pipe()
    os.set_blocking(wakened, False)
    before = {number: signal.signal(number, _only_wake) for number in _ENDING}
    # started with & from a shell: reading the terminal must fail, not stop the emulator
    before[signal.SIGTTIN] = signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    old_wakened = signal.set_wakeup_fd(wakened)
    try:
        yield wake
    finally:
        signal.set_wakeup_fd(old_wakened)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(wake)
        os.close(wakened)


def _only_wake(number: int, frame: FrameType | None) -> None:
    """The signal's number has been written to the wake-up descriptor already."""
