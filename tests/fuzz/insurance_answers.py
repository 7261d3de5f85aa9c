"""Portal answers gone wrong: true ones mutated field by field and byte by byte, and what may be said of each."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import Judgement, judge
from kiosk.insurance.answer import read_answer
from kiosk.insurance.http import HttpReply, PortalFailure
from kiosk.insurance.token import read_token

TODAY = date(2026, 10, 5)
_NOON = datetime(2026, 10, 5, 5, tzinfo=UTC)
ASKED = EligibilityQuestion(card="DN4010000000001", name="Nguyễn Văn An", birth="01/01/1990")
TRUE_ANSWER: dict[str, Any] = {
    "maKetQua": "000",
    "ghiChu": "Thông tin thẻ chính xác.",
    "maThe": ASKED.card,
    "hoTen": ASKED.name,
    "ngaySinh": ASKED.birth,
    "gioiTinh": "Nam",
    "maDKBD": "01043",
    "gtTheTu": "01/01/2026",
    "gtTheDen": "31/12/2026",
    "maSoBHXH": "0000000001",
    "maTheCu": None,
    "maTheMoi": None,
    "gtTheTuMoi": None,
    "gtTheDenMoi": None,
    "maDKBDMoi": None,
    "dsLichSuKCB2018": None,
}
_GOOD_CODES = ("000", "004")
_VALUES: tuple[Any, ...] = (
    *("000", "0", 0, 0.0, "004", 4, "003", "3.1", "010", "050", "060", "070", "100", "130", "401", 401, "999", "O00"),
    *("", "-", "null", None, True, False, [], {}, ["000"], {"maKetQua": "000"}, 1e308, float("nan"), -1, 10**30),
    *("01/01/2026", "31/12/2026", "5/10/2026", "04/10/2026", "06/10/2026", "20261005", "202610050000", "2026"),
    *("31/02/2026", "00/00/0000", "01/01/9999", "2026-10-05", "01/01/1990", "1990", "01/1990", "02/01/1990"),
    *(
        "Nguyễn Văn An",
        "NGUYEN VAN AN",
        "Nguyễn Văn Ân",
        "Nguyễn  Văn\u00a0An",
        "Nguye\u0302\u0303n Văn An",
        "\u202eAn",
    ),
    *(ASKED.card, "dn4010000000001", "DN 4 01 0000000001", "GD4010000000001", "DN4010000000002", "0000000001"),
    *("01043", "79011", "x" * 5000, "<script>", "' OR 1=1", "\x00"),
)
_BYTES = (
    b"\xff",
    b"\x00",
    b"}",
    b"{",
    b"]",
    b'"',
    b"\\",
    b",",
    b"NaN",
    b"Infinity",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"9" * 5000,
)


def answers(seed: int) -> Iterator[bytes]:
    """An endless run of bodies, the same for the same seed."""
    dice = random.Random(seed)
    while True:
        fields = dict(TRUE_ANSWER)
        for _ in range(dice.choice((0, 1, 1, 2, 3, 6))):
            _mutate_field(fields, dice)
        body = json.dumps(fields, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
        if dice.random() < 0.3:
            body = _mutate_bytes(bytearray(body), dice)
        yield body


def _mutate_field(fields: dict[str, Any], dice: random.Random) -> None:
    name = dice.choice([*fields, "x", "MAKETQUA"])
    match dice.randrange(4):
        case 0:
            fields.pop(name, None)
        case 1 if name in fields and fields:
            other = dice.choice(list(fields))
            fields[name], fields[other] = fields[other], fields[name]
        case _:
            fields[name] = dice.choice(_VALUES)


def _mutate_bytes(body: bytearray, dice: random.Random) -> bytes:
    at = dice.randrange(len(body) + 1)
    match dice.randrange(4):
        case 0:
            return bytes(body[:at])
        case 1:
            body[at:at] = dice.choice(_BYTES)
        case 2:
            del body[at : at + dice.randrange(1, 40)]
        case _:
            body[at:at] = body[at // 2 : at]
    return bytes(body)


@dataclass
class Outcome:
    """What a run found. `valid` counts verdicts of `ok`, so that a run that never reaches one is noticed."""

    bodies: int = 0
    valid: int = 0
    failures: list[str] = field(default_factory=list)


def run(count: int, seed: int) -> Outcome:
    """Give `count` bodies to the reader and judge what came of each."""
    outcome = Outcome()
    for body in answers(seed):
        if outcome.bodies == count:
            return outcome
        outcome.bodies += 1
        try:
            judgement = judged(body)
        except Exception as error:  # noqa: BLE001 - finding any is what this is for
            outcome.failures.append(f"{type(error).__name__}: {error} for {body[:300]!r}")
            continue
        if judgement is not None and judgement.outcome is OutcomeClass.OK:
            outcome.valid += 1
            outcome.failures += [f"{wrong} for {body[:600]!r}" for wrong in unproven(body, judgement)]
    return outcome


def judged(body: bytes) -> Judgement | None:
    """The judgement of a body; null where the reader refused it as declared."""
    reply = HttpReply(status=200, body=body)
    with suppress(PortalFailure):
        read_token(reply, _NOON)
    try:
        answer = read_answer(reply)
    except PortalFailure:
        return None
    return judge(answer, ASKED, today=TODAY, accepted_facilities=("01043",))


def unproven(body: bytes, judgement: Judgement) -> list[str]:
    """What a verdict of `ok` lacks, read off the body by other means than the program's."""
    told = json.loads(body)
    code, wrong = _plain(told.get("maKetQua")), []
    if code.zfill(3) not in _GOOD_CODES:
        wrong.append(f"code {code}")
    if "".join(c for c in _folded(told.get("hoTen")) if c.isalnum()) != "nguyenvanan":
        wrong.append("another name")
    known = [part for part in _plain(told.get("ngaySinh")).split("/") if part.strip("0 ")]  # zeros: not known
    if [int(part) for part in known] not in ([1, 1, 1990], [1, 1990], [1990]):
        wrong.append("another birth date")
    cards = {"".join(_plain(told.get(name)).split()).upper() for name in ("maThe", "maTheCu", "maTheMoi")}
    if ASKED.card not in cards:
        wrong.append("another card")
    if judgement.valid_from is None or not judgement.valid_from <= TODAY:
        wrong.append("not begun")
    if judgement.valid_to is not None and judgement.valid_to < TODAY:
        wrong.append("ended")
    return wrong


def _plain(value: object) -> str:
    return "" if value is None or isinstance(value, bool | list | dict) else str(value).strip()


def _folded(value: object) -> str:
    text = unicodedata.normalize("NFD", _plain(value)).casefold().replace("đ", "d")
    return "".join(char for char in text if not unicodedata.combining(char))
