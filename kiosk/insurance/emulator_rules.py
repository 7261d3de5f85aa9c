"""What the emulated portal knows and answers: account, tokens, officer, people. No sockets here."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from kiosk.domain.identity.dates import agree, parse_birth
from kiosk.domain.identity.names import folded_name, same_name
from kiosk.insurance.emulator_people import HOSPITAL_FACILITY, EmulatedPerson
from kiosk.insurance.options import BodyEncoding, Md5Case
from kiosk.insurance.portal import LOOKUP_PATH, TOKEN_PATH, password_hash

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_BIRTH = re.compile(r"^(?:(?:\d{2}/)?\d{2}/)?\d{4}$")
_CARD_LENGTHS = (10, 12, 15, 17)
# fmt: off
_FIELDS = (
    "ghiChu", "maThe", "hoTen", "ngaySinh", "gioiTinh", "diaChi", "maDKBD",
    "cqBHXH", "gtTheTu", "gtTheDen", "maKV", "ngayDu5Nam", "maSoBHXH", "maTheCu",
    "maTheMoi", "gtTheTuMoi", "gtTheDenMoi", "maDKBDMoi", "tenDKBDMoi", "dsLichSuKCB2018", "dsLichSuKT2018",
)
# fmt: on


@dataclass(kw_only=True)
class EmulatedAccount:
    """The one account and officer the emulated portal lets in; made up. Fields may be changed while it runs.

    `clock_ahead_s` is how much the portal's clock is ahead of everybody else's (negative: behind), as its tokens tell.
    """

    username: str = "01043_BV"
    password: str = field(default="mat-khau-mau", repr=False)
    officer_name: str = "Lê Thị Mẫu"
    officer_number: str = "001185000999"
    md5_case: Md5Case = Md5Case.UPPER
    token_life_s: float = 600.0
    clock_ahead_s: float = 0.0
    may_look_up: bool = True
    lookup_takes_json: bool = True
    numeric_codes: bool = False
    token_at_root: bool = False
    accepted_facilities: tuple[str, ...] = (HOSPITAL_FACILITY,)

    def password_hash(self) -> str:
        return password_hash(self.password, self.md5_case)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = "application/json; charset=utf-8"

    @classmethod
    def of_code(cls, code: str, **fields: Any) -> Reply:
        return cls(status=200, body=json.dumps({"maKetQua": code, **fields}, ensure_ascii=False).encode())

    @classmethod
    def html(cls, status: int) -> Reply:
        page = f"<html><head><title>{status}</title></head><body><h1>Error {status}</h1></body></html>"
        return cls(status=status, body=page.encode(), content_type="text/html")


class PortalRules:
    """Answers requests by path, query and body."""

    def __init__(
        self, *, account: EmulatedAccount, people: tuple[EmulatedPerson, ...], now: Callable[[], datetime]
    ) -> None:
        self._account = account
        self._now = now
        self._by_number: dict[str, EmulatedPerson] = {}
        self._by_new_card: dict[str, EmulatedPerson] = {}
        self.people = people
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    @property
    def people(self) -> tuple[EmulatedPerson, ...]:
        """Who the portal has; may be set while it runs."""
        return self._people

    @people.setter
    def people(self, people: tuple[EmulatedPerson, ...]) -> None:
        known = [person for person in reversed(people) if person.known]
        self._by_new_card = {person.new_card: person for person in known if person.new_card}
        self._by_number = {
            number: person for person in known for number in (person.citizen, person.card, person.social_number)
        }
        self._people = people

    def answer(self, target: str, body: bytes, encoding: BodyEncoding, *, forced_code: str | None) -> Reply:
        parts = urlsplit(target)
        fields = _body_fields(body, encoding)
        if parts.path == TOKEN_PATH:
            return self._token(fields)
        if parts.path != LOOKUP_PATH:
            return Reply.html(404)
        if encoding is BodyEncoding.JSON and not self._account.lookup_takes_json:
            return Reply.html(415)
        return self._look_up(dict(parse_qsl(parts.query)), fields, forced_code)

    def expire_tokens(self) -> None:
        """End every token at once, as a restart of the portal does."""
        with self._lock:
            self._tokens.clear()

    # -- log-in ---------------------------------------------------------------------------------------------------

    def _token(self, fields: Mapping[str, str]) -> Reply:
        account = self._account
        if fields.get("username") != account.username or fields.get("password") != account.password_hash():
            return self._coded("401", APIKey=None)
        access, identity = secrets.token_hex(16), secrets.token_hex(16)
        expires_at = self._now() + timedelta(seconds=account.token_life_s)
        told = expires_at + timedelta(seconds=account.clock_ahead_s)
        with self._lock:
            self._tokens[access] = (identity, expires_at)
        key = {
            "access_token": access,
            "id_token": identity,
            "token_type": "Bearer",
            "username": account.username,
            "expires_in": told.strftime("%Y-%m-%dT%H:%M:%S.%f") + "1Z",  # seven decimals, as the real one
        }
        return self._coded("200", **(key if account.token_at_root else {"APIKey": key}))

    def _coded(self, code: str, **fields: Any) -> Reply:
        body = {"maKetQua": int(code) if self._account.numeric_codes and code.isdigit() else code, **fields}
        return Reply(status=200, body=json.dumps(body, ensure_ascii=False).encode())

    def _lets_in(self, query: Mapping[str, str]) -> bool:
        with self._lock:
            identity, expires_at = self._tokens.get(query.get("token", ""), ("", None))
        return (
            expires_at is not None
            and self._now() < expires_at
            and query.get("id_token") == identity
            and query.get("username") == self._account.username
            and query.get("password") == self._account.password_hash()
        )

    # -- look-up --------------------------------------------------------------------------------------------------

    def _look_up(self, query: Mapping[str, str], fields: Mapping[str, str], forced_code: str | None) -> Reply:
        if not self._lets_in(query):
            return self._coded("401")
        if not self._account.may_look_up:
            return Reply.html(403)
        refusal = self._refusal(fields)
        if refusal is not None:
            return self._empty(refusal)
        person, by_new_card = self._find(fields["maThe"])
        if person is None:
            return self._empty(forced_code or "050")
        code = forced_code or self._code_for(person, fields, by_new_card=by_new_card)
        return self._coded(code, **self._record(person, code, by_new_card=by_new_card))

    def _refusal(self, fields: Mapping[str, str]) -> str | None:
        """The code of a question the portal refuses before it looks for anybody."""
        if not all(fields.get(name) for name in ("maThe", "hoTen", "ngaySinh", "hoTenCb", "cccdCb")):
            return "205"
        if not _BIRTH.match(fields["ngaySinh"]):
            return "205"
        if fields["cccdCb"] != self._account.officer_number:
            return "054"
        if not same_name(fields["hoTenCb"], self._account.officer_name):
            return "055"
        return None if len(fields["maThe"]) in _CARD_LENGTHS else "051"

    def _find(self, number: str) -> tuple[EmulatedPerson | None, bool]:
        person = self._by_new_card.get(number)
        return (person, True) if person is not None else (self._by_number.get(number), False)

    def _code_for(self, person: EmulatedPerson, fields: Mapping[str, str], *, by_new_card: bool) -> str:
        name = person.registered_name or person.name
        if not same_name(fields["hoTen"], name):
            return "061" if folded_name(fields["hoTen"])[:1] == folded_name(name)[:1] else "060"
        if not _same_birth(fields["ngaySinh"], person.registered_birth or person.birth):
            return "070"
        return "000" if by_new_card else person.code

    def _empty(self, code: str) -> Reply:
        return self._coded(code, **dict.fromkeys(_FIELDS))

    def _record(self, person: EmulatedPerson, code: str, *, by_new_card: bool) -> dict[str, Any]:
        today = self._now().astimezone(VIETNAM).date()
        window = person.new_window if by_new_card else person.window
        start, end = window.dates(today)
        record: dict[str, Any] = dict.fromkeys(_FIELDS) | {
            "ghiChu": f"Kết quả {code} của dữ liệu mẫu.",
            "maThe": person.new_card if by_new_card else person.card,
            "hoTen": person.registered_name or person.name,
            "ngaySinh": person.registered_birth or person.birth,
            "gioiTinh": person.sex,
            "diaChi": "Phường Mẫu, Hà Nội",
            "maDKBD": person.facility,
            "cqBHXH": "BHXH mẫu",
            "gtTheTu": _told(start),
            "gtTheDen": _told(end),
            "maKV": "",
            "maSoBHXH": person.social_number,
        }
        if person.new_card and not by_new_card:
            new_start, new_end = person.new_window.dates(today)
            record |= {
                "maTheMoi": person.new_card,
                "gtTheTuMoi": _told(new_start),
                "gtTheDenMoi": _told(new_end),
                "maDKBDMoi": person.facility,
            }
        return record


def _told(day: date | None) -> str | None:
    return day.strftime("%d/%m/%Y") if day else None


def _same_birth(asked: str, registered: str) -> bool:
    """As strict as the portal: a registered year alone is matched by nothing but the year."""
    one, other = parse_birth(asked), parse_birth(registered)
    if one is None or other is None:
        return False
    return one == other if other.month is None else agree(one, other)


def _body_fields(body: bytes, encoding: BodyEncoding) -> dict[str, str]:
    try:
        text = body.decode("utf-8")
        if encoding is BodyEncoding.FORM:
            return dict(parse_qsl(text))
        read = json.loads(text)
    except ValueError:
        return {}
    return {key: value for key, value in read.items() if isinstance(value, str)} if isinstance(read, dict) else {}
