"""Until devices are enrolled the hub answers this machine only.

Listening on loopback is not enough: a web page opened on the same machine could reach it through a name that resolves
to loopback (DNS rebinding) or by posting across origins. So the Host and Origin headers must be loopback too.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from kiosk.domain.faults import Refusal


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or address without port) is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def require_loopback(request: Request[Any, Any, Any]) -> None:
    """Runs before every route. Raises `Refusal("request.origin_refused")`."""
    origin = request.headers.get("origin")
    named = [f"//{request.headers.get('host', '')}", *([origin] if origin else [])]
    if not all(_names_loopback(url) for url in named):
        raise Refusal("request.origin_refused")


@lru_cache(maxsize=64)  # callers name the same few hosts again and again, and this runs before every request
def _names_loopback(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False
