"""Reads the portal's JSON strictly but kindly: strings or numbers, nulls, missing and unknown fields are fine."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.eligibility_judge import AnsweredCard
from kiosk.insurance.http import HttpReply, PortalFailure

_SLASHED = re.compile(r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$")
_COMPACT = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{4})?$")
_MAX_FIELD_CHARS = 500
_SOCIAL_DIGITS = 10
_FACILITY_DIGITS = 5
_NOTHING = frozenset({"", "-", "null"})

UNAUTHORISED_CODES = frozenset({"401", "501"})
"""Result codes that say the token is not taken (501 "Token không đúng" is seen in one public client)."""


def read_json(reply: HttpReply) -> Mapping[str, Any]:
    """The object in a reply. Raises `PortalFailure` for an HTTP error, HTML, half a JSON, or anything not an object.

    HTTP status and result code are two layers: a status of 400 or more decides whatever the body says.
    """
    _refuse_status(reply)
    try:
        read = json.loads(reply.body)
    except (ValueError, RecursionError):
        raise PortalFailure(OutcomeClass.PORTAL_ERR, "portal.not_json", raw=reply.body) from None
    if not isinstance(read, dict):
        raise PortalFailure(OutcomeClass.PORTAL_ERR, "portal.not_an_object", raw=reply.body)
    return read


def _refuse_status(reply: HttpReply) -> None:
    status = reply.status
    if status == 200:
        return
    detail = f"portal.http_{status}"
    if status in (401, 403):
        outcome = OutcomeClass.AUTH
    elif status in (404, 405) or 300 <= status < 400:
        outcome = OutcomeClass.CONFIG
    elif status in (400, 415, 422):
        outcome = OutcomeClass.BUG
    else:
        outcome = OutcomeClass.PORTAL_ERR
    raise PortalFailure(outcome, detail, raw=reply.body)


def text_field(fields: Mapping[str, Any], name: str) -> str | None:
    """A field as NFC text; numbers become text, nulls, blanks and nested values null."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        text = unicodedata.normalize("NFC", str(value)).strip()
    except ValueError:  # an integer of thousands of digits
        return None
    return None if text.lower() in _NOTHING or len(text) > _MAX_FIELD_CHARS else text


def result_code(fields: Mapping[str, Any]) -> str | None:
    """`maKetQua` as three digits: it comes as `"000"`, `"0"` or `0`."""
    text = text_field(fields, "maKetQua")
    if text is None:
        return None
    whole, dot, rest = text.partition(".")
    return f"{whole:0>3}{dot}{rest}" if whole.isascii() and whole.isdigit() else text[:20]


def read_answer(reply: HttpReply) -> AnsweredCard:
    """The deciding fields of a look-up's reply. Raises `PortalFailure` where there is no result code in it."""
    fields = read_json(reply)
    code = result_code(fields)
    if code is None:
        raise PortalFailure(OutcomeClass.PORTAL_ERR, "portal.no_result_code", raw=reply.body)
    dates = {name: _date_field(fields, name) for name in ("gtTheTu", "gtTheDen", "gtTheTuMoi", "gtTheDenMoi")}
    return AnsweredCard(
        code=code,
        note=text_field(fields, "ghiChu"),
        card=_card_field(fields, "maThe"),
        name=text_field(fields, "hoTen"),
        birth=text_field(fields, "ngaySinh"),
        social_number=_number_field(fields, "maSoBHXH", _SOCIAL_DIGITS),
        valid_from=dates["gtTheTu"][0],
        valid_to=dates["gtTheDen"][0],
        facility=_number_field(fields, "maDKBD", _FACILITY_DIGITS),
        old_card=_card_field(fields, "maTheCu"),
        new_card=_card_field(fields, "maTheMoi"),
        new_valid_from=dates["gtTheTuMoi"][0],
        new_valid_to=dates["gtTheDenMoi"][0],
        new_facility=_number_field(fields, "maDKBDMoi", _FACILITY_DIGITS),
        dates_readable=all(readable for _, readable in dates.values()),
    )


def _number_field(fields: Mapping[str, Any], name: str, digits: int) -> str | None:
    """A code of digits; one that came as a number gets the zeros back that it lost."""
    text = text_field(fields, name)
    return text.zfill(digits) if text is not None and isinstance(fields[name], int) else text


def _card_field(fields: Mapping[str, Any], name: str) -> str | None:
    text = text_field(fields, name)
    return None if text is None else "".join(text.split()).upper()


def _date_field(fields: Mapping[str, Any], name: str) -> tuple[date | None, bool]:
    """Date of `dd/MM/yyyy` or `yyyyMMdd[HHmm]`, and whether the field could be read (an empty one can)."""
    if fields.get(name) is None:
        return None, True
    text = text_field(fields, name)
    if text is None:
        return None, not isinstance(fields[name], list | dict | bool)
    if match := _SLASHED.match(text):
        day, month, year = match.groups()
    elif match := _COMPACT.match(text):
        year, month, day = match.groups()
    else:
        return None, False
    try:
        return date(int(year), int(month), int(day)), True
    except ValueError:
        return None, False
