"""The console's sentences in the chosen language, and values turned into words. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.alert import HUB, LABELS, Alert
from kiosk.domain.eligibility import OutcomeClass, StaffAction
from kiosk.domain.faults import Fault
from kiosk.domain.insurance_work import LookupState, WorkItem
from kiosk.domain.localized import Language, LocalizedText, Texts
from kiosk.domain.paper import PaperState
from kiosk.domain.ticket import TicketView

NOTHING = "–"
WEIGHTY = frozenset({"flag.chip_forged", "flag.chip_other_person", "flag.label_twice"})
"""Flags about who somebody is: looked at before everything else."""

_PAPER_TROUBLE = frozenset({PaperState.FAILED, PaperState.UNCONFIRMED})

_TOLD_BY_COVERAGE = frozenset({OutcomeClass.FIX_INPUT, OutcomeClass.DENY_CARD, OutcomeClass.REQUERY})
"""Outcomes whose sentence about the card says more than the class itself."""

_MENDED_BY_IT = frozenset({OutcomeClass.CONFIG, OutcomeClass.AUTH})
"""Outcomes that no waiting ends."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The catalogue in one language; keys without an area belong to `counter`."""

    texts: Texts
    language: Language

    def say(self, key: str, **params: object) -> str:
        return self.texts.text(f"counter.{key}", self.language, **params)

    def name(self, text: LocalizedText) -> str:
        return text.in_language(self.language)

    def known(self, keys: Iterable[str], /, **params: object) -> str | None:
        """The first of `keys` (whole ones) the catalogue has; null when it has none."""
        for key in keys:
            try:
                return self.texts.text(key, self.language, **params)
            except KeyError:
                continue
        return None

    def fault(self, fault: Fault) -> str:
        """A refusal as a sentence; its code in words only when the catalogue does not know it."""
        params = dict(fault.params)
        for name, area in (("state", "state"), ("action", "action")):
            if name in params:
                params[name] = self.known([f"counter.{area}.{params[name]}"]) or params[name]
        keys = (f"counter.problem.{fault.code}", f"problem.{fault.code}")
        return self.known(keys, **params) or self.say("problem.other", code=fault.code)

    def place(self, alert: Alert) -> str:
        """Where it happened."""
        return self.say("alert.hub") if alert.kiosk == HUB else alert.kiosk

    def alert(self, alert: Alert) -> str:
        """What happened at a kiosk and what to do about it, and with which numbers."""
        sentence = self.known([f"staff.{alert.code}", f"staff_without.{alert.code}"], **alert.params)
        sentence = sentence or self.say(f"alert.{alert.kind.value}", code=alert.code)
        labels = ", ".join(str(alert.params.get(LABELS, "")).split(","))
        area = alert.code.partition(".")[0]
        keys = (f"counter.alert.labels_{area}", "counter.alert.labels")
        return (self.known(keys, text=sentence, labels=labels) if labels else None) or sentence

    def cover(self, ticket: TicketView) -> str:
        """Insurance in a word or two."""
        if ticket.coverage is None:
            return NOTHING
        short = ticket.coverage.removeprefix("coverage.")
        return self.known([f"counter.cover.{short}", ticket.coverage]) or NOTHING

    def work_result(self, item: WorkItem) -> str:
        """What an insurance look-up came to so far, in a word or two."""
        failed = item.state is LookupState.FAILED
        short = item.coverage.removeprefix("coverage.")
        keys = [f"counter.cover.{short}"] if failed and item.outcome in _TOLD_BY_COVERAGE else []
        words = self.known([*keys, f"outcome.{item.outcome.value}"]) or NOTHING
        return words if failed else self.say("work.pending", words=words)

    def work_advice(self, item: WorkItem) -> str:
        """What staff should do about it."""
        if item.state is LookupState.PENDING and item.outcome not in _MENDED_BY_IT:
            return self.say("work.waits")
        return self.known([item.staff_action]) or self.say("current.nothing_to_check")

    def to_do(self, ticket: TicketView) -> str:
        """The first thing to check, for a list; null words when there is nothing."""
        return next(iter(self.checks(ticket)), "")

    def checks(self, ticket: TicketView) -> list[str]:
        """Everything staff should check with this person, most important first."""
        found = [] if ticket.staff_action in (None, StaffAction.NONE.value) else [str(ticket.staff_action)]
        keys = sorted([*found, *ticket.flags], key=lambda key: key not in WEIGHTY)
        told = [self.known([key]) or self.say("flag_unknown", code=key) for key in keys]
        return [*self._labels(ticket), *told, *self._paper(ticket)]

    def _paper(self, ticket: TicketView) -> list[str]:
        """What is wrong with the ticket's paper, where something is."""
        if ticket.paper is None or ticket.paper.state not in _PAPER_TROUBLE:
            return []
        return [self.say(f"paper.{ticket.paper.state.value}")]

    def _labels(self, ticket: TicketView) -> list[str]:
        """Numbers on papers beside the one that is called: who holds such a paper listens for it."""
        also = " · ".join(ticket.printed_labels)
        return [self.say("paper.also", labels=also)] if also else []


def minutes_since(moment: datetime, now: datetime) -> int:
    """Whole minutes since `moment`."""
    return max(0, int((now - moment).total_seconds() // 60))


def waited_min(ticket: TicketView, now: datetime) -> int:
    """Whole minutes since the ticket was issued."""
    return minutes_since(ticket.issued_at, now)
