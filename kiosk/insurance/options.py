"""Settings of the BHXH portal and what is wrong with them, in words an administrator can act on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from kiosk.domain.eligibility_judge import FORCES_PREFIXES
from kiosk.domain.faults import Fault
from kiosk.insurance.downtime import read_window

PRODUCTION_URL = "https://egw.baohiemxahoi.gov.vn"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_USER_NAME = re.compile(r"^[0-9]{5}_[A-Za-z]+$")
_PERSONAL_NUMBER = re.compile(r"^[0-9]{9,12}$")
_CITIZEN_NUMBER = re.compile(r"^[0-9]{12}$")
_FACILITY = re.compile(r"^[0-9]{5}$")


class Md5Case(StrEnum):
    """Letter case of the hashed password: the portal's papers say upper, many working clients send lower."""

    UPPER = "upper"
    LOWER = "lower"


class BodyEncoding(StrEnum):
    """Form is taken everywhere; JSON only by some functions of the portal."""

    FORM = "form"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class PortalOptions:
    """The portal's account and manners (CV 1923/BHXH-CNTT, 20/06/2024).

    `username` is the facility code and `_BV` (`01043_BV`); `officer_name` and `officer_number` are of the person the
    hospital has registered as the one who looks up. `accepted_facilities` are the 5-digit codes of first facilities
    (`maDKBD`) that count as this hospital's own; empty means that routes are not judged. `proxy` is a URL; without it
    no proxy of the environment is used either, because a proxy that logs would log the account.

    `lookups_per_minute` (0: no limit) keeps the account's quota, `retry_after_s` and `retry_longest_s` are the shortest
    and longest pause before the hub asks again, `failures_to_open` failures in a row count as "down" and are probed
    every `probe_every_s`. `downtimes` are announced ones in the hospital's time: `2026-11-22T22:00/2026-11-23T04:00`.
    Raw answers are kept sealed for `keep_raw_days`; names and numbers of unresolved look-ups until
    `keep_question_h` hours after their day.
    """

    base_url: str = PRODUCTION_URL
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False, metadata={"secret": True})
    officer_name: str = field(default="", repr=False)
    officer_number: str = field(default="", repr=False, metadata={"secret": True})
    md5_case: Md5Case = Md5Case.UPPER
    token_body: BodyEncoding = BodyEncoding.FORM
    lookup_body: BodyEncoding = BodyEncoding.FORM
    proxy: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 25.0
    kiosk_deadline_s: float = 8.0
    hub_deadline_s: float = 30.0
    accepted_facilities: tuple[str, ...] = ()
    skipped_prefixes: tuple[str, ...] = tuple(sorted(FORCES_PREFIXES))
    lookups_per_minute: float = 600.0
    retry_after_s: float = 30.0
    retry_longest_s: float = 600.0
    failures_to_open: int = 5
    probe_every_s: float = 30.0
    downtimes: tuple[str, ...] = ()
    keep_raw_days: int = 30
    keep_question_h: float = 0.0


def problems_of(options: PortalOptions) -> tuple[Fault, ...]:
    """Everything that cannot work, as catalogue keys (`insurance.setting.…`); empty when the settings make sense."""
    found = [
        *_account_problems(options),
        *_address_problems(options),
        *(
            Fault(code="insurance.setting.facility_shape", params={"facility": facility})
            for facility in options.accepted_facilities
            if not _FACILITY.match(facility)
        ),
    ]
    times = (
        options.connect_timeout_s,
        options.read_timeout_s,
        options.kiosk_deadline_s,
        options.hub_deadline_s - options.kiosk_deadline_s,
    )
    if min(times) <= 0:
        found.append(Fault(code="insurance.setting.deadlines"))
    if not _repeats_make_sense(options):
        found.append(Fault(code="insurance.setting.repeats"))
    found += [
        Fault(code="insurance.setting.downtime_shape", params={"window": window})
        for window in options.downtimes
        if read_window(window) is None
    ]
    return tuple(found)


def _repeats_make_sense(options: PortalOptions) -> bool:
    return (
        0 < options.retry_after_s <= options.retry_longest_s
        and options.probe_every_s > 0
        and options.failures_to_open > 0
        and options.lookups_per_minute >= 0
        and options.keep_raw_days >= 0
        and options.keep_question_h >= 0
    )


def _account_problems(options: PortalOptions) -> list[Fault]:
    codes: list[str] = []
    if _PERSONAL_NUMBER.match(options.username):
        codes.append("username_is_personal_number")
    elif not _USER_NAME.match(options.username):
        codes.append("username_shape")
    if not options.password:
        codes.append("password_missing")
    if not options.officer_name.strip():
        codes.append("officer_name_missing")
    if not _CITIZEN_NUMBER.match(options.officer_number):
        codes.append("officer_number_shape")
    return [Fault(code=f"insurance.setting.{code}") for code in codes]


def _address_problems(options: PortalOptions) -> list[Fault]:
    try:
        address = urlsplit(options.base_url)
        host = address.hostname
    except ValueError:
        return [Fault(code="insurance.setting.base_url")]
    if not host or address.scheme not in ("http", "https") or address.query or address.username:
        return [Fault(code="insurance.setting.base_url")]
    if address.scheme == "http" and host not in _LOOPBACK:
        return [Fault(code="insurance.setting.base_url_unencrypted")]
    return []
