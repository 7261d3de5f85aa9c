"""A whole visit by taps on the real machine: what the screens offer is what the machine takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import screen_samples
from kiosk_bench import item_named, tap_item
from pytestqt.qtbot import QtBot

from config.catalogue import Catalogue
from kiosk.domain.identity.values import CodeKind, RecognisedCode
from kiosk.domain.localized import Language
from kiosk.domain.visit import effects as eff
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import CanKey, ChipRules, ChipStage, ChipVerdict
from kiosk.domain.visit.machine import step
from kiosk.domain.visit.state import HelpState, PrintProgress, Step, Visit
from kiosk.domain.visit.surroundings import Surroundings, VisitOptions
from ui.bridge import Bridge
from ui.kiosk.kiosk_window import KioskWindow, build_kiosk_window


class CountingIds:
    def __init__(self) -> None:
        self._last = 0

    def request_id(self) -> str:
        self._last += 1
        return f"request-{self._last}"

    def question_number(self) -> int:
        self._last += 1
        return self._last

    def reading_number(self) -> int:
        return self.question_number()


@dataclass
class MachineAtHand:
    """The visit machine with a hub that answers at once; everything in the caller's thread."""

    clock_s: float = screen_samples.NOW_S
    visit: Visit = field(default_factory=Visit)
    options: VisitOptions = field(default_factory=lambda: VisitOptions(hospital=screen_samples.HOSPITAL, kiosk_id="k1"))
    ids: CountingIds = field(default_factory=CountingIds)
    waiting: list[ev.Event] = field(default_factory=list)
    subscribers: list[Callable[[Visit], None]] = field(default_factory=list)
    readings: list[eff.ReadChip] = field(default_factory=list)

    def post(self, event: ev.Event) -> None:
        self.waiting.append(event)

    def subscribe(self, on_visit: Callable[[Visit], None]) -> None:
        self.subscribers.append(on_visit)
        on_visit(self.visit)

    def process_pending(self) -> None:
        while self.waiting:
            self.visit, wishes = step(self.visit, self.waiting.pop(0), self._surroundings())
            for wish in wishes:
                self._grant(wish)
        for on_visit in self.subscribers:
            on_visit(self.visit)

    def tick(self) -> None:
        self.process_pending()

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            now_s=self.clock_s,
            today=date(2026, 11, 23),
            options=self.options,
            ids=self.ids,
            chip=ChipRules(enabled=True),
        )

    def _grant(self, wish: eff.Effect) -> None:
        match wish:
            case eff.LoadServices():
                self.post(ev.ServicesLoaded(services=screen_samples.SIX_SERVICES))
            case eff.IssueTicket(request_id=request_id):
                self.post(ev.TicketIssued(request_id=request_id, ticket=screen_samples.ticket()))
            case eff.PrintSlip(slip=slip):
                self.post(ev.PrintChanged(ticket_id=slip.ticket_id, progress=PrintProgress.CONFIRMED))
            case eff.ReadChip():
                self.readings.append(wish)
            case eff.CallStaff():
                self.post(ev.HelpAnswered(reached=True))


@dataclass
class Walker:
    """Taps as a patient does: one at a time, at leisure."""

    window: KioskWindow
    machine: MachineAtHand

    def tap(self, *names: str) -> None:
        for name in names:
            self.machine.clock_s += 1
            tap_item(self.window.view, name)
            self.machine.process_pending()

    def happen(self, *happenings: ev.Event) -> None:
        for happening in happenings:
            self.machine.post(happening)
            self.machine.process_pending()

    def type(self, digits: str) -> None:
        self.tap(*(f"digit_{digit}" for digit in digits))


def make_walker(texts: Catalogue) -> Walker:
    machine = MachineAtHand()
    window = build_kiosk_window(
        machine,
        texts=texts,
        options=screen_samples.options("portrait"),
        bridge=Bridge(),
        clock_s=lambda: machine.clock_s,
        local_now=lambda: screen_samples.WALL_CLOCK,
    )
    window.view.show()
    return Walker(window=window, machine=machine)


def test_a_typed_number_leads_to_a_number_in_the_queue(qtbot: QtBot, texts: Catalogue) -> None:
    walker = make_walker(texts)
    walker.tap("start", "typeNumber")
    walker.type("001152012345")
    walker.tap("continue")
    walker.type("05031952")
    walker.tap("continue", "key_L", "key_E", "key_E", "space", "key_A", "key_N", "continue")
    assert walker.machine.visit.step is Step.CONFIRM
    walker.tap("confirm", "service_surgery")
    walker.machine.clock_s += 10  # insurance did not answer
    walker.machine.post(ev.Ticked())
    walker.machine.process_pending()
    assert walker.machine.visit.step is Step.TICKET
    walker.tap("done")
    assert walker.machine.visit == Visit(services=screen_samples.SIX_SERVICES)
    walker.window.close()


