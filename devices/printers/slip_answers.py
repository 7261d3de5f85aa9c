"""What a printer answers in the course of its work, and what that proves of the slips it was given."""

from __future__ import annotations

from collections import OrderedDict

from devices.printers.jobs import RunningJob
from devices.printers.models import ConfirmBy

MAX_REMEMBERED_SLIPS = 16


class SlipAnswers:
    """Slips sent on this connection and how much of each the printer has answered. For the driver's thread.

    Marks (GS r behind each part of a slip) bear no name: their answers come in order and belong to the oldest slip that
    has not had all of its own, until the fence or the tag (GS ( H) of a later one comes. What may have been an earlier
    slip's answer proves nothing for a later one, nor do more answers than were asked for: neither of that slip nor of
    the next. `confirm_by` says whether the model knows fences and tags; `surely`: it does, whatever it answers."""

    def __init__(self, confirm_by: ConfirmBy, *, surely: bool = False) -> None:
        self._model_has_tags = confirm_by is ConfirmBy.JOB_TAG
        self._surely = surely
        self._sent: list[RunningJob] = []
        self._unconfirmed: OrderedDict[bytes, RunningJob] = OrderedDict()
        self._answers_marks: bool | None = None
        self._knows_no_tags = False
        self._last_tag = b""
        self._is_distrusted = False
        self._may_be_late = 0
        self._backlog: set[bytes] = set()
        self._waits_for_backlog = False
        self.has_told_tags = False
        self.backlog_is_worked_off = False
        self.has_answered_in_order = False

    @property
    def is_in_order(self) -> bool:
        """It answers questions in their turn: an answer that stays away means that its work is not done."""
        return self._surely or self.has_answered_in_order

    @property
    def has_tags(self) -> bool:
        """Whether slips to this printer begin and end with a tag."""
        return self._model_has_tags and not self._knows_no_tags

    @property
    def surely_tells_tags(self) -> bool:
        """No other answer is needed to know that work is done."""
        return self.has_told_tags or (self._surely and self._model_has_tags)

    def reconnected(self) -> None:
        """What was owed on the connection before will not come on this one; another printer may be at its end."""
        self.nothing_is_owed()
        self._answers_marks = None
        self._knows_no_tags = self.has_told_tags = self._is_distrusted = False

    def nothing_is_owed(self) -> None:
        """What was not answered by now never will be; comes it all the same, it is late and no surplus."""
        self._may_be_late += sum(max(0, slip.marks_asked - slip.marks_came) for slip in self._sent)
        self._sent.clear()
        self._backlog.clear()
        self.backlog_is_worked_off = False

    def begin(self, running: RunningJob) -> None:
        """`running` is about to be sent."""
        self._may_be_late = 0
        running.too_many = self._is_distrusted
        self._is_distrusted = False
        self._sent.append(running)

    def begin_backlog(self, question: RunningJob) -> None:
        """`question` was asked behind all slips; an answer to it shows that they are worked off."""
        self.backlog_is_worked_off = False
        self._waits_for_backlog = True
        self._backlog.add(question.tag)
        self._sent.append(question)

    def end_backlog_wait(self) -> None:
        """A mark's answer from now on may be any slip's."""
        self._waits_for_backlog = False

    def mark(self) -> RunningJob | None:
        """A mark was answered; of which slip."""
        self._answers_marks = self.has_answered_in_order = True
        if self._waits_for_backlog and not self.surely_tells_tags:
            self.backlog_is_worked_off = True
        owing = next((slip for slip in self._sent if slip.marks_came < slip.marks_asked), None)
        if owing is None:
            if self._may_be_late <= 0:
                self.distrust()
            self._may_be_late -= 1
            return None
        owing.marks_came += 1
        last = self._sent[-1]
        last.passed_over = last.passed_over or owing is not last
        if owing.marks_came > owing.marks_sent:
            self.distrust()
        return owing

    def distrust(self) -> None:
        """The printer answers more than it is asked: neither what it is printing nor the next slip is confirmed."""
        self._is_distrusted = True
        for slip in self._sent:
            slip.too_many = True

    def tag(self, tag: bytes) -> RunningJob | None:
        """A tag came; the slip that ends with it, once. All that was sent before is worked off: no mark of an earlier
        slip comes any more."""
        if tag == self._last_tag:
            self.distrust()
        known = {**self._unconfirmed, **{slip.tag: slip for slip in self._sent}}
        named = next((slip for slip in known.values() if tag in (slip.fence, slip.tag)), None)
        if named is None:
            return None
        self._last_tag, self.has_told_tags, self.has_answered_in_order = tag, True, True
        earlier = self._sent.index(named) if named in self._sent else 0
        del self._sent[:earlier]
        if tag in self._backlog:
            self.backlog_is_worked_off = True
            self.forget(named)
            return None
        if tag == named.fence:
            if earlier:
                named.marks_came = 0  # what was taken for its own before was an earlier slip's
            return None
        named.end_came = True
        self._unconfirmed.pop(tag, None)
        return named

    def is_whole(self, slip: RunningJob) -> bool:
        """Whether all of `slip` came out in one go. A loss of power takes the answer of one mark with it, whatever it
        swallows; of a printer that knows no marks the end alone has to do."""
        has_ended = slip.end_came or not self.has_tags
        all_came = slip.marks_came >= slip.marks_asked or self._lacks_marks(slip)
        return has_ended and all_came and not slip.without_paper and not slip.too_many

    def knows_no_marks(self) -> None:
        """This printer has let a mark asked by itself pass unanswered."""
        self._answers_marks = False

    def may_know_no_tags(self, slip: RunningJob) -> bool:
        """Every mark of `slip` was answered, the one behind its cut too, but no tag ever, not even the one it began
        with: of a model that is not sure to know tags."""
        is_unsure = self.has_tags and not self.has_told_tags and not self._surely
        return is_unsure and slip.marks_came >= slip.marks_asked > 0

    def knows_no_tags(self) -> None:
        """From here on, on this connection, the mark behind the cut is the end of a slip."""
        self._knows_no_tags = True

    def remember(self, slip: RunningJob) -> None:
        """`slip` has ended unconfirmed."""
        if slip.passed_over or slip.end_came:
            self._sent.clear()  # what was passed over was this slip's after all, or will never come
        elif slip.marks_came >= slip.marks_asked:
            self.forget(slip)
        if slip.end_came:
            return
        self._unconfirmed[slip.tag] = slip
        while len(self._unconfirmed) > MAX_REMEMBERED_SLIPS:
            self._unconfirmed.popitem(last=False)

    def forget(self, slip: RunningJob) -> None:
        """Nothing more is expected of `slip`."""
        self._sent = [sent for sent in self._sent if sent is not slip]

    def _lacks_marks(self, slip: RunningJob) -> bool:
        return self.has_tags and self._answers_marks is False and not slip.marks_came
