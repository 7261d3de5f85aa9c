"""`tiepdon kiosk`: the patient's touchscreen with its devices, talking to a hub."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace

from config.catalogue import Catalogue
from kiosk.app.kiosk_core import KioskCore, MakeCardReader
from kiosk.app.kiosk_outbox import state_folder
from kiosk.app.kiosk_settings import KioskSettings, settle_kiosk_settings
from kiosk.app.settings_word import say_settled, settings_alert
from kiosk.app.start import CannotStart, load_texts, require_hub_url, require_screen, say_refusal
from kiosk.app.watchdog import Watchdog
from kiosk.domain.localized import Texts
from ui.application import create_application
from ui.bridge import Bridge
from ui.event_loop import run_event_loop
from ui.heartbeat import Heartbeat
from ui.kiosk.camera_model import CameraModel
from ui.kiosk.kiosk_window import KioskWindow, build_kiosk_window

NO_SUCH_HUB = "http://hub.invalid"
"""RFC 6761, 6.4."""


def run(args: argparse.Namespace) -> int:
    """Show the kiosk until it is told to end. Raises `CannotStart` before anything is shown; what is wrong in the
    settings is left out and told to the staff."""
    texts = load_texts()
    settings, settled = settle_kiosk_settings(args.settings, os.environ)
    say_settled(texts, settled)
    if args.windowed:
        settings = replace(settings, screen=replace(settings.screen, fullscreen=False, hide_cursor=False))
    require_screen(os.environ)
    hub = hub_or_none_such(args.hub, texts)
    application = create_application([sys.argv[0]])
    kiosk = Kiosk(hub, named(with_outbox(settings, os.environ)), texts)
    kiosk.start()
    if (alert := settings_alert(settled)) is not None:
        kiosk.station.report_fault(*alert)
    watchdog = Watchdog.from_environment()
    watchdog.ready()
    heartbeat = Heartbeat(watchdog.alive, watchdog.interval_s)
    try:
        return run_event_loop(application)
    finally:
        heartbeat.stop()
        kiosk.stop()


def hub_or_none_such(url: str, texts: Catalogue) -> str:
    """The hub to work with. For what can be no hub's address, said on standard error, a name that never resolves: the
    screen then sends patients to the desk, where ending would leave it dark and started anew for ever."""
    try:
        require_hub_url(url)
    except CannotStart as refusal:
        say_refusal(texts, refusal)
        return NO_SUCH_HUB
    return url


class Kiosk:
    """One kiosk with its window. Built, started and stopped on the Qt main thread."""

    def __init__(
        self, hub_url: str, settings: KioskSettings, texts: Texts, *, more_card_readers: tuple[MakeCardReader, ...] = ()
    ) -> None:
        self._settings = settings
        bridge = Bridge()
        camera = _camera_model(settings)
        self._core = KioskCore(
            hub_url, settings, texts, wake=bridge.call, more_card_readers=more_card_readers, camera=camera
        )
        self.station = self._core.station
        self.window: KioskWindow = build_kiosk_window(
            self.station,
            texts=texts,
            options=settings.screen,
            bridge=bridge,
            clock_s=time.monotonic,
            local_now=self._core.local_now,
            camera=camera,
        )

    def start(self) -> None:
        """Open the window and the devices."""
        self._core.start()
        self.window.show(fullscreen=self._settings.screen.fullscreen)

    def stop(self) -> None:
        """Close everything."""
        self.window.close()
        self._core.stop()


def _camera_model(settings: KioskSettings) -> CameraModel | None:
    if settings.camera is None:
        return None
    return CameraModel(
        only_reader=settings.scanner is None and settings.wedge_scanner is None,
        mirrored=settings.screen.mirror_camera,
        clock_s=time.monotonic,
    )


def with_outbox(settings: KioskSettings, environ: Mapping[str, str]) -> KioskSettings:
    """Settings with a place for the outbox."""
    folder = settings.outbox.folder or state_folder(environ, settings.kiosk.id)
    return replace(settings, outbox=replace(settings.outbox, folder=folder))


def named(settings: KioskSettings) -> KioskSettings:
    """Settings whose screen and slip carry the kiosk's id and, where the file gives one, the hospital's name."""
    hospital = settings.kiosk.hospital or settings.screen.hospital
    return replace(
        settings,
        screen=replace(settings.screen, hospital=hospital),
        visit=replace(settings.visit, hospital=hospital, kiosk_id=settings.kiosk.id),
    )
