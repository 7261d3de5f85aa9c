"""The portal's token: taken once for all who wait, used until shortly before its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from kiosk.domain.eligibility import OutcomeClass
from kiosk.insurance.answer import read_json, result_code, text_field
from kiosk.insurance.http import Deadline, HttpReply, PortalFailure

REFRESH_BEFORE_END = timedelta(seconds=60)
USUAL_LIFE = timedelta(minutes=10)
LONGEST_LIFE = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Token:
    """Access and identity token of one log-in, and when they end (UTC)."""

    access: str = field(repr=False)
    identity: str = field(repr=False)
    expires_at: datetime


def read_token(reply: HttpReply, taken_at: datetime) -> Token:
    """Token of a log-in's reply; its fields stand in `APIKey` or at the root. Raises `PortalFailure`."""
    fields = read_json(reply)
    code = result_code(fields)
    if code not in (None, "200"):
        auth = code in ("401", "403")
        outcome = OutcomeClass.AUTH if auth else OutcomeClass.PORTAL_ERR
        raise PortalFailure(outcome, f"portal.token_{code if code and code.isdigit() else 'refused'}", code=code)
    key = fields.get("APIKey")
    holder: Mapping[str, Any] = key if isinstance(key, dict) else fields
    access, identity = text_field(holder, "access_token"), text_field(holder, "id_token")
    if access is None:
        raise PortalFailure(OutcomeClass.AUTH, "portal.token_missing", code=code)
    expires_at = read_expiry(text_field(holder, "expires_in"), taken_at)
    return Token(access=access, identity=identity or "", expires_at=expires_at)


def read_expiry(text: str | None, taken_at: datetime) -> datetime:
    """End of a token: `expires_in` is a UTC time stamp with seven decimals, not a number of seconds.

    One that is missing, unreadable or absurd (ended already, or due after a day: somebody's clock is wrong) counts
    as the ten minutes every public sample shows; should that be too long, the portal says 401 and one is taken anew.
    """
    try:
        told = datetime.fromisoformat(text or "")
    except ValueError:
        return taken_at + USUAL_LIFE
    told = told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    sane = REFRESH_BEFORE_END < told - taken_at <= LONGEST_LIFE
    return told if sane else taken_at + USUAL_LIFE


class TokenKeeper:
    """Keeps the one current token; of many callers who need a new one a single one fetches it."""

    def __init__(self, take: Callable[[Deadline], Token], now: Callable[[], datetime]) -> None:
        self._take = take
        self._now = now
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._takes = 0
        self._failure: PortalFailure | None = None

    def current(self, deadline: Deadline) -> Token:
        """A token with more than a minute to live. Raises `PortalFailure`; who waited while another caller's log-in
        failed gets that failure instead of trying the account once more."""
        token = self._token
        if self._is_fresh(token):
            return token
        takes_before = self._takes
        if not self._lock.acquire(timeout=max(0.0, deadline.left_s())):
            raise PortalFailure(OutcomeClass.TIMEOUT, "portal.token_wait")
        try:
            token = self._token
            if self._is_fresh(token):
                return token
            if self._takes != takes_before and self._failure is not None:
                raise PortalFailure(self._failure.outcome, self._failure.detail, code=self._failure.code)
            return self._taken(deadline)
        finally:
            self._lock.release()

    def _taken(self, deadline: Deadline) -> Token:
        try:
            self._failure = None
            self._token = self._take(deadline)
            return self._token
        except PortalFailure as failure:
            self._failure = failure
            raise
        finally:
            self._takes += 1

    def discard(self, token: Token) -> None:
        """Forget a token the portal refused, unless somebody has replaced it already."""
        with self._lock:
            if self._token is token:
                self._token = None

    def _is_fresh(self, token: Token | None) -> TypeGuard[Token]:
        return token is not None and self._now() < token.expires_at - REFRESH_BEFORE_END
