"""Where a kiosk keeps what it has used of each printer's roll."""

from __future__ import annotations

from pathlib import Path

from devices.printers.options import PrinterOptions


def printer_name(number: int) -> str:
    """What the `number`-th printer of a kiosk, from 1, is called in events."""
    return "printer" if number == 1 else f"printer_{number}"


def roll_file(options: PrinterOptions, number: int, folder: Path | None) -> Path | None:
    """The file of the `number`-th printer in the kiosk's own `folder`, unless its settings name another place."""
    kept = None if folder is None else folder / f"{printer_name(number)}.roll.json"
    return options.paper_file or kept
