"""The headless demo: three whole visits and a call, on real screens and protocols, with pictures of every step."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from devices.emulators.printer import PrinterEmulator
from devices.emulators.scanner import ScannerEmulator
from kiosk.app.demo_world import DemoWorld
from kiosk.app.kiosk import Kiosk
from kiosk.domain.localized import Language, Texts
from kiosk.domain.visit.state import PrintProgress, Step, Visit
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson
from kiosk.station.hub_client import HubClient
from ui.board.board_window import BoardWindow
from ui.demo.player import NothingThere, Player, pause

COUNTER = "1"
STAFF = "Demo"
NOT_ASKED = "not_asked"
SERVICE_BUTTON = "service_kham-bhyt"
PRINTED = frozenset({PrintProgress.CONFIRMED, PrintProgress.UNCONFIRMED})
PAPER_SETTLED = frozenset({PrintProgress.CONFIRMED, PrintProgress.UNCONFIRMED, PrintProgress.FAILED})


@dataclass(frozen=True, kw_only=True)
class VisitRecord:
    """How one visit ended. `outcome` is the insurance outcome class; `next_step` the patient's sentence; `chip` the
    verdict on the chip, null where none was read."""

    label: str | None
    outcome: str
    next_step: str | None
    printed: bool
    chip: str | None
    elapsed_s: float

    @property
    def is_good(self) -> bool:
        return bool(self.label and self.next_step)


class Pictures:
    """Numbered screenshots in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, player: Player, name: str) -> None:
        self._count += 1
        player.picture(self._folder / f"{self._count:02d}-{name}.png")


class PatientActor:
    """Plays patients at one kiosk, taking a picture of every step."""

    def __init__(self, kiosk: Kiosk, world: DemoWorld, texts: Texts, pictures: Pictures, tap_guard_s: float) -> None:
        self._kiosk = kiosk
        self._texts = texts
        self._pictures = pictures
        self._tap_guard_ms = int(tap_guard_s * 1000) + 50
        self._player = Player(kiosk.window.view)
        self._world = world
        self._scanner: ScannerEmulator = world.scanner
        self._printer: PrinterEmulator = world.printer

    @property
    def _visit(self) -> Visit:
        return self._kiosk.station.visit

    def insured_by_card(self) -> VisitRecord:
        """An insured patient lays the citizen card on the reader and shows its QR."""
        return self._visit_of("insured", lambda: self._by_card(_person(code="000")))

    def look_up_fails(self) -> VisitRecord:
        """The insurer does not know the number, and the patient leaves it to the counter: a number and a way all the
        same."""
        return self._visit_of("unknown-card", lambda: self._by_unknown_code(_person(known=False)))

    def typed_number_and_no_paper(self) -> VisitRecord:
        """A typed number without birth date and name; the paper is out when the ticket comes, then refilled."""
        return self._visit_of("typed", self._typed)

    def _visit_of(self, name: str, play: Callable[[], None]) -> VisitRecord:
        self._name = name
        started = time.monotonic()
        self._reach(Step.WELCOME)
        play()
        visit = self._visit
        record = VisitRecord(
            label=visit.ticket.label if visit.ticket else None,
            outcome=visit.eligibility.outcome.value if visit.eligibility else NOT_ASKED,
            next_step=self._texts.text(visit.slip.next_step, Language.VI) if visit.slip else None,
            printed=visit.print_progress in PRINTED,
            chip=None if visit.chip.verdict is None else visit.chip.verdict.value,
            elapsed_s=round(time.monotonic() - started, 2),
        )
        self._player.tap("done")
        self._player.wait(lambda: self._visit.step is Step.WELCOME, "welcome again")
        return record

    def _by_unknown_code(self, person: EmulatedPerson) -> None:
        self._player.tap("start")
        self._reach(Step.PRESENT)
        self._scanner.scan(person.citizen_code())
        self._reach(Step.CONFIRM)
        self._player.wait(lambda: self._visit.eligibility is not None, "the insurer's answer")
        self._picture("insurance")
        self._player.tap("confirm")
        self._reach(Step.REPAIR)
        self._player.tap("leave")
        self._choose_service()
        self._wait_for_paper()

    def _by_card(self, person: EmulatedPerson) -> None:
        self._world.lay_card_of(PEOPLE.index(person) + 1)
        self._reach(Step.PRESENT)
        self._player.wait(lambda: self._visit.card_on_reader, "the card on the reader")
        self._scanner.scan(person.citizen_code())
        self._reach(Step.CONFIRM)
        self._player.wait(lambda: self._visit.chip.photo is not None, "the photo from the chip")
        self._player.wait(lambda: self._visit.eligibility is not None, "the insurer's answer")
        self._picture("chip")
        self._player.tap("confirm")
        self._choose_service()
        self._wait_for_paper()
        self._world.reader.take()
        self._player.wait(lambda: not self._visit.card_on_reader, "the card taken")

    def _typed(self) -> None:
        self._player.tap("start")
        self._reach(Step.PRESENT)
        self._player.tap("typeNumber")
        self._reach(Step.ENTER_NUMBER)
        for digit in _person(code="000", turn=1).citizen:
            self._player.tap(f"digit_{digit}")
        self._picture("number-typed")
        self._player.tap("continue")
        for step in (Step.ENTER_BIRTH, Step.ENTER_NAME):
            self._reach(step)
            self._player.tap("skip")
        self._reach(Step.CONFIRM)
        self._player.tap("confirm")
        self._printer.faults.paper_out = True
        self._choose_service()
        self._wait_for_paper()
        self._picture("paper-out")
        self._printer.faults.paper_out = False
        self._player.tap("reprint")
        self._player.wait(lambda: self._visit.print_progress in PRINTED, "the reprint", 15)
        self._picture("reprinted")

    def _choose_service(self) -> None:
        self._reach(Step.CHOOSE_SERVICE)
        self._player.tap(SERVICE_BUTTON)

    def _wait_for_paper(self) -> None:
        self._reach(Step.TICKET, 20)
        self._player.wait(lambda: self._visit.print_progress in PAPER_SETTLED, "the paper", 15)
        self._picture("paper")

    def _reach(self, step: Step, timeout_s: float = 10.0) -> None:
        """Wait for a step, let its screen settle (taps on a screen that just came are ignored), take its picture."""
        self._player.wait(lambda: self._visit.step is step, f"step {step}", timeout_s)
        pause(self._tap_guard_ms)
        self._picture(step.value)

    def _picture(self, what: str) -> None:
        self._pictures.take(self._player, f"{self._name}-{what}")


