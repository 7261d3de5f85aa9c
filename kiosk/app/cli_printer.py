"""The arguments of `tiepdon printer`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_printer(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    printer = commands.add_parser("printer", help="tell a kiosk about its ticket printer")
    printer.set_defaults(command="printer_command")
    actions = printer.add_subparsers(dest="printer_action", required=True, metavar="ACTION")
    new_roll = actions.add_parser("new-roll", help="the roll was changed before it was empty: count anew")
    new_roll.add_argument("--settings", type=Path, required=True, metavar="FILE", help="the kiosk's settings file")
    new_roll.add_argument("--folder", type=Path, metavar="DIR", help="the kiosk's own folder (default: as its service)")
    new_roll.add_argument("--printer", type=int, default=1, metavar="N", help="which of its printers (%(default)s)")
    new_roll.add_argument("--lang", choices=("vi", "en"), default="vi", help="language (%(default)s)")
