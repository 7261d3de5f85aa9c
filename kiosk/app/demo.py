"""`tiepdon demo`: all of it on one machine, no settings, emulated devices on the real protocols."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from kiosk.app.board import build_board_window
from kiosk.app.counter import build_counter_window
from kiosk.app.demo_controls import WorldControls
from kiosk.app.demo_play import play
from kiosk.app.demo_world import DemoWorld
from kiosk.app.kiosk import Kiosk, named
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.app.start import EXIT_FAILED, EXIT_OK, CannotStart, load_texts, require_screen, utc_now
from ui.application import create_application
from ui.board.options import BoardOptions
from ui.counter.options import CounterOptions
from ui.demo.control_window import ControlWindow
from ui.demo.places import WindowPlaces
from ui.event_loop import run_event_loop

COUNTER = "1"
SMALL_COUNTER = CounterOptions(width_px=1, height_px=1)
"""As small as its contents allow: four windows share the desk."""


def run(args: argparse.Namespace) -> int:
    """Play by itself (`--headless`) or open the windows. Raises `CannotStart`."""
    if args.headless:
        return _headless(args.out or Path("demo-out"))
    require_screen(os.environ)
    return _windows(args.out)


def _headless(out: Path) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _usable(out)
    application = create_application([sys.argv[0]])
    texts = load_texts()
    world = DemoWorld(out)
    settings = named(world.kiosk_settings(_still_screen()))
    kiosk = Kiosk(world.kiosk_url, settings, texts, more_card_readers=(world.make_card_reader,))
    board = build_board_window(world.hub_url, BoardOptions(fullscreen=False, animations=False), texts)
    try:
        kiosk.start()
        board.open()
        all_good = play(world, kiosk, board, texts, out, settings.screen.tap_guard_s)
    finally:
        board.close()
        kiosk.stop()
        world.stop()
        application.processEvents()
    print(f"{out / 'summary.json'}")
    return EXIT_OK if all_good else EXIT_FAILED


def _still_screen() -> KioskSettings:
    settings = KioskSettings()
    return replace(settings, screen=replace(settings.screen, animations=False, fullscreen=False))


def _windows(out: Path | None) -> int:
    with tempfile.TemporaryDirectory(prefix="tiepdon-demo-") as scratch:
        application = create_application([sys.argv[0]])
        texts = load_texts()
        world = DemoWorld(out or Path(scratch))
        room = WindowPlaces.on_screen(application)
        settings = named(world.kiosk_settings(_kiosk_in(room)))
        kiosk = Kiosk(world.kiosk_url, settings, texts, more_card_readers=(world.make_card_reader,))
        board = build_board_window(world.hub_url, _board_in(room), texts)
        counter = build_counter_window(world.hub_url, COUNTER, SMALL_COUNTER, texts, staff="Demo")
        control = ControlWindow(WorldControls(world, utc_now().date()), texts)
        try:
            kiosk.start()
            board.open()
            counter.open()
            control.show()
            kiosk.window.view.setPosition(room.kiosk.topLeft())
            board.view.setPosition(room.board.topLeft())
            counter.move(room.counter_corner(counter.size()))
            control.resize(control.width(), min(control.sizeHint().height(), room.control.height()))
            control.move(room.control.topLeft())
            return run_event_loop(application)
        finally:
            control.close()
            counter.close()
            board.close()
            kiosk.stop()
            world.stop()


def _kiosk_in(room: WindowPlaces) -> KioskSettings:
    """The portrait kiosk scaled to what a desk's screen has room for, its millimetres in proportion."""
    settings = KioskSettings()
    width, height = room.kiosk.width(), room.kiosk.height()
    return replace(
        settings,
        screen=replace(settings.screen, width_px=width, height_px=height, hide_cursor=False, fullscreen=False),
    )


def _board_in(room: WindowPlaces) -> BoardOptions:
    return BoardOptions(fullscreen=False, width_px=room.board.width(), height_px=room.board.height())


def _usable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart("start.data_missing", path=str(out), detail=error.strerror or "") from error
