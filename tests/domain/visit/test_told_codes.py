"""Codes that name nobody here: each is answered in words, and the patient can go on as before."""

from __future__ import annotations

import pytest
from visit_walk import TODAY, Walk, scan

from kiosk.domain.faults import Fault
from kiosk.domain.identity.own_codes import OwnCodes
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import IssueTicket, PrintSlip
from kiosk.domain.visit.state import Step

OWN = OwnCodes(patient=("BN########",), appointment=("HK-*",))
TOLD = {
    "BN00012345": "code.patient_code",
    "HK-2026-17": "code.appointment",
    "01234a1b2c3d-C": "code.prescription",
    "00020101021138570010A000000727": "code.payment",
    "https://example.org/x": "code.link",
    "TD:abc": "notice.code_ticket",
    "8934567890123": "code.unknown",
}


def scanned(text: str) -> ev.CodeScanned:
    return ev.CodeScanned(code=recognise(text, certain=True, today=TODAY, own=OWN))


@pytest.mark.parametrize(("text", "sentence"), TOLD.items())
def test_on_the_welcome_the_code_is_told_and_the_visit_begins(text: str, sentence: str) -> None:
    walk = Walk().on(scanned(text))
    assert walk.visit.step is Step.PRESENT
    assert walk.visit.notice == Fault(code=sentence)
    assert walk.visit.identity is None
    assert not walk.said(IssueTicket)
    assert not walk.said(PrintSlip)


@pytest.mark.parametrize(("text", "sentence"), TOLD.items())
def test_the_number_pad_stays_where_it_is(text: str, sentence: str) -> None:
    walk = Walk().on(ev.Started(), ev.TypeNumberChosen(), scanned(text))
    assert walk.visit.step is Step.ENTER_NUMBER
    assert walk.visit.notice == Fault(code=sentence)


def test_after_the_told_code_the_citizen_card_goes_on_as_ever() -> None:
    walk = Walk().on(scanned("HK-2026-17"), scan())
    assert walk.visit.step is Step.CONFIRM
    assert walk.visit.notice is None
