"""The board as QML properties. What is called when stands in `kiosk.domain.board_calls`; nothing is computed in QML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import cast

from PySide6.QtCore import Property, QObject, Signal

from kiosk.domain.board_calls import CallPace, CallQueue, listed_calls
from kiosk.domain.localized import Texts
from kiosk.station.board_view import BoardView
from kiosk.station.event_feed import Following, Lost
from ui.board import presentation
from ui.board.metrics import BoardMetrics
from ui.board.options import BoardOptions
from ui.board.presentation import BothLanguages, Fields
from ui.theme.metrics import ScreenMetrics

_MAP = cast(type, "QVariantMap")
_LIST = cast(type, "QVariantList")


class BoardViewModel(QObject):
    """What the board's QML shows. Lives in the main thread; `tick` is called a few times a second.

    `clock_s` is a monotonic clock, `now` gives the time in UTC.
    """

    changed = Signal()
    callsChanged = Signal()  # noqa: N815 - the names QML sees follow Qt
    queuesChanged = Signal()  # noqa: N815
    clockChanged = Signal()  # noqa: N815
    announced = Signal()
    sizesChanged = Signal()  # noqa: N815

    def __init__(
        self,
        *,
        texts: Texts,
        options: BoardOptions,
        clock_s: Callable[[], float],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._languages = BothLanguages(texts=texts, first=options.language)
        self._options = options
        self._clock_s = clock_s
        self._now = now
        self._zone: tzinfo | None = None
        self._lost_since: datetime | None = None
        self._calls = CallQueue(pace=pace_of(options))
        self._words = presentation.words(self._languages)
        self._metrics = BoardMetrics(
            screen=ScreenMetrics(
                diagonal_in=options.diagonal_in, width_px=options.width_px, height_px=options.height_px
            ),
            distance_m=options.viewing_distance_m,
        )
        self._parts: Fields = {}
        self._call_rows: list[Fields] = []
        self._queue_cells: list[Fields] = []
        self._clock: Fields = {}
        self._refresh()

    def show(self, view: BoardView) -> None:
        """Draw what the hub computed."""
        self._zone = view.time_zone
        self._follow(self._calls.with_content(view.content, self._clock_s()))

    def link_changed(self, link: Following | Lost) -> None:
        """The feed is followed again or lost; the last state stays on show with its mark."""
        self._lost_since = link.since if isinstance(link, Lost) else None
        self._refresh()

    def tick(self) -> None:
        """Let time pass: the next call's turn, the clock, the queues' pages."""
        self._follow(self._calls.advanced(self._clock_s()))

    def measure(self, width_px: int, height_px: int) -> None:
        """The window has another size."""
        screen = ScreenMetrics(diagonal_in=self._options.diagonal_in, width_px=width_px, height_px=height_px)
        self._metrics = replace(self._metrics, screen=screen)
        self.sizesChanged.emit()

    # -- what QML reads

    @Property(_MAP, constant=True)
    def words(self) -> Fields:
        return self._words

    @Property(_MAP, notify=changed)
    def hospital(self) -> Fields:
        return self._part("hospital")

    @Property(_MAP, notify=changed)
    def now_called(self) -> Fields:
        return self._part("now_called")

    @Property(_MAP, notify=changed)
    def link(self) -> Fields:
        return self._part("link")

    @Property(_LIST, notify=callsChanged)
    def calls(self) -> list[Fields]:
        return self._call_rows

    @Property(_LIST, notify=queuesChanged)
    def queues(self) -> list[Fields]:
        return self._queue_cells

    @Property(_MAP, notify=clockChanged)
    def clock(self) -> Fields:
        return self._clock

    @Property(_MAP, notify=sizesChanged)
    def sizes(self) -> Fields:
        return {
            "called": self._metrics.called_px,
            "list": self._metrics.list_px,
            "unit": self._metrics.unit,
            "portrait": self._metrics.screen.portrait,
        }

    # -- inside

    def _part(self, name: str) -> Fields:
        part = self._parts[name]
        assert isinstance(part, dict)
        return part

    def _follow(self, calls: CallQueue) -> None:
        before, self._calls = self._calls, calls
        self._refresh()
        if calls.announcement != before.announcement:
            self.announced.emit()

    def _refresh(self) -> None:
        """Compute everything anew and tell QML what differs, so that nothing on show is rebuilt without need."""
        content = self._calls.content
        queues = content.queues if content else ()
        pages = presentation.pages(queues)
        page = int(self._clock_s() / self._options.page_s) % pages
        lost_since = self._local(self._lost_since) if self._lost_since else None
        parts: Fields = {
            "hospital": self._languages.name(content.hospital) if content else {"first": "", "second": ""},
            "now_called": presentation.large_call(self._calls.current, self._languages),
            "link": presentation.link(lost_since=lost_since, begun=content is not None, languages=self._languages),
        }
        if parts != self._parts:
            self._parts = parts
            self.changed.emit()
        rows = presentation.call_rows(listed_calls(self._calls), self._languages)
        if rows != self._call_rows:
            self._call_rows = rows
            self.callsChanged.emit()
        cells = presentation.queue_cells(queues, page, self._languages)
        if cells != self._queue_cells:
            self._queue_cells = cells
            self.queuesChanged.emit()
        clock = presentation.clock(self._local(self._now()), self._languages)
        if clock != self._clock:
            self._clock = clock
            self.clockChanged.emit()

    def _local(self, moment: datetime) -> datetime:
        """Hospital time; until the hub has told its zone, this machine's."""
        return moment.astimezone(self._zone)


def pace_of(options: BoardOptions) -> CallPace:
    """How calls follow each other on a board with these options."""
    return CallPace(dwell_s=options.call_stays_s, hurried_dwell_s=options.call_stays_s / 2)
