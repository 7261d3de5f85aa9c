"""A kiosk, the real hub and the emulated portal: a wrong field is corrected once, and nobody waits for the portal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keeping_hub import OPTIONS
from live_kiosk import LiveKiosk
from support.hub_thread import HubThread
from support.insurance_hub import get, settings_file, worklist
from support.waiting import wait_until

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass, RepairField
from kiosk.domain.identity.dates import parse_birth
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Step, Visit
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson
from kiosk.station.hub_client import HubClient

BUDGET_S = 2.0
"""The hub's budget for a kiosk under test; 8 s in a hospital."""
AT_ONCE_S = 1.2
"""Well below the budget: the portal was not waited for."""
AN = PEOPLE[0]
MISNAMED = next(person for person in PEOPLE if person.registered_name == "Đoàn Thị Én")
BORN_OTHERWISE = next(person for person in PEOPLE if person.registered_birth)
UNKNOWN_NUMBER = next(person for person in PEOPLE if not person.known)


class InsuredKiosk(LiveKiosk):
    """As far as the portal's answers lead."""

    def answered(self) -> Visit:
        return self.until(lambda visit: visit.eligibility is not None)

    def to_repair(self, person: EmulatedPerson) -> RepairField | None:
        """As far as the field the portal does not know."""
        self.present(person.citizen_code())
        self.answered()
        self.station.post(ev.Confirmed())
        return self.until(lambda visit: visit.step is Step.REPAIR).repair

    def to_ticket(self) -> Visit:
        """Whatever is left: a service, and the number."""
        self.station.post(ev.ServiceChosen(service=self.to_services()))
        return self.until(lambda visit: visit.step is Step.TICKET)


@pytest.fixture
def hub(portal: PortalEmulator, tmp_path: Path) -> Iterator[HubThread]:
    waits = {"kiosk_deadline_s": BUDGET_S, "hub_deadline_s": 2 * BUDGET_S, "read_timeout_s": 1.5 * BUDGET_S}
    thread = HubThread(tmp_path / "data", settings_file(tmp_path / "settings", portal, **waits)).start()
    yield thread
    thread.stop()


@pytest.fixture
def client(hub: HubThread) -> Iterator[HubClient]:
    with closing(HubClient(hub.url)) as made:
        yield made


@pytest.fixture
def kiosk(client: HubClient) -> Iterator[InsuredKiosk]:
    options = replace(OPTIONS, eligibility_wait_s=3 * BUDGET_S)
    with closing(InsuredKiosk(client, options, datetime.now(UTC).date())) as built:
        yield built


def requests_sent(hub: HubThread) -> dict[str, int]:
    counted: dict[str, int] = get(hub, "/v1/insurance/health")["requests"]
    return counted


@pytest.mark.parametrize(
    ("person", "field", "correction"),
    [
        (MISNAMED, RepairField.NAME, ev.NameTyped(name="ĐOÀN THỊ ÉN")),
        (BORN_OTHERWISE, RepairField.BIRTH, ev.BirthTyped(birth=parse_birth("1999"))),
    ],
    ids=["name", "birth"],
)
def test_a_corrected_field_is_asked_once_and_the_card_is_valid(
    hub: HubThread,
    kiosk: InsuredKiosk,
    client: HubClient,
    person: EmulatedPerson,
    field: RepairField,
    correction: ev.Event,
) -> None:
    assert kiosk.to_repair(person) is field
    kiosk.station.post(correction)
    kiosk.until(lambda visit: visit.eligibility is not None and visit.eligibility.outcome is OutcomeClass.OK)
    visit = kiosk.to_ticket()
    assert visit.slip is not None
    assert visit.slip.coverage == "coverage.valid"
    [ticket] = client.tickets()
    assert (ticket.coverage, ticket.flags) == ("coverage.valid", (f"flag.{field.value}_corrected",))
    sent = requests_sent(hub)
    assert (sent["first"], sent["repaired"], sent["retries"]) == (1, 1, 0)
    assert worklist(hub) == [], "what was mended is nobody's work"


def test_an_unknown_number_is_mended_with_the_number_of_the_other_card(
    hub: HubThread, kiosk: InsuredKiosk, client: HubClient
) -> None:
    assert kiosk.to_repair(UNKNOWN_NUMBER) is RepairField.NUMBER
    kiosk.station.post(ev.NumberTyped(number=AN.social_number))
    second = kiosk.until(lambda visit: visit.eligibility is not None).eligibility
    assert second is not None
    assert second.outcome is OutcomeClass.FIX_INPUT, "the number is An's, the name is not"
    kiosk.to_ticket()
    assert client.tickets()[0].flags == ("flag.number_corrected",)


def test_wrong_twice_ends_at_the_counter_with_a_number_and_on_the_worklist(
    hub: HubThread, kiosk: InsuredKiosk, client: HubClient
) -> None:
    kiosk.to_repair(MISNAMED)
    kiosk.station.post(ev.NameTyped(name="TRẦN THỊ ÉN"))
    kiosk.answered()
    visit = kiosk.to_ticket()
    assert visit.slip is not None
    assert visit.slip.next_step == "next_step.correct_details_at_counter"
    [item] = client.insurance_work()
    assert (item.label, item.code, item.repair) == (visit.slip.label, "060", "name")
    assert requests_sent(hub)["repaired"] == 1


def test_a_silent_portal_keeps_nobody_and_its_late_answer_reaches_the_counter(
    portal: PortalEmulator, kiosk: InsuredKiosk, client: HubClient
) -> None:
    portal.faults.delay_s = 60.0
    begun_s = time.monotonic()
    kiosk.present(AN.citizen_code())
    visit = kiosk.to_ticket()
    assert time.monotonic() - begun_s <= 12.0 / 8.0 * BUDGET_S
    assert visit.slip is not None
    assert (visit.slip.coverage, visit.slip.next_step) == ("coverage.still_checking", "next_step.check_at_counter")
    assert [item.state for item in client.insurance_work()] == ["pending"]
    portal.faults.delay_s = 0.0
    wait_until(lambda: client.tickets()[0].coverage == "coverage.valid")
    assert client.insurance_work() == ()
    assert client.ticket(client.tickets()[0].id).next_step == "next_step.wait_for_call"


def test_where_the_portal_is_known_to_be_down_the_number_comes_at_once(
    portal: PortalEmulator, hub: HubThread, kiosk: InsuredKiosk, client: HubClient
) -> None:
    portal.faults.status = 502
    for person in PEOPLE[1:6]:
        question = EligibilityQuestion(card=person.card, name=person.name, birth=person.birth)
        client.eligibility(question, budget_s=5.0)
    assert get(hub, "/v1/insurance/health")["breaker_open"]
    begun_s = time.monotonic()
    kiosk.present(AN.citizen_code())
    kiosk.to_ticket()
    assert time.monotonic() - begun_s <= AT_ONCE_S
