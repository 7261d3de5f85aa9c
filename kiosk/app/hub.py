"""`tiepdon hub`: own the queue of one site and serve it over HTTP."""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
import uvloop
from litestar import Litestar

from config.problems import SettingsError
from kiosk import __version__
from kiosk.app.disk_refusals import DISK_ERRORS, disk_refusals, refusal_of, require_writable
from kiosk.app.hub_backup import backup_plan, bring_back_damaged, bring_back_when_lost, closing_work, start_backup
from kiosk.app.hub_settings import BackupOptions, backup_options
from kiosk.app.insurance import open_office, portal_options
from kiosk.app.sites import site_to_serve
from kiosk.app.start import (
    EXIT_DATABASE_DAMAGED,
    EXIT_OK,
    HUB_READY_LINE,
    HUB_SETTINGS_FILE,
    CannotStart,
    boot_id,
    host_and_port,
    load_texts,
    new_id,
    say_settings_problems,
    utc_now,
)
from kiosk.app.watchdog import Watchdog
from kiosk.domain.backup import NO_BACKUP
from kiosk.domain.site import Site
from kiosk.hub.app import build_app
from kiosk.hub.feed import EventFeed
from kiosk.hub.insurance import Insurance
from kiosk.hub.loopback import is_loopback
from kiosk.services.clock_watch import ClockWatch
from kiosk.services.context import WriteContext
from kiosk.services.leftovers import tell_leftovers
from kiosk.services.old_site import tell_old_site
from kiosk.services.reception import Reception
from kiosk.services.restored import settle_restores
from kiosk.services.steady_clock import SteadyClock
from kiosk.storage.faults import StorageFault

log = logging.getLogger("tiepdon.hub")

GRACEFUL_STOP_S = 2
START_WRITE_S = 60.0
GC_THRESHOLD = 50_000
"""Python's 700 makes the collector run several times a request, for an eighth of the hub's processor time."""

_REFUSAL_OF_STORAGE = {
    "storage.in_use": "start.data_in_use",
    "storage.newer_than_program": "start.data_newer",
    "storage.corrupt": "start.data_damaged",
    "storage.full": "start.disk_full",
}