def test_without_a_document_three_taps_bring_a_number(qtbot: QtBot, texts: Catalogue) -> None:
    walker = make_walker(texts)
    walker.tap("start", "noDocument", "claim_child_under_six", "service_children")
    assert walker.machine.visit.step is Step.TICKET
    walker.window.close()


def test_language_and_help_work_in_the_middle_of_a_visit(qtbot: QtBot, texts: Catalogue) -> None:
    walker = make_walker(texts)
    walker.tap("start", "language", "help")
    assert (walker.machine.visit.language, walker.machine.visit.help) == (Language.EN, HelpState.COMING)
    walker.tap("closeHelp", "back")
    assert walker.machine.visit.step is Step.WELCOME
    walker.window.close()


def test_whoever_walks_away_is_warned_and_wiped(qtbot: QtBot, texts: Catalogue) -> None:
    walker = make_walker(texts)
    walker.tap("start", "typeNumber")
    walker.type("0011")
    walker.machine.clock_s += 80
    walker.machine.post(ev.Ticked())
    walker.machine.process_pending()
    assert walker.window.view_model.property("secondsLeft") == 10
    walker.tap("moreTime")
    assert walker.machine.visit.step is Step.ENTER_NUMBER
    walker.machine.clock_s += 100
    walker.machine.post(ev.Ticked())
    walker.machine.process_pending()
    assert walker.machine.visit.step is Step.WELCOME
    assert walker.window.view_model.property("number")["count"] == 0
    walker.window.close()


def test_a_card_and_its_six_digits_lead_to_a_face_and_a_number(qtbot: QtBot, texts: Catalogue) -> None:
    walker = make_walker(texts)
    walker.happen(ev.CardLaid())
    walker.tap("typeCan")
    walker.type("999999")
    walker.tap("continue")
    assert walker.machine.visit.step is Step.READ_CHIP
    [wrong] = walker.machine.readings
    walker.happen(ev.ChipFailed(reading=wrong.reading, code="chip.key_refused"))
    assert "2 lần" in item_named(walker.window.view, "notice").property("text")
    walker.type("012345")
    walker.tap("continue")
    reading = walker.machine.readings[-1]
    assert reading.keys == (CanKey(digits="012345"),)
    walker.happen(
        ev.ChipProgressed(reading=reading.reading, stage=ChipStage.TEXT, fraction=0.5),
        ev.ChipTextRead(reading=reading.reading, identity=screen_samples.PERSON),
    )
    assert walker.machine.visit.step is Step.CONFIRM
    walker.happen(
        ev.ChipJudged(reading=reading.reading, verdict=ChipVerdict.AUTHENTIC),
        ev.ChipPhotoRead(reading=reading.reading, png=screen_samples.PHOTO),
    )
    assert item_named(walker.window.view, "chipText").property("text") == "Chip đã xác thực"
    assert item_named(walker.window.view, "photo").isVisible()
    walker.tap("confirm", "service_surgery")
    walker.machine.clock_s += 10
    walker.happen(ev.Ticked())
    assert "lấy lại thẻ" in item_named(walker.window.view, "notice").property("text")
    walker.happen(ev.CardTaken())
    walker.tap("done")
    assert walker.machine.visit == Visit(services=screen_samples.SIX_SERVICES)
    walker.window.close()


def test_somebody_tired_of_the_reader_types_the_whole_number_instead(qtbot: QtBot, texts: Catalogue) -> None:
    walker = make_walker(texts)
    walker.happen(ev.CardLaid())
    walker.tap("typeCan")
    walker.type("012345")
    walker.tap("continue", "typeNumber")
    assert walker.machine.visit.step is Step.ENTER_NUMBER
    [reading] = walker.machine.readings
    walker.happen(ev.ChipTextRead(reading=reading.reading, identity=screen_samples.PERSON))
    assert walker.machine.visit.step is Step.ENTER_NUMBER, "the chip that nobody waits for changes nothing any more"
    walker.window.close()


def test_who_lifts_the_card_to_show_its_code_is_asked_to_lay_it_down_again(qtbot: QtBot, texts: Catalogue) -> None:
    walker = make_walker(texts)
    code = RecognisedCode(kind=CodeKind.CITIZEN_CARD, identity=screen_samples.PERSON)
    walker.happen(ev.CardLaid(), ev.CardTaken(), ev.CodeScanned(code=code))
    assert "Đặt thẻ lên đầu đọc" in item_named(walker.window.view, "chipText").property("text")
    walker.happen(ev.CardLaid())
    assert "giữ yên thẻ" in item_named(walker.window.view, "chipText").property("text")
    [reading] = walker.machine.readings
    walker.happen(ev.ChipFailed(reading=reading.reading, code="card_reader.card_taken"), ev.CardTaken())
    assert "đặt thẻ lại" in item_named(walker.window.view, "notice").property("text")
    walker.tap("confirm", "service_children")
    assert walker.machine.visit.step is Step.ISSUING, "nobody has to wait for the chip"
    walker.window.close()
