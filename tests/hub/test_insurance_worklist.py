"""The hub with the emulated portal: late answers reach tickets, staff work off what failed, a restart loses nothing."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest
import requests
from support.hub_process import HubProcess
from support.hub_thread import HubThread
from support.insurance_hub import ask, get, person_with, post, settings_file, take_number, worklist
from support.waiting import wait_until

from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.storage.database import FILE_NAME

AN = PEOPLE[0]


@pytest.fixture
def hub_of(portal: PortalEmulator, tmp_path: Path) -> Iterator[Callable[..., HubThread]]:
    made: list[HubThread] = []

    def make(**changes: Any) -> HubThread:
        hub = HubThread(tmp_path / "data", settings_file(tmp_path / "settings", portal, **changes)).start()
        made.append(hub)
        return hub

    yield make
    for hub in made:
        hub.stop()


@pytest.fixture
def hub(hub_of: Callable[..., HubThread]) -> HubThread:
    return hub_of()


def ticket_now(hub: HubThread | HubProcess, ticket: dict[str, Any]) -> dict[str, Any]:
    return get(hub, f"/v1/tickets/{ticket['id']}")


def stored_questions(data: Path) -> int:
    connection = apsw.Connection(str(data / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    count = connection.execute("SELECT count(*) FROM lookup WHERE question IS NOT NULL").get
    connection.close()
    return int(count)


# -- pending and late -------------------------------------------------------------------------------------------------


def test_a_late_answer_reaches_ticket_and_counters(hub: HubThread, portal: PortalEmulator, tmp_path: Path) -> None:
    portal.faults.status = 502
    verdict = ask(hub, AN)
    ticket = take_number(hub, verdict, next_step="next_step.check_at_counter")
    assert (verdict["pending"], verdict["coverage"]) == (True, "coverage.still_checking")
    (item,) = worklist(hub)
    assert (item["ticket"], item["label"], item["state"], item["detail"], item["kiosk"]) == (
        ticket["id"],
        ticket["label"],
        "pending",
        "portal.http_502",
        "K1",
    )
    assert stored_questions(tmp_path / "data") == 1
    portal.faults.status = None
    wait_until(lambda: not worklist(hub))
    assert (ticket_now(hub, ticket)["next_step"], ticket_now(hub, ticket)["coverage"]) == (
        "next_step.wait_for_call",
        "coverage.valid",
    )
    with requests.get(f"{hub.url}/v1/events", headers={"Last-Event-ID": "0"}, stream=True, timeout=10) as stream:
        lines = (line.decode() for line in stream.iter_lines(chunk_size=1))
        answered = next(line for line in lines if "eligibility.answered" in line)
    assert answered
    assert stored_questions(tmp_path / "data") == 0


def test_an_answer_that_comes_before_the_ticket_is_on_the_ticket(hub: HubThread, portal: PortalEmulator) -> None:
    portal.faults.status = 502
    verdict = ask(hub, AN)
    portal.faults.status = None
    wait_until(lambda: get(hub, "/v1/insurance/health")["pending"] == 0)
    assert take_number(hub, verdict, next_step="next_step.check_at_counter")["next_step"] == "next_step.wait_for_call"


def test_a_restart_of_the_hub_goes_on_asking_by_itself(
    hub_of: Callable[..., HubThread], portal: PortalEmulator
) -> None:
    portal.faults.status = 502
    before = hub_of()
    tickets = [take_number(before, ask(before, person)) for person in PEOPLE[:2]]
    before.stop()
    portal.faults.status = None
    after = hub_of()
    wait_until(lambda: not worklist(after))
    assert {ticket_now(after, ticket)["coverage"] for ticket in tickets} == {"coverage.valid"}


def test_a_hub_killed_while_it_asks_loses_nobody(portal: PortalEmulator, tmp_path: Path) -> None:
    settings_file(tmp_path, portal)  # the data folder's own hub.toml
    portal.faults.status = 502
    hub = HubProcess(tmp_path).start()
    try:
        tickets = [take_number(hub, ask(hub, person)) for person in PEOPLE[:2]]
        hub.kill()
        portal.faults.status = None
        hub.start()
        wait_until(lambda: not worklist(hub))
        assert {ticket_now(hub, ticket)["coverage"] for ticket in tickets} == {"coverage.valid"}
    finally:
        hub.stop()


def test_nobody_is_asked_about_twice_a_day_also_after_a_restart(
    hub_of: Callable[..., HubThread], portal: PortalEmulator
) -> None:
    before = hub_of()
    first, again = ask(before, AN), ask(before, AN, kiosk="K2", name=AN.name.upper())
    before.stop()
    after = ask(hub_of(), AN, kiosk="K3")
    assert first == again == after
    assert portal.look_ups == 1


def test_a_portal_known_to_be_down_is_not_waited_for(hub: HubThread, portal: PortalEmulator) -> None:
    portal.faults.delay_s = 30
    for person in PEOPLE[:3]:
        ask(hub, person)
    wait_until(lambda: get(hub, "/v1/insurance/health")["breaker_open"])
    begun = time.monotonic()
    take_number(hub, ask(hub, PEOPLE[4]))
    assert time.monotonic() - begun < 0.8


# -- staff ------------------------------------------------------------------------------------------------------------


def test_a_failed_look_up_shows_what_was_sent_and_the_insurers_note(hub: HubThread) -> None:
    person = person_with("110")
    ticket = take_number(hub, ask(hub, person))
    (item,) = worklist(hub)
    assert (item["state"], item["outcome"], item["code"]) == ("failed", "deny_card", "110")
    detail = get(hub, f"/v1/tickets/{ticket['id']}/insurance")
    assert detail["sent"] == {"card": person.card, "name": person.name, "birth": person.birth}
    assert detail["note"] == "Kết quả 110 của dữ liệu mẫu."
    assert detail["item"] == item | {"age_s": detail["item"]["age_s"]}


def test_staff_correct_a_field_and_ask_again(hub: HubThread, portal: PortalEmulator) -> None:
    person = PEOPLE[0]
    ticket = take_number(hub, ask(hub, person, name="Trần Văn Khác"))
    assert [item["code"] for item in worklist(hub)] == ["060"]
    body = {"card": person.card, "name": person.name, "birth": person.birth, "by": "Lan", "reason": "sai tên"}
    answer = post(hub, f"/v1/tickets/{ticket['id']}/insurance/correct", body)
    assert (answer.status_code, answer.json()["outcome"], answer.json()["pending"]) == (200, "ok", False)
    assert worklist(hub) == []
    assert ticket_now(hub, ticket)["next_step"] == "next_step.wait_for_call"
    assert get(hub, "/v1/insurance/health")["requests"] == {
        "first": 1,
        "new_number": 0,
        "retries": 0,
        "by_staff": 1,
        "repaired": 0,
        "shared": 0,
        "reused": 0,
    }


def test_a_retry_while_the_portal_is_down_stays_pending_and_resolves(hub: HubThread, portal: PortalEmulator) -> None:
    ticket = take_number(hub, ask(hub, person_with("052")))
    portal.faults.status = 503
    answer = post(hub, f"/v1/tickets/{ticket['id']}/insurance/retry")
    assert (answer.status_code, answer.json()["pending"]) == (200, True)
    assert [item["state"] for item in worklist(hub)] == ["pending"]
    portal.faults.status = None
    wait_until(lambda: [item["code"] for item in worklist(hub)] == ["052"])


def test_staff_decide_by_hand_with_name_and_reason_and_the_hub_stops_asking(
    hub: HubThread, portal: PortalEmulator, tmp_path: Path
) -> None:
    portal.faults.status = 502
    ticket = take_number(hub, ask(hub, AN))
    path = f"/v1/tickets/{ticket['id']}/insurance"
    decided = post(hub, f"{path}/decide", {"outcome": "ok", "by": "Lan", "reason": "đã gọi BHXH"})
    assert (decided.status_code, decided.json()["pending"]) == (200, False)
    portal.faults.status = None
    assert worklist(hub) == []
    item = get(hub, path)["item"]
    assert (item["state"], item["decided_by"], item["decided_reason"]) == ("decided", "Lan", "đã gọi BHXH")
    assert ticket_now(hub, ticket)["next_step"] == "next_step.wait_for_call"
    assert stored_questions(tmp_path / "data") == 0
    connection = apsw.Connection(str(tmp_path / "data" / FILE_NAME))
    acts = list(connection.execute("SELECT ticket, action, actor, reason, before, after FROM lookup_act"))
    assert acts == [
        (ticket["id"], "insurance_decide", "Lan", "đã gọi BHXH", "pending portal_err -", "decided ok -"),
    ]
    with pytest.raises(apsw.ConstraintError):
        connection.execute("DELETE FROM lookup_act")
    connection.close()


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/tickets/khong-co/insurance/retry", None, 404, "ticket.unknown"),
        ("/v1/tickets/{no_lookup}/insurance/retry", None, 404, "insurance.lookup_unknown"),
        ("/v1/tickets/{answered}/insurance/retry", None, 409, "insurance.question_gone"),
        ("/v1/tickets/{answered}/insurance/decide", {"outcome": "ok"}, 400, "request.invalid"),
        ("/v1/tickets/{answered}/insurance/decide", {"outcome": "timeout", "by": "L", "reason": "x"}, 400, None),
        ("/v1/tickets/{answered}/insurance/correct", {"card": "1"}, 400, "request.invalid"),
        ("/v1/insurance/downtime", {"minutes": -1}, 400, "request.invalid"),
    ],
)
def test_what_cannot_be_done_is_refused_in_both_languages(
    hub: HubThread, path: str, body: object, status: int, code: str | None
) -> None:
    verdict = ask(hub, AN)
    given = {
        "no_lookup": take_number(hub, verdict, eligibility=None)["id"],
        "answered": take_number(hub, verdict)["id"],
    }
    refused = post(hub, path.format(**given), body)
    assert refused.status_code == status
    assert refused.json()["code"] == (code or "request.invalid")
    assert refused.json()["message"].keys() == {"vi", "en"}


# -- IT ---------------------------------------------------------------------------------------------------------------


def test_a_planned_downtime_is_switched_on_outlasts_a_restart_and_is_switched_off(
    hub_of: Callable[..., HubThread], portal: PortalEmulator
) -> None:
    hub = hub_of()
    assert post(hub, "/v1/insurance/downtime", {"minutes": 60, "by": "CNTT"}).json()["until"]
    begun = time.monotonic()
    ticket = take_number(hub, ask(hub, AN))
    assert time.monotonic() - begun < 0.8
    assert portal.look_ups == 0
    hub.stop()
    after = hub_of()
    assert get(after, "/v1/insurance/health")["state"] == "planned_downtime"
    assert get(after, "/healthz")["insurance"] == "planned_downtime"
    assert post(after, "/v1/insurance/downtime", {"minutes": 0}).json() == {"until": None}
    wait_until(lambda: ticket_now(after, ticket)["coverage"] == "coverage.valid")


@pytest.mark.parametrize(
    ("changes", "state"),
    [({"officer_number": "001185000000"}, "officer_unknown"), ({"password": "sai"}, "refused")],
)
def test_a_wrong_account_is_one_problem_with_its_cure(
    hub_of: Callable[..., HubThread], portal: PortalEmulator, changes: dict[str, str], state: str
) -> None:
    hub = hub_of()
    for name, value in changes.items():
        setattr(portal.account, name, value)
    verdict = ask(hub, AN)
    assert (verdict["coverage"], verdict["pending"]) == ("coverage.checked_at_counter", True)
    health = get(hub, "/v1/insurance/health")
    assert (health["state"], health["fine"]) == (state, False)
    assert health["sentence"].keys() == health["cure"].keys() == {"vi", "en"}


def test_without_a_portal_everybody_gets_a_number_and_nothing_piles_up(tmp_path: Path) -> None:
    hub = HubThread(tmp_path / "data").start()
    try:
        assert get(hub, "/healthz")["insurance"] == "not_configured"
        ticket = take_number(hub, ask(hub, AN))
        health = get(hub, "/v1/insurance/health")
        assert (ticket["next_step"], ticket["coverage"]) == (
            "next_step.check_at_counter",
            "coverage.checked_at_counter",
        )
        assert (health["state"], worklist(hub)) == ("not_configured", [])
        assert stored_questions(tmp_path / "data") == 0
    finally:
        hub.stop()


# -- reports ----------------------------------------------------------------------------------------------------------


def test_the_report_counts_by_outcome_code_and_kiosk_and_compares_the_hit_rate(hub: HubThread) -> None:
    for person in (PEOPLE[0], PEOPLE[1], person_with("110")):
        ask(hub, person)
    ask(hub, PEOPLE[0], kiosk="K2")
    report = get(hub, "/v1/reports/insurance")
    assert (report["lookups"], report["hits"], report["hit_percent"], report["province_hit_percent"]) == (
        3,
        2,
        66.7,
        76.7,
    )
    cells = {(cell["kiosk"], cell["kind"], cell["outcome"], cell["code"]): cell["lookups"] for cell in report["counts"]}
    assert cells == {
        ("K1", "first", "ok", "000"): 2,
        ("K1", "first", "deny_card", "110"): 1,
        ("K2", "reused", "ok", "000"): 1,
    }


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_is_well_formed_has_a_plot_and_nothing_from_elsewhere(hub: HubThread, lang: str) -> None:
    for person in (PEOPLE[0], person_with("110")):
        ask(hub, person, kiosk="<K&1>")
    answer = requests.get(f"{hub.url}/reports/insurance", params={"lang": lang}, timeout=10)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = ET.fromstring(answer.text.removeprefix("<!DOCTYPE html>"))
    assert page.get("lang") == lang
    assert len(list(page.iter("rect"))) == 2
    assert "<K&1>" in "".join(page.itertext())
    assert not [element for element in page.iter() if element.get("src") or element.get("href")]


def test_a_page_of_a_day_without_look_ups_says_so(hub: HubThread) -> None:
    answer = requests.get(f"{hub.url}/reports/insurance", params={"day": "2026-01-05"}, timeout=10)
    assert "05/01/2026" in answer.text
    assert "<svg" not in answer.text
