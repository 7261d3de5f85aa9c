"""The real hub process on a machine whose clock is set while people wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.hub_process import HubProcess
from support.waiting import wait_until

from kiosk.app.doctor_hub import check_hub
from kiosk.services.clock_step import CLOCK_FOLLOWED
from kiosk.services.clock_watch import CLOCK_AHEAD

SET_CLOCK_HUB = Path(__file__).parents[1] / "support" / "set_clock_hub.py"
DAY_S = 86_400.0
DOUBT_S = 31 * 60.0


class Machine:
    """A hub of its own, and the clock of the machine it runs on."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._said = folder / "clock"
        monkeypatch.setenv("CLOCK_FILE", str(self._said))
        self.set_clock()
        self.hub = HubProcess(folder / "data", program=(str(SET_CLOCK_HUB),)).start()
        self._asked = 0

    def set_clock(self, *, wrong_s: float = 0.0, passed_s: float = 0.0) -> None:
        fresh = self._said.with_suffix(".new")
        fresh.write_text(f"{wrong_s} {passed_s}", "ascii")
        fresh.replace(self._said)

    def restart(self) -> None:
        self.hub.stop()
        self.hub.start()

    def give(self, count: int) -> list[str]:
        self._asked += count
        return [str(self.hub.issue(f"key-{self._asked}-{n}")["label"]) for n in range(count)]

    def call_all(self) -> list[str]:
        called = iter(lambda: self.hub.post("/v1/counters/1/call-next", {}), None)
        tickets = (answer.json() if answer.content else None for answer in called)
        return [ticket["label"] for ticket in iter(lambda: next(tickets), None)]

    def is_ahead(self, passed_s: float = 0.0) -> timedelta:
        """How far the hub's time is from the right one."""
        now = datetime.fromisoformat(str(self.hub.get("/healthz")["now"]))
        return now - datetime.now(UTC) - timedelta(seconds=passed_s)

    def told(self, code: str) -> bool:
        return code in [alert["code"] for alert in self.hub.get("/v1/alerts")["alerts"]]  # type: ignore[union-attr]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    running = Machine(tmp_path, monkeypatch)
    yield running
    running.hub.stop()


def near(apart: timedelta) -> bool:
    return abs(apart) < timedelta(minutes=1)


def test_a_day_ahead_for_a_moment_changes_no_number_and_is_told(machine: Machine) -> None:
    waiting = machine.give(10)
    machine.set_clock(wrong_s=DAY_S)
    waiting += machine.give(1)
    wait_until(lambda: machine.told(CLOCK_AHEAD))
    assert machine.hub.get("/healthz")["clock"]["condition"] == "ahead"  # type: ignore[index]
    findings = check_hub(machine.hub.url, lambda: datetime.now(UTC))
    assert "hub.clock_ahead" in [finding.code for finding in findings]
    machine.restart()
    waiting += machine.give(1)
    assert machine.told(CLOCK_AHEAD)
    machine.set_clock()
    wait_until(lambda: not machine.told(CLOCK_AHEAD))
    waiting += machine.give(3)
    machine.restart()
    assert near(machine.is_ahead())
    assert len(set(waiting)) == 15
    assert machine.call_all() == waiting


def test_a_day_ahead_for_long_is_believed_and_undone_and_nobody_is_lost(machine: Machine) -> None:
    waiting = machine.give(10)
    machine.set_clock(wrong_s=DAY_S)
    wait_until(lambda: machine.told(CLOCK_AHEAD))
    machine.set_clock(wrong_s=DAY_S, passed_s=DOUBT_S)
    wait_until(lambda: machine.told(CLOCK_FOLLOWED))
    assert near(machine.is_ahead(DOUBT_S) - timedelta(seconds=DAY_S))
    waiting += machine.give(2)
    machine.restart()
    waiting += machine.give(1)
    machine.set_clock(passed_s=DOUBT_S)
    wait_until(lambda: near(machine.is_ahead(DOUBT_S)))
    waiting += machine.give(2)
    machine.restart()
    assert near(machine.is_ahead(DOUBT_S))
    assert len(set(waiting)) == 15
    assert machine.call_all() == waiting
