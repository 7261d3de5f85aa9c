"""Taking the queue along when the hub's clock steps: nobody who waits is lost, no label is given twice.

The day people have numbers of is the day they live through, whatever it is called. So a step to another date renames
that day, in one transaction; numbers, places and the order of the queue go on. Undone, everything is as before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from kiosk.domain.alert import HUB, AlertKind, AlertParams
from kiosk.domain.clock import SETTING_RIGHT, ClockMark, ClockStep, StepCause
from kiosk.domain.site import Site
from kiosk.services.alerts import raise_alert
from kiosk.services.context import WriteContext
from kiosk.storage.clocks import DayMove

CLOCK_FOLLOWED = "hub.clock_followed"


def settle_step(context: WriteContext, step: ClockStep, mark: ClockMark) -> ClockMark:
    """Rename the days `step` leaves and shift the moments of who is in the queue. `mark` is what
    is kept of the clock so far; returns what to keep now.

    A step that sets right what the machine had kept of the time takes along only what was given since it came up:
    what is from before that belongs to a day that is over."""
    today, target = context.site.day_of(step.before), context.site.day_of(step.after)
    setting_right = step.cause in SETTING_RIGHT
    queue_since = mark.day_seq if mark.day == today.isoformat() else 0
    since = max(mark.boot_seq + 1, queue_since)
    if today != target:
        mark = replace(mark, day=target.isoformat(), day_seq=_first_seq(context, today, target, since))
    for day in _left_days(context, step):
        whole = setting_right or day == today
        move = DayMove(
            source=day,
            target=target,
            since=since if whole else context.records.last_seq() + 1,
            queue_since=None if setting_right else queue_since if day == today else 0,
        )
        context.tables.clock.move(move)
    shifted_since = since if setting_right else mark.day_seq
    context.tables.clock.shift_moments(context.site.live_days(step.after), shifted_since, step.by)
    if not setting_right or step.by < timedelta():
        # Also an event of the time the hub goes on from, so that a restart does not go on from before the step.
        context = replace(context, now=step.after)
        raise_alert(context, HUB, AlertKind.FAULT, CLOCK_FOLLOWED, moment_params(context.site, step.after))
    undone = step.cause is StepCause.RETURNED
    return replace(
        mark,
        offset=mark.offset + step.by,
        followed=timedelta() if undone else step.by,
        followed_at=None if undone else step.after,
    )


def moment_params(site: Site, moment: datetime) -> AlertParams:
    """A moment in hospital time, as a sentence says it."""
    local = site.local(moment)
    return {"time": local.strftime("%H:%M"), "date": local.strftime("%d-%m-%Y")}


def _first_seq(context: WriteContext, today: date, target: date, since: int) -> int:
    """Where the target has tickets of its own already, those that move begin here."""
    if not context.tables.clock.has_tickets(target):
        return 0
    return context.tables.clock.first_seq_of(today, since) or context.records.last_seq() + 1


def _left_days(context: WriteContext, step: ClockStep) -> list[date]:
    """The days whose people would drop out of the queue, and the one lived through if it is called otherwise now."""
    today, target = context.site.day_of(step.before), context.site.day_of(step.after)
    kept = (target,) if today != target else context.site.live_days(step.after)
    return [day for day in context.site.live_days(step.before) if day not in kept]
