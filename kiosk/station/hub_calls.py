"""What a visit wants from the hub, asked on pool threads and answered with events."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from kiosk.domain.alert import NO_PARAMS, AlertParams, renewed_params
from kiosk.domain.faults import Refusal
from kiosk.domain.visit.effects import AskEligibility
from kiosk.domain.visit.events import EligibilityAnswered, Event, HelpAnswered
from kiosk.station.hub_port import HubPort, HubUnreachable
from kiosk.station.repeated_calls import RepeatedCalls

log = logging.getLogger("tiepdon.station")


class HubCalls:
    """Belongs to the owner's thread; `post` may be called from any.

    Insurance questions have a pool of their own (`questions`): they may hang for their whole budget, and a number or
    a call for help must not wait behind them.
    """

    def __init__(
        self,
        *,
        hub: HubPort,
        kiosk_id: str,
        question_budget_s: float,
        calls: Executor,
        questions: Executor,
        repeated: RepeatedCalls,
        post: Callable[[Event], None],
    ) -> None:
        self._hub = hub
        self._kiosk_id = kiosk_id
        self._question_budget_s = question_budget_s
        self._calls = calls
        self._questions = questions
        self._repeated = repeated
        self._post = post
        self._wanted_question: int | None = None
        self._untold: dict[str, AlertParams] = {}
        self._untold_lock = threading.Lock()

    def ask_eligibility(self, ask: AskEligibility) -> None:
        """One attempt: unknown cover is an answer, and the patient goes on with it."""
        self._wanted_question = ask.request
        self._questions.submit(self._asked, ask)

    def call_staff(self) -> None:
        """One attempt: the patient is told at once when nobody could be reached."""
        self._calls.submit(self._staff_called)

    def tell_staff(self, code: str, params: AlertParams = NO_PARAMS) -> None:
        """Until the hub has it. What is still untold of the same code is told with it, in one call."""
        with self._untold_lock:
            together = renewed_params(self._untold.get(code, NO_PARAMS), params)
            self._untold[code] = together
        self._repeated.start(f"fault {code} {sorted(together.items())}", partial(self._told, code, together))

    def forget(self) -> None:
        """Questions still waiting for their turn are not asked any more."""
        self._wanted_question = None

    def _asked(self, ask: AskEligibility) -> None:
        answer = None
        try:
            if ask.request == self._wanted_question:
                answer = self._hub.eligibility(
                    ask.question, budget_s=self._question_budget_s, kiosk=self._kiosk_id, repairs=ask.repairs
                )
        except (HubUnreachable, Refusal):
            pass
        except Exception:
            log.exception("asking about insurance failed")
        self._post(EligibilityAnswered(request=ask.request, eligibility=answer))

    def _staff_called(self) -> None:
        reached = False
        try:
            self._hub.call_staff(self._kiosk_id)
            reached = True
        except (HubUnreachable, Refusal):
            pass
        except Exception:
            log.exception("calling staff failed")
        self._post(HelpAnswered(reached=reached))

    def _told(self, code: str, params: AlertParams) -> None:
        if self._untold.get(code) != params:
            return  # told already, or a later call tells it with more
        try:
            self._hub.report_fault(self._kiosk_id, code, params)
        except Refusal as refusal:
            log.warning("hub refused a fault report: %s", refusal.fault.code)
        with self._untold_lock:
            if self._untold.get(code) == params:
                del self._untold[code]
