"""`tiepdon board`: the LCD board of the waiting room."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace

from config.settling import settle_settings
from kiosk.app.settings_word import SettingsWord, say_settled
from kiosk.app.start import load_texts, require_hub_url, require_screen, utc_now
from kiosk.domain.localized import Texts
from kiosk.station.board_view import BoardSource
from kiosk.station.hub_client import HubClient
from kiosk.station.site_follower import SiteFollower
from ui.application import create_application
from ui.board.board_window import BoardWindow
from ui.board.options import BoardOptions
from ui.event_loop import run_event_loop

TABLE = "board"


def run(args: argparse.Namespace) -> int:
    """Show the board until its window is closed. Raises `CannotStart` before anything is shown; what is wrong in the
    settings is left out and told to the staff."""
    texts = load_texts()
    settled = settle_settings(args.settings, {TABLE: BoardOptions})
    say_settled(texts, settled)
    options = settled.settings.table(TABLE, BoardOptions)
    if args.windowed:
        options = replace(options, fullscreen=False)
    require_hub_url(args.hub)
    require_screen(os.environ)
    application = create_application([sys.argv[0]])
    window = build_board_window(args.hub, options, texts)
    word = SettingsWord(args.hub, TABLE, settled)
    word.start()
    try:
        return run_event_loop(application, window.open)
    finally:
        word.stop()
        window.close()


def build_board_window(hub: str, options: BoardOptions, texts: Texts) -> BoardWindow:
    """A board that follows the hub at `hub` once it is opened. Needs a running Qt application; for demos and tests."""
    client = HubClient(hub)
    window = BoardWindow(texts=texts, options=options, clock_s=time.monotonic, now=utc_now)
    follower = SiteFollower(
        hub, name="board", fetch=BoardSource(client).fetch, deliver=window.receive, link=window.receive
    )
    window.follow(follower, client.close)
    return window
