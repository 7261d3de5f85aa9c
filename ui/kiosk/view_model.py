"""The visit as QML properties and the patient's taps as events. No rules: the machine in `kiosk.domain.visit` decides
what follows; here only what is being typed is kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.domain.localized import Language, Texts
from kiosk.domain.visit import events, offers
from kiosk.domain.visit.state import Claim, Visit
from ui.kiosk import presentation
from ui.kiosk.entries import Typing, typed_step
from ui.kiosk.options import KioskOptions
from ui.kiosk.photo_model import PhotoModel
from ui.kiosk.presentation import Fields, Wording

_MAP = cast(type, "QVariantMap")
_LIST = cast(type, "QVariantList")
"""Qt's names of the types; the stubs only know Python's."""

TOUCH_REPORT_EVERY_S = 1.0
"""A patient who types quickly is still there; once a second is enough to say so."""


class KioskViewModel(QObject):
    """What the kiosk's QML shows and does. Lives in the main thread.

    `post` takes what the patient did; `clock_s` is the monotonic clock of the visit's deadlines; `local_now` the
    hospital's wall clock for the header.
    """

    stepChanged = Signal()  # noqa: N815 - the names QML sees follow Qt
    languageChanged = Signal()  # noqa: N815
    partsChanged = Signal()  # noqa: N815
    servicesChanged = Signal()  # noqa: N815
    entryChanged = Signal()  # noqa: N815
    clockChanged = Signal()  # noqa: N815
    secondsLeftChanged = Signal()  # noqa: N815

    def __init__(
        self,
        *,
        post: Callable[[events.Event], None],
        texts: Texts,
        options: KioskOptions,
        clock_s: Callable[[], float],
        local_now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._post = post
        self._texts = texts
        self._options = options
        self._clock_s = clock_s
        self._local_now = local_now
        self._visit = Visit()
        self._shown_since_s = -math.inf
        self._touch_reported_s = -math.inf
        self._typing = Typing()
        self._photo = PhotoModel(self)
        self._page = 0
        self._seconds_left = 0
        self._clock_parts = self._read_clock()
        self._parts: dict[str, Fields] = {}
        self._services: list[Fields] = []
        self._refresh()

    def show(self, visit: Visit) -> None:
        """Draws `visit`; only what changed is told to QML, so that a card under a finger is not rebuilt."""
        before, self._visit = self._visit, visit
        self._photo.show(visit)
        asks_anew = (visit.step, visit.repair) != (before.step, before.repair)
        if asks_anew:
            self._enter_step()
        parts, services = self._parts, self._services
        self._refresh()
        if asks_anew:
            self.stepChanged.emit()
            self.entryChanged.emit()
        if visit.language is not before.language:
            self.languageChanged.emit()
            self.entryChanged.emit()
            self._tell_clock()
        if services != self._services:
            self.servicesChanged.emit()
        if parts != self._parts:
            self.partsChanged.emit()
        self.tick()

    def tick(self) -> None:
        """Brings the header's clock and the countdown up to date; called a few times a second."""
        left = math.ceil(offers.seconds_left(self._visit, self._clock_s()) or 0)
        if left != self._seconds_left:
            self._seconds_left = left
            self.secondsLeftChanged.emit()
        self._tell_clock()

    # -- what QML reads

    @Property(str, notify=stepChanged)
    def step(self) -> str:
        return self._visit.step.value

    @Property(str, notify=languageChanged)
    def language(self) -> str:
        return self._visit.language.value

    @Property(_MAP, notify=partsChanged)
    def navigation(self) -> Fields:
        return self._parts["navigation"]

    @Property(_MAP, notify=partsChanged)
    def person(self) -> Fields:
        return self._parts["person"]

    @Property(_MAP, notify=partsChanged)
    def insurance(self) -> Fields:
        return self._parts["insurance"]

    @Property(_MAP, notify=partsChanged)
    def ticket(self) -> Fields:
        return self._parts["ticket"]

    @Property(_MAP, notify=partsChanged)
    def help(self) -> Fields:
        return self._parts["help"]

    @Property(_MAP, notify=partsChanged)
    def general(self) -> Fields:
        """`notice`, `hospital`, `desk`, `cardLaid`, `warning`."""
        return self._parts["general"]

    @Property(_LIST, notify=servicesChanged)
    def services(self) -> list[Fields]:
        """The service cards of the page shown."""
        first = self._page * presentation.SERVICES_A_PAGE
        return self._services[first : first + presentation.SERVICES_A_PAGE]

    @Property(_MAP, notify=servicesChanged)
    def paging(self) -> Fields:
        return {"page": self._page + 1, "pages": self._pages}

    @Property(_MAP, notify=partsChanged)
    def chip(self) -> Fields:
        return self._parts["chip"]

    @Property(_MAP, notify=partsChanged)
    def repair(self) -> Fields:
        """What is to be corrected of what insurance was asked about."""
        return self._parts["repair"]

    @Property(QObject, constant=True)
    def photo(self) -> PhotoModel:
        return self._photo

    @Property(_MAP, notify=entryChanged)
    def number(self) -> Fields:
        return self._typing.number.shown()

    @Property(_MAP, notify=entryChanged)
    def can(self) -> Fields:
        """The six digits that open the card on the reader."""
        return self._typing.can.shown()

    @Property(_MAP, notify=entryChanged)
    def birth(self) -> Fields:
        return self._typing.birth.shown(today=self._local_now().date())

    @Property(_MAP, notify=entryChanged)
    def name(self) -> Fields:
        return self._typing.name.shown()

    @Property(_MAP, notify=clockChanged)
    def clock(self) -> Fields:
        """`time` HH:MM and `date` dd/MM/yyyy, hospital time."""
        return self._clock_parts

    @Property(int, notify=secondsLeftChanged)
    def secondsLeft(self) -> int:  # noqa: N802
        """Whole seconds until the visit is wiped; 0 when it does not time out."""
        return self._seconds_left

    @Slot(str, str, result=str)
    def say(self, key: str, language: str) -> str:
        """Text of `key`. QML passes `vm.language`, so that a switch of language evaluates the binding again."""
        return self._texts.text(key, Language(language))

    @Slot(str, str, "QVariantMap", result=str)
    def sayWith(self, key: str, language: str, params: Fields) -> str:  # noqa: N802
        return self._texts.text(key, Language(language), **{name: _whole(value) for name, value in params.items()})

    # -- what the patient does

    @Slot()
    def touched(self) -> None:
        """A finger came down anywhere."""
        now_s = self._clock_s()
        if now_s - self._touch_reported_s >= TOUCH_REPORT_EVERY_S:
            self._touch_reported_s = now_s
            self._post(events.Touched())

    @Slot()
    def start(self) -> None:
        self._answer(events.Started())

    @Slot()
    def typeNumber(self) -> None:  # noqa: N802
        self._answer(events.TypeNumberChosen())

    @Slot()
    def typeCan(self) -> None:  # noqa: N802
        self._answer(events.TypeCanChosen())

    @Slot()
    def haveNoDocument(self) -> None:  # noqa: N802
        self._answer(events.NoDocumentChosen())

    @Slot(str)
    def makeClaim(self, claim: str) -> None:  # noqa: N802
        self._answer(events.ClaimMade(claim=Claim(claim)))

    @Slot()
    def confirm(self) -> None:
        self._answer(events.Confirmed())

    @Slot()
    def deny(self) -> None:
        self._answer(events.Denied())

    @Slot(str)
    def chooseService(self, service: str) -> None:  # noqa: N802
        self._answer(events.ServiceChosen(service=service))

    @Slot()
    def back(self) -> None:
        self._answer(events.BackTapped())

    @Slot()
    def cancel(self) -> None:
        self._answer(events.CancelTapped())

    @Slot()
    def done(self) -> None:
        self._answer(events.DoneTapped())

    @Slot()
    def reprint(self) -> None:
        self._answer(events.ReprintTapped())

    @Slot()
    def toggleLanguage(self) -> None:  # noqa: N802
        self._post(events.LanguageToggled())

    @Slot()
    def askHelp(self) -> None:  # noqa: N802
        self._post(events.HelpTapped())

    @Slot()
    def dismissHelp(self) -> None:  # noqa: N802
        self._post(events.HelpDismissed())

    @Slot()
    def moreTime(self) -> None:  # noqa: N802
        self._post(events.MoreTimeTapped())

    @Slot(int)
    def turnPage(self, by: int) -> None:  # noqa: N802
        self._page = min(max(self._page + by, 0), self._pages - 1)
        self.servicesChanged.emit()

    # -- typing

    @Slot(str)
    def press(self, key: str) -> None:
        """One key of the pad or keyboard of the step shown."""
        self._type(self._typing.pressed(typed_step(self._visit), key))

    @Slot()
    def erase(self) -> None:
        self._type(self._typing.erased(typed_step(self._visit)))

    @Slot()
    def toggleYearOnly(self) -> None:  # noqa: N802
        self._type(replace(self._typing, birth=self._typing.birth.toggled()))

    @Slot()
    def toggleMarks(self) -> None:  # noqa: N802
        self._type(replace(self._typing, name=self._typing.name.toggled()))

    @Slot()
    def submitNumber(self) -> None:  # noqa: N802
        if self._typing.number.plausible:
            self._answer(events.NumberTyped(number=self._typing.number.digits))

    @Slot()
    def submitCan(self) -> None:  # noqa: N802
        if self._typing.can.complete:
            self._answer(events.CanTyped(digits=self._typing.can.digits))

    @Slot()
    def submitBirth(self) -> None:  # noqa: N802
        birth = self._typing.birth.birth(today=self._local_now().date())
        if birth is not None:
            self._answer(events.BirthTyped(birth=birth))

    @Slot()
    def skipBirth(self) -> None:  # noqa: N802
        self._answer(events.BirthTyped(birth=None))

    @Slot()
    def submitName(self) -> None:  # noqa: N802
        if self._typing.name.complete:
            self._answer(events.NameTyped(name=self._typing.name.text.strip()))

    @Slot()
    def skipName(self) -> None:  # noqa: N802
        self._answer(events.NameTyped(name=None))

    @Slot()
    def leaveToCounter(self) -> None:  # noqa: N802
        """The counter is to set right what insurance does not know."""
        self._answer(events.RepairDeclined())

    # -- inside

    @property
    def _pages(self) -> int:
        return max(1, math.ceil(len(self._services) / presentation.SERVICES_A_PAGE))

    def _answer(self, event: events.Event) -> None:
        """Posts the answer to the question shown, unless the tap came too soon to be meant for it."""
        if self._clock_s() - self._shown_since_s >= self._options.tap_guard_s:
            self._post(event)

    def _enter_step(self) -> None:
        self._shown_since_s = self._clock_s()
        self._typing = Typing.begun(self._visit)
        self._page = 0

    def _type(self, typing: Typing) -> None:
        if typing != self._typing:
            self._typing = typing
            self.entryChanged.emit()

    def _refresh(self) -> None:
        visit = self._visit
        wording = Wording(texts=self._texts, language=visit.language)
        self._services = presentation.services(visit, wording)
        self._page = min(self._page, self._pages - 1)
        self._parts = {
            "navigation": presentation.navigation(visit),
            "person": presentation.person(visit),
            "chip": presentation.chip(visit, wording),
            "repair": presentation.repair(visit, wording),
            "insurance": presentation.insurance(visit, wording),
            "ticket": presentation.ticket(visit, wording),
            "help": presentation.assistance(visit, wording, self._options),
            "general": {
                "notice": presentation.notice(visit, wording),
                "hospital": wording.local(offers.hospital_shown(visit, self._options.hospital)),
                "desk": wording.local(self._options.desk),
                "cardLaid": visit.card_on_reader,
                "warning": visit.warning_shown,
            },
        }

    def _read_clock(self) -> Fields:
        now = self._local_now()
        return {"time": now.strftime("%H:%M"), "date": now.strftime("%d/%m/%Y")}

    def _tell_clock(self) -> None:
        parts = self._read_clock()
        if parts != self._clock_parts:
            self._clock_parts = parts
            self.clockChanged.emit()


def _whole(value: object) -> object:
    """JavaScript has only floating numbers: 3.0 is said as 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
