"""One hospital site as the queue knows it: its names, hours, services and counters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from kiosk.domain.faults import Refusal
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import Counter, Service

NIGHT_ENDS = time(4, 0)
"""Before the first services open, long after a night clinic's last patient of the day before."""


_ID = re.compile(r"(?!.*[0-9]{9})[a-z0-9]+(-[a-z0-9]+)*")
_ID_LENGTH = 80


def _as_shown(unknown_id: str) -> str:
    """What a caller asked for, if it looks like a configured id: anything else could be about a person."""
    return unknown_id if len(unknown_id) <= _ID_LENGTH and _ID.fullmatch(unknown_id) else "?"


@dataclass(frozen=True, kw_only=True)
class Site:
    """`id` stands first in every stored key so that several sites can share a database later.

    `time_zone` decides the hospital day; `head_start` is how much earlier a priority patient counts as having come.
    """

    id: str
    hospital: LocalizedText
    time_zone: tzinfo
    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    head_start: timedelta = timedelta(minutes=15)

    def service(self, service_id: str) -> Service:
        """The service of that id. Raises `Refusal("service.unknown")`."""
        for service in self.services:
            if service.id == service_id:
                return service
        raise Refusal("service.unknown", service=_as_shown(service_id))

    def counter(self, counter_id: str) -> Counter:
        """The counter of that id. Raises `Refusal("counter.unknown")`."""
        for counter in self.counters:
            if counter.id == counter_id:
                return counter
        raise Refusal("counter.unknown", counter=_as_shown(counter_id))

    def service_name(self, service_id: str) -> LocalizedText:
        """Name of a service; its id for one that is no longer configured but still has tickets."""
        names = {service.id: service.name for service in self.services}
        return names.get(service_id, LocalizedText(vi=service_id, en=service_id))

    def counter_name(self, counter_id: str) -> LocalizedText:
        """Name of a counter; its id for one that is no longer configured but called today."""
        names = {counter.id: counter.name for counter in self.counters}
        return names.get(counter_id, LocalizedText(vi=counter_id, en=counter_id))

    def services_of(self, counter: Counter) -> tuple[str, ...]:
        """Ids of the services `counter` calls for."""
        return counter.services or tuple(service.id for service in self.services)

    def counters_for(self, service_id: str) -> int:
        """How many counters call for a service."""
        return sum(service_id in self.services_of(counter) for counter in self.counters)

    def local(self, moment: datetime) -> datetime:
        """A UTC moment in hospital time."""
        return moment.astimezone(self.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The hospital day a UTC moment belongs to: numbers start anew with it."""
        return self.local(moment).date()

    def midnight(self, day: date) -> datetime:
        """When a hospital day begins."""
        return datetime.combine(day, time.min, self.time_zone)

    def live_days(self, moment: datetime) -> tuple[date, ...]:
        """The days whose tickets are in the queue: today, and until NIGHT_ENDS also yesterday, so that midnight sends
        nobody away who waits."""
        local = self.local(moment)
        if local.time() < NIGHT_ENDS:
            return (local.date() - timedelta(days=1), local.date())
        return (local.date(),)
