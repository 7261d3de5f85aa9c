"""Binds the hub's insurance settings to its insurance office: the portal of `[insurance]`, or none."""

from __future__ import annotations

import logging
import random
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from config.problems import SettingsError, SettingsProblem
from kiosk.app.hub_settings import INSURANCE_TABLE, load_hub_settings
from kiosk.app.start import load_texts, new_id
from kiosk.domain.insurance_work import SourceState
from kiosk.domain.localized import Language
from kiosk.domain.site import Site
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.desk_options import DeskOptions
from kiosk.insurance.downtime import Downtimes
from kiosk.insurance.options import PortalOptions, problems_of
from kiosk.insurance.port import InsuranceSource, NoPortal
from kiosk.insurance.portal import PortalClient
from kiosk.services.eligibility import Keeping
from kiosk.services.insurance_office import InsuranceOffice, LateAnswer
from kiosk.services.reception import Reception
from kiosk.storage.sealing import KEY_BYTES, Sealer
from kiosk.storage.whole_file import write_whole

log = logging.getLogger("tiepdon.insurance")

KEY_FILE = "patient-reference.key"
SEALING_KEY_FILE = "insurance-records.key"
TRANSFER_S = 0.5
"""The hub answers this much before the kiosk stops waiting, so that a late verdict still arrives as one."""


def portal_options(settings: Path | None) -> PortalOptions | None:
    """The checked `[insurance]` table, or null when there is none. Raises `SettingsError` with every problem."""
    options = load_hub_settings(settings).optional_table(INSURANCE_TABLE, PortalOptions)
    if options is None:
        return None
    texts = load_texts()
    problems = tuple(
        SettingsProblem(
            code="settings.value_refused",
            table=INSURANCE_TABLE,
            detail=texts.text(fault.code, Language.VI, **fault.params),
        )
        for fault in problems_of(options)
    )
    if problems:
        raise SettingsError(str(settings), problems)
    return options


def open_office(options: PortalOptions | None, data: Path, reception: Reception, site: Site) -> InsuranceOffice:
    """The hub's insurance office on its data folder."""
    if options is None:
        log.info("no [insurance] settings: every card is checked at the counter")
    effective = options or PortalOptions()
    downtimes = Downtimes(effective.downtimes, time_zone=site.time_zone, now=reception.now)
    source: InsuranceSource = NoPortal() if options is None else PortalClient(options)
    return InsuranceOffice(
        reception=reception,
        open_desk=lambda late: _desk(source, effective, data, lambda: site.day_of(reception.now()), downtimes, late),
        keeping=Keeping(
            sealer=Sealer(secret_key(data / SEALING_KEY_FILE)), raw_for=timedelta(days=effective.keep_raw_days)
        ),
        downtimes=downtimes,
        keep_question=timedelta(hours=effective.keep_question_h),
    )


def _desk(
    source: InsuranceSource,
    options: PortalOptions,
    data: Path,
    today: Callable[[], date],
    downtimes: Downtimes,
    late: LateAnswer,
) -> InsuranceDesk:
    return InsuranceDesk(
        source,
        patient_key=secret_key(data / KEY_FILE),
        today=today,
        new_id=new_id,
        on_answer=late,
        accepted_facilities=options.accepted_facilities,
        skipped_prefixes=options.skipped_prefixes,
        options=desk_options(options),
        downtime_left_s=downtimes.left_s,
        jitter=random.SystemRandom().random,
        first_state=SourceState.NOT_CONFIGURED if isinstance(source, NoPortal) else SourceState.NOT_ASKED,
    )


def desk_options(options: PortalOptions) -> DeskOptions:
    """How the desk works by the hub's settings."""
    return DeskOptions(
        budget_s=options.kiosk_deadline_s - TRANSFER_S,
        hub_deadline_s=options.hub_deadline_s,
        retry_after_s=options.retry_after_s,
        retry_longest_s=options.retry_longest_s,
        failures_to_open=options.failures_to_open,
        probe_every_s=options.probe_every_s,
        per_minute=options.lookups_per_minute,
    )


def secret_key(path: Path) -> bytes:
    """A key of the hub, made at the first start and readable by the hub alone; whole or not there at all."""
    if not path.exists():
        write_whole(path, secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()
