"""Faces decoded at arm's length: the picture goes into a child process that can do no harm, pixels come back.

A child decodes one picture and is gone, so that nothing of one patient can show up at the next; `prepare` starts the
next one while the card is still being read. What comes back is only ever read as pixels of the size announced.
"""

from __future__ import annotations

import os
import selectors
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from devices.chip.dg2 import MAX_PICTURE_BYTES
from devices.chip.errors import MalformedData

_CHILD = Path(__file__).with_name("photo_child.py")
_REQUEST = struct.Struct(">IHH")
_ANSWER = struct.Struct(">HH")
_PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
_END_S = 0.5


@dataclass(frozen=True, kw_only=True)
class PhotoOptions:
    """`max_width_px` and `max_height_px` bound what comes back, `timeout_s` the whole of one picture, a cold start of
    the child included. More than one picture a child is for tests that decode thousands."""

    max_width_px: int = 480
    max_height_px: int = 640
    timeout_s: float = 2.0
    pictures_per_child: int = 1


@dataclass(frozen=True, kw_only=True, repr=False)
class Photo:
    """Rows of 8-bit RGB, top left first. Never printed by `repr`."""

    width_px: int
    height_px: int
    rgb: bytes

    def png(self) -> bytes:
        """The picture as a PNG file (ISO/IEC 15948): eight-bit true colour, no filter."""
        stride = 3 * self.width_px
        rows = b"".join(b"\x00" + self.rgb[at : at + stride] for at in range(0, len(self.rgb), stride))
        header = struct.pack(">IIBBBBB", self.width_px, self.height_px, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
        return _PNG_BEGIN + b"".join(_png_chunk(kind, data) for kind, data in chunks)


class PhotoDecoder:
    """Decodes JPEG and JPEG 2000. Not thread-safe: one owner. Use as a context manager, or `close` it."""

    def __init__(self, options: PhotoOptions | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._options = options or PhotoOptions()
        self._monotonic = monotonic
        self._child: subprocess.Popen[bytes] | None = None
        self._decoded = 0

    def __enter__(self) -> PhotoDecoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self) -> None:
        """Start the child now, so that the next picture need not wait for it (some 0.1 s). Raises OSError."""
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            # alone: isolated, no environment, no descriptor but its own three
            self._child = subprocess.Popen(
                [sys.executable, "-I", str(_CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                bufsize=0,
            )
            self._decoded = 0

    def decode(self, picture: bytes) -> Photo:
        """The picture, made smaller where it is larger than the options say. Raises `MalformedData` for what is no
        picture, or one that its decoder did not survive or finish in time; OSError where no child can be started."""
        if not 0 < len(picture) <= MAX_PICTURE_BYTES:
            raise MalformedData("photo: size")
        deadline = self._monotonic() + self._options.timeout_s
        self.prepare()
        try:
            photo = self._ask(picture, deadline)
        except MalformedData:
            self._kill()
            raise
        self._decoded += 1
        if self._decoded >= self._options.pictures_per_child:
            self.close()
        if photo is None:
            raise MalformedData("photo: not a picture")
        return photo

    def close(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        if child is None:
            return
        _closed(child.stdin)
        _closed(child.stdout)
        try:
            child.wait(_END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self.close()

    def _ask(self, picture: bytes, deadline: float) -> Photo | None:
        options = self._options
        head = _REQUEST.pack(len(picture), options.max_width_px, options.max_height_px)
        pipe = _Pipe(self._child, deadline, self._monotonic)
        pipe.write(head + picture)
        width, height = _ANSWER.unpack(pipe.read(_ANSWER.size))
        if not width or not height:
            return None
        if width > options.max_width_px or height > options.max_height_px:
            raise MalformedData("photo: answer of another size")
        return Photo(width_px=width, height_px=height, rgb=pipe.read(3 * width * height))


class _Pipe:
    """Both pipes of a child, never waiting beyond the deadline."""

    def __init__(self, child: subprocess.Popen[bytes] | None, deadline: float, monotonic: Callable[[], float]) -> None:
        if child is None or child.stdin is None or child.stdout is None:
            raise MalformedData("photo: no child")
        self._into, self._out = child.stdin, child.stdout
        self._deadline = deadline
        self._monotonic = monotonic

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        os.set_blocking(self._into.fileno(), False)
        while rest:
            self._wait(self._into, selectors.EVENT_WRITE)
            try:
                rest = rest[os.write(self._into.fileno(), rest) :]
            except BrokenPipeError:
                raise MalformedData("photo: the decoder died") from None

    def read(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            self._wait(self._out, selectors.EVENT_READ)
            part = os.read(self._out.fileno(), size - len(parts))
            if not part:
                raise MalformedData("photo: the decoder died")
            parts += part
        return bytes(parts)

    def _wait(self, pipe: IO[bytes], event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, event)
            if not selector.select(max(0.0, self._deadline - self._monotonic())):
                raise MalformedData("photo: the decoder took too long")


def _closed(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
