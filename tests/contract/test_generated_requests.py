"""Requests generated from the hub's own contract: valid and invalid ones, each answered as the contract says."""

from __future__ import annotations

import uuid

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from support.hub_contract import contract
from support.hub_process import HubProcess

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ENDLESS = "/v1/events"
AFTER_A_CALL = ("/recall", "/serve", "/no-show", "/finish")

SETTINGS = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
    "database": None,
    "derandomize": True,
}


schema = schemathesis.openapi.from_dict(contract()).exclude(path=ENDLESS)


def aimed(case: schemathesis.Case, hub: HubProcess) -> schemathesis.Case:
    """A generated valid request aimed at things that exist, so that it gets further than `unknown`."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return case
    if "ticket_id" in case.path_parameters:
        case.path_parameters["ticket_id"] = a_ticket(hub, called=case.path.endswith(AFTER_A_CALL))
    if "counter_id" in case.path_parameters:
        case.path_parameters["counter_id"] = "1"
    if isinstance(case.body, dict) and "service" in case.body:
        case.body["service"] = "nhi"
        case.body.pop("eligibility", None)
    if isinstance(case.body, dict) and "counter" in case.body:
        case.body["counter"] = "2"
    return case


def a_ticket(hub: HubProcess, *, called: bool) -> str:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answer = requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi"}, headers=headers, timeout=5)
    ticket_id = str(answer.json()["id"])
    if called:
        requests.post(f"{hub.url}/v1/tickets/{ticket_id}/call", json={"counter": "1"}, timeout=5)
    return ticket_id


def test_what_the_hub_serves_is_the_contract_tested_here(contract_hub: HubProcess) -> None:
    served = requests.get(f"{contract_hub.url}/openapi.json", timeout=5).json()
    assert {**served, "info": None} == {**contract(), "info": None}


@schema.parametrize()
@settings(max_examples=10, **SETTINGS)
def test_every_answer_keeps_the_contract(case: schemathesis.Case, contract_hub: HubProcess) -> None:
    case.call_and_validate(base_url=contract_hub.url, checks=CHECKS)


@schema.parametrize()
@settings(max_examples=10, **SETTINGS)
def test_every_answer_about_things_that_exist_keeps_the_contract(
    case: schemathesis.Case, contract_hub: HubProcess
) -> None:
    aimed(case, contract_hub).call_and_validate(base_url=contract_hub.url, checks=CHECKS)


@pytest.mark.long
@pytest.mark.timeout(1800)
@schema.parametrize()
@settings(max_examples=500, **{**SETTINGS, "derandomize": False})
def test_thousands_of_answers_keep_the_contract(case: schemathesis.Case, contract_hub: HubProcess) -> None:
    aimed(case, contract_hub).call_and_validate(base_url=contract_hub.url, checks=CHECKS)
