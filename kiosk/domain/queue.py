"""Queue discipline: who is before whom, and how long the wait will be.

Head start: a priority patient counts as having come `head_start` earlier. One sortable moment, an order that never
changes among those present, and nobody is passed by someone who came more than the head start later. Emergencies
are a strict class of their own.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from kiosk.domain.ticket import Estimate, Priority

EMERGENCY_RANK = 0
ORDINARY_RANK = 1

PRIOR_WEIGHT = 25
"""How many observed services the configured mean is worth in the estimate."""
RECENT_SERVICES = 40
"""How many of the latest services of a queue are averaged."""
LOW_SHARE, HIGH_SHARE = 0.7, 1.4
"""The estimate is said as a range around the expected wait."""
LONGEST_UNSEEN = timedelta(seconds=75)
"""For how long call-next passes over a number whose kiosk has not told that it was shown: a little longer than a kiosk
that was switched off has to come back and show it (`kiosk.station.ticket_desk.RESUMED_WITHIN`)."""


def rank_of(priority: Priority) -> int:
    """Strict class a ticket is sorted by before its moment."""
    return EMERGENCY_RANK if priority is Priority.EMERGENCY else ORDINARY_RANK


def order_moment(arrived: datetime, priority: Priority, head_start: timedelta) -> datetime:
    """The moment the queue sorts by."""
    return arrived - head_start if priority is Priority.PRIORITY else arrived


def expected_wait(
    people_ahead: int, configured_mean_min: float, recent_min: tuple[float, ...], counters: int
) -> Estimate | None:
    """Wait until being called: people ahead times the shrunk recent mean, shared by `counters`; null without any.

    `recent_min` are the latest service times of this queue in minutes, at most `RECENT_SERVICES` of them.
    """
    if counters < 1:
        return None
    mean_min = (PRIOR_WEIGHT * configured_mean_min + sum(recent_min)) / (PRIOR_WEIGHT + len(recent_min))
    wait_min = people_ahead * mean_min / counters
    low_min = math.floor(wait_min * LOW_SHARE)
    return Estimate(low_min=low_min, high_min=max(low_min + 1, math.ceil(wait_min * HIGH_SHARE)))
