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
    slip's answer proves nothing for a later one. `confirm_by` says whether the model knows fences and tags."""

    def __init__(self, confirm_by: ConfirmBy) -> None:
        self._has_tags = confirm_by is ConfirmBy.JOB_TAG
        self._sent: list[RunningJob] = []
        self._unconfirmed: OrderedDict[bytes, RunningJob] = OrderedDict()
        self._answers_marks: bool | None = None

    def reconnected(self) -> None:
        """What was owed on the connection before will not come on this one; another printer may be at its end."""
        self.nothing_is_owed()
        self._answers_marks = None

    def nothing_is_owed(self) -> None:
        """What was not answered by now never will be."""
        self._sent.clear()

    def begin(self, running: RunningJob) -> None:
        """`running` is about to be sent."""
        self._sent.append(running)

    def mark(self) -> RunningJob | None:
        """A mark was answered; of which slip."""
        self._answers_marks = True
        owing = next((slip for slip in self._sent if slip.marks_came < slip.marks_asked), None)
        if owing is not None:
            owing.marks_came += 1
            last = self._sent[-1]
            last.passed_over = last.passed_over or owing is not last
        return owing

    def tag(self, tag: bytes) -> RunningJob | None:
        """A tag came; the slip that ends with it, once. All that was sent before is worked off: no mark of an earlier
        slip comes any more."""
        known = {**self._unconfirmed, **{slip.tag: slip for slip in self._sent}}
        named = next((slip for slip in known.values() if tag in (slip.fence, slip.tag)), None)
        if named is None:
            return None
        earlier = self._sent.index(named) if named in self._sent else 0
        del self._sent[:earlier]
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
        has_ended = slip.end_came or not self._has_tags
        all_came = slip.marks_came >= slip.marks_asked or self._knows_no_marks(slip)
        return has_ended and all_came and not slip.without_paper

    def knows_no_marks(self) -> None:
        """This printer has let a mark asked by itself pass unanswered."""
        self._answers_marks = False

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

    def _knows_no_marks(self, slip: RunningJob) -> bool:
        return self._has_tags and self._answers_marks is False and not slip.marks_came
