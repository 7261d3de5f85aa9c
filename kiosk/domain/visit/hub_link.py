"""What the visit makes of the hub being away, being back, and of the services it offers."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.faults import Fault
from kiosk.domain.last_heard import LastHeard, services_by
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import LoadServices
from kiosk.domain.visit.moving import can_do_without, forward
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings

_CANNOT_GO_ON = frozenset({Step.WELCOME, Step.CHOOSE_SERVICE})
"""Steps whose question cannot be answered without the hub, unless its services are known and the kiosk has numbers of
its own; on the others the patient may finish what was begun."""

NO_SERVICES = Fault(code="notice.no_services")


def handle(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome | None:
    match event:
        case ev.HubLost():
            return _lost(visit), ()
        case ev.HubBack():
            return _back(visit, at)
        case ev.ServicesLoaded():
            named = replace(visit, hospital=event.hospital or visit.hospital, hub_silent_at_s=None)
            return _can_begin(_loaded(named, event, at)), ()
    return None


def kept_current(visit: Visit, at: Surroundings) -> Visit:
    """The visit with its services as they are by now, while the hub cannot say: it opens and closes by the hours."""
    if not visit.hub_away or visit.heard is None:
        return visit
    services = services_by(visit.heard, at.now_s)
    return visit if services == visit.services else replace(visit, services=services)


def choose_service(visit: Visit) -> Visit:
    """On to the services, or to "the hub is away" in their place."""
    chosen = forward(visit, Step.CHOOSE_SERVICE, None if visit.services else NO_SERVICES)
    return away(chosen) if visit.hub_away and not can_do_without(visit) else chosen


def away(visit: Visit) -> Visit:
    """The screen that says where to go; it gives way to the present step as soon as the hub is back."""
    return replace(visit, step=Step.HUB_AWAY, resume=visit.step, notice=None)


def _loaded(visit: Visit, event: ev.ServicesLoaded, at: Surroundings) -> Visit:
    if visit.request_id is not None and all(service.id != visit.service for service in event.services):
        return visit  # the chosen one's room is still needed for the slip
    heard = LastHeard(services=event.services, said=event.said, at_s=at.now_s - event.age_s)
    if visit.heard is not None and heard.at_s < visit.heard.at_s:
        return visit  # from the disk, and the hub has been heard since
    services = services_by(heard, at.now_s) if event.age_s else event.services
    loaded = replace(visit, services=services, heard=heard)
    return replace(loaded, notice=None) if services and visit.notice == NO_SERVICES else loaded


def _can_begin(visit: Visit) -> Visit:
    """A kiosk that waits for the hub with nobody before it may begin once it knows the services."""
    resting = visit.step is Step.HUB_AWAY and visit.resume is Step.WELCOME
    return replace(visit, step=Step.WELCOME) if resting and can_do_without(visit) else visit


def _lost(visit: Visit) -> Visit:
    lost = replace(visit, hub_away=True)
    return away(lost) if visit.step in _CANNOT_GO_ON and not can_do_without(visit) else lost


def _back(visit: Visit, at: Surroundings) -> Outcome:
    back = replace(visit, hub_away=False)
    if visit.step is not Step.HUB_AWAY:
        return back, ()
    resumed = replace(back, step=visit.resume, resume=Step.WELCOME)
    if resumed.step is Step.ISSUING:
        return replace(resumed, give_up_at_s=at.now_s + at.options.issue_give_up_s), ()
    return resumed, (LoadServices(),)
