"""Every result code × what the kiosk, the ticket, the counter and the report show, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hub_thread import HubThread
from support.insurance_hub import ask, get, settings_file, take_number, worklist

from config.catalogue import load_catalogue
from kiosk.domain.eligibility_codes import CODE_ROWS
from kiosk.domain.localized import Language
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_population import population

_COUNTER, _DOCUMENT = "check_at_counter", "show_document_at_counter"
_CORRECT, _PAID = "correct_details_at_counter", "counter_or_paid_service"

SHOWN = {
    # code: class, lane, the patient's sentence, next step, what staff do, pending, in the worklist as
    "000": ("ok", "insured", "valid", "wait_for_call", "none", False, None),
    "001": ("ok_manual", "counter", "show_document", _DOCUMENT, "check_document", False, None),
    "002": ("ok_manual", "counter", "show_document", _DOCUMENT, "check_document", False, None),
    "003": ("ok_manual", "counter", "new_card", _DOCUMENT, "confirm_new_card", False, None),
    "003.1": ("ok_manual", "counter", "new_card", _DOCUMENT, "confirm_new_card", False, None),
    "004": ("ok", "insured", "valid", "wait_for_call", "none", False, None),
    "010": ("deny_card", "counter", "expired", _PAID, "ask_renewed_card", False, "failed"),
    "050": ("fix_input", "counter", "number_not_found", _CORRECT, "try_other_number", False, "failed"),
    "051": ("fix_input", "counter", "number_not_found", _CORRECT, "try_other_number", False, "failed"),
    "052": ("fix_input", "counter", "number_not_found", _CORRECT, "try_other_number", False, "failed"),
    "053": ("fix_input", "counter", "number_not_found", _CORRECT, "try_other_number", False, "failed"),
    "054": ("config", "counter", "checked_at_counter", _COUNTER, "register_officer", True, "pending"),
    "055": ("config", "counter", "checked_at_counter", _COUNTER, "register_officer", True, "pending"),
    "060": ("fix_input", "counter", "name_differs", _CORRECT, "correct_name", False, "failed"),
    "061": ("fix_input", "counter", "name_differs", _CORRECT, "correct_name", False, "failed"),
    "070": ("fix_input", "counter", "birth_differs", _CORRECT, "correct_birth", False, "failed"),
    "080": ("unknown", "counter", "checked_at_counter", _COUNTER, "read_note", False, "failed"),
    "090": ("unknown", "counter", "checked_at_counter", _COUNTER, "read_note", False, "failed"),
    "100": ("portal_err", "counter", "still_checking", _COUNTER, "ask_again", True, "pending"),
    "101": ("portal_err", "counter", "still_checking", _COUNTER, "ask_again", True, "pending"),
    "110": ("deny_card", "counter", "card_ended", _PAID, "contact_insurer", False, "failed"),
    "120": ("deny_card", "counter", "card_ended", _PAID, "contact_insurer", False, "failed"),
    "121": ("deny_card", "counter", "card_ended", _PAID, "ask_new_card", False, "failed"),
    "122": ("deny_card", "counter", "card_ended", _PAID, "ask_new_card", False, "failed"),
    "123": ("deny_card", "counter", "card_ended", _PAID, "ask_new_card", False, "failed"),
    "124": ("deny_card", "counter", "card_ended", _PAID, "contact_insurer", False, "failed"),
    "130": ("ok_manual", "child", "child", "child_papers_at_counter", "child_temporary_number", False, None),
    "205": ("bug", "counter", "checked_at_counter", _COUNTER, "tell_it", False, "failed"),
    "401": ("auth", "counter", "checked_at_counter", _COUNTER, "check_account", True, "pending"),
    "403": ("auth", "counter", "checked_at_counter", _COUNTER, "check_account", True, "pending"),
    "500": ("portal_err", "counter", "still_checking", _COUNTER, "ask_again", True, "pending"),
    "501": ("auth", "counter", "checked_at_counter", _COUNTER, "check_account", True, "pending"),
    "777": ("unknown", "counter", "checked_at_counter", _COUNTER, "read_note", False, "failed"),
}
PEOPLE = [person for person in population(200, seed=5) if person.code == "000" and person.known]
MONEY = ("100 %", "95 %", "80 %", "miễn phí", "free of charge", "chi trả")


@pytest.fixture
def portal() -> Iterator[PortalEmulator]:
    emulator = PortalEmulator(people=PEOPLE)
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def hub(portal: PortalEmulator, tmp_path: Path) -> Iterator[HubThread]:
    """Its breaker never opens, so that every person gets an answer of their own."""
    settings = settings_file(
        tmp_path / "settings", portal, failures_to_open=10_000, retry_after_s=600.0, retry_longest_s=600.0
    )
    thread = HubThread(tmp_path / "data", settings).start()
    yield thread
    thread.stop()


def test_every_known_code_is_in_the_table() -> None:
    assert set(SHOWN) == {row.code for row in CODE_ROWS} | {"777"}


def test_kiosk_ticket_counter_and_report_show_the_same_for_every_code(hub: HubThread, portal: PortalEmulator) -> None:
    texts = load_catalogue()
    expected = {}
    for (code, shown), person in zip(SHOWN.items(), PEOPLE, strict=False):
        outcome, lane, coverage, next_step, staff_action, pending, work = shown
        portal.faults.code = code
        portal.rules.people = (person,)
        verdict = ask(hub, person)
        keys = (f"coverage.{coverage}", f"next_step.{next_step}", f"staff_action.{staff_action}")
        told = (verdict["outcome"], verdict["lane"], verdict["code"], verdict["pending"])
        assert told == (outcome, lane, code, pending), code
        assert (verdict["coverage"], verdict["next_step"], verdict["staff_action"]) == keys, code
        ticket = take_number(hub, verdict)
        assert (ticket["coverage"], ticket["next_step"], ticket["staff_action"]) == keys, code
        items = {item["ticket"]: item for item in worklist(hub)}
        assert (items[ticket["id"]]["state"] if ticket["id"] in items else None) == work, code
        if work:
            assert (items[ticket["id"]]["code"], items[ticket["id"]]["staff_action"]) == (code, keys[2]), code
        for language in Language:
            sentences = [texts.text(key, language) for key in (*keys, f"outcome.{outcome}")]
            assert all(sentences), code
            assert not [word for word in MONEY for sentence in sentences if word in sentence], code
        if not pending:
            expected[outcome, code] = 1
    counts = get(hub, "/v1/reports/insurance")["counts"]
    assert {(cell["outcome"], cell["code"]): cell["lookups"] for cell in counts} == expected
