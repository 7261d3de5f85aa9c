"""The client against the emulated portal: log-in, formats, accounts, people."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from insurance_helpers import AN, NOON, Clock, about
from support.insurance_hub import person_with

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.http import HttpReply, PortalFailure
from kiosk.insurance.options import BodyEncoding, Md5Case
from kiosk.insurance.port import NoPortal
from kiosk.insurance.portal import PortalClient
from kiosk.insurance.token import read_expiry, read_token

MakeClient = Callable[..., PortalClient]

# -- log-in and token life --------------------------------------------------------------------------------------------


def test_a_look_up_brings_the_cards_fields(client: PortalClient) -> None:
    answer = client.look_up(AN, 5)
    assert answer.failure is None
    assert answer.fields is not None
    assert (answer.fields.code, answer.fields.name, answer.fields.facility) == ("000", "Nguyễn Văn An", "01043")
    assert json.loads(answer.raw)["maKetQua"] == "000"


@pytest.mark.parametrize("md5_case", Md5Case)
def test_both_letter_cases_of_the_password_hash_are_settings(
    portal: PortalEmulator, client_of: MakeClient, md5_case: Md5Case
) -> None:
    portal.account.md5_case = Md5Case.LOWER
    answer = client_of(md5_case=md5_case).look_up(AN, 5)
    assert answer.failure is (None if md5_case is Md5Case.LOWER else OutcomeClass.AUTH)


@pytest.mark.parametrize("token_body", BodyEncoding)
@pytest.mark.parametrize("lookup_body", BodyEncoding)
def test_form_and_json_bodies_both_work(
    client_of: MakeClient, token_body: BodyEncoding, lookup_body: BodyEncoding
) -> None:
    assert client_of(token_body=token_body, lookup_body=lookup_body).look_up(AN, 5).failure is None


def test_a_portal_that_takes_no_json_is_a_mistake_of_ours(portal: PortalEmulator, client_of: MakeClient) -> None:
    portal.account.lookup_takes_json = False
    answer = client_of(lookup_body=BodyEncoding.JSON).look_up(AN, 5)
    assert (answer.failure, answer.detail) == (OutcomeClass.BUG, "portal.http_415")


@pytest.mark.parametrize("changes", [{"numeric_codes": True}, {"token_at_root": True}])
def test_numbers_for_codes_and_a_token_at_the_root_are_understood(
    portal: PortalEmulator, client: PortalClient, changes: dict[str, bool]
) -> None:
    for name, value in changes.items():
        setattr(portal.account, name, value)
    answer = client.look_up(AN, 5)
    assert answer.fields is not None
    assert answer.fields.code == "000"


def test_one_token_serves_until_a_minute_before_its_end(
    portal: PortalEmulator, client: PortalClient, clock: Clock
) -> None:
    client.look_up(AN, 5)
    clock.advance(539)
    client.look_up(AN, 5)
    assert portal.token_requests == 1
    clock.advance(2)
    assert client.look_up(AN, 5).failure is None
    assert portal.token_requests == 2


def test_twenty_callers_at_once_take_one_token(portal: PortalEmulator, client: PortalClient) -> None:
    portal.faults.delay_s = 0.05
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.look_up(AN, 10), range(20)))
    assert [answer.failure for answer in answers] == [None] * 20
    assert portal.token_requests == 1


def test_twenty_callers_with_a_wrong_password_try_the_account_once(
    portal: PortalEmulator, client_of: MakeClient
) -> None:
    portal.faults.delay_s = 0.5
    client = client_of(password="wrong")
    start = threading.Barrier(20)

    def ask(_: int) -> OutcomeClass | None:
        start.wait()
        return client.look_up(AN, 10).failure

    with ThreadPoolExecutor(20) as pool:
        failures = set(pool.map(ask, range(20)))
    assert failures == {OutcomeClass.AUTH}
    assert portal.token_requests == 1


def test_a_refused_token_is_taken_anew_once(portal: PortalEmulator, client: PortalClient) -> None:
    portal.faults.refuse_tokens = 1
    assert client.look_up(AN, 5).failure is None
    assert (portal.token_requests, portal.look_ups) == (2, 2)


def test_a_token_that_ended_inside_the_answer_is_taken_anew_too(portal: PortalEmulator, client: PortalClient) -> None:
    client.look_up(AN, 5)
    portal.rules.expire_tokens()  # the portal answers HTTP 200 with maKetQua 401
    assert client.look_up(AN, 5).failure is None
    assert portal.token_requests == 2


def test_a_portal_that_refuses_every_token_is_asked_twice_and_no_more(
    portal: PortalEmulator, client: PortalClient
) -> None:
    portal.faults.refuse_tokens = 100
    answer = client.look_up(AN, 5)
    assert (answer.failure, answer.detail) == (OutcomeClass.AUTH, "portal.http_401")
    assert (portal.token_requests, portal.look_ups) == (2, 2)


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("2026-10-05T05:10:00.5454145Z", NOON + timedelta(seconds=600.545414)),
        ("2026-10-05T05:10:00", NOON + timedelta(minutes=10)),
        ("2026-10-05T12:10:00+07:00", NOON + timedelta(minutes=10)),
        (None, NOON + timedelta(minutes=10)),
        ("600", NOON + timedelta(minutes=10)),
        ("soon", NOON + timedelta(minutes=10)),
        ("2026-10-05T04:00:00Z", NOON + timedelta(minutes=10)),  # a clock is wrong
        ("2036-10-05T04:00:00Z", NOON + timedelta(minutes=10)),
    ],
)
def test_the_expiry_is_a_utc_time_stamp_and_an_absurd_one_counts_as_ten_minutes(
    written: str | None, end: datetime
) -> None:
    assert read_expiry(written, NOON) == end
    assert read_expiry(written, NOON).tzinfo is UTC


@pytest.mark.parametrize(
    "body",
    [
        b'{"maKetQua":"401","APIKey":null}',
        b'{"maKetQua":200,"APIKey":{}}',
        b'{"maKetQua":"200"}',
        b'{"maKetQua":"200","APIKey":[1]}',
        b"{}",
        b"[]",
        b"",
        b"<html>",
        b'{"maKetQua":"200","APIKey":{"access_token":{}}}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_a_log_in_reply_without_a_token_is_a_declared_failure(body: bytes) -> None:
    with pytest.raises(PortalFailure):
        read_token(HttpReply(status=200, body=body), NOON)


@pytest.mark.parametrize(("ahead_s", "tokens"), [(-86_400, 1), (-3600, 1), (-300, 2), (300, 1), (3600, 1), (86_400, 1)])
def test_a_portal_whose_clock_is_wrong_still_answers(
    portal: PortalEmulator, client: PortalClient, clock: Clock, ahead_s: float, tokens: int
) -> None:
    """Its tokens seem to end in the past, too soon or too late; one that ended is found out by a 401."""
    portal.account.clock_ahead_s = ahead_s
    assert client.look_up(AN, 5).failure is None
    clock.advance(500)
    assert client.look_up(AN, 5).failure is None
    assert portal.token_requests == tokens
    clock.advance(200)
    assert client.look_up(AN, 5).failure is None
    assert client.look_up(AN, 5).failure is None


def test_a_token_that_ends_while_the_question_travels_is_taken_anew(
    portal: PortalEmulator, client: PortalClient
) -> None:
    portal.faults.expire_in_flight = 1
    assert client.look_up(AN, 5).failure is None
    assert portal.token_requests == 2


# -- accounts and settings --------------------------------------------------------------------------------------------


def test_the_account_check_needs_no_person(client: PortalClient) -> None:
    answer = client.check_account(5)
    assert answer.fields is not None
    assert answer.fields.code == "050"


def test_an_unknown_address_is_refused(portal: PortalEmulator, client: PortalClient) -> None:
    portal.faults.refuse_ip = True
    answer = client.look_up(AN, 5)
    assert (answer.failure, answer.detail) == (OutcomeClass.AUTH, "portal.token_401")


def test_an_account_without_the_look_up_right_is_refused(portal: PortalEmulator, client: PortalClient) -> None:
    portal.account.may_look_up = False
    answer = client.look_up(AN, 5)
    assert (answer.failure, answer.detail) == (OutcomeClass.AUTH, "portal.http_403")
    assert portal.token_requests == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"officer_number": "001185000000"}, "054"), ({"officer_name": "Trần Văn Khác"}, "055")],
)
def test_a_wrong_officer_has_its_code(client_of: MakeClient, changes: dict[str, str], code: str) -> None:
    assert client_of(**changes).look_up(AN, 5).code == code


def test_wrong_settings_never_reach_the_network(portal: PortalEmulator, client_of: MakeClient) -> None:
    answer = client_of(username="001090123456").look_up(AN, 5)
    assert (answer.failure, answer.detail) == (OutcomeClass.CONFIG, "portal.settings_wrong")
    assert portal.token_requests == 0


def test_without_a_portal_the_answer_is_a_matter_of_configuration() -> None:
    source = NoPortal()
    assert source.look_up(AN, 5).failure is OutcomeClass.CONFIG
    source.close()


# -- the emulated people ----------------------------------------------------------------------------------------------


def test_people_are_found_by_every_number_they_have(client: PortalClient) -> None:
    person = PEOPLE[0]
    for number in (person.card, person.citizen, person.social_number):
        answer = client.look_up(about(person, card=number), 5)
        assert answer.code == "000"


@pytest.mark.parametrize(
    ("name", "code"), [("NGUYEN VAN AN", "000"), ("Nguyễn Văn Bình", "061"), ("Trần Văn An", "060")]
)
def test_the_portal_compares_names_folded(client: PortalClient, name: str, code: str) -> None:
    question = EligibilityQuestion(card=AN.card, name=name, birth=AN.birth)
    assert client.look_up(question, 5).code == code


@pytest.mark.parametrize(
    ("birth", "code"), [("1990", "000"), ("02/01/1990", "070"), ("1990-01-01", "205"), ("", "205")]
)
def test_the_portal_compares_birth_dates_and_refuses_other_formats(client: PortalClient, birth: str, code: str) -> None:
    assert client.look_up(EligibilityQuestion(card=AN.card, name=AN.name, birth=birth), 5).code == code


def test_some_made_up_person_shows_every_result_code() -> None:
    shown = {person.code for person in PEOPLE} | {"060", "061", "070", "050", "401", "501"}
    assert shown >= {"000", "003.1", "130", "205", "500"} | {f"{code:03d}" for code in (*range(51, 56), 80, 90)}
    numbers = [number for person in PEOPLE for number in (person.citizen, person.card)]
    assert len(set(numbers)) == len(numbers)
    assert person_with("003").new_card
