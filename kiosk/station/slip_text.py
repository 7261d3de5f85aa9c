"""The sentences of one slip in the patient's language, ready to be set on paper. Knows no printer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from kiosk.domain.localized import Language, LocalizedText, Texts
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import Estimate, Priority


@dataclass(frozen=True, kw_only=True)
class SlipText:
    """What stands on the paper from top to bottom. Empty texts are left out; `facts` are captions with values.
    `service` and `room` are the patient's name and, where that is another, the Vietnamese one of signs and staff."""

    hospital: str
    reprint: str
    priority: str
    caption: str
    label: str
    service: tuple[str, ...]
    room: tuple[str, ...]
    directions: str
    facts: tuple[tuple[str, str], ...]
    coverage: str
    next_step: str
    code: str
    footer: tuple[str, ...]


def slip_text(slip: Slip, texts: Texts, time_zone: tzinfo) -> SlipText:
    """`slip` in words; times in the hospital's `time_zone`. Raises `KeyError` for a text that does not exist."""
    words = _Words(texts, slip.language)
    return SlipText(
        hospital=slip.hospital.in_language(slip.language),
        reprint=words.say("ticket.slip.reprint") if slip.reprint else "",
        priority="" if slip.priority is Priority.NORMAL else words.say(f"ticket.slip.{slip.priority.value}"),
        caption=words.say("ticket.slip.caption"),
        label=slip.label,
        service=words.place(slip.service_name),
        room=words.place(slip.room),
        directions=slip.directions.in_language(slip.language),
        facts=_facts(slip, words, time_zone),
        coverage=words.say(slip.coverage) if slip.coverage else "",
        next_step=words.say(slip.next_step),
        code=slip.code,
        footer=_footer(slip, words),
    )


def _footer(slip: Slip, words: _Words) -> tuple[str, ...]:
    origin = "ticket.slip.own_number" if slip.own_number else "ticket.slip.kiosk"
    return (words.say("ticket.slip.valid_today"), words.say(origin, kiosk=slip.kiosk_id))


class _Words:
    def __init__(self, texts: Texts, language: Language) -> None:
        self._texts = texts
        self._language = language

    def say(self, key: str, **params: object) -> str:
        return self._texts.text(key, self._language, **params)

    def place(self, name: LocalizedText) -> tuple[str, ...]:
        own = name.in_language(self._language)
        return tuple(dict.fromkeys(text for text in (own, name.vi) if text))


def _facts(slip: Slip, words: _Words, time_zone: tzinfo) -> tuple[tuple[str, str], ...]:
    issued = slip.issued_at.astimezone(time_zone)
    facts = [(words.say("ticket.slip.issued"), issued.strftime("%H:%M  %d/%m/%Y"))]
    if slip.people_ahead is not None:
        facts.append((words.say("ticket.slip.ahead"), _ahead(slip.people_ahead, words)))
    if slip.estimate is not None:
        facts.append((words.say("ticket.slip.wait"), _wait(slip.estimate, words)))
    if slip.masked_name is not None:
        facts.append((words.say("ticket.slip.name"), slip.masked_name))
    return tuple(facts)


def _ahead(count: int, words: _Words) -> str:
    return words.say("ticket.slip.ahead_none") if count == 0 else words.say("ticket.slip.ahead_count", count=count)


def _wait(estimate: Estimate, words: _Words) -> str:
    if estimate.low_min == estimate.high_min:
        return words.say("ticket.slip.wait_about", low=estimate.low_min)
    return words.say("ticket.slip.wait_range", low=estimate.low_min, high=estimate.high_min)
