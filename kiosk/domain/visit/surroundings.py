"""What the visit machine gets from outside at every step: time, ids and the kiosk's own settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from kiosk.domain.localized import LocalizedText
from kiosk.domain.visit.chip_values import ChipRules
from kiosk.domain.visit.effects import Effect
from kiosk.domain.visit.state import Visit

SHORTEST_WARNING_S = 20.0
"""WCAG 2.2, 2.2.1: at least 20 seconds to ask for more time with one simple action."""


@dataclass(frozen=True, kw_only=True)
class VisitOptions:
    """Times of a visit and what stands on its slip.

    A visit is wiped after `idle_s` without a sign of the patient (`typing_idle_s` on the typing steps,
    `ticket_idle_s` on the ticket); the warning stands there for the last `warning_s` of it. `eligibility_wait_s`
    bounds the waiting for insurance, `offline_after_s` the waiting for the hub's number: then a kiosk that can gives
    one of its own; `issue_give_up_s` is when the patient, still without a number, is told where to go.
    Without a `hospital` the slip carries the hub's name for it. Raises `ValueError(code, key, allowed)`.
    """

    hospital: LocalizedText | None = None
    kiosk_id: str = "K1"
    idle_s: float = 60.0
    typing_idle_s: float = 90.0
    ticket_idle_s: float = 30.0
    warning_s: float = SHORTEST_WARNING_S
    eligibility_wait_s: float = 8.0
    offline_after_s: float = 1.5
    issue_give_up_s: float = 20.0

    def __post_init__(self) -> None:
        if self.warning_s < SHORTEST_WARNING_S:
            raise ValueError("visit.warning_too_short", "warning_s", f"≥ {SHORTEST_WARNING_S:g}")
        for name in ("idle_s", "typing_idle_s", "ticket_idle_s"):
            if not getattr(self, name) > self.warning_s:
                raise ValueError("visit.idle_shorter_than_warning", name, f"> {self.warning_s:g} (warning_s)")
        for name in ("eligibility_wait_s", "offline_after_s"):
            if not getattr(self, name) >= 0:
                raise ValueError("visit.option_negative", name, "≥ 0")
        if not self.issue_give_up_s > 0:
            raise ValueError("visit.option_negative", "issue_give_up_s", "> 0")


class Ids(Protocol):
    """Ids that never repeat while the kiosk runs (request ids: never at all)."""

    def request_id(self) -> str:
        """A new idempotency key."""
        ...

    def question_number(self) -> int:
        """A new number for an insurance question."""
        ...

    def reading_number(self) -> int:
        """A new number for a reading of a chip."""
        ...


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """`now_s` is the injected monotonic clock, `today` the hospital's day; `chip` says how chips are read here."""

    now_s: float
    today: date
    options: VisitOptions
    ids: Ids
    chip: ChipRules = field(default_factory=ChipRules)


Outcome = tuple[Visit, tuple[Effect, ...]]
