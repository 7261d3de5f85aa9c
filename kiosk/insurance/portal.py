"""Client of the BHXH portal ("Cổng tiếp nhận"): asks whether one person's insurance card is valid.

Protocol: token by `POST /api/token/take`, look-up by `POST /api/egw/KQNhanLichSuKCB2024` (CV 1923/BHXH-CNTT,
20/06/2024), the account in the query, the person in the body.
"""

from __future__ import annotations

import hashlib
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import requests

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.insurance.answer import UNAUTHORISED_CODES, read_answer
from kiosk.insurance.http import Deadline, HttpReply, PortalFailure, PrivateHttp
from kiosk.insurance.options import Md5Case, PortalOptions, problems_of
from kiosk.insurance.port import PortalAnswer
from kiosk.insurance.token import Token, TokenKeeper, read_token

TOKEN_PATH = "/api/token/take"  # noqa: S105 - a path
LOOKUP_PATH = "/api/egw/KQNhanLichSuKCB2024"
PROBE = EligibilityQuestion(card="0000000000", name="KIEM TRA", birth="1990")
"""A person who cannot exist: any HTTP 200 to it proves account and right (set-up test of public clients)."""


def password_hash(password: str, case: Md5Case) -> str:
    """The password as the portal wants it: MD5 in hex. Its weakness is the portal's; it only travels inside TLS."""
    hexed = hashlib.md5(password.encode("utf-8"), usedforsecurity=False).hexdigest()
    return hexed.upper() if case is Md5Case.UPPER else hexed


def _utc_now() -> datetime:
    return datetime.now(UTC)


class PortalClient:
    """An `InsuranceSource` at the portal. Never raises for what the portal or the network does, never logs.

    `now` is UTC for the token's expiry, `clock` monotonic seconds for deadlines.
    """

    def __init__(
        self,
        options: PortalOptions,
        *,
        session: requests.Session | None = None,
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = options
        self._now = now
        self._settings_wrong = bool(problems_of(options))
        self._password_hash = password_hash(options.password, options.md5_case)
        self._http = PrivateHttp(
            base_url=options.base_url,
            connect_timeout_s=options.connect_timeout_s,
            read_timeout_s=options.read_timeout_s,
            clock=clock,
            proxy=options.proxy,
            ca_file=options.ca_file,
            session=session,
        )
        self._tokens = TokenKeeper(self._take_token, now)

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> PortalAnswer:
        if self._settings_wrong:
            return PortalAnswer(failure=OutcomeClass.CONFIG, detail="portal.settings_wrong", lasting=True)
        try:
            return self._looked_up(question, self._http.deadline(deadline_s))
        except PortalFailure as failure:
            return PortalAnswer(failure=failure.outcome, detail=failure.detail, code=failure.code, raw=failure.raw)

    def check_account(self, deadline_s: float) -> PortalAnswer:
        """Proves account and look-up right without a person: takes a token and asks about a number nobody has. The
        account works when the answer has `fields` (their code says "not found")."""
        return self.look_up(PROBE, deadline_s)

    def close(self) -> None:
        self._http.close()

    def _looked_up(self, question: EligibilityQuestion, deadline: Deadline) -> PortalAnswer:
        token = self._tokens.current(deadline)
        answer = self._asked(question, token, deadline)
        if answer.failure is not OutcomeClass.AUTH or not _token_refused(answer):
            return answer
        self._tokens.discard(token)
        return self._asked(question, self._tokens.current(deadline), deadline)

    def _asked(self, question: EligibilityQuestion, token: Token, deadline: Deadline) -> PortalAnswer:
        reply = self._query(question, token, deadline)
        try:
            fields = read_answer(reply)
        except PortalFailure as failure:
            return PortalAnswer(failure=failure.outcome, detail=failure.detail, raw=reply.body)
        if fields.code in UNAUTHORISED_CODES or fields.code == "403":
            return PortalAnswer(
                failure=OutcomeClass.AUTH, detail=f"portal.result_{fields.code}", code=fields.code, raw=reply.body
            )
        return PortalAnswer(fields=fields, code=fields.code, raw=reply.body)

    def _query(self, question: EligibilityQuestion, token: Token, deadline: Deadline) -> HttpReply:
        return self._http.post(
            LOOKUP_PATH,
            {
                "maThe": question.card.upper(),
                "hoTen": " ".join(unicodedata.normalize("NFC", question.name or "").split()),
                "ngaySinh": question.birth or "",
                "hoTenCb": self._options.officer_name,
                "cccdCb": self._options.officer_number,
            },
            encoding=self._options.lookup_body,
            deadline=deadline,
            secret_query={
                "token": token.access,
                "id_token": token.identity,
                "username": self._options.username,
                "password": self._password_hash,
            },
        )

    def _take_token(self, deadline: Deadline) -> Token:
        reply = self._http.post(
            TOKEN_PATH,
            {"username": self._options.username, "password": self._password_hash},
            encoding=self._options.token_body,
            deadline=deadline,
        )
        return read_token(reply, self._now())


def _token_refused(answer: PortalAnswer) -> bool:
    return answer.detail == "portal.http_401" or answer.code in UNAUTHORISED_CODES
