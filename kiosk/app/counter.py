"""`tiepdon counter`: the reception console of one counter."""

from __future__ import annotations

import argparse
import os
import sys

from config.settling import settle_settings
from kiosk.app.settings_word import SettingsWord, say_settled
from kiosk.app.start import (
    CannotStart,
    load_texts,
    new_id,
    require_hub_url,
    require_screen,
    utc_now,
)
from kiosk.domain.localized import Texts
from kiosk.station.counter_view import CounterSource
from kiosk.station.hub_client import HubClient
from kiosk.station.hub_port import HubUnreachable
from kiosk.station.site_follower import SiteFollower
from ui.application import create_application
from ui.counter.console import Console
from ui.counter.counter_window import CounterWindow
from ui.counter.insurance_desk import InsuranceDesk
from ui.counter.options import CounterOptions
from ui.event_loop import run_event_loop

TABLE = "counter"


def run(args: argparse.Namespace) -> int:
    """Show the console until its window is closed. Raises `CannotStart` for a counter the site does not have, before
    anything is shown; what is wrong in the settings is left out and told to the staff."""
    texts = load_texts()
    settled = settle_settings(args.settings, {TABLE: CounterOptions})
    say_settled(texts, settled)
    options = settled.settings.table(TABLE, CounterOptions)
    require_hub_url(args.hub)
    require_screen(os.environ)
    require_counter(args.hub, args.counter)
    application = create_application([sys.argv[0]])
    window = build_counter_window(args.hub, args.counter, options, texts, staff=args.name or "")
    word = SettingsWord(args.hub, args.counter, settled)
    word.start()
    try:
        return run_event_loop(application, window.open)
    finally:
        word.stop()
        window.close()


def require_counter(hub: str, counter: str) -> None:
    """Raises `CannotStart` when the hub knows its counters and this is none of them. A hub that does not answer now
    is no reason: the console waits for it."""
    client = HubClient(hub)
    try:
        known = [each.id for each in client.counters()]
    except HubUnreachable:
        return
    finally:
        client.close()
    if counter not in known:
        raise CannotStart("start.counter_unknown", counter=counter, known=", ".join(known))


def build_counter_window(
    hub: str, counter: str, options: CounterOptions, texts: Texts, *, staff: str = ""
) -> CounterWindow:
    """A console that follows the hub at `hub` once it is opened; without `staff` it asks who works there. Needs a
    running Qt application; for demos and tests."""
    client = HubClient(hub)
    console = Console(
        client=client, counter=counter, texts=texts, language=options.language, new_id=new_id, now=utc_now
    )
    console.staff = staff.strip()
    window = CounterWindow(console, InsuranceDesk(console, client), options)
    follower = SiteFollower(
        hub,
        name="counter",
        fetch=CounterSource(client, counter).fetch,
        deliver=window.receive,
        link=window.receive,
        refused=window.receive,
    )
    console.refresh = follower.want
    window.follow(follower, client.close)
    return window
