"""What was read of a chip, as JSON for programs and in words for people."""

from __future__ import annotations

import json
from collections.abc import Iterator

from devices.chip.values import ChipRecord, Citizen
from kiosk.domain.localized import Language, Texts


def as_json(record: ChipRecord) -> str:
    """One line: person, verdict, checks, and how the reading went. Dates are ISO 8601, shortened where the card knows
    no day; what the card does not say is null."""
    return json.dumps(
        {
            **_person(record.citizen),
            "verdict": record.judgement.verdict.value,
            "checks": {
                name.value: {"state": check.state.value, "reason": check.reason}
                for name, check in record.judgement.checks.items()
            },
            "access": record.access.value,
            "apdus": record.apdus,
            "elapsed_s": round(record.elapsed_s, 3),
        },
        ensure_ascii=False,
    )


def _person(citizen: Citizen) -> dict[str, str | None]:
    return {
        "number": citizen.number,
        "name": citizen.name,
        "birth_date": None if citizen.birth is None else str(citizen.birth),
        "sex": None if citizen.sex is None else citizen.sex.value,
        "residence": citizen.residence,
        "issue_date": None if citizen.issued is None else citizen.issued.isoformat(),
        "expiry_date": None if citizen.expires is None else citizen.expires.isoformat(),
    }


def in_words(record: ChipRecord, texts: Texts, language: Language) -> str:
    """Lines for people: who, how far to be trusted and why, how it was read."""

    def word(key: str, **params: str | int) -> str:
        return texts.text(f"chip.{key}", language, **params)

    lines = [f"{word(f'label.{label}')}: {value}" for label, value in _facts(record, texts, language)]
    verdict = record.judgement.verdict.value
    lines.append(f"{word('label.verdict')}: {word(f'verdict.{verdict}')}")
    lines += list(_checks(record, texts, language))
    seconds = f"{record.elapsed_s:.2f}"
    access = word(f"access.{record.access.value}")
    lines.append(word("how", access=access, protocol=record.protocol, apdus=record.apdus, seconds=seconds))
    return "\n".join(lines)


def _facts(record: ChipRecord, texts: Texts, language: Language) -> Iterator[tuple[str, str]]:
    person = record.citizen
    sex = None if person.sex is None else texts.text(f"chip.sex.{person.sex.value}", language)
    said = {**_person(person), "sex": sex}
    for label, value in said.items():
        if value is not None:
            yield label, _day_first(value) if label.endswith("_date") and language is Language.VI else value
    if person.expires_never:
        yield "expiry_date", texts.text("chip.never", language)


def _day_first(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def _checks(record: ChipRecord, texts: Texts, language: Language) -> Iterator[str]:
    for name, check in record.judgement.checks.items():
        subject = texts.text(f"chip.check_name.{name.value}", language)
        state = texts.text(f"chip.check_state.{check.state.value}", language)
        yield f"  {subject}: {state}. {_reason(check.reason, texts, language)}"


def _reason(code: str, texts: Texts, language: Language) -> str:
    try:
        return texts.text(code, language)
    except KeyError:
        return code
