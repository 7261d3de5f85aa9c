"""Is there a hub at the given address, of our version, with our time?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
import requests

from kiosk import __version__
from kiosk.app.doctor_findings import Finding, missing, ok, warn
from kiosk.domain.clock import ClockCondition, ClockState

CONNECT_S = 1.0
ANSWER_S = 1.5
CLOCK_TOLERANCE_S = 30
"""More than this and a ticket's printed time contradicts the board."""


class _Health(msgspec.Struct):
    status: str
    version: str
    now: datetime
    clock: ClockState = ClockState()


class _Problem(msgspec.Struct):
    code: str


def check_hub(url: str, now: Callable[[], datetime]) -> Sequence[Finding]:
    """Ask `/healthz`: reachable, able to write, same version, same time."""
    shown = _without_account(url)
    if shown is None:
        return missing("hub.address_malformed", "give_address")
    try:
        with requests.Session() as session:
            session.trust_env = False  # the hub is in the house: no proxy
            answer = session.get(f"{url.rstrip('/')}/healthz", timeout=(CONNECT_S, ANSWER_S), allow_redirects=False)
    except requests.RequestException as error:
        code = "hub.silent" if isinstance(error, requests.ReadTimeout) else "hub.unreachable"
        return missing(code, "start_hub", url=shown)
    return _judged(answer, shown, now())


def _judged(answer: requests.Response, url: str, now: datetime) -> Sequence[Finding]:
    try:
        if answer.status_code != 200:
            problem = msgspec.json.decode(answer.content, type=_Problem)
            return missing("hub.refuses", "look_at_hub_log", url=url, code=problem.code)
        health = msgspec.json.decode(answer.content, type=_Health)
    except msgspec.MsgspecError:
        return missing("hub.foreign", "give_address", url=url, status=answer.status_code)
    return [*_alive(health, url), *_clock(health, now)]


def _alive(health: _Health, url: str) -> Sequence[Finding]:
    if health.version != __version__:
        return warn("hub.other_version", "same_version", url=url, theirs=health.version, ours=__version__)
    return ok("hub.answers", url=url, version=health.version)


def _clock(health: _Health, now: datetime) -> Sequence[Finding]:
    if health.clock.condition is not ClockCondition.AGREES:
        code = "hub.clock_ahead" if health.clock.condition is ClockCondition.AHEAD else "hub.clock_behind"
        return warn(code, "check_hub_clock", minutes=max(health.clock.seconds // 60, 1))
    apart_s = round(abs((now - health.now).total_seconds()))
    if apart_s > CLOCK_TOLERANCE_S:
        return warn("hub.clock_differs", "set_clock", seconds=apart_s)
    return ok("hub.clock_agrees", seconds=apart_s)


def _without_account(url: str) -> str | None:
    """Scheme, host and port as they may be shown; None for what is no web address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"
