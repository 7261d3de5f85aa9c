"""The real hub application served over loopback HTTP from a thread: quick to start, for tests that kill nothing."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from pathlib import Path

import uvicorn

from config.catalogue import load_catalogue
from kiosk.app.hub import listen, open_reception
from kiosk.app.insurance import open_office, portal_options
from kiosk.app.sites import site_of
from kiosk.hub.app import build_app
from kiosk.hub.feed import EventFeed
from kiosk.hub.insurance import Insurance


class HubThread:
    """Has `url` like `HubProcess`; `settings` is a hub settings file."""

    def __init__(self, data: Path, settings: Path | None = None) -> None:
        self._data = data
        self._settings = settings
        self._listener = listen("127.0.0.1:0")
        self._started = threading.Event()
        self._server: uvicorn.Server | None = None
        self._feed = EventFeed()
        self._thread = threading.Thread(target=self._run, name="hub-under-test")
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> HubThread:
        self._data.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        while not self._started.wait(0.02):
            assert self._thread.is_alive(), "the hub did not start"
        return self

    def stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join(20)
        self._listener.close()

    def _run(self) -> None:
        site = site_of(self._data)
        options = portal_options(self._settings)
        with (
            closing(open_reception(self._data, site, self._feed)) as reception,
            closing(open_office(options, self._data, reception, site)) as office,
        ):
            insurance = Insurance(office)
            app = build_app(
                reception=reception, feed=self._feed, insurance=insurance, texts=load_catalogue(), version="test"
            )
            asyncio.run(self._serve(app))
            insurance.close()

    async def _serve(self, app: object) -> None:
        self._server = uvicorn.Server(
            uvicorn.Config(app, lifespan="on", log_config=None, access_log=False, timeout_graceful_shutdown=1)  # type: ignore[arg-type]
        )
        serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.005)
        self._started.set()
        while not self._server.should_exit:
            await asyncio.sleep(0.01)
        self._feed.close()
        await serving
