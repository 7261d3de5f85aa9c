"""The arguments of `tiepdon backup` and `tiepdon restore`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_backup(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = commands.add_parser("backup", help="copy a hub's database now, checked")
    backup.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hub's data folder")
    backup.add_argument("--to", type=Path, metavar="FOLDER", help="where to (default: [backup] folder of the settings)")
    _add_output(backup)


def add_restore(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    restore = commands.add_parser("restore", help="bring a hub's database back from its copies")
    restore.add_argument("--from", dest="source", type=Path, required=True, metavar="FOLDER", help="the copies")
    restore.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hub's data folder")
    restore.add_argument("--force", action="store_true", help="also over a database that knows as much or more")
    restore.add_argument("--jump", type=_count, metavar="N", help="leave out N numbers (default: by the time missing)")
    _add_output(restore)


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON object, for programs")
    command.add_argument("--lang", choices=("vi", "en"), default="vi", help="language (%(default)s)")


def _count(word: str) -> int:
    number = int(word)
    if not 0 <= number <= 100_000:
        raise argparse.ArgumentTypeError("0 … 100000")
    return number
