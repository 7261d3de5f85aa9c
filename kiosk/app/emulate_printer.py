"""`tiepdon emulate printer`: an ESC/POS printer on a port, a serial line or a USB file; tickets become pictures."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from devices.emulators.printer import PrintedTicket, PrinterEmulator
from devices.emulators.printer_faults import PrinterFaults
from kiosk.app.emulate_console import LineRefused, say, serve
from kiosk.app.emulate_scanner import refuse_taken_path
from kiosk.app.start import EXIT_OK, CannotStart, host_and_port, load_texts

LOOPBACK = ("127.0.0.1", "localhost")
"""The emulator listens at IPv4's loopback address and nowhere else."""
_STATES: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "paper out": ("paper_out", True),
        "paper in": ("paper_out", False),
        "paper low": ("paper_near_end", True),
        "paper full": ("paper_near_end", False),
        "cover open": ("cover_open", True),
        "cover closed": ("cover_open", False),
        "cutter jammed": ("cutter_error", True),
        "cutter free": ("cutter_error", False),
        "broken": ("unrecoverable_error", True),
        "repaired": ("unrecoverable_error", False),
        "paper jammed": ("recoverable_error", True),
        "paper freed": ("recoverable_error", False),
        "head hot": ("auto_recoverable_error", True),
        "head cool": ("auto_recoverable_error", False),
        "offline": ("offline", True),
        "online": ("offline", False),
        "silent": ("silent", True),
        "talking": ("silent", False),
    }
)


def run(args: argparse.Namespace) -> int:
    """Print into `--out` until stopped. Raises `CannotStart`."""
    _usable_folder(args.out)
    with PrinterEmulator(args.out, on_ticket=_tell) as printer:
        place = _serve_on_one_wire(printer, args)
        serve("printer", place, obey=lambda line: obey(printer.faults, line), texts=load_texts())
    return EXIT_OK


def obey(faults: PrinterFaults, line: str) -> None:
    """Change the printer's state: one of the fixed words, or `speed BYTES_PER_S`. Raises `LineRefused`."""
    match line.split():
        case ["speed", "none"]:
            faults.bytes_per_s = None
        case ["speed", speed] if speed.isdecimal() and int(speed) > 0:
            faults.bytes_per_s = float(speed)
        case words if " ".join(words) in _STATES:
            setattr(faults, *_STATES[" ".join(words)])
        case _:
            raise LineRefused("emulate.line_unknown", line=line)


def _tell(ticket: PrintedTicket) -> None:
    say(f"ticket: {ticket.png_path}")


def _serve_on_one_wire(printer: PrinterEmulator, args: argparse.Namespace) -> str:
    if args.listen:
        port = _loopback_port(args.listen)
        try:
            return f"127.0.0.1:{printer.serve_tcp(port)}"
        except OSError as error:
            in_use = error.errno == errno.EADDRINUSE
            key = "emulate.port_in_use" if in_use else "emulate.port_unusable"
            raise CannotStart(key, host="127.0.0.1", port=port) from error
    if args.pty is not None:
        return _serve_at(args.pty, printer.serve_pty)
    return _serve_at(args.usb_file, printer.serve_usb_file)


def _serve_at(link: Path, serve_link: Callable[[Path], None]) -> str:
    refuse_taken_path(link)
    try:
        serve_link(link)
    except OSError as error:
        raise CannotStart("emulate.path_unusable", path=str(link), detail=error.strerror or "") from error
    return str(link)


def _loopback_port(address: str) -> int:
    host, port = host_and_port(address)
    if host not in LOOPBACK:
        raise CannotStart("emulate.address_not_loopback", host=host, port=port)
    return port


def _usable_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart("emulate.path_unusable", path=str(folder), detail=error.strerror or "") from error
