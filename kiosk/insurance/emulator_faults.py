"""What can go wrong at the emulated portal, field by field and by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kiosk.domain.eligibility_codes import CODE_ROWS


@dataclass(kw_only=True)
class Faults:
    """What goes wrong at the moment; every field can be set at run time.

    `delay_s` holds every answer back; `drip` sends the answer byte by byte; `cut_after_bytes` drops the connection
    in mid-body, `reset` tears it down without an answer; `status` answers with that HTTP status and an HTML page;
    `body` replaces a look-up's body, `raw_reply` all that is sent; `content_type` replaces the type, `headers` are
    added; `refuse_tokens` answers that many look-ups with HTTP 401; `expire_in_flight` ends all tokens as that many
    look-ups arrive; `quota` answers so many look-ups and every later one with HTTP 429; `refuse_ip` refuses log-ins as
    a portal does to an unknown address; `code` gives every look-up this result code, `walk` one code after the other.
    """

    delay_s: float = 0.0
    drip: bool = False
    drip_headers: bool = False
    cut_after_bytes: int | None = None
    reset: bool = False
    status: int | None = None
    body: bytes | None = field(default=None, repr=False)
    raw_reply: bytes | None = field(default=None, repr=False)
    content_type: str | None = None
    headers: tuple[str, ...] = ()
    refuse_tokens: int = 0
    expire_in_flight: int = 0
    quota: int | None = None
    refuse_ip: bool = False
    code: str | None = None
    walk: tuple[str, ...] = ()


_CUT_BYTES = 20
_HUGE_BYTES = 10_000_000
_LONG_S = 120.0
_PAGE = b"<html><head><title>Bao tri</title></head><body>He thong dang bao tri</body></html>"

NAMED_FAULTS: Mapping[str, Faults] = MappingProxyType(
    {
        "none": Faults(),
        "slow": Faults(delay_s=10.0),
        "silent": Faults(delay_s=_LONG_S),
        "drip": Faults(drip=True),
        "drip_headers": Faults(drip_headers=True),
        "cut": Faults(cut_after_bytes=_CUT_BYTES),
        "cut_at_once": Faults(cut_after_bytes=0),
        "reset": Faults(reset=True),
        "no_http": Faults(raw_reply=b"220 mail ready\r\n"),
        "half_headers": Faults(raw_reply=b"HTTP/1.1 200 OK\r\nContent-Ty"),
        "wrong_chunks": Faults(raw_reply=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        "wrong_length": Faults(raw_reply=b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n{}"),
        "false_gzip": Faults(headers=("Content-Encoding: gzip",)),
        "html": Faults(body=_PAGE, content_type="text/html"),
        "html_as_json": Faults(body=_PAGE),
        "text_type": Faults(content_type="text/plain; charset=windows-1258"),
        "half_json": Faults(body=b'{"maKetQua":"000","hoTen":"Ng'),
        "empty": Faults(body=b""),
        "null": Faults(body=b"null"),
        "list": Faults(body=b'["000"]'),
        "no_code": Faults(body=b'{"ghiChu":"x"}'),
        "deep": Faults(body=b"[" * 100_000),
        "not_utf8": Faults(body=b'{"maKetQua":"000","hoTen":"\xff\xfe"}'),
        "huge": Faults(body=b" " * _HUGE_BYTES),
        "others_answer": Faults(
            body='{"maKetQua":"000","maThe":"DN4010000999999","hoTen":"Người Khác","ngaySinh":"02/02/1972",'
            '"gtTheTu":"01/01/2020","gtTheDen":"31/12/2040","maDKBD":"01043"}'.encode()
        ),
        "http400": Faults(status=400),
        "http403": Faults(status=403),
        "http404": Faults(status=404),
        "http429": Faults(status=429),
        "http500": Faults(status=500),
        "http502": Faults(status=502),
        "http503": Faults(status=503),
        "http504": Faults(status=504),
        "redirect": Faults(status=302),
        "storm401": Faults(refuse_tokens=1_000_000),
        "token_ends": Faults(expire_in_flight=1),
        "quota": Faults(quota=0),
        "ip": Faults(refuse_ip=True),
        "walk": Faults(walk=tuple(row.code for row in CODE_ROWS)),
        **{f"code{code}": Faults(code=code) for code in ("054", "055", "100", "101", "205", "401", "403", "500")},
    }
)
"""Faults by the names that `tiepdon emulate portal` takes."""


def named_fault(name: str) -> Faults | None:
    """A fresh copy of a named fault; also `http` and any status from 400 to 599; null where there is none so called."""
    if name in NAMED_FAULTS:
        return replace(NAMED_FAULTS[name])
    status = name.removeprefix("http")
    is_status = name.startswith("http") and status.isascii() and status.isdecimal() and 400 <= int(status) <= 599
    return Faults(status=int(status)) if is_status else None
