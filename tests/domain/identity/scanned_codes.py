"""Codes of made-up cards, and their reading."""

from __future__ import annotations

from datetime import date

from kiosk.domain.identity.recognise import recognise
from kiosk.domain.identity.values import Identity, RecognisedCode

TODAY = date(2026, 10, 5)
AN = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Quận Y, Hà Nội|15042021"
BINH = "001190012345||Trần Thị Bình|02031990|Nữ|Thôn 2, Xã Z, Huyện T, Hà Nội|01012022"
CARD = (
    "DN4010000000001|4e677579e1bb856e2056c4836e2041|01/01/1990|1|53e1bb9120312c205068c6b0e1bb9d6e6720582c2048c3a0204ee1"
    "bb9969|01 - 043|01/01/2025|31/12/2025|21/12/2024|01000000000001|-|4|01/01/2030|0123456789abcdef-7102|$"
)


def read(text: str, *, certain: bool = True) -> RecognisedCode:
    return recognise(text, certain=certain, today=TODAY)


def identity_of(text: str, *, certain: bool = True) -> Identity:
    code = read(text, certain=certain)
    assert code.fault is None
    assert code.identity is not None
    return code.identity


def citizen(*, number: str = "001090123456", birth: str = "01011990", sex: str = "Nam", name: str = "Lê An") -> str:
    return f"{number}||{name}|{birth}|{sex}|Hà Nội|15042021"


def insurance(**changes: str) -> str:
    fields = CARD.split("|")
    for place, value in changes.items():
        fields[int(place.removeprefix("f"))] = value
    return "|".join(fields)
