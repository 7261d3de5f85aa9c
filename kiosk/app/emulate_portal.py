"""`tiepdon emulate portal`: the insurance portal on this machine, for made-up people, with faults on demand."""

from __future__ import annotations

import argparse
import errno
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.app.emulate_console import LineRefused, serve
from kiosk.app.emulate_people import people_lines
from kiosk.app.emulate_script import ScriptPlayer, read_script
from kiosk.app.start import EXIT_OK, CannotStart, load_texts, utc_now
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_faults import NAMED_FAULTS, Faults, named_fault
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.emulator_population import population
from kiosk.insurance.emulator_rules import EmulatedAccount
from kiosk.insurance.emulator_tls import make_certificate
from kiosk.insurance.options import Md5Case

HOST = "127.0.0.1"
LONGEST_DELAY_S = 600.0


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. Raises `CannotStart`."""
    with TemporaryDirectory(prefix="tiepdon-portal-") as folder:
        portal, certificate = _portal(args, Path(folder))
        script = read_script(args.script)
        try:
            url = portal.start()
        except (OSError, OverflowError) as error:
            in_use = getattr(error, "errno", None) == errno.EADDRINUSE
            key = "emulate.port_in_use" if in_use else "emulate.port_unusable"
            raise CannotStart(key, host=HOST, port=args.port) from error
        player = ScriptPlayer(script, lambda line: obey(portal, line))
        try:
            notes = [*_settings_lines(url, portal.account, certificate), *people_lines()]
            player.start()
            serve("portal", url, notes=notes, obey=lambda line: obey(portal, line), texts=load_texts())
        finally:
            player.stop()
            portal.stop()
    return EXIT_OK


def _portal(args: argparse.Namespace, folder: Path) -> tuple[PortalEmulator, Path | None]:
    """The portal the arguments describe, and the certificate a client must trust where it speaks TLS."""
    account = EmulatedAccount(
        username=args.account, clock_ahead_s=args.clock_ahead, token_life_s=args.token_life, md5_case=Md5Case(args.md5)
    )
    certificate = folder / "portal.pem" if args.tls else None
    tls = None
    if certificate is not None:
        tls = make_certificate(certificate, now=utc_now(), expired=args.tls == "expired")
    people = (*PEOPLE, *population(args.population, args.seed))
    portal = PortalEmulator(account=account, people=people, host=HOST, port=args.port, tls=tls)
    if args.fault:
        try:
            portal.faults = _fault(args.fault)
        except LineRefused as refused:
            raise CannotStart(refused.key, **refused.params) from refused
    return portal, certificate


def obey(portal: PortalEmulator, line: str) -> str | None:
    """Change how the portal answers from now on. Raises `LineRefused`."""
    match line.split():
        case ["delay", seconds]:
            portal.faults = replace(portal.faults, delay_s=_seconds(seconds))
        case ["fault", name]:
            fault = _fault(name)
            portal.faults = replace(fault, delay_s=fault.delay_s or portal.faults.delay_s if name != "none" else 0.0)
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
    fault = named_fault(name)
    if fault is None:
        raise LineRefused("emulate.fault_unknown", name=name, known=", ".join(NAMED_FAULTS))
    return fault


def _settings_lines(url: str, account: EmulatedAccount, certificate: Path | None) -> list[str]:
    """The table for a hub's settings that gets in; account and people are made up."""
    trusted = [] if certificate is None else [f'  ca_file = "{certificate}"']
    return [
        "  [insurance]",
        f'  base_url = "{url}"',
        f'  username = "{account.username}"',
        f'  password = {{ file = "password.secret" }}  # {account.password}',
        f'  officer_name = "{account.officer_name}"',
        f'  officer_number = {{ file = "officer_number.secret" }}  # {account.officer_number}',
        *trusted,
    ]
