"""The hospital's own codes, told by the patterns of its settings."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.identity.own_codes import OwnCodes
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.identity.values import CodeFault, CodeKind, RecognisedCode

TODAY = date(2026, 10, 5)
OWN = OwnCodes(patient=("BN########", "##########"), appointment=("HK-*",), prescription=("DT??/####",))


def read(text: str, own: OwnCodes = OWN) -> RecognisedCode:
    return recognise(text, certain=True, today=TODAY, own=own)


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("BN00012345", CodeKind.PATIENT_CODE, CodeFault.PATIENT_CODE),
        ("bn00012345\r", CodeKind.PATIENT_CODE, CodeFault.PATIENT_CODE),
        ("]C1BN00012345", CodeKind.PATIENT_CODE, CodeFault.PATIENT_CODE),
        ("0000000001", CodeKind.PATIENT_CODE, CodeFault.PATIENT_CODE),
        ("HK-2026/11-22.a", CodeKind.APPOINTMENT, CodeFault.APPOINTMENT),
        ("DTa1/0042", CodeKind.PRESCRIPTION, CodeFault.PRESCRIPTION),
    ],
)
def test_own_codes_are_named_and_nothing_is_done_with_them(text: str, kind: CodeKind, fault: CodeFault) -> None:
    code = read(text)
    assert (code.kind, code.fault, code.identity, code.ticket_id) == (kind, fault, None, None)


@pytest.mark.parametrize("text", ["01234a1b2c3d-C", "01043ABCDEFG-y", "79025zzzzzzz-n", "79025zzzzzzz-H"])
def test_the_national_prescription_code_is_known_without_settings(text: str) -> None:
    assert read(text, OwnCodes()).kind is CodeKind.PRESCRIPTION


@pytest.mark.parametrize(
    "text", ["01234a1b2c3d-X", "0123a1b2c3d-C", "01234a1b2c3dC", "01234a1b2c3d-CC", "01234a1b2ô3d-C"]
)
def test_what_only_resembles_a_prescription_code_is_none(text: str) -> None:
    assert read(text, OwnCodes()).kind is not CodeKind.PRESCRIPTION


@pytest.mark.parametrize("text", ["BN0001234", "BN000123456", "XN00012345", "HK-", "HK-a b", "HK-ế", "BN0001234５"])
def test_what_does_not_fit_a_pattern_is_not_claimed(text: str) -> None:
    assert read(text).kind is CodeKind.UNKNOWN


@pytest.mark.parametrize("text", ["BN00012345", "HK-2026", "PATIENT1"])
def test_without_patterns_nothing_is_claimed(text: str) -> None:
    assert read(text, OwnCodes()).fault == CodeFault.UNKNOWN


def test_a_pattern_never_takes_a_card_from_its_owner() -> None:
    own = OwnCodes(patient=("00*", "DN*", "TD:*".replace(":", "")))
    assert read("001090123456||Lê An|01011990|Nam|Hà Nội|15042021", own).kind is CodeKind.CITIZEN_CARD
    assert read("TD:abc", own).kind is CodeKind.TICKET
    assert read("00020101021138570010A000000727", own).kind is CodeKind.PAYMENT


@pytest.mark.parametrize("pattern", ["", "*", "A*", "#*", "???", "############", "BN(.*)+", "BN*1", "MÃ####", "B" * 65])
def test_patterns_that_would_claim_too_much_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"codes\..*patient\[0\]"):
        OwnCodes(patient=(pattern,))
