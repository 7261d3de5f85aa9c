"""What a kiosk makes of the services it last heard of, while the hub is away.

The hospital's time goes on from what the hub's clock said, by a clock nobody can set: the kiosk's own wall clock has no
say while the program runs. Where nobody can tell the time, every service counts as open: paper given while a service
is closed is taken in by the hub anyway, a patient sent home for nothing is not brought back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isinf

from kiosk.domain.service import Availability, ServiceView


@dataclass(frozen=True, kw_only=True)
class LastHeard:
    """`services` as the hub told them when the hospital's clock said `said` (with its offset; null: it did not say)
    and the injected monotonic clock `at_s` (minus infinity: nobody knows when)."""

    services: tuple[ServiceView, ...]
    said: datetime | None
    at_s: float


def services_by(heard: LastHeard, now_s: float) -> tuple[ServiceView, ...]:
    """The services as they are likely to be at `now_s`."""
    passed_s = now_s - heard.at_s
    if heard.said is None or isinf(passed_s):
        return tuple(replace(view, availability=Availability.OPEN, opens_at=None) for view in heard.services)
    if passed_s <= 0:
        return heard.services
    now = heard.said + timedelta(seconds=passed_s)
    same_day = now.date() == heard.said.date()
    clock = now.strftime("%H:%M")
    return tuple(_today(view, clock) if same_day else _on_a_new_day(view, clock) for view in heard.services)


def _today(view: ServiceView, clock: str) -> ServiceView:
    """Used up stays used up until the day changes, whatever the hours say."""
    if view.availability is Availability.FULL:
        return view
    if view.hours is not None:
        return _by_hours(view, clock)
    opened = view.opens_at is not None and clock >= view.opens_at
    return replace(view, availability=Availability.OPEN, opens_at=None) if opened else view


def _on_a_new_day(view: ServiceView, clock: str) -> ServiceView:
    return _by_hours(replace(view, waiting=0), clock)


def _by_hours(view: ServiceView, clock: str) -> ServiceView:
    hours = view.hours or ()
    if not hours or any(stretch.opens <= clock < stretch.closes for stretch in hours):
        return replace(view, availability=Availability.OPEN, opens_at=None)
    later = min((stretch.opens for stretch in hours if stretch.opens > clock), default=None)
    return replace(view, availability=Availability.CLOSED, opens_at=later)
