"""Has the camera look for the back of a card only while a visit has a use for it: it costs a third of a core."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.domain.visit.offers import wants_mrz
from kiosk.domain.visit.state import Visit


class MrzLook:
    """`switch` turns the looking on and off and returns at once."""

    def __init__(self, switch: Callable[[bool], None]) -> None:
        self._switch = switch
        self._is_on = False

    def on_visit(self, visit: Visit) -> None:
        """The visit changed. Owner's thread."""
        wanted = wants_mrz(visit)
        if wanted is not self._is_on:
            self._is_on = wanted
            self._switch(wanted)
