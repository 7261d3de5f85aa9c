"""The visit machine: the only place that decides which step follows which event.

Each subject answers for its own events; an event that means nothing on a step changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.domain.localized import Language
from kiosk.domain.visit import (
    chip,
    codes,
    confirming,
    helping,
    hub_link,
    issuing,
    leaving,
    presenting,
    printing,
    repairing,
    timing,
)
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings

_SUBJECTS: tuple[Callable[[Visit, ev.Event, Surroundings], Outcome | None], ...] = (
    timing.handle,
    helping.handle,
    hub_link.handle,
    repairing.handle,
    codes.handle,
    chip.handle,
    presenting.handle,
    confirming.handle,
    issuing.handle,
    printing.handle,
    leaving.handle,
)


def step(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome:
    """The visit after `event` and what is to be done about it. Never raises for any event on any step."""
    changed, effects = _answered(hub_link.kept_current(visit, at), event, at)
    reading, chip_effects = chip.went_on(visit, changed, at)
    repaired, repair_effects = repairing.went_on(reading)
    gone_on, more = issuing.went_on(repaired, at)
    return timing.rearmed(visit, gone_on, event, at), (*effects, *chip_effects, *repair_effects, *more)


def _answered(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome:
    if isinstance(event, ev.LanguageToggled):
        other = Language.VI if visit.language is Language.EN else Language.EN
        return replace(visit, language=other), ()
    for handle in _SUBJECTS:
        outcome = handle(visit, event, at)
        if outcome is not None:
            return outcome
    return visit, ()
