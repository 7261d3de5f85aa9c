"""What staff at the counters are told of a settings file that a face could use only in part."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable

from config.catalogue import Catalogue
from config.settling import Settled
from kiosk.app.start import say_settings_problems
from kiosk.domain.alert import PARAM_WORDS, PARAM_WORDS_LENGTH, AlertParams
from kiosk.domain.faults import Refusal
from kiosk.station.hub_client import HubClient
from kiosk.station.hub_port import HubUnreachable

log = logging.getLogger("tiepdon.settings")

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 30.0
STOP_S = 1.0

_NOT_IN_WORDS = re.compile(r"[^0-9A-Za-z._]+")


def settings_alert(settled: Settled) -> tuple[str, AlertParams] | None:
    """Code and parameters of the alert; none where the file is right. `keys` names the places, as many as fit."""
    if not settled.problems:
        return None
    if settled.is_unreadable:
        return "settings.unreadable", {}
    keys = ""
    for problem in settled.problems:
        longer = f"{keys},{_place(problem.table, problem.key)}".strip(",")
        if len(longer) <= PARAM_WORDS_LENGTH and re.fullmatch(PARAM_WORDS, longer):
            keys = longer
    return "settings.refused", {"count": len(settled.problems), "keys": keys or "..."}


def _place(table: str, key: str) -> str:
    """`more_printers[1]` and `model` as `more_printers.1.model`."""
    return _NOT_IN_WORDS.sub(".", f"{table}.{key}").strip(".")


class SettingsWord:
    """Tells the staff of a face that has no station, on a thread of its own until the hub has it. A face whose settings
    are right starts no thread."""

    def __init__(
        self, hub: str, place: str, settled: Settled, *, client: Callable[[str], HubClient] = HubClient
    ) -> None:
        self._alert = settings_alert(settled)
        self._place = place
        self._client = client(hub)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="settings-word", daemon=True)

    def start(self) -> None:
        if self._alert is not None:
            self._thread.start()

    def stop(self) -> None:
        """Give up; ends when a question on its way is answered, at most `STOP_S` are waited for that."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)
        self._client.close()

    def _run(self) -> None:
        delay_s = FIRST_RETRY_S
        while not self._stop.is_set() and not self._told():
            self._stop.wait(delay_s)
            delay_s = min(2 * delay_s, LAST_RETRY_S)

    def _told(self) -> bool:
        assert self._alert is not None, "started with one"
        try:
            self._client.report_fault(self._place, *self._alert)
        except HubUnreachable:
            return False
        except Refusal as refusal:
            log.warning("hub refused a word about settings: %s", refusal.fault.code)
        except Exception:
            log.exception("telling the hub about settings failed")
        return True


def say_settled(texts: Catalogue, settled: Settled) -> None:
    """Every problem on standard error, which systemd keeps in its journal."""
    if settled.problems:
        say_settings_problems(texts, settled.file, settled.problems)
