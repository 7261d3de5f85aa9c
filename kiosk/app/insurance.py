"""Binds the hub's insurance settings to its insurance desk: the portal of `[insurance]`, or none."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from config.problems import SettingsError, SettingsProblem
from config.settings import load_settings
from kiosk.app.start import load_texts, new_id, utc_now
from kiosk.domain.eligibility import Eligibility
from kiosk.domain.localized import Language
from kiosk.domain.site import Site
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.options import PortalOptions, problems_of
from kiosk.insurance.port import NoPortal
from kiosk.insurance.portal import PortalClient
from kiosk.services.eligibility import keep_late_answer
from kiosk.services.reception import Reception

log = logging.getLogger("tiepdon.insurance")

TABLE = "insurance"
KEY_FILE = "patient-reference.key"
KEY_BYTES = 32
TRANSFER_S = 0.5
"""The hub answers this much before the kiosk stops waiting, so that a late verdict still arrives as one."""


def portal_options(settings: Path | None) -> PortalOptions | None:
    """The checked `[insurance]` table, or null when there is none. Raises `SettingsError` with every problem."""
    options = load_settings(settings, {TABLE: PortalOptions | None}).optional_table(TABLE, PortalOptions)
    if options is None:
        return None
    texts = load_texts()
    problems = tuple(
        SettingsProblem(
            code="settings.value_refused", table=TABLE, detail=texts.text(fault.code, Language.VI, **fault.params)
        )
        for fault in problems_of(options)
    )
    if problems:
        raise SettingsError(str(settings), problems)
    return options


def open_desk(options: PortalOptions | None, data: Path, reception: Reception, site: Site) -> InsuranceDesk:
    """The hub's desk; late answers are kept through the reception."""
    if options is None:
        log.info("no [insurance] settings: every card is checked at the counter")
    effective = options or PortalOptions()
    return InsuranceDesk(
        NoPortal() if options is None else PortalClient(options),
        patient_key=patient_key(data),
        today=lambda: site.day_of(utc_now()),
        new_id=new_id,
        on_answer=lambda answer: _keep_late(reception, answer),
        accepted_facilities=effective.accepted_facilities,
        skipped_prefixes=effective.skipped_prefixes,
        budget_s=effective.kiosk_deadline_s - TRANSFER_S,
        hub_deadline_s=effective.hub_deadline_s,
    )


def _keep_late(reception: Reception, answer: Eligibility) -> None:
    reception.write(lambda context: keep_late_answer(context, answer))


def patient_key(data: Path) -> bytes:
    """The hub's key for patient references, made at the first start and readable by the hub alone."""
    path = data / KEY_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()
