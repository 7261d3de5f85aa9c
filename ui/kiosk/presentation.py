"""A `Visit` turned into what each part of the screen shows. Pure: no Qt, no clock; every map always has all its keys,
so that a screen that is just going away still finds them."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import masked_name, masked_number
from kiosk.domain.localized import Language, LocalizedText, Texts
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.ticket import Estimate, Priority, TicketView
from kiosk.domain.visit import offers
from kiosk.domain.visit.chip_values import ChipState, ChipVerdict
from kiosk.domain.visit.repairing import wanted_repair
from kiosk.domain.visit.state import HelpState, PrintProgress, Step, Visit
from ui.kiosk.options import KioskOptions

Fields = dict[str, object]

SERVICES_A_PAGE = 6
STAGES = 3
_STAGE_OF_STEP = {
    Step.PRESENT: 1,
    Step.NO_DOCUMENT: 1,
    Step.ENTER_NUMBER: 1,
    Step.ENTER_BIRTH: 1,
    Step.ENTER_NAME: 1,
    Step.ENTER_CAN: 1,
    Step.READ_CHIP: 1,
    Step.CONFIRM: 1,
    Step.REPAIR: 2,
    Step.CHOOSE_SERVICE: 2,
    Step.REFUSED: 2,
    Step.ISSUING: 3,
    Step.TICKET: 3,
}
_CHIP_PENDING = {
    ChipState.CARD_WANTED: "card",
    ChipState.READING: "reading",
}
_CHIP_READ = {
    ChipVerdict.AUTHENTIC: "authentic",
    ChipVerdict.ISSUER_NOT_TRUSTED: "read",
    ChipVerdict.NOT_PROVEN: "read",
}
_CARD_NOTICE = "notice.card_show_qr"
_LAY_NOTICE = "notice.chip_lay_card"
_PAPER_OF_PROGRESS = {
    PrintProgress.NONE: "trouble",
    PrintProgress.QUEUED: "busy",
    PrintProgress.SENT: "busy",
    PrintProgress.CONFIRMED: "good",
    PrintProgress.UNCONFIRMED: "trouble",
    PrintProgress.FAILED: "trouble",
}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The catalogue in the visit's language."""

    texts: Texts
    language: Language

    def say(self, key: str, **params: object) -> str:
        return self.texts.text(key, self.language, **params)

    def local(self, text: LocalizedText) -> str:
        return text.in_language(self.language)

    def fault(self, fault: Fault | None) -> str:
        """The sentence for a fault; a general one when the catalogue does not know its code."""
        if fault is None:
            return ""
        try:
            return self.say(offers.text_key(fault), **fault.params)
        except KeyError:
            return self.say("kiosk.notice.generic")

    def optional(self, key: str) -> str:
        """A sentence by a key that came with data; empty when the catalogue does not have it."""
        try:
            return self.say(key)
        except KeyError:
            return ""


def navigation(visit: Visit) -> Fields:
    """Which of the always-equal buttons stand in the footer, and how far the visit is (`stage` 0: not shown)."""
    return {
        "back": offers.can_go_back(visit),
        "cancel": offers.can_cancel(visit),
        "done": offers.can_finish(visit),
        "stage": _STAGE_OF_STEP.get(visit.step, 0),
        "stages": STAGES,
    }


def person(visit: Visit) -> Fields:
    """Who the kiosk believes to have in front of it, readable only for the person."""
    identity = visit.identity
    if identity is None:
        return {"name": "", "birthYear": "", "number": ""}
    return {
        "name": masked_name(identity.name) if identity.name else "",
        "birthYear": str(identity.birth.year) if identity.birth else "",
        "number": masked_number(identity.number),
    }


def chip(visit: Visit, wording: Wording) -> Fields:
    """The chip of the card on the reader: `none`, `key` (the six digits open it), `card` (the card is wanted),
    `reading`, or once it is read `read` and `authentic`. What went wrong is a notice, not a state."""
    known = visit.chip
    state = "key" if offers.can_type_can(visit) else _CHIP_PENDING.get(known.state, "none")
    if known.state is ChipState.DONE and known.verdict is not None:
        state = _CHIP_READ.get(known.verdict, "none")
    return {
        "state": state,
        "stage": wording.say(f"kiosk.read_chip.{known.stage.value}"),
        "fraction": known.fraction,
    }


