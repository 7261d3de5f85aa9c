"""What the hub offers, as a kiosk keeps it on its disk for a start without the hub."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf

from kiosk.domain.outbox import Instant
from kiosk.domain.visit.events import ServicesLoaded

LONGEST_SILENCE = timedelta(days=31)
"""Nobody lets a kiosk stand without its hub for longer: a clock that says so is wrong."""


@dataclass(frozen=True, kw_only=True)
class KeptSite:
    """`site` was told when the kiosk's clocks stood at `kept`."""

    site: ServicesLoaded
    kept: Instant

    def says_the_same(self, other: KeptSite) -> bool:
        """Whether keeping `other` in its place would tell the next run of the program nothing more.

        How many wait changes by the minute and is not worth a write.
        """
        return self._lasting() == other._lasting()

    def resumed(self, now: Instant) -> ServicesLoaded:
        """What was offered, with how long ago it was told; infinitely long where nobody can tell."""
        return replace(self.site, age_s=self._age_s(now))

    def _age_s(self, now: Instant) -> float:
        """After the machine was switched off only its wall clock is left: one that stands before what the hub's said,
        or long after it, is wrong."""
        if self.site.said is None:
            return inf
        same_run = now.boot == self.kept.boot
        passed = now.since_boot - self.kept.since_boot if same_run else now.at - self.site.said
        return passed.total_seconds() if timedelta(0) <= passed <= LONGEST_SILENCE else inf

    def _lasting(self) -> tuple[object, ...]:
        day = None if self.site.said is None else self.site.said.date()
        services = tuple(replace(view, waiting=0) for view in self.site.services)
        return self.kept.boot, day, self.site.hospital, services
