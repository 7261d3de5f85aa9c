"""The insurance account: do the settings make sense, and does the portal let this account look up cards?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from config.problems import SettingsError
from kiosk.app.doctor_findings import Finding, missing, ok, settings_findings, skipped, warn
from kiosk.app.insurance import portal_options
from kiosk.domain.insurance_work import SourceState
from kiosk.insurance.options import PortalOptions
from kiosk.insurance.port import PortalAnswer
from kiosk.insurance.portal import PortalClient
from kiosk.insurance.source_state import state_of

ACCOUNT_CHECK_S = 7.0

_CURES = {
    SourceState.SETTINGS_WRONG: "portal_settings",
    SourceState.REFUSED: "portal_account",
    SourceState.NO_RIGHT: "portal_right",
    SourceState.OFFICER_UNKNOWN: "portal_officer",
    SourceState.NO_CONNECTION: "portal_network",
    SourceState.NAME_UNKNOWN: "portal_name",
    SourceState.TLS: "portal_certificate",
    SourceState.PROXY: "portal_proxy",
    SourceState.SILENT: "portal_network",
    SourceState.QUOTA: "portal_quota",
}


def check_insurance(settings: Path) -> Sequence[Finding]:
    """The `[insurance]` table of the hub's settings and one question about a number nobody has."""
    try:
        options = portal_options(settings)
    except SettingsError as error:
        return settings_findings(error)
    if options is None:
        return skipped("insurance.not_configured")
    return check_account(options)


def check_account(options: PortalOptions) -> Sequence[Finding]:
    with closing(PortalClient(options)) as client:
        return _judged(client.check_account(ACCOUNT_CHECK_S))


def _judged(answer: PortalAnswer) -> Sequence[Finding]:
    state = state_of(answer)
    if state is SourceState.WORKS:
        return ok("insurance.works")
    detail = answer.detail or answer.code or ""
    if state in _CURES:
        return missing(f"insurance.{state.value}", _CURES[state], detail=detail)
    return warn("insurance.troubled", "portal_later", detail=detail)
