"""The arguments of `tiepdon insurance …` and `tiepdon report insurance`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path


def add_insurance(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    insurance = commands.add_parser("insurance", help="ask the insurance portal, or prove the account")
    insurance.set_defaults(command="insurance_command")
    actions = insurance.add_subparsers(dest="insurance_action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="ask about one person")
    check.add_argument("--card", required=True, metavar="N", help="citizen, social-insurance or insurance-card number")
    check.add_argument("--name", required=True, metavar="NAME", help="name as on the card, with accents")
    check.add_argument("--birth", required=True, metavar="DD/MM/YYYY", help="birth date; MM/YYYY or YYYY where so")
    _add_where(check)
    test = actions.add_parser("test", help="prove account and right to look up without naming a person")
    _add_where(test)


def _add_where(action: argparse.ArgumentParser) -> None:
    action.add_argument("--settings", type=Path, metavar="FILE", help="the hub's settings (default: DIR/hub.toml)")
    action.add_argument(
        "--data",
        type=Path,
        default=Path("/var/lib/tiepdon"),
        metavar="DIR",
        help="the hub's data folder, for its settings (%(default)s)",
    )
    action.add_argument("--json", action="store_true", help="one JSON object, for programs")
    action.add_argument("--lang", choices=("vi", "en"), default="vi", help="language (%(default)s)")


def add_insurance_report(reports: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = reports.add_parser("insurance", help="look-ups by outcome, code, hour and kiosk, with the hit rate")
    report.set_defaults(command="report_insurance")
    report.add_argument("--hub", required=True, metavar="URL", help="the hub that keeps the counts")
    report.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="first day (default: today)")
    report.add_argument("--last-day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day (default: --day)")
    report.add_argument("--csv", action="store_true", help="for a spreadsheet")
    report.add_argument("--lang", choices=("vi", "en"), default="vi", help="language (%(default)s)")


def add_emulated_portal(devices: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    portal = devices.add_parser("portal", help="the insurance portal, for made-up people")
    portal.set_defaults(command="emulate_portal")
    portal.add_argument("--port", type=int, default=8090, help="where to serve; 0 takes a free one (%(default)s)")
    portal.add_argument("--account", default="01043_BV", metavar="NAME", help="account it lets in (%(default)s)")
    portal.add_argument("--md5", choices=("upper", "lower"), default="upper", help="password hash (%(default)s)")
    portal.add_argument("--token-life", type=float, default=600.0, metavar="S", help="life of a token (%(default)s)")
    portal.add_argument("--clock-ahead", type=float, default=0.0, metavar="S", help="its clock is so far ahead")
    portal.add_argument("--tls", choices=("good", "expired"), help="speak HTTPS with a certificate of its own")
    portal.add_argument("--population", type=int, default=0, metavar="N", help="so many people more, 76.7 %% found")
    portal.add_argument("--seed", type=int, default=1, metavar="N", help="of the population (%(default)s)")
    portal.add_argument("--fault", metavar="NAME", help="what goes wrong from the start; help lists the names")
    portal.add_argument("--script", type=Path, metavar="FILE", help="lines `SECONDS ORDER`, obeyed by the clock")
