"""Planned downtimes of the insurer: announced windows of the settings, and a switch staff set by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, tzinfo


def read_window(text: str) -> tuple[datetime, datetime] | None:
    """Begin and end of `2026-11-22T22:00/2026-11-23T04:00` (local times without zone); null where it is none."""
    begin, _, end = text.partition("/")
    try:
        window = datetime.fromisoformat(begin), datetime.fromisoformat(end)
    except ValueError:
        return None
    is_local = all(moment.tzinfo is None for moment in window)
    return window if is_local and window[0] < window[1] else None


class Downtimes:
    """When nobody needs to ask. `windows` are texts as `read_window` takes them, in the hospital's `time_zone`; `now`
    is UTC. Setting `switched_until` from any thread holds at once."""

    def __init__(self, windows: Collection[str], *, time_zone: tzinfo, now: Callable[[], datetime]) -> None:
        read = (read_window(text) for text in windows)
        self._windows = [
            (begin.replace(tzinfo=time_zone), end.replace(tzinfo=time_zone)) for begin, end in filter(None, read)
        ]
        self._now = now
        self.switched_until: datetime | None = None

    def until(self) -> datetime | None:
        """End of the downtime that lasts now; null without one."""
        now = self._now()
        ends = [end for begin, end in self._windows if begin <= now < end]
        if self.switched_until is not None and now < self.switched_until:
            ends.append(self.switched_until)
        return max(ends, default=None)

    def left_s(self) -> float:
        """Seconds until the downtime that lasts now ends; 0 without one."""
        end = self.until()
        return 0.0 if end is None else (end - self._now()).total_seconds()
