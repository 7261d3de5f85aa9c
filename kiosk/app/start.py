"""What every command shares at the start: texts, settings, clear refusals, logging."""

from __future__ import annotations

import base64
import logging
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.catalogue import Catalogue, load_catalogue
from config.problems import SettingsProblem
from kiosk.domain.localized import Language

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_CANNOT_START = 2
EXIT_DATABASE_DAMAGED = 6
"""The hub ended to be started anew, which checks the database and brings it back (3 to 5: `tiepdon chip`)."""
HUB_SETTINGS_FILE = "hub.toml"
"""In the hub's data folder."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
HUB_READY_LINE = "Tiếp Đón hub ready: "
"""What the hub prints once it serves, followed by its URL."""


class CannotStart(Exception):
    """A command refuses to start for a reason the person at the keyboard can mend; `key` is in `texts/*/cli.toml`."""

    def __init__(self, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def host_and_port(address: str) -> tuple[str, int]:
    """The parts of `HOST:PORT` (`127.0.0.1:8080`, `[::1]:8080`). Raises `CannotStart`."""
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise CannotStart("start.address_malformed", address=address)
    return host.strip("[]"), int(port)


def require_hub_url(url: str) -> None:
    """Raises `CannotStart` for what can be no hub's address, which no waiting would mend."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise CannotStart("start.hub_url_malformed", url=url)


def require_screen(environ: Mapping[str, str]) -> None:
    """Raises `CannotStart` where no window can open; Qt itself would end the process without a plain word."""
    if not any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise CannotStart("start.screen_missing")


def load_texts() -> Catalogue:
    """The shipped text catalogue."""
    return load_catalogue()


def say_refusal(texts: Catalogue, refusal: CannotStart) -> None:
    """Print why the command does not start, in both languages, with its code."""
    for language in (Language.VI, Language.EN):
        print(f"[{refusal.key}] {texts.text(refusal.key, language, **refusal.params)}", file=sys.stderr)


def say_settings_problems(texts: Catalogue, file: str, problems: Sequence[SettingsProblem]) -> None:
    """Print every problem of a settings file, in both languages."""
    for language in (Language.VI, Language.EN):
        print(texts.text("settings.heading", language, file=file, count=len(problems)), file=sys.stderr)
        for problem in problems:
            print(f"  - [{problem.code}] {problem.sentence(texts, language)}", file=sys.stderr)


def configure_logging(*, verbose: bool) -> None:
    """Log our own subjects to standard error. Libraries that could print addresses or bodies stay at WARNING."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("tiepdon").setLevel(logging.DEBUG if verbose else logging.INFO)


def utc_now() -> datetime:
    return datetime.now(UTC)


def boot_id() -> str:
    """Names this run of the machine; unknown: no two runs are taken for the same."""
    try:
        return BOOT_ID.read_text("ascii").strip()
    except OSError:
        return secrets.token_hex(16)


def new_id() -> str:
    """A fresh opaque id: 120 random bits as 24 characters A-Z2-7, which a QR code stores compactly."""
    return base64.b32encode(secrets.token_bytes(15)).decode()
