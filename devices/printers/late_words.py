"""Slips whose end the printer may still tell, long after somebody waited for it."""

from __future__ import annotations

from collections import OrderedDict

from devices.printers.jobs import RunningJob

MAX_REMEMBERED_TAGS = 16


class LateWords:
    """Remembers unconfirmed jobs. An answer with a tag names its job; one to GS r bears none, so the first ones after
    an unconfirmed job may be that job's and prove nothing for a later one. For the driver's thread."""

    def __init__(self) -> None:
        self._unconfirmed: OrderedDict[bytes, str] = OrderedDict()
        self._owed = 0

    def reconnected(self) -> None:
        """What was owed on the connection before will not come on this one."""
        self._owed = 0

    def remember(self, running: RunningJob) -> None:
        """`running` has ended unconfirmed."""
        self._unconfirmed[running.tag] = running.job_id
        while len(self._unconfirmed) > MAX_REMEMBERED_TAGS:
            self._unconfirmed.popitem(last=False)
        # an answer that was passed over was this job's after all, or none will come
        self._owed = 0 if running.passed_over else self._owed + 1

    def job_of(self, tag: bytes) -> str | None:
        """The unconfirmed job whose tag has come, once."""
        return self._unconfirmed.pop(tag, None)

    @property
    def owes_answers(self) -> bool:
        return self._owed > 0

    def pass_over(self, running: RunningJob | None) -> bool:
        """An answer without a tag has come that may be an earlier job's; whether more are owed."""
        self._owed -= 1
        if running is not None:
            running.passed_over = True
        return self.owes_answers
