"""From the chosen service to the number: wait for insurance a little, then ask the hub until it answers.

One request id per chosen service; once it went out nothing can take it back, so no ticket is lost or doubled.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import masked_name
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.slip import slip_for
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.confirming import awaits_insurance
from kiosk.domain.visit.effects import IssueTicket, LoadServices, PrintSlip, TellStaff
from kiosk.domain.visit.hub_link import away
from kiosk.domain.visit.moving import forward, without_eligibility
from kiosk.domain.visit.next_step import coverage_of, flags_of, next_step_of
from kiosk.domain.visit.offers import hospital_shown, offered_services
from kiosk.domain.visit.priority import priority_of
from kiosk.domain.visit.state import PrintProgress, Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings

UNCLAIMED = "ticket.unclaimed"
LONGEST_SHOWN_NAME = 80
"""Characters the hub takes of a masked name."""


def handle(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome | None:
    match event:
        case ev.ServiceChosen(service=service) if visit.step in (Step.CHOOSE_SERVICE, Step.REFUSED):
            return _chosen(_at_the_choice(visit), service, at)
        case ev.TicketIssued(request_id=request_id, ticket=ticket):
            return _issued(visit, request_id, ticket, at)
        case ev.IssueRefused(request_id=request_id, fault=fault):
            return _refused_by_hub(visit, request_id, fault)
    return None


def went_on(visit: Visit, at: Surroundings) -> Outcome:
    """What passing time and new answers do to a visit that waits for its number."""
    if visit.step is not Step.ISSUING:
        return visit, ()
    if not visit.issue_sent:
        return (visit, ()) if awaits_insurance(visit, at.now_s) else _sent(visit, at)
    if visit.give_up_at_s is not None and at.now_s >= visit.give_up_at_s:
        return replace(away(visit), give_up_at_s=None), ()
    return visit, ()


def _chosen(visit: Visit, service_id: str, at: Surroundings) -> Outcome:
    service = next((offered for offered in offered_services(visit) if offered.id == service_id), None)
    if service is None:
        return replace(visit, notice=Fault(code="service.unknown")), (LoadServices(),)
    if service.availability is not Availability.OPEN:
        return _refused(forward(visit, Step.REFUSED), no_number(service)), (LoadServices(),)
    if visit.hub_away:
        return away(visit), ()
    issuing = replace(forward(visit, Step.ISSUING), service=service.id, request_id=at.ids.request_id())
    return issuing, ()


def _at_the_choice(visit: Visit) -> Visit:
    """Another service chosen on the refusal is chosen as if on the step before it."""
    if visit.step is not Step.REFUSED:
        return visit
    return replace(visit, step=Step.CHOOSE_SERVICE, history=visit.history[:-1])


def no_number(service: ServiceView) -> Fault:
    """Why a service gives no number now, in the hub's own codes."""
    params = {"service": service.id}
    if service.availability is Availability.FULL:
        return Fault(code="service.full", params=params)
    if service.opens_at is None:
        return Fault(code="service.closed", params=params)
    return Fault(code="service.closed_until", params={**params, "opens_at": service.opens_at})


def _sent(visit: Visit, at: Surroundings) -> Outcome:
    assert visit.request_id is not None
    assert visit.service is not None
    priority, age_flags = priority_of(visit.identity, visit.claim, at.today)
    flags = (*flags_of(visit), *age_flags)
    answer = visit.eligibility
    request = IssueTicket(
        request_id=visit.request_id,
        service=visit.service,
        priority=priority,
        patient_ref=None if answer is None else answer.patient_ref,
        eligibility_id=None if answer is None else answer.id,
        masked_name=_shown_name(visit),
        flags=flags,
        next_step=next_step_of(visit),
    )
    give_up_at_s = at.now_s + at.options.issue_give_up_s
    return replace(visit, issue_sent=True, give_up_at_s=give_up_at_s, flags=flags), (request,)


def _shown_name(visit: Visit) -> str | None:
    if visit.identity is None or visit.identity.name is None:
        return None
    return masked_name(visit.identity.name)[:LONGEST_SHOWN_NAME].strip() or None


def _issued(visit: Visit, request_id: str, ticket: TicketView, at: Surroundings) -> Outcome:
    if request_id != visit.request_id or not visit.issue_sent:
        return visit, (TellStaff(code=UNCLAIMED),)
    if visit.ticket is not None:
        return visit, ()
    service = next(view for view in visit.services if view.id == visit.service)
    slip = slip_for(
        ticket,
        service,
        hospital=hospital_shown(visit, at.options.hospital),
        kiosk_id=at.options.kiosk_id,
        language=visit.language,
        masked_name=_shown_name(visit),
        coverage=coverage_of(visit),
        next_step=next_step_of(visit),
    )
    notice = Fault(code="notice.take_card") if visit.card_on_reader else None
    shown = replace(forward(visit, Step.TICKET, notice), resume=Step.WELCOME, give_up_at_s=None)
    return replace(shown, ticket=ticket, slip=slip, print_progress=PrintProgress.QUEUED), (PrintSlip(slip=slip),)


def _refused_by_hub(visit: Visit, request_id: str, fault: Fault) -> Outcome:
    if request_id != visit.request_id or visit.ticket is not None:
        return visit, ()
    known = without_eligibility(visit) if fault.code.startswith("eligibility.") else visit
    return _refused(known, fault), (LoadServices(),)


def _refused(visit: Visit, fault: Fault) -> Visit:
    taken_back = replace(
        visit, service=None, request_id=None, issue_sent=False, give_up_at_s=None, resume=Step.WELCOME, flags=()
    )
    return replace(taken_back, step=Step.REFUSED, notice=fault)
