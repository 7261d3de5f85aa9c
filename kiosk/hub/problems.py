"""One place maps everything that can go wrong to problem details (RFC 9457) with a stable code."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from kiosk.domain.faults import Fault, Refusal
from kiosk.domain.localized import Language, LocalizedText, Texts
from kiosk.hub.contract import PROBLEM_JSON
from kiosk.hub.wire import Problem
from kiosk.storage.faults import StorageFault

log = logging.getLogger("tiepdon.hub")

STATUS_OF_CODE: dict[str, int] = {
    "alert.unknown": 404,
    "counter.missing": 400,
    "counter.unknown": 404,
    "eligibility.unknown": 404,
    "hub.internal_error": 500,
    "insurance.lookup_unknown": 404,
    "insurance.not_a_decision": 400,
    "insurance.question_gone": 409,
    "request.idempotency_key_invalid": 400,
    "request.idempotency_key_missing": 400,
    "request.idempotency_key_reused": 409,
    "request.invalid": 400,
    "request.method_not_allowed": 405,
    "request.origin_refused": 403,
    "request.too_large": 413,
    "request.refused": 400,
    "route.unknown": 404,
    "service.closed": 409,
    "service.closed_until": 409,
    "service.full": 409,
    "service.unknown": 404,
    "storage.damaged": 503,
    "storage.unavailable": 503,
    "ticket.cancelled_before": 409,
    "ticket.transition_illegal": 409,
    "ticket.unknown": 404,
}
"""Every code the hub can answer with; the catalogue has `problem.<code>` for each."""

WITH_NEXT_STEP = frozenset({"service.closed", "service.closed_until", "service.full", "storage.unavailable"})
"""Codes that reach a patient: the catalogue has `problem_next.<code>` for each."""

SPOKEN = frozenset({"state", "action"})
"""Parameters with words in the catalogue: `counter.state.<state>` and `counter.action.<action>`, as staff know them."""

RETRY_AFTER_S = 5
"""When to come again while the disk refuses (RFC 9110, 10.2.3)."""

_MISSING_FIELD = re.compile(r"missing required field `([a-z_]+)`")
"""How msgspec says that a field is not there; it names the field only."""

_CODE_OF_STATUS = {404: "route.unknown", 405: "request.method_not_allowed", 413: "request.too_large"}


class ProblemWriter:
    """Turns faults into answers, with sentences from the catalogue."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def handlers(self) -> ExceptionHandlersMap:
        return {
            Refusal: self._refusal,
            StorageFault: self._storage,
            HTTPException: self._http,
            UnicodeDecodeError: self._not_text,
            Exception: self._bug,
        }

    def _refusal(self, request: Request[Any, Any, Any], refusal: Refusal) -> Response[Problem]:
        return self._answer(request, refusal.fault, STATUS_OF_CODE[refusal.fault.code])

    def _storage(self, request: Request[Any, Any, Any], fault: StorageFault) -> Response[Problem]:
        log.error("storage: %s %s", fault.code, fault.detail)
        code = fault.code if fault.code in STATUS_OF_CODE else "storage.unavailable"
        return self._answer(request, Fault(code=code), 503, {"Retry-After": str(RETRY_AFTER_S)})

    def _http(self, request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
        if error.status_code >= 500:
            return self._bug(request, error)
        if error.status_code == 400:
            return self._answer(request, Fault(code="request.invalid", params={"field": _field(error)}), 400)
        code = _CODE_OF_STATUS.get(error.status_code, "request.refused")
        return self._answer(request, Fault(code=code), error.status_code, dict(error.headers or {}))

    def _not_text(self, request: Request[Any, Any, Any], _: UnicodeDecodeError) -> Response[Problem]:
        """A body that is no UTF-8 (RFC 8259, 8.1): the decoder passes that fault on as it is."""
        return self._answer(request, Fault(code="request.invalid", params={"field": "body"}), 400)

    def _bug(self, request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
        log.error("request failed: %s %s", request.method, request.url.path, exc_info=error)
        return self._answer(request, Fault(code="hub.internal_error"), 500)

    def _answer(
        self, request: Request[Any, Any, Any], fault: Fault, status: int, headers: dict[str, str] | None = None
    ) -> Response[Problem]:
        message = self._sentence("problem", fault)
        problem = Problem(
            type="about:blank",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=message.in_language(asked_language(request.headers.get("accept-language", ""))),
            code=fault.code,
            params=dict(fault.params),
            message=message,
            next_step=self._sentence("problem_next", fault) if fault.code in WITH_NEXT_STEP else None,
        )
        return Response(problem, status_code=status, media_type=PROBLEM_JSON, headers=headers)

    def _sentence(self, area: str, fault: Fault) -> LocalizedText:
        return LocalizedText(vi=self._say(area, fault, Language.VI), en=self._say(area, fault, Language.EN))

    def _say(self, area: str, fault: Fault, language: Language) -> str:
        words = {name: self._word(name, value, language) for name, value in fault.params.items()}
        return self._texts.text(f"{area}.{fault.code}", language, **words)

    def _word(self, name: str, value: str | int, language: Language) -> str | int:
        """What a sentence says for a parameter: states and actions have words, in `params` they stay codes."""
        return self._texts.text(f"counter.{name}.{value}", language) if name in SPOKEN else value


def asked_language(accept_language: str) -> Language:
    """Vietnamese unless the caller asks for English first."""
    return Language.EN if accept_language.strip().lower().startswith("en") else Language.VI


def _field(error: HTTPException) -> str:
    """Which field was wrong or missing, never its value."""
    extra = error.extra if isinstance(error.extra, list) else []
    return ", ".join(_named(item) for item in extra if isinstance(item, dict)) or "body"


def _named(item: dict[str, object]) -> str:
    missing = _MISSING_FIELD.search(str(item.get("message", "")))
    return missing[1] if missing else str(item.get("key") or "body")
