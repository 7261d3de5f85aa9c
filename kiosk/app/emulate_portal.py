"""`tiepdon emulate portal`: the insurance portal on this machine, for made-up people, with faults on demand."""

from __future__ import annotations

import argparse
import errno
from dataclasses import replace

from kiosk.app.emulate_console import LineRefused, serve
from kiosk.app.emulate_people import people_lines
from kiosk.app.start import EXIT_OK, CannotStart, load_texts
from kiosk.insurance.emulator import Faults, PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.emulator_rules import EmulatedAccount

HOST = "127.0.0.1"
LONGEST_DELAY_S = 600.0
_HALF_AN_ANSWER_BYTES = 20
_FAULTS = {
    "drip": Faults(drip=True),
    "cut": Faults(cut_after_bytes=_HALF_AN_ANSWER_BYTES),
    "html": Faults(body=b"<html><body>Service</body></html>", content_type="text/html"),
    "ip": Faults(refuse_ip=True),
    "none": Faults(),
}


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. Raises `CannotStart`."""
    account = EmulatedAccount(username=args.account)
    portal = PortalEmulator(account=account, host=HOST, port=args.port)
    try:
        url = portal.start()
    except (OSError, OverflowError) as error:
        in_use = getattr(error, "errno", None) == errno.EADDRINUSE
        key = "emulate.port_in_use" if in_use else "emulate.port_unusable"
        raise CannotStart(key, host=HOST, port=args.port) from error
    try:
        notes = [*_settings_lines(url, account), *people_lines()]
        serve("portal", url, notes=notes, obey=lambda line: obey(portal, line), texts=load_texts())
    finally:
        portal.stop()
    return EXIT_OK


def obey(portal: PortalEmulator, line: str) -> str | None:
    """Change how the portal answers from now on. Raises `LineRefused`."""
    match line.split():
        case ["delay", seconds]:
            portal.faults = replace(portal.faults, delay_s=_seconds(seconds))
        case ["fault", name]:
            portal.faults = replace(_fault(name), delay_s=portal.faults.delay_s)
        case ["code", code]:
            portal.faults = replace(portal.faults, code=None if code == "none" else code)
        case ["expire"]:
            portal.rules.expire_tokens()
        case ["people"]:
            return "\n".join(people_lines(len(PEOPLE)))
        case _:
            raise LineRefused("emulate.line_unknown", line=line)
    return None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_DELAY_S:
        raise LineRefused("emulate.seconds_illegal", text=text, longest=int(LONGEST_DELAY_S))
    return seconds


def _fault(name: str) -> Faults:
    if name in _FAULTS:
        return replace(_FAULTS[name])
    status = name.removeprefix("http")
    if name.startswith("http") and status.isdecimal() and 400 <= int(status) <= 599:
        return Faults(status=int(status))
    raise LineRefused("emulate.fault_unknown", name=name, known=", ".join(["http502", *_FAULTS]))


def _settings_lines(url: str, account: EmulatedAccount) -> list[str]:
    """The table for a hub's settings that gets in; account and people are made up."""
    return [
        "  [insurance]",
        f'  base_url = "{url}"',
        f'  username = "{account.username}"',
        f'  password = {{ file = "password.secret" }}  # {account.password}',
        f'  officer_name = "{account.officer_name}"',
        f'  officer_number = {{ file = "officer_number.secret" }}  # {account.officer_number}',
    ]
