"""Services a patient can choose and the counters that call them, as a hospital configures them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from kiosk.domain.localized import LocalizedText


@dataclass(frozen=True, kw_only=True)
class OpenHours:
    """One stretch of a day in hospital local time during which numbers are given; `closes` is exclusive."""

    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service with its own series of numbers.

    `hours` empty means open all day; `daily_limit` null means no limit. `for_insured` and `for_uninsured` tell
    which patients the kiosk offers it to. `mean_service_min` is the configured mean the estimate starts from.
    """

    id: str
    prefix: str
    name: LocalizedText
    room: LocalizedText
    directions: LocalizedText
    hours: tuple[OpenHours, ...] = ()
    daily_limit: int | None = None
    for_insured: bool = True
    for_uninsured: bool = True
    mean_service_min: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where staff call patients to. `services` empty means it calls for every service."""

    id: str
    name: LocalizedText
    services: tuple[str, ...] = ()


class Availability(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    FULL = "full"


@dataclass(frozen=True, kw_only=True)
class HoursView:
    """One stretch of a day during which numbers are given, HH:MM hospital time; `closes` is exclusive."""

    opens: str
    closes: str


@dataclass(frozen=True, kw_only=True)
class ServiceView:
    """A service as a kiosk shows it: with what is true now (`GET /v1/services`).

    `hours` is every day's opening hours, so that a kiosk can tell without the hub; empty means open all day, null that
    the hub does not say.
    """

    id: str
    prefix: str
    name: LocalizedText
    room: LocalizedText
    directions: LocalizedText
    availability: Availability
    opens_at: str | None
    """Next opening today as HH:MM hospital time, when closed and it opens again today."""
    waiting: int
    for_insured: bool
    for_uninsured: bool
    hours: tuple[HoursView, ...] | None = None


def hours_view(hours: OpenHours) -> HoursView:
    """Opening hours as kiosks are told them."""
    return HoursView(opens=hours.opens.strftime("%H:%M"), closes=hours.closes.strftime("%H:%M"))


def availability_at(service: Service, local_time: time, issued_today: int) -> Availability:
    """Whether `service` gives numbers at `local_time` (hospital time) after `issued_today` numbers.

    Full comes before closed: nobody is told to come back in the afternoon for numbers that are used up.
    """
    if service.daily_limit is not None and issued_today >= service.daily_limit:
        return Availability.FULL
    if service.hours and not any(h.opens <= local_time < h.closes for h in service.hours):
        return Availability.CLOSED
    return Availability.OPEN


def next_opening(service: Service, local_time: time) -> time | None:
    """The next time today at which `service` opens, or null."""
    later = [h.opens for h in service.hours if h.opens > local_time]
    return min(later, default=None)
