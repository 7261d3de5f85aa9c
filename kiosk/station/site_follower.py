"""Keeps one view of the site up to date: every event of the feed makes it fetch the view again.

The view itself is always computed by the hub, so a face that missed something is right again after one fetch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.domain.faults import Fault
from kiosk.station.event_feed import FeedMessage, FeedOptions, FeedReader, Following, Lost
from kiosk.station.refresher import Refresher

T = TypeVar("T")


class SiteFollower(Generic[T]):
    """Hands `deliver` a fresh `fetch()` after every event, `link` each change between following and lost, `refused`
    why the hub will not give the view (this face is not configured there).

    All are called on threads of the follower and must return at once. `name` begins the names of its threads.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str,
        fetch: Callable[[], T],
        deliver: Callable[[T], None],
        link: Callable[[Following | Lost], None],
        refused: Callable[[Fault], None] = lambda _fault: None,
        options: FeedOptions | None = None,
    ) -> None:
        self._link = link
        self._refresher = Refresher(f"{name}-refresh", fetch, deliver, refused=refused)
        self._feed = FeedReader(url, self._hear, options=options)

    def start(self) -> None:
        self._refresher.want()
        self._refresher.start()
        self._feed.start()

    def want(self) -> None:
        """Fetch once more, event or not."""
        self._refresher.want()

    def stop(self) -> None:
        """End both threads; returns within the time the hub client waits for an answer."""
        self._feed.stop()
        self._refresher.stop()

    def _hear(self, message: FeedMessage) -> None:
        if isinstance(message, Following | Lost):
            self._link(message)
        if not isinstance(message, Lost):
            self._refresher.want()
