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

_FOUND_AND_CURE = {
    SourceState.SETTINGS_WRONG: ("insurance.settings_wrong", "portal_settings"),
    SourceState.REFUSED: ("insurance.refused", "portal_account"),
    SourceState.NO_RIGHT: ("insurance.no_right", "portal_right"),
    SourceState.OFFICER_UNKNOWN: ("insurance.officer_unknown", "portal_officer"),
    SourceState.NO_CONNECTION: ("insurance.no_connection", "portal_network"),
    SourceState.NAME_UNKNOWN: ("insurance.name_unknown", "portal_name"),
    SourceState.TLS: ("insurance.tls", "portal_certificate"),
    SourceState.PROXY: ("insurance.proxy", "portal_proxy"),
    SourceState.SILENT: ("insurance.silent", "portal_network"),
    SourceState.QUOTA: ("insurance.quota", "portal_quota"),
}


def check_insurance(settings: Path) -> Sequence[Finding]:
    """The `[insurance]` table of the hub's settings and one question about a number nobody has."""
    try:
        options = portal_options(settings)
    except SettingsError as error:
        return settings_findings(error.file, error.problems)
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
    if state in _FOUND_AND_CURE:
        return missing(*_FOUND_AND_CURE[state], detail=detail)
    return warn("insurance.troubled", "portal_later", detail=detail)
