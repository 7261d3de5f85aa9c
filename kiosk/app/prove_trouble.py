"""Trouble for a proof, by one seed: hubs and kiosks killed, cables cut and silent, printers without paper or power."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.app.hub_child import HubChild
from kiosk.app.prove_site import KioskSpot

QUIET_S = (0.5, 2.5)
"""Between one trouble and the next."""
LASTS_S = (1.0, 7.0)


@dataclass(frozen=True, kw_only=True)
class _Due:
    at_s: float
    end: Callable[[], None]


@dataclass(kw_only=True)
class Trouble:
    """`go_on` is called a few times a second with the time; `end` heals everything. `restart` starts a killed kiosk."""

    hub: HubChild
    spots: tuple[KioskSpot, ...]
    restart: Callable[[KioskSpot], None]
    dice: random.Random
    kills: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    _next_s: float = 0.0
    _open: list[_Due] = field(default_factory=list)
    _busy: set[str] = field(default_factory=set)

    def go_on(self, now_s: float) -> None:
        for due in [due for due in self._open if due.at_s <= now_s]:
            self._open.remove(due)
            due.end()
        if now_s >= self._next_s:
            self._next_s = now_s + self.dice.uniform(*QUIET_S)
            self._make(now_s)

    def end(self) -> None:
        while self._open:
            self._open.pop().end()

    def _make(self, now_s: float) -> None:
        spot = self.dice.choice(self.spots)
        kinds = ("kill_hub", "kill_kiosk", "cut", "silence", "paper", "printer_power", "printer_silent", "cover")
        kind = self.dice.choices(kinds, weights=(1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0))[0]
        what = "hub" if kind == "kill_hub" else f"{spot.name} {_PART[kind]}"
        if what in self._busy:
            return
        self._busy.add(what)
        self.seen[kind] = self.seen.get(kind, 0) + 1
        heal = self._begin(kind, spot)

        def healed() -> None:
            heal()
            self._busy.discard(what)

        self._open.append(_Due(at_s=now_s + self.dice.uniform(*LASTS_S), end=healed))

    def _begin(self, kind: str, spot: KioskSpot) -> Callable[[], None]:
        faults = spot.printer.faults
        match kind:
            case "kill_hub":
                self.kills += 1
                self.hub.kill()
                return _nothing
            case "kill_kiosk":
                self.kills += 1
                spot.kill()
                return lambda: self.restart(spot)
            case "cut":
                spot.cable.cut()
                return spot.cable.speak
            case "silence":
                spot.cable.silence()
                return spot.cable.speak
            case "paper":
                faults.paper_out_after_bytes = self.dice.randrange(1, 60_000)
                return lambda: _mend(spot)
            case "printer_power":
                faults.die_after_bytes = self.dice.randrange(1, 60_000)
                return lambda: _mend(spot)
            case "printer_silent":
                faults.silent = True
                return lambda: _mend(spot)
            case _:
                faults.cover_open = True
                return lambda: _mend(spot)


_PART = {
    "kill_kiosk": "process",
    "cut": "cable",
    "silence": "cable",
    "paper": "printer",
    "printer_power": "printer",
    "printer_silent": "printer",
    "cover": "printer",
}


def _nothing() -> None:
    """The hub is started again by its supervisor."""


def _mend(spot: KioskSpot) -> None:
    """Paper in, cover shut, power on."""
    faults = spot.printer.faults
    faults.paper_out_after_bytes = faults.die_after_bytes = None
    faults.paper_out = faults.cover_open = faults.silent = False
