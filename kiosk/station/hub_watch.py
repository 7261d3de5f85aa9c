"""Watches whether the hub answers by asking for its services, which a kiosk wants fresh anyhow."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from kiosk.domain.faults import Refusal
from kiosk.domain.visit.events import Event, HubBack, HubLost, ServicesLoaded
from kiosk.station.hub_port import HubPort, HubUnreachable, SiteView
from kiosk.station.repeated_calls import HandOver

log = logging.getLogger("tiepdon.station")

EVERY_S = 5.0
WHILE_LOST_EVERY_S = 1.0
SECOND_LOOK_S = 0.3
"""One missed answer can be a hub that restarts or a full network card; the second one is believed."""
MISSES_BELIEVED = 2


class HubWatch:
    """Posts `ServicesLoaded` with every answer, `HubLost` once when the hub goes and `HubBack` once when it is back.

    Belongs to the owner's thread; only the question itself runs on `pool`.
    """

    def __init__(
        self,
        *,
        hub: HubPort,
        pool: Executor,
        hand_over: HandOver,
        clock_s: Callable[[], float],
        post: Callable[[Event], None],
        on_back: Callable[[], None],
    ) -> None:
        self._hub = hub
        self._pool = pool
        self._hand_over = hand_over
        self._clock_s = clock_s
        self._post = post
        self._on_back = on_back
        self._away = False
        self._misses = 0
        self._running = False
        self._next_at_s = -math.inf

    def tick(self) -> None:
        """Ask when it is time."""
        if not self._running and self._clock_s() >= self._next_at_s:
            self._running = True
            self._pool.submit(self._ask)

    def look_now(self) -> None:
        """Ask now, for services are wanted fresh; after a miss the second look keeps its distance."""
        if not self._misses:
            self._next_at_s = -math.inf
            self.tick()

    def suspect(self) -> None:
        """Another call got no answer: look at the next tick, if no look is due anyway."""
        if not self._misses:
            self._next_at_s = min(self._next_at_s, self._clock_s())

    def _ask(self) -> None:
        site: SiteView | None = None
        try:
            site = self._hub.site()
        except (HubUnreachable, Refusal):
            pass
        except Exception:
            log.exception("asking the hub for its services failed")
        self._hand_over(partial(self._answered, site))

    def _answered(self, site: SiteView | None) -> None:
        self._running = False
        if site is None:
            self._missed()
            return
        self._misses = 0
        self._next_at_s = self._clock_s() + EVERY_S
        self._post(ServicesLoaded(services=site.services, hospital=site.hospital, said=site.now))
        if self._away:
            self._away = False
            log.info("hub is back")
            self._post(HubBack())
            self._on_back()

    def _missed(self) -> None:
        self._misses += 1
        if self._misses >= MISSES_BELIEVED and not self._away:
            self._away = True
            log.warning("hub does not answer")
            self._post(HubLost())
        self._next_at_s = self._clock_s() + (WHILE_LOST_EVERY_S if self._away else SECOND_LOOK_S)
