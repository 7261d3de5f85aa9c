"""The client on a network at its worst: deadlines, cut connections, TLS."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from insurance_helpers import AN, Clock
from support.waiting import wait_until

from kiosk.domain.eligibility import OutcomeClass
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.http import MAX_BODY_BYTES
from kiosk.insurance.portal import PortalClient

MakeClient = Callable[..., PortalClient]

"""Self-signed, for 127.0.0.1, with its key beside it: worth nothing outside these tests."""


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
    assert (answer.failure, answer.detail) == (OutcomeClass.PORTAL_ERR, "portal.no_connection")


@pytest.mark.parametrize("base_url", ["https://127.0.0.1:1", "http://[", "https://exa mple", "ftp://x", ""])
def test_an_address_that_cannot_work_is_a_declared_failure(portal: PortalEmulator, base_url: str) -> None:
    source = PortalClient(portal.client_options(base_url, connect_timeout_s=1.0))
    assert source.look_up(AN, 3).failure in (OutcomeClass.CONFIG, OutcomeClass.PORTAL_ERR, OutcomeClass.TIMEOUT)
    source.close()


def test_tls_that_is_none_is_told_apart(portal: PortalEmulator) -> None:
    source = PortalClient(portal.client_options(portal.url.replace("http://", "https://")))
    assert source.look_up(AN, 3).detail == "portal.tls"
    source.close()


def test_over_tls_answers_come_and_the_deadline_holds_too(
    tls_portal: PortalEmulator, clock: Clock, certificate: Path
) -> None:
    source = PortalClient(tls_portal.client_options(tls_portal.url, ca_file=str(certificate)), now=clock)
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
