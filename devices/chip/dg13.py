"""DG13 of Vietnamese cards: the holder's data with marks (ICAO 9303-10 leaves DG13 to the issuer).

Layout as seen on cards, no official paper being public: 6D { 30 { 31 { 30 { 02 01 index, value }* } } }; read
liberally. Only number, name, birth, sex, residence, issue and expiry dates and the old number are ever decoded;
ethnicity, religion, relatives and the rest stay behind as bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from devices.chip import tlv
from devices.chip.errors import MalformedData
from devices.chip.tlv import Tlv
from devices.chip.values import PartialDate, Sex

_TAG = 0x6D
_INTEGER, _SEQUENCE, _SET = 0x02, 0x30, 0x31
_BMP_STRING, _UNIVERSAL_STRING = 0x1E, 0x1C
_MAX_TEXT_BYTES = 2048
_MAX_BYTES = 32 * 1024
_MAX_VALUES = 8
_MAX_VISITS = 512
"""Most data objects looked into; a card has some 30."""
_MAX_WRAPPERS = 6
_MAX_VALUE_WRAPPERS = 3
_DATE = re.compile(r"(?:(?:([0-9]{1,2})[./-])?([0-9]{1,2})[./-])?([0-9]{4})")
_COMPACT_DATE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_NEVER = "khong thoi han"
_SEXES = {"nam": Sex.MALE, "m": Sex.MALE, "male": Sex.MALE, "nu": Sex.FEMALE, "f": Sex.FEMALE, "female": Sex.FEMALE}


class _Index(IntEnum):
    NUMBER = 1
    NAME = 2
    BIRTH = 3
    SEX = 4
    RESIDENCE = 9
    ISSUED = 11
    EXPIRES = 12
    OLD_NUMBER = 15


_WANTED = frozenset(_Index)


@dataclass(frozen=True, kw_only=True, repr=False)
class VietnameseData:
    """What is kept of DG13; None where it says nothing or nothing legible. Texts are NFC. Never printed by `repr`."""

    number: str | None = None
    name: str | None = None
    birth: PartialDate | None = None
    sex: Sex | None = None
    residence: str | None = None
    old_number: str | None = None
    issued: date | None = None
    expires: date | None = None
    expires_never: bool = False


def parse_dg13(file: bytes) -> VietnameseData:
    """The file, with or without its tag and wrappers. Raises `MalformedData` where nothing like it can be found;
    single fields that are missing, unknown or spoiled are passed over."""
    outer = tlv.parse_first(file)
    if len(outer.value) > _MAX_BYTES:
        raise MalformedData("dg13: beyond the cap")
    texts: dict[int, str] = {}
    fields = 0
    begin = outer.children() if outer.tag == _TAG else (outer,)
    for index, values in _fields(begin, _MAX_WRAPPERS, iter(range(_MAX_VISITS))):
        fields += 1
        if index in _WANTED and index not in texts and (text := _text(values, _MAX_VALUE_WRAPPERS)):
            texts[index] = text
    if not fields:
        raise MalformedData("dg13: no fields")
    return _data(texts)


def folded(text: str) -> str:
    """Lower case without marks, for comparing."""
    bare = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return bare.casefold().replace("đ", "d")


def _data(texts: Mapping[int, str]) -> VietnameseData:
    expires = texts.get(_Index.EXPIRES, "")
    return VietnameseData(
        number=_number(texts.get(_Index.NUMBER)),
        name=texts.get(_Index.NAME),
        birth=_partial_date(texts.get(_Index.BIRTH, "")),
        sex=_SEXES.get(folded(texts.get(_Index.SEX, ""))),
        residence=texts.get(_Index.RESIDENCE),
        old_number=_number(texts.get(_Index.OLD_NUMBER)),
        issued=_date(texts.get(_Index.ISSUED, "")),
        expires=_date(expires),
        expires_never=_NEVER in folded(expires),
    )


def _fields(objects: tuple[Tlv, ...], wrappers: int, visits: Iterator[int]) -> Iterator[tuple[int, tuple[Tlv, ...]]]:
    """Index and values of every field, through the wrappers around them; one may begin with a version number. Ends
    when `visits` do."""
    for each in objects:
        if not each.constructed:
            continue
        if next(visits, None) is None:
            return
        inner = _children(each)
        index = _index(inner)
        is_wrapper = index is None or (index < _Index.NAME and any(value.tag == _SET for value in inner))
        if not is_wrapper and index is not None and each.tag == _SEQUENCE:
            yield index, inner[1:]
        elif is_wrapper and wrappers:
            yield from _fields(inner, wrappers - 1, visits)


def _index(inner: tuple[Tlv, ...]) -> int | None:
    if not inner or inner[0].tag != _INTEGER or not 1 <= len(inner[0].value) <= 2:
        return None
    return int.from_bytes(inner[0].value, "big")


def _children(each: Tlv) -> tuple[Tlv, ...]:
    try:
        return each.children()
    except MalformedData:
        return ()  # a spoiled field is no reason against the others


def _text(values: tuple[Tlv, ...], wrappers: int) -> str | None:
    """The first legible text."""
    for value in values[:_MAX_VALUES]:
        text = None
        if not value.constructed:
            text = _decoded(value)
        elif wrappers:
            text = _text(_children(value), wrappers - 1)
        if text:
            return text
    return None


def _decoded(value: Tlv) -> str | None:
    coding = {_BMP_STRING: "utf-16-be", _UNIVERSAL_STRING: "utf-32-be"}.get(value.tag, "utf-8")
    if value.tag == _INTEGER or len(value.value) > _MAX_TEXT_BYTES:
        return None
    try:
        text = value.value.decode(coding)
    except UnicodeDecodeError:
        return None
    printable = "".join(each if each.isprintable() else " " for each in unicodedata.normalize("NFC", text))
    return " ".join(printable.split()) or None


def _number(text: str | None) -> str | None:
    kept = "".join(each for each in text or "" if each.isascii() and each.isalnum())
    return kept or None


def _partial_date(text: str) -> PartialDate | None:
    found = _COMPACT_DATE.fullmatch(text) or _DATE.fullmatch(text)
    if not found:
        return None
    day, month, year = (int(part) if part else None for part in found.groups())
    if not year:
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return PartialDate(year=year) if not (day or month) else None
    return PartialDate(year=year, month=month or None, day=day or None)


def _date(text: str) -> date | None:
    known = _partial_date(text)
    if known is None or known.month is None or known.day is None:
        return None
    return date(known.year, known.month, known.day)
