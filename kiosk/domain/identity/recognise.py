"""Says what a scanned text is, and whose. Pure: nothing is opened, nothing is guessed, nothing is kept.

Order of detection: paper insurance card, citizen card, payment code, link, our ticket, the hospital's own codes,
prescription, bare number.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from kiosk.domain.identity.characters import (
    has_foreign_digits,
    has_hidden,
    last_scan,
    looks_mistaken,
    repaired,
)
from kiosk.domain.identity.citizen_code import is_citizen_code, read_citizen_code
from kiosk.domain.identity.insurance_code import is_insurance_code, read_insurance_code
from kiosk.domain.identity.numbers import check_number
from kiosk.domain.identity.own_codes import NO_OWN_CODES, OwnCodes
from kiosk.domain.identity.values import (
    Assurance,
    CodeFault,
    CodeKind,
    Identity,
    NumberKind,
    RecognisedCode,
)
from kiosk.domain.slip import TICKET_CODE_PREFIX

MAX_CODE_CHARS = 4096
_PAYMENT_PREFIX = "000201"  # EMVCo merchant-presented QR: payload format indicator, VietQR among them
_LINK = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*://|^www\.", re.IGNORECASE)
_TICKET = re.compile(rf"^{TICKET_CODE_PREFIX}([A-Za-z0-9_-]{{1,64}})$")
_GAP = re.compile(r"[0-9]\s+[0-9]")
_BARS_OF_A_CARD = 2
_KIND_OF_NUMBER = {
    NumberKind.CITIZEN: CodeKind.CITIZEN_NUMBER,
    NumberKind.OLD_CITIZEN: CodeKind.CITIZEN_NUMBER,
    NumberKind.INSURANCE_CARD: CodeKind.INSURANCE_NUMBER,
    NumberKind.SOCIAL_INSURANCE: CodeKind.INSURANCE_NUMBER,
}


def recognise(
    text: str,
    *,
    certain: bool,
    today: date,
    assurance: Assurance = Assurance.CODE_READ,
    own: OwnCodes = NO_OWN_CODES,
) -> RecognisedCode:
    """What one scanned text is. `certain` is false when the scanner's bytes were not plain UTF-8; `own` tells the
    hospital's own codes.

    Never raises, whatever the text holds. More than `MAX_CODE_CHARS` characters are refused unread.
    """
    if len(text) > MAX_CODE_CHARS:
        return _fault(CodeFault.TOO_LONG)
    payload = last_scan(text)
    if looks_mistaken(payload):
        mended = repaired(payload)
        if mended is None and "|" in payload:
            return _fault(CodeFault.TORN)
        payload, certain = mended or payload, False
    payload = unicodedata.normalize("NFC", payload)
    card = _card(payload, certain=certain, today=today, assurance=assurance)
    told = card or _told_only(payload, own)
    if told is not None:
        return told
    if not certain and _GAP.search(payload):
        # The driver puts a blank where bytes were no text: what stood on both sides of it is not one number.
        return _fault(CodeFault.HIDDEN_CHARACTERS)
    return _bare_number(payload, today, assurance) or _fault(_why_unknown(payload))


def _card(payload: str, *, certain: bool, today: date, assurance: Assurance) -> RecognisedCode | None:
    if is_insurance_code(payload):
        return read_insurance_code(payload, certain=certain, today=today, assurance=assurance)
    if is_citizen_code(payload):
        return read_citizen_code(payload, certain=certain, today=today, assurance=assurance)
    return None


def _told_only(payload: str, own: OwnCodes) -> RecognisedCode | None:
    """A code that names nobody here: it is told to the patient, and nothing is done with it."""
    ticket = _TICKET.match(payload)
    if payload.startswith(_PAYMENT_PREFIX):
        return RecognisedCode(kind=CodeKind.PAYMENT, fault=CodeFault.PAYMENT.value)
    if _LINK.match(payload):
        return RecognisedCode(kind=CodeKind.LINK, fault=CodeFault.LINK.value)
    if ticket is not None:
        return RecognisedCode(kind=CodeKind.TICKET, ticket_id=ticket.group(1))
    if own.is_patient_code(payload):
        return RecognisedCode(kind=CodeKind.PATIENT_CODE, fault=CodeFault.PATIENT_CODE.value)
    if own.is_appointment(payload):
        return RecognisedCode(kind=CodeKind.APPOINTMENT, fault=CodeFault.APPOINTMENT.value)
    if own.is_prescription(payload):
        return RecognisedCode(kind=CodeKind.PRESCRIPTION, fault=CodeFault.PRESCRIPTION.value)
    return None


def _bare_number(payload: str, today: date, assurance: Assurance) -> RecognisedCode | None:
    checked = check_number(payload, today=today)
    if checked.kind is None:
        return None
    return RecognisedCode(
        kind=_KIND_OF_NUMBER[checked.kind],
        identity=Identity(
            number=checked.number, number_kind=checked.kind, assurance=assurance, warnings=checked.warnings
        ),
    )


def _why_unknown(payload: str) -> CodeFault:
    if has_hidden(payload):
        return CodeFault.HIDDEN_CHARACTERS
    if has_foreign_digits(payload):
        return CodeFault.FOREIGN_DIGITS
    if not payload or payload.count("|") >= _BARS_OF_A_CARD:
        return CodeFault.TORN
    return CodeFault.UNKNOWN


def _fault(fault: CodeFault) -> RecognisedCode:
    return RecognisedCode(kind=CodeKind.UNKNOWN, fault=fault.value)
