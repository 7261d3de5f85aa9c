"""What to set on a scanner, from how one of its scans arrived. The sentences are `scanner.advice.*`."""

from __future__ import annotations

from devices.code_text import DAMAGED, UTF_8
from devices.scanners.observed import ObservedScan

_NAMES = {b"\r": "CR", b"\n": "LF", b"\r\n": "CR LF", b"\t": "Tab"}


def shown_terminator(terminator: bytes) -> str:
    """`CR`, `LF`, `CR LF`, `Tab`, or nothing where silence ended the scan."""
    return _NAMES.get(terminator, "")


def advice(scan: ObservedScan) -> tuple[str, ...]:
    """Keys of what to set, most important first; `fine` alone where nothing is."""
    checks = {
        "torn": not scan.whole,
        "use_serial": scan.baud is None,
        "damaged": scan.encoding == DAMAGED,
        "set_utf8": scan.encoding not in (UTF_8, DAMAGED),
        "set_suffix": not scan.terminator and scan.whole,
        "aim_off": scan.aim,
    }
    return tuple(key for key, wanted in checks.items() if wanted) or ("fine",)