def _person(*, code: str = "000", known: bool = True, turn: int = 0) -> EmulatedPerson:
    """One of the people the insurer answers so about; who came before gets no second number for the same service."""
    return [person for person in PEOPLE if person.code == code and person.known is known][turn]


def call_on_board(world: DemoWorld, board: BoardWindow, pictures: Pictures) -> str | None:
    """A counter calls who is next; the label the board then shows, or null when nobody was waiting."""
    client = HubClient(world.hub_url)
    try:
        called = client.call_next(COUNTER, STAFF)
    finally:
        client.close()
    if called is None:
        return None
    player = Player(board.view)
    player.wait(lambda: player.shows(called.label), f"{called.label} on the board")
    pictures.take(player, "board-call")
    return called.label


def play(world: DemoWorld, kiosk: Kiosk, board: BoardWindow, texts: Texts, out: Path, tap_guard_s: float) -> bool:
    """Play everything, write `summary.json`; true when every visit ended with a number and a next step, and the board
    showed the call."""
    pictures = Pictures(out / "pictures")
    actor = PatientActor(kiosk, world, texts, pictures, tap_guard_s)
    visits: list[VisitRecord] = []
    called, missing = None, None
    try:
        for visit in (actor.insured_by_card, actor.look_up_fails, actor.typed_number_and_no_paper):
            visits.append(visit())  # noqa: PERF401 - what was played before a failure is kept
        called = call_on_board(world, board, pictures)
    except NothingThere as nothing:
        missing = nothing.what
    summary = {"visits": [asdict(visit) for visit in visits], "called": called, "missing": missing}
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return missing is None and called is not None and all(visit.is_good for visit in visits)
