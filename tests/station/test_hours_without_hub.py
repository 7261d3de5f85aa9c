"""A kiosk that starts without its hub knows the hours it was told, and how long ago that was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from keeping_hub import SERVICE, Bench, KeepingHub
from support.keepings import SEALER, START, AtOnce

from kiosk.domain.outbox import Instant
from kiosk.domain.service import Availability, HoursView
from kiosk.station.keeping import Keeping
from kiosk.storage.outbox import Outbox
from kiosk.storage.outbox_file import FILE_NAME

HOSPITAL_TIME = timezone(timedelta(hours=7))
MORNING = replace(SERVICE, id="morning", hours=(HoursView(opens="06:30", closes="11:00"),))
USED_UP = replace(SERVICE, id="used up", hours=(), availability=Availability.FULL)
pytestmark = pytest.mark.allowed_warnings("hub does not answer")


class CountingOutbox(Outbox):
    """Counts how often the site is written."""

    written = 0

    def keep_site(self, day, body):  # type: ignore[no-untyped-def]
        self.written += 1
        super().keep_site(day, body)


@dataclass
class Machine:
    """A kiosk's machine over several starts of the program: `wall` is its clock, `boot` changes when it is off."""

    folder: Path
    hub: KeepingHub
    wall: datetime = START
    boot: str = "first"
    since_s: float = 500.0

    def run(self) -> Bench:
        self.outbox = CountingOutbox(self.folder / FILE_NAME, SEALER, "K2")
        kept = Keeping(outbox=self.outbox, disk=AtOnce(), instant=self._instant, own_numbers=True)
        return Bench(hub=self.hub, keeping=kept)

    def passes(self, time: timedelta) -> None:
        self.wall += time
        self.since_s += time.total_seconds()

    def switched_off(self, *, clock: datetime) -> None:
        self.wall, self.boot, self.since_s = clock, "second", 20.0

    def _instant(self) -> Instant:
        return Instant(at=self.wall, boot=self.boot, since_boot=timedelta(seconds=self.since_s))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One that heard its hub at half past eight and lost it then."""
    hub = KeepingHub(services=(MORNING, USED_UP), now=START.astimezone(HOSPITAL_TIME))
    machine = Machine(tmp_path, hub)
    machine.run()
    hub.reachable = False
    return machine


def offered(bench: Bench) -> list[str]:
    return [view.availability.value for view in bench.later(5).station.visit.services]


def test_it_opens_and_closes_by_the_time_that_has_passed(machine: Machine) -> None:
    machine.passes(timedelta(hours=1))
    assert offered(machine.run()) == ["open", "full"]
    machine.passes(timedelta(hours=2))
    assert offered(machine.run()) == ["closed", "full"]
    machine.passes(timedelta(hours=20))
    assert offered(machine.run()) == ["open", "open"], "the next morning"


def test_a_wall_clock_set_while_the_machine_runs_changes_nothing(machine: Machine) -> None:
    machine.passes(timedelta(hours=1))
    machine.wall += timedelta(hours=9)
    assert offered(machine.run()) == ["open", "full"]


def test_after_a_night_without_power_the_wall_clock_tells(machine: Machine) -> None:
    machine.switched_off(clock=START + timedelta(hours=3))
    assert offered(machine.run()) == ["closed", "full"]


@pytest.mark.parametrize("clock", [datetime(1970, 1, 1, tzinfo=HOSPITAL_TIME), START + timedelta(days=900)])
def test_a_clock_that_lost_its_battery_closes_nothing(machine: Machine, clock: datetime) -> None:
    machine.switched_off(clock=clock)
    assert offered(machine.run()) == ["open", "open"]


def test_the_hub_that_is_heard_again_is_right_and_kept(machine: Machine) -> None:
    machine.passes(timedelta(hours=3))
    bench = machine.run()
    assert offered(bench) == ["closed", "full"]
    longer = replace(MORNING, hours=(HoursView(opens="06:30", closes="12:00"),))
    machine.hub.services, machine.hub.now = (longer,), machine.wall.astimezone(HOSPITAL_TIME)
    machine.hub.reachable = True
    assert offered(bench.later(5)) == ["open"]
    machine.hub.reachable = False
    assert offered(machine.run()) == ["open"]


def test_how_many_wait_is_not_written_every_few_seconds(machine: Machine) -> None:
    machine.hub.reachable = True
    bench = machine.run().later(6)
    before = machine.outbox.written
    for waiting in range(5):
        machine.hub.services = (replace(MORNING, waiting=waiting), USED_UP)
        bench.later(6)
    assert bench.station.visit.services[0].waiting == 4
    assert machine.outbox.written == before
    machine.hub.services = (replace(MORNING, availability=Availability.FULL), USED_UP)
    bench.later(6)
    assert machine.outbox.written == before + 1
