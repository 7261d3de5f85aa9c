"""Which call a board announces now: one after the other, none hidden by the next, none long after the fact.

Pure: `now_s` is any monotonic clock in seconds. A `BoardCall.call_id` is new with every call and recall and grows, so
what is greater than the last one seen is new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from kiosk.domain.board import BoardCall, BoardContent


@dataclass(frozen=True, kw_only=True)
class CallPace:
    """`dwell_s`: a call stands alone at least this long; `hurried_dwell_s` when more than `hurry_from` others wait
    for their turn. A call older than `stale_after` when it is first seen is listed, not announced."""

    dwell_s: float = 6.0
    hurried_dwell_s: float = 3.0
    hurry_from: int = 2
    stale_after: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, kw_only=True)
class CallQueue:
    """The call shown large (`current`), since when, whether it is being announced, and those whose turn comes.

    `announcement` counts the announcements: a face that sees it change draws attention anew.
    """

    pace: CallPace = CallPace()
    current: BoardCall | None = None
    current_since_s: float = 0.0
    announcing: bool = False
    announcement: int = 0
    waiting: tuple[BoardCall, ...] = ()
    last_call_id: int | None = None
    content: BoardContent | None = None

    def with_content(self, content: BoardContent, now_s: float) -> CallQueue:
        """The queue after `content` arrived. The first content is where a board comes in: nothing is announced. A call
        whose ticket goes by another label by now is shown with that one."""
        if self.last_call_id is None or (self.content is not None and content.seq < self.content.seq):
            return self._begun(content, now_s)
        new = [call for call in reversed(content.now_called) if call.call_id > self.last_call_id]
        fresh = [call for call in new if content.at - call.called_at <= self.pace.stale_after]
        told = {call.call_id: call for call in (*content.now_called, *content.recently_called)}
        known = tuple(told.get(call.call_id, call) for call in self.waiting)
        waiting = _still_due((*known, *fresh), content)
        last_call_id = max(self.last_call_id, _newest_id(content))
        current = None if self.current is None else told.get(self.current.call_id, self.current)
        queue = replace(self, current=current, waiting=waiting, content=content, last_call_id=last_call_id)
        return queue._holding(now_s).advanced(now_s)

    def advanced(self, now_s: float) -> CallQueue:
        """The queue at `now_s`: the next call takes its turn when the one before had its time."""
        due_s = self.next_change_s
        if due_s is None or now_s < due_s:
            return self
        if not self.waiting:
            return replace(self, announcing=False)._holding(now_s)
        first, *rest = self.waiting
        return replace(
            self,
            current=first,
            current_since_s=now_s,
            announcing=True,
            announcement=self.announcement + 1,
            waiting=tuple(rest),
        )

    @property
    def next_change_s(self) -> float | None:
        """When `advanced` will change something next; null when only new content can."""
        if self.announcing:
            hurried = len(self.waiting) > self.pace.hurry_from
            return self.current_since_s + (self.pace.hurried_dwell_s if hurried else self.pace.dwell_s)
        return self.current_since_s if self.waiting else None

    def _begun(self, content: BoardContent, now_s: float) -> CallQueue:
        newest = content.now_called[0] if content.now_called else None
        return replace(
            self,
            current=newest,
            current_since_s=now_s,
            announcing=False,
            waiting=(),
            last_call_id=_newest_id(content),
            content=content,
        )

    def _holding(self, now_s: float) -> CallQueue:
        """Outside of its announcement the large call is always one that still holds."""
        if self.announcing or self.content is None:
            return self
        if self.current is not None and self.current in self.content.now_called:
            return self
        due = {call.call_id for call in self.waiting}
        newest = next((call for call in self.content.now_called if call.call_id not in due), None)
        return replace(self, current=newest, current_since_s=now_s)


def listed_calls(queue: CallQueue) -> tuple[BoardCall, ...]:
    """The calls of the list beside the large one, newest first: neither the large one nor those not yet announced."""
    content = queue.content
    if content is None:
        return ()
    apart = {call.label for call in queue.waiting}
    if queue.current is not None:
        apart.add(queue.current.label)
    calls = sorted((*content.now_called, *content.recently_called), key=lambda call: call.call_id, reverse=True)
    return tuple(call for call in calls if call.label not in apart)


def _newest_id(content: BoardContent) -> int:
    return max((call.call_id for call in (*content.now_called, *content.recently_called)), default=0)


def _still_due(calls: tuple[BoardCall, ...], content: BoardContent) -> tuple[BoardCall, ...]:
    """Calls that still hold, each ticket once. `now_called` is the newest stretch of the live calls: what is newer than
    its oldest and not in it has ended; what is older may only have been pushed out of it."""
    live = {call.call_id for call in content.now_called}
    oldest = min(live, default=None)
    due = {call.label: call for call in calls if oldest is not None and (call.call_id in live or call.call_id < oldest)}
    return tuple(sorted(due.values(), key=lambda call: call.call_id))
