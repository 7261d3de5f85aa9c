"""Nothing of the account or of the person reaches a log, a message or a printed value, with every logger wide open."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable
from datetime import date
from urllib.parse import quote, quote_plus

import pytest
from insurance_helpers import TODAY
from support.waiting import wait_until

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.desk_options import DeskOptions
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_faults import Faults
from kiosk.insurance.emulator_people import EmulatedPerson
from kiosk.insurance.portal import PortalClient

CANARY = EmulatedPerson(
    citizen="001090777888", card="DN4010000777888", name="Chim Hoàng Yến", birth="17/03/1990", sex="Nữ"
)
PASSWORD = "mat-khau-hoang-yen"


def _spellings(secret: str) -> set[str]:
    raw = secret.encode()
    hashed = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    return {
        secret,
        secret.lower(),
        secret[::-1],
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(raw).decode(),
        raw.hex(),
        hashed,
        hashed.upper(),
        secret.encode("utf-16-le").decode("latin-1"),
        ascii(secret)[1:-1],
    }


def _secrets(portal: PortalEmulator) -> set[str]:
    tokens = {part for access, (identity, _) in portal.rules._tokens.items() for part in (access, identity)}
    person = {CANARY.citizen, CANARY.card, CANARY.social_number, CANARY.name, CANARY.birth}
    account = {PASSWORD, portal.account.username, portal.account.officer_number, portal.account.officer_name}
    return set().union(*(_spellings(secret) for secret in person | account | tokens))


FAULTS: dict[str, Callable[[Faults], None]] = {
    "none": lambda faults: None,
    "html": lambda faults: setattr(faults, "status", 502),
    "cut": lambda faults: setattr(faults, "cut_after_bytes", 10),
    "late": lambda faults: setattr(faults, "delay_s", 30),
    "refused": lambda faults: setattr(faults, "refuse_tokens", 9),
    "no json": lambda faults: setattr(faults, "body", CANARY.name.encode()),
    "redirect": lambda faults: setattr(faults, "status", 302),
    "code": lambda faults: setattr(faults, "code", "060"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_log_at_any_level_holds_account_token_or_person(
    portal: PortalEmulator,
    client_of: Callable[..., PortalClient],
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3")
    portal.account.password = PASSWORD
    portal.rules.people = (CANARY,)
    client = client_of()
    question = EligibilityQuestion(card=CANARY.card, name=CANARY.name, birth=CANARY.birth)
    client.look_up(question, 5)
    FAULTS[fault](portal.faults)
    answer = client.look_up(question, 0.5)
    printed = "\n".join(
        (caplog.text, repr(answer), repr(question), repr(portal.client_options(portal.url)), repr(client))
    )
    assert "urllib3.connectionpool" in caplog.text
    assert [secret for secret in _secrets(portal) if secret in printed] == []


def test_the_desk_logs_failures_without_the_person(
    portal: PortalEmulator, client_of: Callable[..., PortalClient], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    portal.account.password = PASSWORD
    portal.faults.status = 502
    verdicts: list[Eligibility] = []
    desk = InsuranceDesk(
        client_of(),
        patient_key=b"key",
        today=lambda: date(2026, 10, 5),
        new_id=lambda: "id",
        on_answer=lambda consulted: verdicts.append(consulted.verdict),
        options=DeskOptions(tries=2, retry_after_s=0.01),
    )
    verdicts.append(desk.ask(EligibilityQuestion(card=CANARY.card, name=CANARY.name, birth=CANARY.birth)).verdict)
    wait_until(lambda: len(verdicts) == 2)
    desk.close()
    assert "insurance.failed portal_err portal.http_502" in caplog.text
    assert [secret for secret in _secrets(portal) if secret in caplog.text + repr(verdicts)] == []


@pytest.mark.allowed_warnings("insurance.worker_failed")
def test_an_unexpected_error_of_a_source_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def look_up(self, question: EligibilityQuestion, deadline_s: float) -> None:
            raise RuntimeError(question.card)

        def close(self) -> None:
            pass

    desk = InsuranceDesk(
        Broken(),  # type: ignore[arg-type]
        patient_key=b"key",
        today=lambda: TODAY,
        new_id=lambda: "id",
        on_answer=lambda verdict: None,
    )
    verdict = desk.ask(EligibilityQuestion(card=CANARY.card, name=CANARY.name, birth=CANARY.birth)).verdict
    desk.close()
    assert verdict.outcome == "bug"
    assert CANARY.card not in caplog.text
