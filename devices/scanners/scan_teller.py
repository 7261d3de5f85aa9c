"""Tells what came of a scan: the same events for every kind of scanner."""

from __future__ import annotations

from devices.code_text import CodeText
from devices.contract import DeviceState, DeviceStatus, EventSink, ScanMeasured, Scanned
from devices.scanners.framing import Frame, FrameTooLong
from devices.scanners.measured import OUTCOME_OF_COMPLAINT, measured
from devices.scanners.observed import Observer, observed


class ScanTeller:
    """Speaks to `sink` for the scanner `device`; `observe` is told how each scan arrived, for setting a scanner up."""

    def __init__(self, device: str, sink: EventSink, observe: Observer | None) -> None:
        self._device = device
        self._sink = sink
        self._observe = observe

    def scanned(self, frame: Frame, read: CodeText, *, certain: bool, baud: int | None) -> None:
        """The scan of `frame`, read as `read`, could be used. `baud` is null where there is no bit rate."""
        if self._observe is not None:
            self._observe(observed(frame, baud=baud))
        self._sink(Scanned(device=self._device, text=read.text, certain=certain))
        self._sink(measured(self._device, frame, read))

    def too_long(self, dropped: FrameTooLong) -> None:
        self._unusable("scanner.frame_too_long", f"limit {dropped.limit_bytes} bytes")

    def unreadable(self, detail: str) -> None:
        self._unusable("scanner.unreadable", detail)

    def _unusable(self, code: str, detail: str) -> None:
        self._sink(DeviceStatus(device=self._device, state=DeviceState.READY, code=code, detail=detail))
        self._sink(ScanMeasured(device=self._device, outcome=OUTCOME_OF_COMPLAINT[code]))
