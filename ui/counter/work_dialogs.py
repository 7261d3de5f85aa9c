"""What staff are asked before an insurance look-up is corrected or decided by hand."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.identity.dates import parse_birth
from kiosk.domain.identity.names import read_name
from kiosk.domain.identity.numbers import check_number
from kiosk.domain.insurance_work import SentQuestion, WorkItem
from ui.counter.dialogs import FormDialog, ReasonDialog
from ui.counter.parts import label
from ui.counter.wording import Wording

DECISIONS = (OutcomeClass.OK, OutcomeClass.OK_MANUAL, OutcomeClass.DENY_CARD, OutcomeClass.UNKNOWN)
"""Everything staff may decide for (`kiosk.domain.insurance_work.HAND_DECISIONS`), the usual first."""
_LIMITS = {"card": 20, "name": 120, "birth": 10}


class CorrectDialog(FormDialog):
    """Number, name and birth date as the card in hand says, beginning with what was sent."""

    def __init__(self, parent: QWidget, wording: Wording, item: WorkItem, sent: SentQuestion | None) -> None:
        super().__init__(
            parent, wording, wording.say("work.correct.heading", label=item.label), wording.say("work.correct.do_it")
        )
        self.caption(wording.say("work.correct.hint"))
        self.edits: dict[str, QLineEdit] = {}
        for field, limit in _LIMITS.items():
            self.caption(wording.say(f"work.correct.{field}"))
            edit = QLineEdit((getattr(sent, field) or "") if sent else "")
            edit.setObjectName(f"{field}Edit")
            edit.setAccessibleName(wording.say(f"work.correct.{field}"))
            edit.setMaxLength(limit)
            edit.textChanged.connect(self.check)
            self.edits[field] = edit
            self.fields.addWidget(edit)
        self._error = label("error", wrap=True)
        self.fields.addWidget(self._error)
        self.begin_with(self.edits[item.repair if item.repair in _LIMITS else "card"], self.edits["birth"])
        self.check()

    @property
    def wrong_field(self) -> str | None:
        """The first field that cannot be sent like this."""
        if check_number(self.edits["card"].text()).kind is None:
            return "card"
        if read_name(self.edits["name"].text()) is None:
            return "name"
        return "birth" if parse_birth(self.edits["birth"].text()) is None else None

    def question(self) -> EligibilityQuestion:
        """What to ask; only where `is_complete`."""
        birth = parse_birth(self.edits["birth"].text())
        assert birth is not None
        return EligibilityQuestion(
            card=check_number(self.edits["card"].text()).number,
            name=read_name(self.edits["name"].text()),
            birth=birth.as_portal(),
        )

    def is_complete(self) -> bool:
        return self.wrong_field is None

    def check(self) -> None:
        super().check()
        wrong = self.wrong_field
        self._error.setText(self.wording.say(f"work.correct.wrong_{wrong}") if wrong else "")


class DecideDialog(ReasonDialog):
    """Which class holds and why; says what the choice means before it is made, and begins with none chosen."""

    def __init__(self, parent: QWidget, wording: Wording, item: WorkItem, staff: str) -> None:
        self._choices = QButtonGroup()
        self._staff = staff
        self._meaning = label("meaning", wrap=True)
        super().__init__(
            parent,
            wording,
            wording.say("work.decide.heading", label=item.label),
            wording.say("work.decide.do_it"),
            [wording.say(f"work.decide.reason_{place}") for place in range(1, 5)],
        )

    def add_choices(self) -> None:
        for place, outcome in enumerate(DECISIONS):
            choice = QRadioButton(self.wording.say(f"work.decide.{outcome.value}"))
            choice.setObjectName(f"decide_{outcome.value}")
            choice.clicked.connect(self.check)
            self._choices.addButton(choice, place)
            self.fields.addWidget(choice)
        self._meaning.setMinimumHeight(88)
        self.fields.addWidget(self._meaning)

    def first_field(self) -> QWidget:
        return self._choices.buttons()[0]

    @property
    def outcome(self) -> OutcomeClass | None:
        place = self._choices.checkedId()
        return DECISIONS[place] if place >= 0 else None

    def is_complete(self) -> bool:
        return self.outcome is not None and super().is_complete()

    def check(self) -> None:
        super().check()
        chosen = self.outcome
        means = (
            self.wording.say(f"work.decide.means_{chosen.value}") if chosen else self.wording.say("work.decide.none")
        )
        self._meaning.setText(f"{means}\n{self.wording.say('work.decide.kept', name=self._staff)}")
