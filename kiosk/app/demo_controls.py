"""What the demo's control window does to the demo's world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.app.demo_world import DemoWorld
from kiosk.insurance.emulator_faults import Faults
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson
from ui.demo.control_window import DemoPerson, PortalMood

SLOW_S = 20.0
PAYMENT_CODE = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
TORN_CODE = "001090123456||Nguyễn Văn An|0101"
MOODS = {
    "answers": Faults(),
    "slow": Faults(delay_s=SLOW_S),
    "fails": Faults(status=502),
}


class WorldControls:
    """Implements `ui.demo.control_window.DemoControls`."""

    def __init__(self, world: DemoWorld, today: date) -> None:
        self._world = world
        self.people = _people(today)
        self._cards = {person.citizen[-6:]: number for number, person in enumerate(PEOPLE, start=1)}
        self.moods = tuple(PortalMood(key=key) for key in MOODS)

    def lay_card(self, person: DemoPerson) -> None:
        self._world.lay_card_of(self._cards[person.card_digits])

    def take_card(self) -> None:
        self._world.reader.take()

    def scan(self, code: str) -> None:
        self._world.scanner.scan(code)

    def set_paper(self, present: bool) -> None:
        self._world.printer.faults.paper_out = not present

    def set_network(self, present: bool) -> None:
        if present:
            self._world.cable.speak()
        else:
            self._world.cable.silence()

    def set_mood(self, mood: PortalMood) -> None:
        self._world.portal.faults = MOODS[mood.key]

    def kill_hub(self) -> None:
        self._world.hub.kill()


def _people(today: date) -> tuple[DemoPerson, ...]:
    """Everybody the emulated portal knows, by what the look-up will come to, and two codes that are nobody's."""
    people = [_demo_person(person) for person in PEOPLE]
    paper = replace(people[0], title=f"{PEOPLE[0].name} · BHYT", code=PEOPLE[0].insurance_code(today))
    others = [
        DemoPerson(title="VietQR (payment code)", code=PAYMENT_CODE),
        DemoPerson(title="QR rách (torn code)", code=TORN_CODE),
    ]
    return (people[0], paper, *people[1:], *others)


def _demo_person(person: EmulatedPerson) -> DemoPerson:
    return DemoPerson(title=_title(person), code=person.citizen_code(), card_digits=person.citizen[-6:])


def _title(person: EmulatedPerson) -> str:
    return f"{person.name} · {person.code if person.known else '050'}"
