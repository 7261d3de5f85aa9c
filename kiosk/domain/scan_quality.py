"""How well codes are read: counts per device and hour, never a code. A dirty lens shows here before anybody complains.

A kiosk keeps its totals so far of each hour and tells the hub the totals, not the differences, so that telling them
twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

KEPT_HOURS = 14 * 24
"""How many hours of devices a kiosk keeps for a hub that does not answer; the oldest go first."""


class ScanOutcome(StrEnum):
    """What became of one code held before a reader."""

    READ = "read"
    UNCERTAIN = "uncertain"
    TORN = "torn"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One code held before a reader. `format` is its symbology or `unknown`; `decode_ms` None where nobody knows."""

    device: str
    outcome: ScanOutcome
    format: str = "unknown"
    decode_ms: int | None = None
    tries: int = 1


@dataclass(frozen=True, kw_only=True)
class ScanCounts:
    """Totals: scans by outcome, read scans by `formats`, and over the `timed` scans the decode time; tries over all."""

    read: int = 0
    uncertain: int = 0
    torn: int = 0
    unreadable: int = 0
    too_long: int = 0
    formats: Mapping[str, int] = field(default_factory=dict)
    timed: int = 0
    decode_ms_sum: int = 0
    decode_ms_max: int = 0
    tries_sum: int = 0
    tries_max: int = 0

    @property
    def scans(self) -> int:
        return self.read + self.uncertain + self.failed

    @property
    def failed(self) -> int:
        """Scans that gave no code: the person had to try again."""
        return self.torn + self.unreadable + self.too_long

    @property
    def failed_share(self) -> float:
        """0 to 1."""
        return self.failed / self.scans if self.scans else 0.0

    @property
    def mean_decode_ms(self) -> float | None:
        return self.decode_ms_sum / self.timed if self.timed else None

    @property
    def mean_tries(self) -> float | None:
        return self.tries_sum / self.scans if self.scans else None

    def plus(self, other: ScanCounts) -> ScanCounts:
        """Both together."""
        formats = dict(self.formats)
        for name, count in other.formats.items():
            formats[name] = formats.get(name, 0) + count
        return ScanCounts(
            read=self.read + other.read,
            uncertain=self.uncertain + other.uncertain,
            torn=self.torn + other.torn,
            unreadable=self.unreadable + other.unreadable,
            too_long=self.too_long + other.too_long,
            formats=formats,
            timed=self.timed + other.timed,
            decode_ms_sum=self.decode_ms_sum + other.decode_ms_sum,
            decode_ms_max=max(self.decode_ms_max, other.decode_ms_max),
            tries_sum=self.tries_sum + other.tries_sum,
            tries_max=max(self.tries_max, other.tries_max),
        )


def counts_of(scan: Scan) -> ScanCounts:
    """The counts of a single scan."""
    was_read = scan.outcome in (ScanOutcome.READ, ScanOutcome.UNCERTAIN)
    decode_ms = scan.decode_ms or 0
    return ScanCounts(
        **{scan.outcome.value: 1},
        formats={scan.format: 1} if was_read else {},
        timed=int(scan.decode_ms is not None),
        decode_ms_sum=decode_ms,
        decode_ms_max=decode_ms,
        tries_sum=scan.tries,
        tries_max=scan.tries,
    )


def added(counts: list[ScanCounts]) -> ScanCounts:
    """All of them together."""
    total = ScanCounts()
    for one in counts:
        total = total.plus(one)
    return total


@dataclass(frozen=True, kw_only=True)
class ScanHour:
    """What one device measured in the hour that begins at `hour` (UTC)."""

    device: str
    hour: datetime
    counts: ScanCounts


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


_Key = tuple[datetime, str]


@dataclass(frozen=True, kw_only=True)
class KeptScans:
    """A kiosk's hours: the running one, and those the hub has not been told whole. `told` is how many scans of each
    hour the hub knows of."""

    hours: Mapping[_Key, ScanCounts] = field(default_factory=dict)
    told: Mapping[_Key, int] = field(default_factory=dict)

    def with_scan(self, scan: Scan, at: datetime) -> KeptScans:
        """One more scan at `at` (UTC)."""
        key = (hour_of(at), scan.device)
        hours = {**self.hours, key: self.hours.get(key, ScanCounts()).plus(counts_of(scan))}
        if len(hours) > KEPT_HOURS:
            del hours[min(hours)]
        return replace(self, hours=hours)

    def untold(self, limit: int) -> tuple[ScanHour, ...]:
        """Hours the hub knows nothing or too little of, oldest first."""
        keys = sorted(key for key, counts in self.hours.items() if counts.scans > self.told.get(key, 0))
        return tuple(ScanHour(hour=hour, device=name, counts=self.hours[hour, name]) for hour, name in keys[:limit])

    def after_telling(self, told: tuple[ScanHour, ...], now: datetime) -> KeptScans:
        """The hub knows of `told`; what is over and told whole is forgotten."""
        known = {**self.told, **{(one.hour, one.device): one.counts.scans for one in told}}
        running = hour_of(now)
        hours = {
            key: counts for key, counts in self.hours.items() if key[0] >= running or counts.scans > known.get(key, 0)
        }
        return KeptScans(hours=hours, told={key: count for key, count in known.items() if key in hours})


class ConcernKind(StrEnum):
    UNREADABLE = "unreadable"  # percent of scans that gave no code
    SLOW = "slow"  # milliseconds until a code was read
    TRIES = "tries"  # attempts until a code was read


@dataclass(frozen=True, kw_only=True)
class ScanConcern:
    """What looks wrong with one device since the hour that begins at `since` (UTC), up to the newest hour with scans.
    `value` and `usual` are in the unit of their kind."""

    kiosk: str
    device: str
    kind: ConcernKind
    since: datetime
    value: int
    usual: int


@dataclass(frozen=True, kw_only=True)
class ScanReportHour:
    """One hour of one device at one kiosk, as people read it: percent, means, the slowest."""

    kiosk: str
    device: str
    hour: datetime
    scans: int
    failed: int
    failed_percent: float
    decode_ms_mean: float | None
    decode_ms_max: int | None
    tries_mean: float
    tries_max: int
    outcomes: Mapping[ScanOutcome, int]
    formats: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class ScanReport:
    """One hospital day: hours in order of kiosk, device and time, and what looks wrong."""

    day: date
    time_zone: str
    hours: tuple[ScanReportHour, ...]
    concerns: tuple[ScanConcern, ...]
