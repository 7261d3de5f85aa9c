"""Looks for a card's machine-readable zone in frames and tells it once; of what it told only a digest stays."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np

from devices.cameras.frames import Frame
from devices.contract import MrzSeen
from devices.mrz_picture.reading import MrzFinder, MrzRead


class MrzWatch:
    """Told of every frame. A zone with every check digit right is told at once, one whose check digit over all fails
    at its second equal sighting; each again only after it was out of view for `repeat_after_s`."""

    def __init__(self, device: str, *, every: int, repeat_after_s: float) -> None:
        self._device = device
        self._every = every
        self._repeat_after_s = repeat_after_s
        self._finder: MrzFinder | None = None
        self._frames = 0
        self._half_believed = b""
        self._told, self._last_seen_s = b"", 0.0

    def look(self, frame: Frame, now_s: float) -> MrzSeen | None:
        """One frame, grey or blue-green-red; `now_s` of a steady clock."""
        self._frames += 1
        if (self._frames - 1) % self._every:
            return None
        if self._finder is None:
            self._finder = MrzFinder()  # on the camera's thread: loading takes some milliseconds
        grey = frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        read = self._finder.look(grey)
        return self._news(read, now_s) if read is not None else None

    def _news(self, read: MrzRead, now_s: float) -> MrzSeen | None:
        zone = read.zone
        key = f"{zone.document_number} {zone.birth} {zone.expiry}".encode()
        digest = hashlib.blake2b(key, digest_size=16).digest()
        is_old = digest == self._told and now_s - self._last_seen_s < self._repeat_after_s
        if is_old:
            self._last_seen_s = now_s
            return None
        if not read.complete and digest != self._half_believed:
            self._half_believed = digest
            return None
        self._told, self._last_seen_s = digest, now_s
        return MrzSeen(
            device=self._device,
            document_number=zone.document_number,
            birth=zone.birth,
            expiry=zone.expiry,
            number=zone.citizen_number,
            lines=read.lines,
            complete=read.complete,
        )
