"""Asks a printer for its status so that a late answer is never taken for the answer to another question."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

from devices.contract import DeviceLost
from devices.printers.status import Question, RealTimeStatus, Reply, ReplyParser
from devices.printers.transports import Transport

QUESTION_BYTES = 3
LISTEN_SLICE_S = 0.1
SURPLUS_OF_ONE_THAT_SAYS_TWICE = 3
"""Of four; fewer may be late ones."""
MISSES_UNTIL_NOT_ASKED = 2
"""Some clones leave DLE EOT 2 or 3 unanswered; asking them for ever would make every round worthless."""


class StatusQuestions:
    """One connection's questions and answers, for one thread.

    Questions go out one at a time. When an answer stays away the round is worthless, and later rounds count only if no
    surplus byte follows them within the time-out: a late answer shifts all others by one and shows so.
    Replies that answer no question go to `on_reply`. `check` is called at least every `LISTEN_SLICE_S` and may raise.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        timeout_s: float,
        clock_s: Callable[[], float],
        on_reply: Callable[[Reply], None],
        check: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._timeout_s = timeout_s
        self._clock_s = clock_s
        self._on_reply = on_reply
        self._check = check
        self._parser = ReplyParser()
        self._answers: deque[int] = deque()
        self._owed = False
        self._heard = self._asked = 0
        self._doubled_rounds = 0
        self._misses: Counter[Question] = Counter()

    @property
    def misfits(self) -> int:
        """Bytes heard on this connection that no printer's answer has: of a wrong bit rate or parity."""
        return self._parser.misfits

    @property
    def said_twice(self) -> bool:
        """More answers came to the rounds before than there were questions; to one alone, they may be left over."""
        return self._doubled_rounds > 1

    def listen(self, timeout_s: float) -> bool:
        """Take what arrives first within `timeout_s`; whether anything did. Raises `DeviceLost`."""
        data = self._transport.read(timeout_s)
        for reply in self._parser.feed(data):
            if isinstance(reply, RealTimeStatus):
                self._answers.append(reply.byte)
                self._heard += 1
            else:
                self._on_reply(reply)
        return bool(data)

    def ask_all(self) -> dict[Question, int]:
        """Each question's answer; empty when the printer is silent or its answers cannot be told apart.

        Raises `DeviceLost`."""
        self._discard_early()
        doubled = self._heard - self._asked >= SURPLUS_OF_ONE_THAT_SAYS_TWICE
        self._doubled_rounds = self._doubled_rounds + 1 if doubled else 0
        self._heard = self._asked = 0
        round_: dict[Question, int] = {}
        for question in Question:
            if self._misses[question] >= MISSES_UNTIL_NOT_ASKED:
                continue
            answer = self._ask(question)
            if answer is None:
                self._owed = True
                self._count_miss(question)
                return {}
            self._misses[question] = 0
            round_[question] = answer
        if self._owed and self._surplus_follows():
            return {}
        self._owed = False
        return round_

    def _ask(self, question: Question) -> int | None:
        taken = self._transport.write(question.command, self._timeout_s)
        self._asked += 1
        if 0 < taken < QUESTION_BYTES:
            raise DeviceLost("printer.stalled", "torn question")
        return self._next_answer() if taken else None

    def _next_answer(self) -> int | None:
        deadline_s = self._clock_s() + self._timeout_s
        while not self._answers:
            left_s = deadline_s - self._clock_s()
            if left_s <= 0:
                self._parser.forget_torn()
                return None
            self._check()
            self.listen(min(left_s, LISTEN_SLICE_S))
        return self._answers.popleft()

    def _surplus_follows(self) -> bool:
        return self._next_answer() is not None

    def _count_miss(self, question: Question) -> None:
        if question is not Question.PRINTER:
            self._misses[question] += 1

    def _discard_early(self) -> None:
        while self.listen(0.0):
            self._check()
        self._answers.clear()
