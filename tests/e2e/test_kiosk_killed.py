"""Kiosks killed with -9 under load: no paper, screen or book disagrees afterwards, and each is back in seconds."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from kiosk.app.hub_child import PROGRAM
from kiosk.app.prove import Proof, Size, _Proving
from kiosk.app.prove_site import KioskSpot

WITHIN_S = 60.0
AT_WORK_S = 1.5
"""A kill comes so long after the kiosk's first number at the latest: in any step of the numbers after it."""


class KioskKills(_Proving):
    """A proof whose only trouble is that kiosks are killed, `kills` times in all, while a counter calls whoever comes
    as soon as the hub lets it: nobody by a number that a dead kiosk has not shown."""

    def __init__(self, kills: int, kiosks: int, root: Path) -> None:
        size = Size(tickets=kills * 10, kiosks=kiosks, seconds=kills * 2.0, seed=1)
        super().__init__(size, root, load_catalogue(), PROGRAM)
        self._left = kills
        self._dice = random.Random(1)
        self._started_s: dict[int, float] = {}
        self._kill_at_s: dict[int, float] = {}
        self.recoveries_s: list[float] = []

    @property
    def called(self) -> int:
        return len(self._counter.called)

    def _load(self) -> None:
        end_s = time.monotonic() + WITHIN_S + self._left * WITHIN_S / len(self._spots)
        while self._left:
            assert time.monotonic() < end_s, "kiosks do not come back"
            self._listen()
            for spot in self._spots:
                self._look(spot, time.monotonic())

    def _look(self, spot: KioskSpot, now_s: float) -> None:
        started_s = self._started_s.setdefault(spot.number, now_s)
        kill_at_s = self._kill_at_s.get(spot.number)
        if kill_at_s is None and self._has_shown(spot):
            if spot.life > 1:
                self.recoveries_s.append(now_s - started_s)
            self._kill_at_s[spot.number] = now_s + self._dice.uniform(0, AT_WORK_S)
        elif kill_at_s is not None and now_s >= kill_at_s and self._left:
            self._left -= 1
            spot.kill()
            self._start(spot)
            self._started_s[spot.number] = now_s
            del self._kill_at_s[spot.number]

    def _has_shown(self, spot: KioskSpot) -> bool:
        return any(shown.visit.startswith(f"K{spot.number}.{spot.life}.") for shown in self._seen.shown)


def check(kills: int, kiosks: int, root: Path, record: Callable[[dict[str, float]], object]) -> None:
    killing = KioskKills(kills, kiosks, root)
    proof: Proof = killing.run()
    record(
        {
            "kills": kills,
            "issued": proof.account.issued,
            "called": killing.called,
            "median_s": statistics.median(killing.recoveries_s),
            "worst_s": max(killing.recoveries_s),
        }
    )
    assert proof.holds, proof.account
    assert killing.called, "a counter that calls nobody proves nothing"


pytestmark = pytest.mark.allowed_warnings("")


@pytest.mark.timeout(240)
def test_a_kiosk_killed_while_it_gives_numbers_loses_doubles_and_invents_none(tmp_path: Path) -> None:
    check(2, 1, tmp_path, lambda figures: figures)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_100_killed_kiosks_lose_double_and_invent_nothing(tmp_path: Path) -> None:
    check(100, 4, tmp_path, lambda figures: (tmp_path / "recovery.json").write_text(json.dumps(figures)))