def notice(visit: Visit, wording: Wording) -> str:
    """The sentence above the step. Not one that the screen says in its title: that a card lies on the reader, or is to
    be laid there."""
    if visit.notice is not None and visit.notice.code in _said_by_title(visit):
        return ""
    return wording.fault(visit.notice)


def _said_by_title(visit: Visit) -> tuple[str, ...]:
    if visit.step in (Step.PRESENT, Step.READ_CHIP) and visit.chip.state is ChipState.CARD_WANTED:
        return (_LAY_NOTICE,)
    return (_CARD_NOTICE,) if visit.step is Step.PRESENT and visit.card_on_reader else ()


def insurance(visit: Visit, wording: Wording) -> Fields:
    """State of the insurance look-up: `none`, `asking`, `good` or `counter` (somebody has to look), and a sentence."""
    answer = visit.eligibility
    if answer is not None:
        good = answer.outcome is OutcomeClass.OK and not answer.pending
        coverage = wording.optional(answer.coverage)
        if good:
            return {"state": "good", "text": coverage or wording.say("kiosk.confirm.insurance_good")}
        more = "insurance_counter" if wanted_repair(visit) is None else "insurance_repair"
        return {"state": "counter", "text": f"{coverage} {wording.say(f'kiosk.confirm.{more}')}".strip()}
    if visit.eligibility_request is None:
        return {"state": "none", "text": ""}
    if visit.eligibility_deadline_s is None:
        return {"state": "counter", "text": wording.say("kiosk.confirm.insurance_later")}
    return {"state": "asking", "text": wording.say("kiosk.confirm.asking")}


def repair(visit: Visit, wording: Wording) -> Fields:
    """What is to be corrected (`field`: `number`, `name`, `birth`; empty on every other step), in words."""
    if visit.repair is None:
        return {"field": "", "title": "", "subtitle": "", "subtitleYear": "", "leave": ""}
    words = f"kiosk.repair.{visit.repair.value}"
    subtitle = wording.say(f"{words}_subtitle")
    return {
        "field": visit.repair.value,
        "title": wording.say(f"{words}_title"),
        "subtitle": subtitle,
        "subtitleYear": wording.optional(f"{words}_subtitle_year") or subtitle,
        "leave": wording.say("kiosk.repair.leave"),
    }


def services(visit: Visit, wording: Wording) -> list[Fields]:
    """All services as cards, in the hub's order; what is closed or full says why. How many wait is known to the hub
    alone."""
    offered = offers.offered_services(visit)
    if visit.step is Step.REFUSED:
        offered = tuple(s for s in offered if s.availability is Availability.OPEN and s.id != visit.service)
    return [_service_card(service, wording, hub_away=visit.hub_away) for service in offered]


def _service_card(service: ServiceView, wording: Wording, *, hub_away: bool) -> Fields:
    return {
        "id": service.id,
        "prefix": service.prefix,
        "name": wording.local(service.name),
        "room": wording.local(service.room),
        "open": service.availability is Availability.OPEN,
        "status": _service_status(service, wording, hub_away=hub_away),
    }


def _service_status(service: ServiceView, wording: Wording, *, hub_away: bool) -> str:
    if service.availability is Availability.FULL:
        return wording.say("kiosk.choose_service.full")
    if service.availability is Availability.CLOSED:
        if service.opens_at:
            return wording.say("kiosk.choose_service.closed_until", time=service.opens_at)
        return wording.say("kiosk.choose_service.closed")
    if hub_away:
        return wording.say("kiosk.choose_service.open")
    if service.waiting == 0:
        return wording.say("kiosk.choose_service.waiting_none")
    return wording.say("kiosk.choose_service.waiting", count=service.waiting)


