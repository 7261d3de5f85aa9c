"""The keys a person gives on the command line to open a chip: digits, a machine readable zone, or number and dates."""

from __future__ import annotations

import argparse
import re

from devices.chip.document_keys import can_guess_of_citizen, mrz_key_of, mrz_key_of_citizen
from devices.chip.errors import MalformedData
from devices.chip.keys import AccessKey, CanKey, MrzKey
from devices.chip.mrz import check_digit, parse_mrz
from kiosk.app.start import CannotStart

_CAN = re.compile(r"[0-9]{6}")
_CITIZEN_NUMBER = re.compile(r"[0-9]{12}")
_DOCUMENT_NUMBER = re.compile(r"[A-Z0-9<]{1,22}")
_DATE = re.compile(r"[0-9]{2}(?:[0-9]{2}|<<)(?:[0-9]{2}|<<)")
_INFORMATION = re.compile(r"(?P<number>[A-Z0-9<]{9})(.)(?P<birth>[0-9<]{6})(.)(?P<expiry>[0-9<]{6})(.)")
_LINE = 30
_KEY_FIELDS = frozenset({"document_number", "birth", "expiry"})


def given_keys(args: argparse.Namespace) -> tuple[AccessKey, ...]:
    """Keys in the order they are worth trying. Raises `CannotStart` where something is missing or mistyped."""
    keys: list[AccessKey] = []
    if args.can is not None:
        keys.append(_can(args.can))
    if args.mrz is not None:
        keys.append(key_of_zone(args.mrz))
    if args.number is not None:
        keys.append(_of_number(args.number, args.birth, args.expiry))
    elif args.birth is not None or args.expiry is not None:
        raise CannotStart("chip.cli.number_missing")
    if not keys:
        raise CannotStart("chip.cli.key_missing")
    return tuple(keys)


def key_of_zone(text: str) -> MrzKey:
    """The key of three lines of 30 or the first two of them, of the lines of a passport, or of the 24 characters that
    number and dates make with their check digits; spaces, line breaks and lower case do not matter. Raises
    `CannotStart`, also for a wrong check digit: the chip would only refuse it."""
    zone = "".join(text.replace("\\n", "").split()).upper()
    if len(zone) == 24:
        return _of_information(zone)
    try:
        mrz = parse_mrz(zone.ljust(3 * _LINE, "<") if len(zone) == 2 * _LINE else zone)
    except MalformedData as error:
        raise CannotStart("chip.cli.mrz_malformed", count=len(zone)) from error
    if wrong := sorted(_KEY_FIELDS.intersection(mrz.wrong_digits)):
        raise CannotStart("chip.cli.mrz_mistyped", fields=", ".join(wrong))
    return mrz_key_of(mrz)


def _of_information(zone: str) -> MrzKey:
    match = _INFORMATION.fullmatch(zone)
    if match is None:
        raise CannotStart("chip.cli.mrz_malformed", count=len(zone))
    fields = {"document_number": match["number"], "birth": match["birth"], "expiry": match["expiry"]}
    given = match.group(2, 4, 6)
    wrong = [name for (name, field), digit in zip(fields.items(), given, strict=True) if check_digit(field) != digit]
    if wrong:
        raise CannotStart("chip.cli.mrz_mistyped", fields=", ".join(wrong))
    return MrzKey(**fields)


def _can(digits: str) -> CanKey:
    if not _CAN.fullmatch(digits):
        raise CannotStart("chip.cli.can_malformed")
    return CanKey(digits=digits)


def _of_number(number: str, birth: str | None, expiry: str | None) -> AccessKey:
    """Twelve digits alone make the six digits a card is likely to take; with both dates the key of its zone."""
    written = number.strip().upper()
    if _CITIZEN_NUMBER.fullmatch(written) and birth is None and expiry is None:
        return can_guess_of_citizen(written)
    if birth is None or expiry is None:
        raise CannotStart("chip.cli.dates_missing")
    if not _DATE.fullmatch(birth) or not _DATE.fullmatch(expiry):
        raise CannotStart("chip.cli.date_malformed")
    if _CITIZEN_NUMBER.fullmatch(written):
        return mrz_key_of_citizen(written, birth=birth, expiry=expiry)
    if not _DOCUMENT_NUMBER.fullmatch(written):
        raise CannotStart("chip.cli.number_malformed")
    return MrzKey(document_number=written, birth=birth, expiry=expiry)
