"""Board content turned into what each part of the board shows. Pure: no Qt, no clock; every map has all its keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.board import BoardCall, BoardQueue
from kiosk.domain.localized import Language, LocalizedText, Texts

Fields = dict[str, object]

QUEUES_A_PAGE = 6
WORDS = ("now_calling", "recent", "waiting", "next", "nobody", "no_call", "no_call_hint", "connecting")


@dataclass(frozen=True, kw_only=True)
class BothLanguages:
    """Texts as pairs: the board's language first, the other one second."""

    texts: Texts
    first: Language

    @property
    def second(self) -> Language:
        return Language.EN if self.first is Language.VI else Language.VI

    def say(self, key: str, **params: object) -> Fields:
        return {
            "first": self.texts.text(f"board.{key}", self.first, **params),
            "second": self.texts.text(f"board.{key}", self.second, **params),
        }

    def name(self, text: LocalizedText) -> Fields:
        first, second = text.in_language(self.first), text.in_language(self.second)
        return {"first": first, "second": "" if second == first else second}


def all_labels(call: BoardCall) -> str:
    """Every number somebody may hold of the called ticket, the one it goes by first."""
    return " · ".join(call.labels)


def words(languages: BothLanguages) -> Fields:
    """The fixed words of the board by their key."""
    return {key: languages.say(key) for key in WORDS}


def large_call(call: BoardCall | None, languages: BothLanguages) -> Fields:
    """The called number with where to go; `shown` false when nobody is called."""
    nothing: Fields = {"first": "", "second": ""}
    if call is None:
        return {"shown": False, "label": "", "service": nothing, "counter": nothing, "again": nothing}
    return {
        "shown": True,
        "label": all_labels(call),
        "service": languages.name(call.service_name),
        "counter": languages.name(call.counter_name),
        "again": languages.say("again", times=call.times) if call.times > 1 else nothing,
    }


def call_rows(calls: tuple[BoardCall, ...], languages: BothLanguages) -> list[Fields]:
    """The list of numbers called before, newest first."""
    return [{"label": all_labels(call), "counter": call.counter_name.in_language(languages.first)} for call in calls]


def queue_cells(queues: tuple[BoardQueue, ...], page: int, languages: BothLanguages) -> list[Fields]:
    """One page of the queues: how many wait and who is next."""
    shown = queues[page * QUEUES_A_PAGE : (page + 1) * QUEUES_A_PAGE]
    return [
        {
            "name": languages.name(queue.name),
            "room": queue.room.in_language(languages.first),
            "waiting": queue.waiting,
            "next": list(queue.next_labels),
        }
        for queue in shown
    ]


def pages(queues: tuple[BoardQueue, ...]) -> int:
    return max(1, -(-len(queues) // QUEUES_A_PAGE))


def link(*, lost_since: datetime | None, begun: bool, languages: BothLanguages) -> Fields:
    """Whether what is shown can be trusted; `lost_since` in hospital time."""
    nothing: Fields = {"first": "", "second": ""}
    out_of_date = lost_since is not None and begun
    since = lost_since.strftime("%H:%M") if lost_since else ""
    return {"begun": begun, "lost": out_of_date, "text": languages.say("lost", since=since) if out_of_date else nothing}


def clock(local_now: datetime, languages: BothLanguages) -> Fields:
    weekday = languages.say(f"weekday_{local_now.isoweekday()}")
    return {
        "time": local_now.strftime("%H:%M"),
        "date": {name: f"{day}, {local_now.strftime('%d/%m/%Y')}" for name, day in weekday.items()},
    }