def ticket(visit: Visit, wording: Wording) -> Fields:
    """The ticket screen: number, place, wait, paper, next step."""
    shown, slip = visit.ticket, visit.slip
    return {
        "title": wording.say("kiosk.ticket.title_already" if offers.had_it_already(visit) else "kiosk.ticket.title"),
        "label": shown.label if shown else "",
        "service": wording.local(slip.service_name) if slip else _service_name(visit, wording),
        "room": wording.local(slip.room) if slip else "",
        "directions": wording.local(slip.directions) if slip else "",
        **_queue(visit, wording),
        "priority": _priority(shown, wording),
        "nextStep": wording.optional(_next_step(visit)),
        **_paper(visit, wording),
    }


def _queue(visit: Visit, wording: Wording) -> Fields:
    """Who is before the patient and how long it will take; for a number of the kiosk's own nobody knows yet."""
    if visit.own_number:
        said, more = wording.say("kiosk.ticket.own_number"), wording.say("kiosk.ticket.own_number_more")
        return {"ahead": said, "estimate": more}
    shown = visit.ticket
    return {"ahead": _ahead(shown, wording), "estimate": _estimate(shown.estimate if shown else None, wording)}


def _next_step(visit: Visit) -> str:
    """Catalogue key; the slip knows better than the hub what this kiosk has seen."""
    if visit.slip is not None:
        return visit.slip.next_step
    return visit.ticket.next_step if visit.ticket is not None else ""


def _service_name(visit: Visit, wording: Wording) -> str:
    return next((wording.local(s.name) for s in visit.services if s.id == visit.service), "")


def _ahead(shown: TicketView | None, wording: Wording) -> str:
    if shown is None or shown.people_ahead is None:
        return ""
    if shown.people_ahead == 0:
        return wording.say("kiosk.ticket.ahead_none")
    return wording.say("kiosk.ticket.ahead", count=shown.people_ahead)


def _estimate(estimate: Estimate | None, wording: Wording) -> str:
    if estimate is None:
        return ""
    key = "kiosk.ticket.estimate_one" if estimate.low_min == estimate.high_min else "kiosk.ticket.estimate"
    return wording.say(key, low=estimate.low_min, high=estimate.high_min)


def _priority(shown: TicketView | None, wording: Wording) -> str:
    if shown is None or shown.priority is Priority.NORMAL:
        return ""
    return wording.say(f"kiosk.ticket.{shown.priority.value}")


def _paper(visit: Visit, wording: Wording) -> Fields:
    """The paper's own state: `busy`, `good` or `trouble`; and whether a second paper is offered."""
    progress = visit.print_progress
    return {
        "paper": _PAPER_OF_PROGRESS[progress],
        "paperText": _paper_text(visit, wording),
        "reprint": offers.can_reprint(visit),
    }


def _paper_text(visit: Visit, wording: Wording) -> str:
    """What is wrong with the printer, where that is known; else the state of the paper."""
    known = visit.print_progress is PrintProgress.FAILED and visit.print_fault is not None
    told = wording.optional(offers.text_key(visit.print_fault)) if known and visit.print_fault else ""
    if visit.print_progress is PrintProgress.NONE and offers.had_it_already(visit):
        return wording.say("kiosk.ticket.print_already")
    return told or wording.say(f"kiosk.ticket.print_{visit.print_progress.value}")


def assistance(visit: Visit, wording: Wording, options: KioskOptions) -> Fields:
    """The help notice: what has been done and where to go meanwhile."""
    state = visit.help
    if state is HelpState.NONE:
        return {"shown": False, "state": state.value, "title": "", "text": "", "place": "", "emergency": ""}
    return {
        "shown": True,
        "state": state.value,
        "title": wording.say(f"kiosk.help.{state.value}_title"),
        "text": wording.say(f"kiosk.help.{state.value}"),
        "place": wording.local(options.desk) if state is HelpState.UNREACHABLE else "",
        "emergency": f"{wording.say('kiosk.help.emergency')} {wording.local(options.emergency)}",
    }
