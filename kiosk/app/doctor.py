"""`tiepdon doctor`: what is connected, what is missing, what to do. Changes nothing and prints nothing personal."""

from __future__ import annotations

import argparse
import os
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.site import load_site
from kiosk import __version__
from kiosk.app.doctor_data import data_checks
from kiosk.app.doctor_findings import (
    Check,
    Finding,
    missing,
    ok,
    run_checks,
    settings_findings,
    skipped,
)
from kiosk.app.doctor_hub import check_hub
from kiosk.app.doctor_machine import check_watchdog
from kiosk.app.doctor_program import QT_LIMIT_S, check_screen, program_checks
from kiosk.app.doctor_report import all_needed_is_there, as_json, told
from kiosk.app.start import EXIT_FAILED, EXIT_OK, HUB_SETTINGS_FILE, load_texts, utc_now
from kiosk.domain.localized import Language

KIOSK_UNIT = "tiepdon-kiosk.service"
HUB_UNIT = "tiepdon-hub.service"
INSURANCE_LIMIT_S = 8.0
"""The kiosk's own patience with the portal: a slower one would be a time-out for patients too."""


def run(args: argparse.Namespace) -> int:
    """Look at everything the arguments name and tell it; 0 when all that is needed is there, else 1."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")  # a camera that is missing is told by us, once
    checked = run_checks(checks_for(args))
    texts = load_texts()
    if args.json:
        print(as_json(checked, texts))
    else:
        print("\n\n".join(told(checked, texts, language, version=__version__) for language in _languages(args.lang)))
    return EXIT_OK if all_needed_is_there(checked) else EXIT_FAILED


def _languages(wanted: str) -> Sequence[Language]:
    return tuple(Language) if wanted == "both" else (Language(wanted),)


def checks_for(args: argparse.Namespace) -> list[Check]:
    """Only what the arguments name; where they name no settings and no data, what the demo needs."""
    hub_settings = _hub_settings(args)
    is_hub = args.data is not None or hub_settings is not None
    is_demo = not is_hub and args.settings is None
    is_kiosk = is_demo or args.settings is not None
    checks = program_checks(kiosk=is_kiosk, hub=is_hub or is_demo)
    if is_kiosk:
        checks.append(Check(name="screen", look=lambda: check_screen(needed=not is_demo), limit_s=QT_LIMIT_S))
    if is_demo:
        checks.append(Check(name="demo", look=check_demo))
    if args.data is not None:
        checks += data_checks(args.data)
        checks.append(Check(name="backup", look=lambda: _backup(args.data, hub_settings)))
        checks.append(Check(name="watchdog", look=lambda: check_watchdog(HUB_UNIT)))
    if hub_settings is not None:
        checks.append(Check(name="insurance", look=lambda: _insurance(hub_settings), limit_s=INSURANCE_LIMIT_S))
    if args.hub is not None:
        checks.append(Check(name="hub", look=lambda: check_hub(args.hub, utc_now)))
    if args.settings is not None:
        checks += kiosk_checks(args.settings)
    return checks


def _hub_settings(args: argparse.Namespace) -> Path | None:
    """The hub's settings file as the hub itself would choose it."""
    if args.hub_settings is not None or args.data is None:
        return args.hub_settings  # type: ignore[no-any-return]  # argparse's namespace
    default: Path = args.data / HUB_SETTINGS_FILE
    return default if default.exists() else None


def _insurance(settings: Path) -> Sequence[Finding]:
    # needs the hub's part of the program, which a machine with only a kiosk does not have
    from kiosk.app.doctor_insurance import check_insurance

    return check_insurance(settings)


def _backup(data: Path, settings: Path | None) -> Sequence[Finding]:
    # needs the hub's part of the program, like the insurance check
    from kiosk.app.doctor_backup import check_backup

    return check_backup(data, settings, utc_now)


def kiosk_checks(path: Path) -> list[Check]:
    """The kiosk's settings and the devices they name, as the kiosk would use them."""
    try:
        # needs the kiosk's part of the program, which a machine with only a hub does not have
        from kiosk.app.doctor_devices import device_checks
        from kiosk.app.kiosk_settings import settle_kiosk_settings

        settings, settled = settle_kiosk_settings(path, os.environ)
    except ImportError as error:
        return _without_devices(missing("part.unusable", "set_up", part=error.name or "?", detail=str(error)))
    if settled.is_unreadable:
        return _without_devices(settings_findings(settled.file, settled.problems))
    found = settings_findings(settled.file, settled.problems) or ok("settings.valid", file=str(path))
    return [
        Check(name="settings", look=lambda: found),
        *device_checks(settings),
        Check(name="watchdog", look=lambda: check_watchdog(KIOSK_UNIT)),
    ]


def _without_devices(findings: Sequence[Finding]) -> list[Check]:
    return [
        Check(name="settings", look=lambda: findings),
        Check(name="devices", look=lambda: skipped("device.settings_first")),
    ]


def check_demo() -> Sequence[Finding]:
    """The demo's own needs: a port of this machine, room for temporary files, the shipped services."""
    try:
        with socket.create_server(("127.0.0.1", 0)), tempfile.TemporaryFile() as probe:
            probe.write(b"x")
    except OSError as error:
        return missing("demo.machine_refuses", "loopback_and_temporary_files", detail=error.strerror or "")
    return ok("demo.possible", services=len(load_site().services))
