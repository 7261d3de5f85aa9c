"""How hard codes are to read for a camera: from the frame a code was first seen in to the frame it was read in. Pure.

What is in view for a while and leaves unread is a failure; what only passes by is none.
"""

from __future__ import annotations

from devices.contract import ScanMeasured, ScanOutcome

GONE_AFTER_S = 1.0
"""Hands shake: a code not seen for less than this is still the same presentation."""
FEWEST_TRIES = 8
"""Frames with something like a code in them that make a failure when nothing came of them."""


class ScanMeter:
    """Told of every frame; answers what was measured, mostly nothing."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._first_seen_s = 0.0
        self._last_seen_s = 0.0
        self._tries = 0
        self._was_read = False

    def saw(self, begun_s: float, *, anything: bool) -> ScanMeasured | None:
        """A frame, looked at from `begun_s` on (seconds of a steady clock); `anything`: something like a code was in
        it, read or not. Call it before `read` of the same frame."""
        measured = None
        if self._tries and begun_s - self._last_seen_s >= GONE_AFTER_S:
            measured = self._gone()
        if anything:
            if not self._tries:
                self._first_seen_s = begun_s
            self._tries += 1
            self._last_seen_s = begun_s
        return measured

    def read(self, ended_s: float, *, format_name: str, certain: bool) -> ScanMeasured:
        """The frame gave a code that is news. Of a second code in the same view the time is not known."""
        first = not self._was_read and self._tries > 0
        self._was_read = True
        return ScanMeasured(
            device=self._device,
            outcome=ScanOutcome.READ if certain else ScanOutcome.UNCERTAIN,
            format=format_name,
            decode_ms=max(0, round(1000 * (ended_s - self._first_seen_s))) if first else None,
            tries=self._tries if first else 1,
        )

    def reset(self) -> None:
        """The camera was lost: what was in view is not known."""
        self._tries = 0
        self._was_read = False

    def _gone(self) -> ScanMeasured | None:
        failed = not self._was_read and self._tries >= FEWEST_TRIES
        tries = self._tries
        self.reset()
        return ScanMeasured(device=self._device, outcome=ScanOutcome.UNREADABLE, tries=tries) if failed else None
