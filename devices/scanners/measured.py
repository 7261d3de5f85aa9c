"""What a scan's bytes say of how it went, for the quality report. A scanner tells neither time nor tries."""

from __future__ import annotations

from types import MappingProxyType

from devices.code_text import CodeText
from devices.contract import ScanMeasured, ScanOutcome
from devices.scanners.decoding import aim_letter
from devices.scanners.framing import Frame

_FORMAT_OF_AIM = MappingProxyType(
    {
        "A": "code_39",
        "C": "code_128",
        "E": "ean",
        "L": "pdf417",
        "Q": "qr",
        "d": "data_matrix",
    }
)
"""Code letters of ISO/IEC 15424, for the symbologies hospitals use."""

OUTCOME_OF_COMPLAINT = MappingProxyType(
    {
        "scanner.frame_too_long": ScanOutcome.TOO_LONG,
        "scanner.unreadable": ScanOutcome.UNREADABLE,
    }
)


def measured(device: str, frame: Frame, decoded: CodeText) -> ScanMeasured:
    """How the scan of `frame` went that was read as `decoded`."""
    format_name = _FORMAT_OF_AIM.get(aim_letter(frame.data), "unknown")
    return ScanMeasured(device=device, outcome=_outcome(frame, decoded), format=format_name)


def _outcome(frame: Frame, decoded: CodeText) -> ScanOutcome:
    if not frame.whole:
        return ScanOutcome.TORN
    return ScanOutcome.READ if decoded.certain else ScanOutcome.UNCERTAIN