def run(args: argparse.Namespace) -> int:
    """Serve until stopped, or until the database turns out to be damaged: the next start brings it back.

    Raises `CannotStart` and `SettingsError` before anything is served.
    """
    data = usable_folder(args.data)
    listener = listen(args.listen)
    with listener:
        settings = args.settings or (data / HUB_SETTINGS_FILE if (data / HUB_SETTINGS_FILE).exists() else None)
        options = portal_options(settings)
        copies = backup_options(settings)
        feed = EventFeed()
        with ExitStack() as stack:
            with disk_refusals(data):
                site, mistakes = site_to_serve(data)
                plan = backup_plan(copies, data)
                queue = open_whole_reception(data, site, feed, copies)
                reception = stack.enter_context(closing(queue.reception))
                stack.enter_context(closing(queue.clock_watch))
                queue.clock_watch.start()
                tell_site(queue.reception, mistakes)
                office = stack.enter_context(closing(open_office(options, data, reception, site)))
                backup = start_backup(plan, data, reception)
                stack.enter_context(closing_work(backup))
            insurance = Insurance(office)
            app = build_app(
                reception=reception,
                feed=feed,
                insurance=insurance,
                texts=load_texts(),
                version=__version__,
                backup=lambda: backup.state if backup else NO_BACKUP,
                clock=lambda: queue.clock.state,
            )
            host, port = listener.getsockname()[:2]
            gc.freeze()
            gc.set_threshold(GC_THRESHOLD)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve(app, feed, reception, listener, f"http://{host}:{port}"))
            insurance.close()
    return EXIT_DATABASE_DAMAGED if reception.is_damaged else EXIT_OK


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The queue of a site, the clock it lives by, and who watches that."""

    reception: Reception
    clock: SteadyClock
    clock_watch: ClockWatch


def open_whole_reception(data: Path, site: Site, feed: EventFeed, copies: BackupOptions) -> Queue:
    """The queue, brought back from a copy first where its database is missing, behind or damaged. Numbers the copy may
    not know are left out before anybody is served. Raises `CannotStart`."""
    bring_back_when_lost(data, copies)
    try:
        queue = open_queue(data, site, feed)
    except CannotStart as refusal:
        if refusal.key != "start.data_damaged" or bring_back_damaged(data, copies) is None:
            raise
        queue = open_queue(data, site, feed)
    try:
        queue.reception.write(_settle).result(START_WRITE_S)
    except (StorageFault, TimeoutError) as fault:
        queue.reception.close()
        raise CannotStart("start.data_unreadable", path=str(data), detail=str(fault)) from fault
    queue.clock_watch.look()
    return queue


def _settle(context: WriteContext) -> None:
    """What must be right before anybody is served."""
    settle_restores(context)
    tell_leftovers(context)


def tell_site(reception: Reception, mistakes: SettingsError | None) -> None:
    """Say whether the site file holds, on standard error and at the counters; serving does not wait for that."""
    if mistakes is not None:
        say_settings_problems(load_texts(), mistakes.file, mistakes.problems)
    try:
        reception.write(partial(tell_old_site, is_old=mistakes is not None)).result(START_WRITE_S)
    except (StorageFault, TimeoutError) as fault:
        log.warning("the counters could not be told of the site file: %s", fault)


def open_reception(data: Path, site: Site, feed: EventFeed) -> Reception:
    """The queue of a data folder alone. Raises `CannotStart` when its database cannot be used."""
    return open_queue(data, site, feed).reception


def open_queue(data: Path, site: Site, feed: EventFeed) -> Queue:
    """The queue of a data folder and its clock, going on from what was kept. Raises `CannotStart` when the database
    cannot be used."""
    clock = SteadyClock(utc_now, elapsed_s)
    try:
        reception = Reception(site=site, data=data, now=clock, new_id=new_id, on_events=feed.committed)
    except StorageFault as fault:
        key = _REFUSAL_OF_STORAGE.get(fault.code, "start.data_unreadable")
        raise CannotStart(key, path=str(data), detail=fault.detail) from fault
    watch = ClockWatch(reception, clock, boot_id())
    try:
        watch.begin()
    except (StorageFault, TimeoutError) as fault:
        reception.close()
        raise CannotStart("start.data_unreadable", path=str(data), detail=str(fault)) from fault
    return Queue(reception=reception, clock=clock, clock_watch=watch)


def elapsed_s() -> float:
    """Seconds that also count while the machine sleeps (clock_gettime(2))."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class _Server(uvicorn.Server):
    """Ends the event streams as soon as it is told to stop, so that stopping does not wait for boards."""

    def __init__(self, config: uvicorn.Config, feed: EventFeed) -> None:
        super().__init__(config)
        self._feed = feed

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """uvicorn's own would send the signal to this process again after serving, before the database is closed."""
        asyncio.get_running_loop().call_soon_threadsafe(self._feed.close)
        self.force_exit = self.should_exit
        self.should_exit = True

    def end(self) -> None:
        """The same without a signal."""
        self._feed.close()
        self.should_exit = True


async def _serve(app: Litestar, feed: EventFeed, reception: Reception, listener: socket.socket, url: str) -> None:
    config = uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=GRACEFUL_STOP_S,
        server_header=False,
        date_header=False,
    )
    server = _Server(config, feed)
    loop = asyncio.get_running_loop()

    def end() -> None:
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(server.end)

    reception.when_damaged(end)
    async with _watchdog(url, server):
        await server.serve(sockets=[listener])


@asynccontextmanager
async def _watchdog(url: str, server: uvicorn.Server) -> AsyncIterator[None]:
    """Say that the hub is ready once it serves, and feed systemd's watchdog from the event loop."""
    task = asyncio.create_task(_tell_alive(url, server))
    try:
        yield
    finally:
        task.cancel()


async def _tell_alive(url: str, server: uvicorn.Server) -> None:
    while not server.started:
        await asyncio.sleep(0.02)
    print(f"{HUB_READY_LINE}{url}", flush=True)
    watchdog = Watchdog.from_environment()
    watchdog.ready()
    while watchdog.interval_s is not None:
        watchdog.alive()
        await asyncio.sleep(watchdog.interval_s)


def usable_folder(data: Path) -> Path:
    """The data folder, made when missing. Raises `CannotStart` when it cannot be read and written."""
    try:
        data.mkdir(mode=0o750, parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            raise refusal_of(data, error) from error
        raise CannotStart("start.data_missing", path=str(data), detail=_reason(error)) from error
    require_writable(data)
    return data


def listen(address: str) -> socket.socket:
    """A bound listening socket. Raises `CannotStart` for a bad, foreign or taken address."""
    host, port = host_and_port(address)
    if not is_loopback(host):
        raise CannotStart("start.address_not_loopback", host=host, port=port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by every connection; without it an answer in two writes waits 40 ms for the caller's delayed ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart("start.port_in_use", host=host, port=port) from error
        raise CannotStart("start.address_unusable", host=host) from error
    return listener


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
