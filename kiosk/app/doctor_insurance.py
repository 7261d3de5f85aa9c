"""The insurance account: do the settings make sense, and does the portal let this account look up cards?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from config.problems import SettingsError
from kiosk.app.doctor_findings import Finding, missing, ok, settings_findings, skipped, warn
from kiosk.app.insurance import portal_options
from kiosk.domain.eligibility import OutcomeClass
from kiosk.insurance.options import PortalOptions
from kiosk.insurance.port import PortalAnswer
from kiosk.insurance.portal import PortalClient

ACCOUNT_CHECK_S = 7.0

_OFFICER_UNKNOWN = ("054", "055")
_CURES = {
    OutcomeClass.AUTH: ("insurance.refused", "portal_account"),
    OutcomeClass.TIMEOUT: ("insurance.silent", "portal_network"),
    OutcomeClass.CONFIG: ("insurance.unusable_settings", "portal_account"),
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
    if answer.code in _OFFICER_UNKNOWN:
        return missing("insurance.officer_unknown", "portal_officer", code=str(answer.code))
    if answer.failure is None:
        return ok("insurance.works")
    if answer.failure in _CURES:
        code, cure = _CURES[answer.failure]
        return missing(code, cure, detail=answer.detail)
    return warn("insurance.portal_troubled", "portal_later", detail=answer.detail)
