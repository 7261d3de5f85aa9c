"""An insurer that answers when told, for the tests of the hub's desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from insurance_helpers import AN

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import AnsweredCard
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.port import PortalAnswer

MakeDesk = Callable[..., InsuranceDesk]
VALID = PortalAnswer(
    fields=AnsweredCard(
        code="000",
        card=AN.card,
        name=AN.name,
        birth=AN.birth,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        facility="01043",
    )
)
DOWN = PortalAnswer(failure=OutcomeClass.PORTAL_ERR, detail="portal.http_502")


class ScriptedSource:
    """An insurer that answers when told, with what it was told; the last answer repeats."""

    def __init__(self, *answers: PortalAnswer, held: bool = False) -> None:
        self._answers = list(answers)
        self.released = threading.Event()
        if not held:
            self.released.set()
        self.asked: list[EligibilityQuestion] = []
        self._lock = threading.Lock()

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> PortalAnswer:
        with self._lock:
            self.asked.append(question)
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        self.released.wait(deadline_s)
        return answer

    def answer_now(self, answer: PortalAnswer) -> None:
        with self._lock:
            self._answers = [answer]
        self.released.set()

    def close(self) -> None:
        self.released.set()


def person(number: int) -> EligibilityQuestion:
    return replace(AN, card=f"DN401{number:010d}")
