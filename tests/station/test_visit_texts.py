"""Every key the visit, its notices, faults and slips can ask for has a sentence in both languages."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from kiosk.domain.eligibility import Coverage, NextStep
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import CodeFault, IdentityWarning, NumberFault
from kiosk.domain.localized import Language
from kiosk.domain.visit.offers import text_key

CATALOGUE = load_catalogue()
PARAMS = {"opens_at": "13:00", "service": "noi", "low": 20, "high": 35, "count": 4, "kiosk": "K1", "left": 2}
NOTICES = (
    "notice.card_show_qr",
    "notice.take_card",
    "notice.card_mute",
    "notice.code_ticket",
    "notice.code_ignored",
    "notice.person_replaced",
    "notice.birth_not_valid",
    "notice.name_not_valid",
    "notice.repair_same_number",
    "notice.repair_same_name",
    "notice.repair_same_birth",
    "notice.no_services",
    "notice.chip_lay_card",
    "notice.chip_lifted",
    "notice.chip_unreadable",
    "notice.chip_not_id_card",
    "notice.chip_not_opened",
    "notice.chip_digits_not_six",
    "notice.chip_key_refused",
    "notice.chip_key_spent",
    "notice.chip_other_person",
    "notice.chip_show_at_counter",
    "service.closed",
    "service.closed_until",
    "service.full",
    "service.unknown",
    "eligibility.unknown",
    "request.invalid",
    "request.idempotency_key_reused",
    *CodeFault,
    *NumberFault,
)
PRINTER_CODES = (
    "printer.paper_out",
    "printer.cover_open",
    "printer.cutter_error",
    "printer.unrecoverable_error",
    "printer.offline",
    "printer.silent",
    "printer.lost",
    "printer.unreachable",
    "printer.port_missing",
    "printer.port_denied",
    "printer.port_busy",
    "printer.font_unreadable",
    "printer.stalled",
    "printer.busy",
    "printer.too_late",
    "printer.no_confirmation",
    "printer.incomplete",
    "printer.kiosk_stopped",
    "printer.failed",
    "printer.unconfirmed",
    "printer.not_configured",
)
STAFF_CODES = (
    *PRINTER_CODES,
    "printer.paper_near_end",
    "ticket.unclaimed",
    "ticket.upload_refused",
    "ticket.paper_of_earlier_day",
    "ticket.paper_of_ended",
    "outbox.unwritable",
    "outbox.moved_aside",
    "help.asked",
    "scanner.port_missing",
    "scanner.port_busy",
    "scanner.port_denied",
    "card_reader.missing",
    "card_reader.lost",
    "card_reader.service_missing",
    "device.driver_failed",
    "device.other",
)
FLAGS = (
    "flag.no_document",
    "flag.child_under_six",
    "flag.without_insurance",
    "flag.number_typed",
    "flag.number_corrected",
    "flag.name_corrected",
    "flag.birth_corrected",
    "flag.chip_forged",
    "flag.chip_other_person",
    "flag.birth_skipped",
    "flag.name_skipped",
    "flag.insurance_unanswered",
    "flag.priority_claimed",
    "flag.age_to_confirm",
    "flag.two_labels",
    "flag.maybe_not_shown",
    "flag.label_twice",
    "flag.second_ticket",
    "flag.number_replaced",
    "flag.earlier_day",
    "flag.wish_differs",
    *IdentityWarning,
)
KEYS = (
    *(text_key(Fault(code=code)) for code in (*NOTICES, *PRINTER_CODES)),
    *(f"staff.{code}" for code in STAFF_CODES),
    *FLAGS,
    *NextStep,
    *Coverage,
    "ticket.without_insurance",
)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", [str(key) for key in KEYS])
def test_the_key_has_a_sentence(key, language):
    assert CATALOGUE.text(key, language, **PARAMS).strip()
