"""One look-up at the source, judged: asked once, and once more under the new number of a replaced card."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import Judgement, judge, judge_failure
from kiosk.domain.insurance_work import ToldRecord
from kiosk.insurance.port import InsuranceSource, PortalAnswer

log = logging.getLogger("tiepdon.insurance")

LEAST_REQUERY_S = 1.0


@dataclass(frozen=True, kw_only=False)
class LookedUp:
    """A judged look-up with the answer it rests on; `asked_new_number` says that two questions went out."""

    judged: Judgement
    answer: PortalAnswer | None = field(default=None, repr=False)
    asked_new_number: bool = False

    @property
    def detail(self) -> str:
        return "" if self.answer is None else self.answer.detail

    @property
    def raw(self) -> bytes:
        return b"" if self.answer is None else self.answer.raw

    @property
    def note(self) -> str | None:
        return None if self.answer is None or self.answer.fields is None else self.answer.fields.note

    @property
    def told(self) -> ToldRecord | None:
        """The insurer's record of the card, where the answer holds one."""
        fields = None if self.answer is None else self.answer.fields
        if fields is None or not (fields.name or fields.birth):
            return None
        return ToldRecord(card=fields.card, name=fields.name, birth=fields.birth)

    @property
    def may_be_asked_again(self) -> bool:
        return self.answer is None or not self.answer.lasting


class Lookup:
    """Looks persons up at `source` by the rules of `today()`. Safe to use from several threads."""

    def __init__(
        self,
        source: InsuranceSource,
        *,
        today: Callable[[], date],
        accepted_facilities: Collection[str],
        clock: Callable[[], float],
    ) -> None:
        self._source = source
        self._today = today
        self._accepted_facilities = frozenset(accepted_facilities)
        self._clock = clock

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> LookedUp:
        """Ask within `deadline_s` seconds in all."""
        begun_s = self._clock()
        first = self._asked(question, deadline_s, replaced=False)
        new_card = first.judged.requery_card
        left_s = deadline_s - (self._clock() - begun_s)
        if new_card is None or left_s < LEAST_REQUERY_S:
            return first
        second = self._asked(replace(question, card=new_card), left_s, replaced=True)
        if second.answer is None or (second.answer.failure is None and not second.judged.retry):
            return replace(second, asked_new_number=True)
        # Known to be replaced, but not whether the new card is valid: the hub asks again if that can help.
        judged = replace(first.judged, ask_again=second.judged.ask_again)
        return LookedUp(judged, second.answer, asked_new_number=True)

    def _asked(self, question: EligibilityQuestion, deadline_s: float, *, replaced: bool) -> LookedUp:
        answer = self._source.look_up(question, deadline_s)
        if answer.fields is None:
            outcome = answer.failure or OutcomeClass.UNKNOWN
            log.info("insurance.failed %s %s", outcome.value, answer.detail)
            return LookedUp(judge_failure(outcome, question, today=self._today(), code=answer.code), answer)
        judged = judge(
            answer.fields,
            question,
            today=self._today(),
            accepted_facilities=self._accepted_facilities,
            replaced=replaced,
        )
        return LookedUp(judged, answer)
