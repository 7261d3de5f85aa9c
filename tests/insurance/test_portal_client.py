"""The client against the emulated portal: log-in, formats, failures, deadlines."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from insurance_helpers import AN, NOON, TODAY, Clock, about, person_with, wait_until

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import judge
from kiosk.insurance.answer import read_answer
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.http import MAX_BODY_BYTES, HttpReply, PortalFailure
from kiosk.insurance.options import BodyEncoding, Md5Case, PortalOptions
from kiosk.insurance.port import NoPortal
from kiosk.insurance.portal import PortalClient
from kiosk.insurance.token import read_expiry, read_token

MakeClient = Callable[..., PortalClient]

LOOPBACK_CERTIFICATE = Path(__file__).with_name("loopback-test-only.pem")
"""Self-signed, for 127.0.0.1, with its key beside it: worth nothing outside these tests."""


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


# -- a network at its worst -------------------------------------------------------------------------------------------


def elapsed(look_up: Callable[[], object]) -> float:
    begun = time.monotonic()
    look_up()
    return time.monotonic() - begun


@pytest.mark.parametrize("fault", ["drip", "drip_headers"])
def test_a_dripping_answer_ends_at_the_total_deadline(portal: PortalEmulator, client: PortalClient, fault: str) -> None:
    client.look_up(AN, 5)
    setattr(portal.faults, fault, True)
    answers = []
    assert elapsed(lambda: answers.append(client.look_up(AN, 0.6))) < 1.5
    assert answers[0].failure is OutcomeClass.TIMEOUT


def test_silence_ends_at_the_total_deadline(portal: PortalEmulator, client: PortalClient) -> None:
    portal.faults.delay_s = 30
    answers = []
    assert elapsed(lambda: answers.append(client.look_up(AN, 0.5))) < 1.5
    assert answers[0].failure is OutcomeClass.TIMEOUT


def test_silence_ends_at_the_read_time_out_when_that_is_shorter(portal: PortalEmulator, client_of: MakeClient) -> None:
    portal.faults.delay_s = 30
    assert elapsed(lambda: client_of(read_timeout_s=0.3).look_up(AN, 20)) < 1.5


def test_closing_ends_a_running_look_up(portal: PortalEmulator, client: PortalClient) -> None:
    portal.faults.delay_s = 30
    answers = []
    asking = threading.Thread(target=lambda: answers.append(client.look_up(AN, 20)))
    asking.start()
    wait_until(lambda: portal.token_requests == 1)
    client.close()
    asking.join(2)
    assert not asking.is_alive()
    assert answers[0].failure is OutcomeClass.TIMEOUT


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (302, OutcomeClass.CONFIG),
        (400, OutcomeClass.BUG),
        (404, OutcomeClass.CONFIG),
        (429, OutcomeClass.PORTAL_ERR),
        (500, OutcomeClass.PORTAL_ERR),
        (502, OutcomeClass.PORTAL_ERR),
        (503, OutcomeClass.PORTAL_ERR),
    ],
)
def test_an_http_error_page_is_a_failure_of_its_own_layer(
    portal: PortalEmulator, client: PortalClient, status: int, failure: OutcomeClass
) -> None:
    client.look_up(AN, 5)
    portal.faults.status = status
    answer = client.look_up(AN, 5)
    assert (answer.failure, answer.detail) == (failure, f"portal.http_{status}")


@pytest.mark.parametrize("kept", [0, 1, 100])
def test_a_connection_cut_in_mid_body_is_a_portal_error(
    portal: PortalEmulator, client: PortalClient, kept: int
) -> None:
    client.look_up(AN, 5)
    portal.faults.cut_after_bytes = kept
    assert client.look_up(AN, 5).failure is OutcomeClass.PORTAL_ERR
    portal.faults.cut_after_bytes = None
    assert client.look_up(AN, 5).failure is None


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"<html><body>Bao tri</body></html>", "portal.not_json"),
        (b'{"maKetQua":"000","hoTen":"Nguy', "portal.not_json"),
        (b"", "portal.not_json"),
        (b"[" * 50_000, "portal.not_json"),
        (b'["000"]', "portal.not_an_object"),
        (b"null", "portal.not_an_object"),
        (b"{}", "portal.no_result_code"),
        (b'{"maKetQua":null}', "portal.no_result_code"),
        (b'{"maKetQua":{"a":1}}', "portal.no_result_code"),
        (b"x" * (MAX_BODY_BYTES + 1), "portal.answer_too_large"),
        (b"x" * (10 * MAX_BODY_BYTES), "portal.answer_too_large"),
    ],
)
def test_a_malformed_answer_is_a_portal_error(
    portal: PortalEmulator, client: PortalClient, body: bytes, detail: str
) -> None:
    portal.faults.body = body
    answer = client.look_up(AN, 10)
    assert (answer.failure, answer.detail) == (OutcomeClass.PORTAL_ERR, detail)


def test_a_wrong_content_type_does_not_matter_to_good_json(portal: PortalEmulator, client: PortalClient) -> None:
    portal.faults.content_type = "text/html; charset=windows-1258"
    answer = client.look_up(AN, 5)
    assert answer.fields is not None
    assert answer.fields.name == "Nguyễn Văn An"


def test_nobody_listening_is_a_portal_error(portal: PortalEmulator, client: PortalClient) -> None:
    portal.stop()
    answer = client.look_up(AN, 5)
    assert (answer.failure, answer.detail) == (OutcomeClass.PORTAL_ERR, "portal.connection_lost")


@pytest.mark.parametrize("base_url", ["https://127.0.0.1:1", "http://[", "https://exa mple", "ftp://x", ""])
def test_an_address_that_cannot_work_is_a_declared_failure(portal: PortalEmulator, base_url: str) -> None:
    source = PortalClient(portal.client_options(base_url, connect_timeout_s=1.0))
    assert source.look_up(AN, 3).failure in (OutcomeClass.CONFIG, OutcomeClass.PORTAL_ERR, OutcomeClass.TIMEOUT)
    source.close()


def test_tls_that_is_none_is_told_apart(portal: PortalEmulator) -> None:
    source = PortalClient(portal.client_options(portal.url.replace("http://", "https://")))
    assert source.look_up(AN, 3).detail == "portal.tls"
    source.close()


@pytest.fixture
def tls_portal(clock: Clock) -> Iterator[PortalEmulator]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK_CERTIFICATE)
    emulator = PortalEmulator(now=clock, tls=context)
    emulator.start()
    yield emulator
    emulator.stop()


def test_over_tls_answers_come_and_the_deadline_holds_too(tls_portal: PortalEmulator, clock: Clock) -> None:
    source = PortalClient(tls_portal.client_options(tls_portal.url, ca_file=str(LOOPBACK_CERTIFICATE)), now=clock)
    tls_portal.faults.delay_s = 0.4  # longer than one slice of waiting: a receive that timed out goes on
    assert source.look_up(AN, 5).failure is None
    tls_portal.faults.delay_s, tls_portal.faults.drip = 0, True
    assert elapsed(lambda: source.look_up(AN, 0.6)) < 1.5
    source.close()


def test_a_certificate_nobody_vouches_for_is_refused(tls_portal: PortalEmulator) -> None:
    source = PortalClient(tls_portal.client_options(tls_portal.url))
    answer = source.look_up(AN, 5)
    assert (answer.failure, answer.detail) == (OutcomeClass.CONFIG, "portal.tls")
    assert tls_portal.token_requests == 0
    source.close()


# -- answers of every shape -------------------------------------------------------------------------------------------

_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["000", "01/01/2025", "31/12/2026", "20260101", "Nguyễn Văn An", AN.card, "-"]),
    ),
    lambda children: st.one_of(
        st.lists(children, max_size=3), st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=6,
)
_MAIN_NAMES = ["maKetQua", "ghiChu", "maThe", "hoTen", "ngaySinh", "maDKBD", "gtTheTu", "gtTheDen", "maSoBHXH"]
_NAMES = st.sampled_from([*_MAIN_NAMES, "maTheMoi", "gtTheTuMoi", "gtTheDenMoi", "x"])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_NAMES, _VALUES))
def test_no_answer_raises_anything_undeclared_and_ok_needs_proof(fields: dict[str, object]) -> None:
    reply = HttpReply(status=200, body=json.dumps(fields).encode())
    try:
        answer = read_answer(reply)
    except PortalFailure:
        return
    judgement = judge(answer, AN, today=TODAY, accepted_facilities=("01043",))
    if judgement.outcome is OutcomeClass.OK:
        assert answer.code in ("000", "004")
        assert judgement.valid_from is not None
        assert judgement.valid_from <= TODAY
        assert answer.name is not None


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_undeclared(body: bytes) -> None:
    with contextlib.suppress(PortalFailure):
        read_answer(HttpReply(status=200, body=body))


@pytest.mark.parametrize(
    ("written", "code"), [("0", "000"), (0, "000"), (60, "060"), (3.1, "003.1"), ("003.1", "003.1"), (" 10 ", "010")]
)
def test_result_codes_come_as_text_or_number(written: object, code: str) -> None:
    assert read_answer(HttpReply(status=200, body=json.dumps({"maKetQua": written}).encode())).code == code


@pytest.mark.parametrize("written", ["31/02/2026", "2026", "hôm nay", {"a": 1}, True, "00000000"])
def test_a_date_that_is_none_makes_the_answer_doubtful(written: object) -> None:
    body = json.dumps({"maKetQua": "000", "gtTheDen": written}).encode()
    answer = read_answer(HttpReply(status=200, body=body))
    assert answer.valid_to is None
    assert not answer.dates_readable


def test_options_default_to_the_production_portal_over_tls() -> None:
    assert PortalOptions().base_url.startswith("https://")
