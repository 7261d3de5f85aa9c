"""`tiepdon emulate scanner`: a serial scanner at a device path; what is typed is scanned."""

from __future__ import annotations

import argparse
from pathlib import Path

from devices.emulators.scanner import ScannerEmulator, ScannerUnplugged
from kiosk.app.emulate_console import LineRefused, serve
from kiosk.app.emulate_people import code_of, people_lines
from kiosk.app.start import EXIT_OK, CannotStart, load_texts, utc_now


def run(args: argparse.Namespace) -> int:
    """Be plugged in until stopped. Raises `CannotStart`."""
    refuse_taken_path(args.link)
    try:
        scanner = ScannerEmulator(args.link)
    except OSError as error:
        raise CannotStart("emulate.path_unusable", path=str(args.link), detail=error.strerror or "") from error
    with scanner:
        serve(
            "scanner",
            str(args.link),
            notes=people_lines(),
            obey=lambda line: obey(scanner, line),
            texts=load_texts(),
        )
    return EXIT_OK


def refuse_taken_path(link: Path) -> None:
    """An emulator's path is a symlink that comes and goes: a file of somebody's must not go with it."""
    if link.exists() and not link.is_symlink():
        raise CannotStart("emulate.path_taken", path=str(link))


def obey(scanner: ScannerEmulator, line: str) -> None:
    """Scan the line, or pull and plug. Raises `LineRefused`."""
    match line:
        case "unplug":
            scanner.unplug()
        case "plug":
            scanner.replug()
        case _:
            _scan(scanner, code_of(line, utc_now().date()))


def _scan(scanner: ScannerEmulator, code: str) -> None:
    try:
        scanner.scan(code)
    except ScannerUnplugged as refused:
        raise LineRefused("emulate.scanner_deaf", detail=str(refused)) from refused
