"""What a board asks the hub for: its content and the hospital's clock."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kiosk.domain.board import BoardContent
from kiosk.station.hub_client import HubClient


@dataclass(frozen=True, kw_only=True)
class BoardView:
    """A board's content with the time zone of the hospital, in which its clock runs."""

    content: BoardContent
    time_zone: ZoneInfo


class BoardSource:
    """Fetches `BoardView`s; the time zone is asked once."""

    def __init__(self, client: HubClient) -> None:
        self._client = client
        self._time_zone: ZoneInfo | None = None

    def fetch(self) -> BoardView:
        """Blocks. Raises `HubUnreachable`."""
        if self._time_zone is None:
            self._time_zone = ZoneInfo(self._client.site().time_zone)
        return BoardView(content=self._client.board(), time_zone=self._time_zone)
