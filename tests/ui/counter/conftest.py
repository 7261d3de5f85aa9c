"""Consoles for tests: one driven by made-up views, one following the real hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from support.board_contents import NOW
from support.hub_process import HubProcess

from config.catalogue import load_catalogue
from kiosk.app.counter import build_counter_window
from kiosk.domain.insurance_work import WorkDetail
from kiosk.domain.localized import Language
from kiosk.station.hub_client import HubClient
from kiosk.station.hub_port import HubUnreachable
from ui.counter.console import Console
from ui.counter.counter_window import CounterWindow
from ui.counter.insurance_desk import InsuranceDesk
from ui.counter.options import CounterOptions

MakeConsole = Callable[..., CounterWindow]


class MadeUpHub(HubClient):
    """A hub that knows the details of made-up look-ups and answers nothing else."""

    def __init__(self, details: tuple[WorkDetail, ...]) -> None:
        super().__init__("http://127.0.0.1:9")
        self._details = {detail.item.ticket: detail for detail in details}

    def insurance_detail(self, ticket_id: str) -> WorkDetail:
        if ticket_id not in self._details:
            raise HubUnreachable("made up")
        return self._details[ticket_id]


@pytest.fixture
def make_console(qapp: QApplication) -> Iterator[MakeConsole]:
    """Consoles that follow nothing and whose hub does not answer."""
    made: list[tuple[CounterWindow, HubClient]] = []

    def make(
        *,
        language: Language = Language.VI,
        staff: str = "Lan",
        size: tuple[int, int] = (1366, 768),
        details: tuple[WorkDetail, ...] = (),
    ) -> CounterWindow:
        client = MadeUpHub(details)
        console = Console(
            client=client,
            counter="1",
            texts=load_catalogue(),
            language=language,
            new_id=lambda: "key",
            now=lambda: NOW,
        )
        console.staff = staff
        options = CounterOptions(width_px=size[0], height_px=size[1], alert_sound=False)
        window = CounterWindow(console, InsuranceDesk(console, client), options)
        made.append((window, client))
        window.open()
        return window

    yield make
    for window, client in made:
        window.close()
        client.close()


@pytest.fixture
def console(qapp: QApplication, hub: HubProcess, qtbot) -> Iterator[CounterWindow]:
    """Counter 1 of the real hub, with Lan at work, once it shows the hub's view."""
    window = build_counter_window(hub.url, "1", CounterOptions(alert_sound=False), load_catalogue(), staff="Lan")
    window.open()
    qtbot.waitUntil(lambda: window.console.view is not None and window.console.heard, timeout=20000)
    yield window
    window.close()
