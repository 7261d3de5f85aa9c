"""Bit images that are not plain raster: GS ( L stored graphics and ESC * column images."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from PIL import Image

from devices.emulators.escpos_paper import MAX_ROWS, ink_of_bits, scaled

_MONOCHROME = 48


class GraphicsStore:
    """The print buffer of GS ( L / GS 8 L: function 112 stores, function 50 prints."""

    def __init__(self, width_dots: int) -> None:
        self._row_limit = (width_dots + 7) // 8
        self._stored: list[Image.Image] = []

    def store(self, head: bytes, length: int) -> Generator[int, bytes, None]:
        """Take the `length` data bytes after a bx by c xL xH yL yH (`head`), row by row; clipped to the paper."""
        tone, horizontal, vertical = head[0], head[1], head[2]
        width, height = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        row_bytes = (width + 7) // 8
        kept = bytearray()
        rows = 0
        while row_bytes and rows < min(height, MAX_ROWS) and length >= row_bytes:
            row = yield row_bytes
            kept += row[: self._row_limit]
            rows += 1
            length -= row_bytes
        while length > 0:  # more data than the picture's size says
            length -= len((yield min(length, 4_096)))
        if rows and tone == _MONOCHROME:
            ink = ink_of_bits(bytes(kept), min(row_bytes, self._row_limit) * 8, rows)
            ink = ink.crop((0, 0, min(width, ink.width), rows))
            self._stored.append(scaled(ink, 2 if horizontal == 2 else 1, 2 if vertical == 2 else 1))

    def take(self) -> list[Image.Image]:
        stored, self._stored = self._stored, []
        return stored


def column_ink(data: bytes, column_bytes: int, *, double_width: bool) -> Image.Image:
    """ESC * data (columns from left, most significant bit on top) as ink 24 dots high."""
    columns = np.frombuffer(data, np.uint8).reshape(-1, column_bytes)
    dots = np.unpackbits(columns, axis=1).T * np.uint8(255)
    ink = Image.fromarray(np.ascontiguousarray(dots))
    return scaled(ink, 2 if double_width else 1, 1 if column_bytes == 3 else 3)
