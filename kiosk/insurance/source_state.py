"""What an answer, or its absence, says about the source itself: for IT, the health route and the doctor."""

from __future__ import annotations

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.insurance_work import SourceState
from kiosk.insurance.port import PortalAnswer

OFFICER_CODES = frozenset({"054", "055"})
TROUBLED_CODES = frozenset({"100", "101", "205", "500"})

_BY_DETAIL = {
    "portal.not_configured": SourceState.NOT_CONFIGURED,
    "portal.settings_wrong": SourceState.SETTINGS_WRONG,
    "portal.bad_address": SourceState.SETTINGS_WRONG,
    "portal.http_404": SourceState.SETTINGS_WRONG,
    "portal.http_405": SourceState.SETTINGS_WRONG,
    "portal.tls": SourceState.TLS,
    "portal.proxy": SourceState.PROXY,
    "portal.name_unknown": SourceState.NAME_UNKNOWN,
    "portal.no_connection": SourceState.NO_CONNECTION,
    "portal.connect_timeout": SourceState.NO_CONNECTION,
    "portal.http_403": SourceState.NO_RIGHT,
    "portal.result_403": SourceState.NO_RIGHT,
    "portal.http_429": SourceState.QUOTA,
}
_BY_OUTCOME = {
    OutcomeClass.AUTH: SourceState.REFUSED,
    OutcomeClass.CONFIG: SourceState.SETTINGS_WRONG,
    OutcomeClass.TIMEOUT: SourceState.SILENT,
}


def state_of(answer: PortalAnswer) -> SourceState:
    """State of the source after `answer`."""
    if answer.failure is None:
        if answer.code in OFFICER_CODES:
            return SourceState.OFFICER_UNKNOWN
        return SourceState.TROUBLED if answer.code in TROUBLED_CODES else SourceState.WORKS
    return _BY_DETAIL.get(answer.detail) or _BY_OUTCOME.get(answer.failure, SourceState.TROUBLED)
