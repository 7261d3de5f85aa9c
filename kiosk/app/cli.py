"""The command line: `tiepdon COMMAND`. Each command's code is imported only when it is asked for."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from config.problems import SettingsError
from kiosk import __version__
from kiosk.app.cli_backup import add_backup, add_restore
from kiosk.app.cli_insurance import add_emulated_portal, add_insurance, add_insurance_report
from kiosk.app.cli_printer import add_printer
from kiosk.app.start import (
    EXIT_CANNOT_START,
    CannotStart,
    configure_logging,
    load_texts,
    say_refusal,
    say_settings_problems,
)

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. 2 means it could not start, and why was said."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # what is said is heard at once, also through a pipe
    args = build_parser().parse_args(arguments)
    configure_logging(verbose=args.verbose)
    try:
        return _command(args.command)(args)
    except CannotStart as refusal:
        say_refusal(load_texts(), refusal)
    except SettingsError as error:
        say_settings_problems(load_texts(), error.file, error.problems)
    except KeyboardInterrupt:
        return 130
    return EXIT_CANNOT_START


def _command(name: str) -> Command:
    """The `run` function of `kiosk.app.<name>`. A missing optional part becomes a plain sentence."""
    try:
        command: Command = import_module(f"kiosk.app.{name}").run
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("kiosk", "ui", "devices", "config"):
            raise
        raise CannotStart("start.part_missing", part=str(error.name)) from error
    return command


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tiepdon", description="Hospital reception kiosk and queue tickets.")
    parser.add_argument("--version", action="version", version=f"tiepdon {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="log more, to standard error")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_hub(commands)
    _add_kiosk(commands)
    add_backup(commands)
    _add_board(commands)
    _add_chip(commands)
    _add_counter(commands)
    _add_decode(commands)
    _add_demo(commands)
    _add_doctor(commands)
    add_insurance(commands)
    add_printer(commands)
    _add_prove(commands)
    _add_report(commands)
    add_restore(commands)
    _add_scanner(commands)
    _add_emulate(commands)
    return parser


def _add_hub(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hub = commands.add_parser("hub", help="own the queue and serve it over HTTP")
    hub.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hub's data folder")
    hub.add_argument("--listen", default="127.0.0.1:8080", metavar="HOST:PORT", help="where to serve (%(default)s)")
    hub.add_argument("--settings", type=Path, metavar="FILE", help="settings file (default: DIR/hub.toml if there)")


def _add_kiosk(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    kiosk = commands.add_parser("kiosk", help="the patient's touchscreen")
    kiosk.add_argument("--hub", required=True, metavar="URL", help="the hub to take numbers from")
    kiosk.add_argument("--settings", type=Path, metavar="FILE", help="settings file: this kiosk and its devices")
    kiosk.add_argument("--windowed", action="store_true", help="in a window instead of the full screen")


def _add_board(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    board = commands.add_parser("board", help="show who is called on an LCD")
    board.add_argument("--hub", required=True, metavar="URL", help="the hub to follow")
    board.add_argument("--settings", type=Path, metavar="FILE", help="settings file, table [board]")
    board.add_argument("--windowed", action="store_true", help="in a window instead of the full screen")


def _add_chip(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    chip = commands.add_parser("chip", help="read the chip of a citizen card; look at country certificates")
    chip.set_defaults(command="chip_command")
    actions = chip.add_subparsers(dest="chip_action", required=True, metavar="ACTION")
    read = actions.add_parser("read", help="read the card on a reader and say how far it can be trusted")
    reader = read.add_mutually_exclusive_group()
    reader.add_argument("--reader", metavar="NAME", help="part of a PC/SC reader's name (default: the first one)")
    reader.add_argument("--serial", metavar="PORT", help="serial port of a PN532")
    read.add_argument("--can", metavar="N", help="the six digits printed on the card")
    read.add_argument("--mrz", metavar="LINES", help="the lines on the back, or number, birth and expiry with digits")
    read.add_argument("--number", metavar="N", help="12-digit citizen number, or the document number of the lines")
    read.add_argument("--birth", metavar="YYMMDD", help="birth date, with --number")
    read.add_argument("--expiry", metavar="YYMMDD", help="date of expiry, with --number; 991231 for never")
    read.add_argument("--csca", type=Path, metavar="PATH", help="country certificates: a file or a folder")
    read.add_argument("--wait", type=float, default=5.0, metavar="S", help="wait so long for a card (%(default)s)")
    read.add_argument("--json", action="store_true", help="for programs")
    read.add_argument("--photo", type=Path, metavar="FILE", help="write the photo: .png decoded, else as it is")
    read.add_argument("--lang", choices=("vi", "en", "both"), default="both", help="language (%(default)s)")
    csca = actions.add_parser("csca", help="list the country certificates of a file or folder")
    csca.add_argument("path", type=Path, metavar="PATH", help="a file or a folder")


def _add_counter(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    counter = commands.add_parser("counter", help="reception console of one counter")
    counter.add_argument("--hub", required=True, metavar="URL", help="the hub to work with")
    counter.add_argument("--counter", required=True, metavar="ID", help="the counter's id in the site file")
    counter.add_argument("--name", metavar="NAME", help="who works here (asked when not given)")
    counter.add_argument("--settings", type=Path, metavar="FILE", help="settings file, table [counter]")


def _add_decode(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    decode = commands.add_parser("decode", help="say what codes picture files hold, one JSON line a file")
    decode.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a picture file")


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="all of it on this machine, with emulated devices")
    demo.add_argument(
        "--headless", action="store_true", help="needs no screen: plays three visits and a call by itself"
    )
    demo.add_argument("--out", type=Path, metavar="DIR", help="where pictures, tickets and summary.json go")


def _add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    doctor = commands.add_parser("doctor", help="tell what is connected, what is missing and what to do")
    doctor.add_argument("--hub", metavar="URL", help="a hub that must answer")
    doctor.add_argument("--data", type=Path, metavar="DIR", help="a hub's data folder on this machine")
    doctor.add_argument("--settings", type=Path, metavar="FILE", help="a kiosk's settings file; its devices are tried")
    doctor.add_argument("--hub-settings", type=Path, metavar="FILE", help="a hub's settings (default: DIR/hub.toml)")
    doctor.add_argument("--json", action="store_true", help="a list of findings with codes, for programs")
    doctor.add_argument("--lang", choices=("vi", "en", "both"), default="both", help="language (%(default)s)")


def _add_scanner(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    scanner = commands.add_parser("scanner", help="try a code scanner and set it up")
    scanner.set_defaults(command="scanner_command")
    actions = scanner.add_subparsers(dest="scanner_action", required=True, metavar="ACTION")
    test = actions.add_parser("test", help="show what arrives and what to set")
    way = test.add_mutually_exclusive_group()
    way.add_argument("--port", default="/dev/kiosk/scanner", metavar="P", help="serial port (%(default)s)")
    way.add_argument("--wedge", metavar="DEV", help="keyboard scanner: input device, or part of its by-id name")
    test.add_argument("--baud", type=int, default=0, metavar="N", help="bit rate; 0 finds it (%(default)s)")
    test.add_argument("--seconds", type=float, default=60.0, metavar="N", help="how long to listen (%(default)s)")
    test.add_argument("--show", action="store_true", help="show the codes' content, which may be personal")
    test.add_argument("--lang", choices=("vi", "en", "both"), default="both", help="language (%(default)s)")
    setup = actions.add_parser("setup", help="draw a page with a model's configuration barcodes")
    setup.add_argument("--model", required=True, metavar="MODEL", help="alacrity")
    setup.add_argument("--out", type=Path, default=Path("scanner-setup.png"), metavar="FILE.png", help="(%(default)s)")


def _add_prove(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    prove = commands.add_parser("prove", help="show on this machine that no ticket is lost, doubled or a phantom")
    prove.add_argument("--tickets", type=_count, default=2000, metavar="N", help="numbers to give (%(default)s)")
    prove.add_argument("--kiosks", type=_count, default=8, metavar="N", help="kiosks that give them (%(default)s)")
    prove.add_argument("--seconds", type=float, default=600.0, metavar="N", help="at most so long (%(default)s)")
    prove.add_argument("--seed", type=int, default=1, metavar="N", help="which troubles come when (%(default)s)")
    prove.add_argument("--json", action="store_true", help="one object, for programs")
    prove.add_argument("--keep", type=Path, metavar="DIR", help="an empty folder that keeps the hub's and kiosks' data")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _amount(text: str) -> float:
    number = float(text)
    if not 0 <= number < math.inf:
        raise ValueError(text)
    return number


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser("report", help="reports for the hospital's IT people")
    reports = report.add_subparsers(dest="report", required=True, metavar="REPORT")
    add_insurance_report(reports)
    codes = reports.add_parser("codes", help="how well each kiosk read codes, per hour")
    codes.add_argument("--hub", required=True, metavar="URL", help="the hub that keeps the counts")
    codes.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="hospital day (default: today)")
    codes.add_argument("--csv", action="store_true", help="for a spreadsheet")
    codes.add_argument("--lang", choices=("vi", "en"), default="vi", help="language (%(default)s)")


def _add_emulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    emulate = commands.add_parser("emulate", help="be a printer, scanner, card, camera or insurance portal")
    devices = emulate.add_subparsers(dest="device", required=True, metavar="DEVICE")
    add_emulated_portal(devices)
    printer = devices.add_parser("printer", help="an ESC/POS ticket printer; draws what it receives")
    printer.set_defaults(command="emulate_printer")
    way = printer.add_mutually_exclusive_group(required=True)
    way.add_argument("--listen", metavar="HOST:PORT", help="as a network printer")
    way.add_argument("--pty", type=Path, metavar="LINK", help="as a serial printer; LINK is its device path")
    way.add_argument("--usb-file", type=Path, metavar="LINK", help="as a USB printer; LINK is its device path")
    printer.add_argument("--out", type=Path, required=True, metavar="DIR", help="where its tickets go")
    scanner = devices.add_parser("scanner", help="a serial code scanner; each line typed is a scan")
    scanner.set_defaults(command="emulate_scanner")
    scanner.add_argument("--link", type=Path, required=True, metavar="PATH", help="its device path")
    _add_emulate_card(devices)
    camera = devices.add_parser("camera", help="a camera; each line typed is a code held before it")
    camera.set_defaults(command="emulate_camera")
    camera.add_argument("--folder", type=Path, required=True, metavar="DIR", help="where its pictures go")


def _add_emulate_card(devices: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    card = devices.add_parser("card", help="a made-up person's citizen card with its chip")
    card.set_defaults(command="emulate_card")
    place = card.add_mutually_exclusive_group(required=True)
    place.add_argument("--vpcd", type=int, metavar="PORT", help="on pcscd's virtual reader, vpcd, at this port")
    place.add_argument("--pn532", type=Path, metavar="LINK", help="on an emulated PN532; LINK is its device path")
    card.add_argument("--person", type=int, default=1, metavar="N", help="whose card it is (%(default)s)")
    card.add_argument("--profile", default="citizen", metavar="NAME", help="kind of chip (%(default)s)")
    card.add_argument("--variant", action="append", default=[], metavar="WORD", help="like pace=im:aes256:17")
    card.add_argument("--fault", action="append", default=[], metavar="NAME", help="what is wrong; may be repeated")
    card.add_argument("--lay", action="store_true", help="lay it at once")
    card.add_argument("--bit-rate", type=_amount, default=0, metavar="KBIT_S", help="as slow as the air; 0 is at once")
    card.add_argument("--command-ms", type=_amount, default=10.0, metavar="MS", help="time per command (%(default)s)")
    card.add_argument("--write-csca", type=Path, metavar="FOLDER", help="where to put its country's certificate")


if __name__ == "__main__":
    sys.exit(main())
