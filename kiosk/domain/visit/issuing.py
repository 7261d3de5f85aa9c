"""From the chosen service to the number: wait for insurance a little, then ask the hub until it answers.

One request id per chosen service; once it went out nothing can take it back, so no ticket is lost or doubled.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.alert import about
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import masked_name
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.slip import Slip, SlipDraft
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.confirming import awaits_insurance
from kiosk.domain.visit.effects import (
    Effect,
    GiveOwnNumber,
    IssueTicket,
    LeaveUnprinted,
    LoadServices,
    PrintSlip,
    TakeBack,
    TellStaff,
)
from kiosk.domain.visit.hub_link import away
from kiosk.domain.visit.moving import can_do_without, forward, fresh, without_eligibility
from kiosk.domain.visit.next_step import coverage_of, flags_of, next_step_of
from kiosk.domain.visit.offers import hospital_shown, offered_services
from kiosk.domain.visit.priority import priority_of
from kiosk.domain.visit.repairing import offered, wanted_repair
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
        case ev.OwnNumberGiven(request_id=request_id, ticket=ticket):
            return _issued(visit, request_id, ticket, at, own_number=True)
        case ev.OwnNumberFailed(request_id=request_id) if request_id == visit.request_id:
            return replace(visit, own_number_at_s=None), ()
        case ev.TicketResumed():
            return _resumed(visit, event)
        case ev.IssueRefused(request_id=request_id, fault=fault):
            return _refused_by_hub(visit, request_id, fault)
    return None


def went_on(visit: Visit, at: Surroundings) -> Outcome:
    """What passing time and new answers do to a visit that waits for its number."""
    if visit.step is not Step.ISSUING:
        return visit, ()
    if not visit.issue_sent:
        if awaits_insurance(visit, at.now_s) and not _hub_is_silent(visit, at):
            return visit, ()
        return (_repair_first(visit), ()) if wanted_repair(visit) is not None else _sent(visit, at)
    if visit.own_number_at_s is not None and (visit.hub_away or at.now_s >= visit.own_number_at_s):
        assert visit.request_id is not None
        return replace(visit, own_number_at_s=None), (GiveOwnNumber(request_id=visit.request_id),)
    if visit.give_up_at_s is not None and at.now_s >= visit.give_up_at_s:
        return replace(away(visit), give_up_at_s=None), ()
    return visit, ()


def _hub_is_silent(visit: Visit, at: Surroundings) -> bool:
    """Whether nothing can come of waiting for insurance: who asks it does not answer, and a number need not wait."""
    if not can_do_without(visit):
        return False
    return visit.hub_away or (visit.hub_silent_at_s is not None and at.now_s >= visit.hub_silent_at_s)


def _repair_first(visit: Visit) -> Visit:
    """The answer came after the choice: the wrong field is offered before the number is asked for."""
    *earlier, choice = visit.history
    return offered(replace(visit, step=choice, history=tuple(earlier)))


def _chosen(visit: Visit, service_id: str, at: Surroundings) -> Outcome:
    service = next((offered for offered in offered_services(visit) if offered.id == service_id), None)
    if service is None:
        return replace(visit, notice=Fault(code="service.unknown")), (LoadServices(),)
    if service.availability is not Availability.OPEN:
        return _refused(forward(visit, Step.REFUSED), no_number(service)), (LoadServices(),)
    if visit.hub_away and not can_do_without(visit):
        return away(visit), ()
    issuing = replace(forward(visit, Step.ISSUING), service=service.id, request_id=at.ids.request_id())
    if not visit.own_numbers:
        return issuing, ()
    return replace(issuing, hub_silent_at_s=at.now_s + at.options.offline_after_s), (LoadServices(),)


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
        draft=_draft(visit, at),
    )
    sent = replace(
        visit,
        issue_sent=True,
        own_number_at_s=_own_number_at_s(visit, at),
        give_up_at_s=at.now_s + at.options.issue_give_up_s,
        flags=flags,
    )
    return sent, (request,)


def _own_number_at_s(visit: Visit, at: Surroundings) -> float | None:
    if not visit.own_numbers:
        return None
    return at.now_s if _hub_is_silent(visit, at) else at.now_s + at.options.offline_after_s


def _draft(visit: Visit, at: Surroundings) -> SlipDraft:
    return SlipDraft(
        service=next(view for view in visit.services if view.id == visit.service),
        hospital=hospital_shown(visit, at.options.hospital),
        kiosk_id=at.options.kiosk_id,
        language=visit.language,
        masked_name=_shown_name(visit),
        coverage=coverage_of(visit),
        next_step=next_step_of(visit),
    )


def _shown_name(visit: Visit) -> str | None:
    if visit.identity is None or visit.identity.name is None:
        return None
    return masked_name(visit.identity.name)[:LONGEST_SHOWN_NAME].strip() or None


def _issued(
    visit: Visit, request_id: str, ticket: TicketView, at: Surroundings, *, own_number: bool = False
) -> Outcome:
    if request_id != visit.request_id or not visit.issue_sent:
        return visit, (TakeBack(request_id=request_id), TellStaff(code=UNCLAIMED, params=about(ticket.label)))
    if visit.ticket is not None:
        return visit, ()
    return _shown(visit, ticket, _draft(visit, at).slip(ticket, own_number=own_number))


def _shown(visit: Visit, ticket: TicketView, slip: Slip) -> Outcome:
    """On to the ticket. Who had it already keeps the paper there is; another is printed when asked for."""
    shown = _on_screen(visit, ticket, slip)
    if ticket.already:
        return shown, ()
    effects: tuple[Effect, ...] = (PrintSlip(slip=slip),)
    return replace(shown, print_progress=PrintProgress.QUEUED), effects


def _on_screen(visit: Visit, ticket: TicketView, slip: Slip) -> Visit:
    notice = Fault(code="notice.take_card") if visit.card_on_reader else None
    shown = replace(forward(visit, Step.TICKET, notice), resume=Step.WELCOME, give_up_at_s=None, own_number_at_s=None)
    return replace(shown, ticket=ticket, slip=slip, own_number=slip.own_number)


def _resumed(visit: Visit, event: ev.TicketResumed) -> Outcome:
    """A number from before the kiosk was switched off a moment ago; not where somebody has begun a visit since."""
    if visit != fresh(visit):
        return visit, () if event.printed else (LeaveUnprinted(request_id=event.request_id),)
    resumed = replace(
        visit,
        request_id=event.request_id,
        issue_sent=True,
        service=event.ticket.service,
        language=event.slip.language,
    )
    if event.printed:
        return replace(_on_screen(resumed, event.ticket, event.slip), print_progress=PrintProgress.UNCONFIRMED), ()
    return _shown(resumed, event.ticket, event.slip)


def _refused_by_hub(visit: Visit, request_id: str, fault: Fault) -> Outcome:
    if request_id != visit.request_id or visit.ticket is not None:
        return visit, ()
    known = without_eligibility(visit) if fault.code.startswith("eligibility.") else visit
    return _refused(known, fault), (LoadServices(),)


def _refused(visit: Visit, fault: Fault) -> Visit:
    taken_back = replace(
        visit,
        service=None,
        request_id=None,
        issue_sent=False,
        own_number_at_s=None,
        give_up_at_s=None,
        resume=Step.WELCOME,
        flags=(),
    )
    return replace(taken_back, step=Step.REFUSED, notice=fault)
