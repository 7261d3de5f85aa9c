"""The site file: hospital, services with their rooms, and counters, as plain checked options.

`kiosk.app` turns them into the domain's services and counters; this package knows nobody of ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

from config.settings import SettingsError, SettingsProblem, load_settings

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PREFIX = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, kw_only=True)
class TextOptions:
    """A short text in both languages: `{ vi = "…", en = "…" }`."""

    vi: str
    en: str

    def __post_init__(self) -> None:
        if not self.vi.strip() or not self.en.strip():
            raise ValueError("both vi and en need a text")


@dataclass(frozen=True, kw_only=True)
class HoursOptions:
    """One stretch of a day, hospital local time, in which numbers are given; `closes` is exclusive."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"opens {self.opens:%H:%M} must be before closes {self.closes:%H:%M}")


@dataclass(frozen=True, kw_only=True)
class ServiceOptions:
    """One service with its own series of numbers. No hours: open all day. No daily limit: unlimited."""

    id: str
    prefix: str
    name: TextOptions
    room: TextOptions
    directions: TextOptions
    hours: tuple[HoursOptions, ...] = ()
    daily_limit: int | None = None
    for_insured: bool = True
    for_uninsured: bool = True
    mean_service_min: float = 5.0

    def __post_init__(self) -> None:
        flaws = {
            f'id "{self.id}": small letters, digits and single hyphens only': not _ID.fullmatch(self.id),
            f'prefix "{self.prefix}": one to three capital letters A-Z': not _PREFIX.fullmatch(self.prefix),
            "daily_limit must be at least 1": self.daily_limit is not None and self.daily_limit < 1,
            "mean_service_min must be more than 0 and at most 240": not 0 < self.mean_service_min <= 240,
            "nobody could choose it: for_insured and for_uninsured are both false": not (
                self.for_insured or self.for_uninsured
            ),
        }
        if found := [flaw for flaw, present in flaws.items() if present]:
            raise ValueError("; ".join(found))


@dataclass(frozen=True, kw_only=True)
class CounterOptions:
    """Where staff call patients to. No services listed: it calls for every service."""

    id: str
    name: TextOptions
    services: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f'id "{self.id}": small letters, digits and single hyphens only')


@dataclass(frozen=True, kw_only=True)
class HospitalOptions:
    """Who the site is and whose day its numbers follow.

    `priority_head_start_min`: a priority patient counts as having come that many minutes earlier.
    """

    name: TextOptions
    site_id: str = "main"
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    priority_head_start_min: int = 15

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.site_id):
            raise ValueError(f'site_id "{self.site_id}": small letters, digits and single hyphens only')
        if not 0 <= self.priority_head_start_min <= 240:
            raise ValueError("priority_head_start_min must be between 0 and 240")


@dataclass(frozen=True, kw_only=True)
class Site:
    """A whole site file. Ids and prefixes are unique and counters name only known services."""

    hospital: HospitalOptions
    services: tuple[ServiceOptions, ...]
    counters: tuple[CounterOptions, ...]

    def __post_init__(self) -> None:
        if not self.services or not self.counters:
            raise ValueError("at least one service and one counter are needed")
        _refuse_repeats("service id", (s.id for s in self.services))
        _refuse_repeats("prefix", (s.prefix for s in self.services))
        _refuse_repeats("counter id", (c.id for c in self.counters))
        known = {s.id for s in self.services}
        for counter in self.counters:
            if unknown := sorted(set(counter.services) - known):
                raise ValueError(f"counter {counter.id} names unknown services: {', '.join(unknown)}")


def _refuse_repeats(what: str, names: Iterable[str]) -> None:
    if repeated := sorted(name for name, times in Counter(names).items() if times > 1):
        raise ValueError(f"{what} used twice: {', '.join(repeated)}")


def load_site(path: Path | None = None) -> Site:
    """The site file at `path`, or the shipped example (None). Raises `SettingsError` with every problem."""
    if path is None:
        with as_file(files("config").joinpath("examples", "services.toml")) as example:
            return load_site(example)
    tables = load_settings(
        path,
        {
            "hospital": HospitalOptions,
            "services": tuple[ServiceOptions, ...],
            "counters": tuple[CounterOptions, ...],
        },
    ).tables
    try:
        return Site(**tables)  # type: ignore[arg-type]  # each table was structured to the field's own type
    except ValueError as error:
        raise SettingsError(str(path), (SettingsProblem(code="settings.value_refused", detail=str(error)),)) from None
