"""The hub's HTTP application: routes, problem details and the contract, over a reception and an insurance desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from kiosk.domain.backup import NO_BACKUP, BackupState
from kiosk.domain.clock import ClockState
from kiosk.domain.localized import Texts
from kiosk.hub import routes_actions, routes_insurance, routes_reports, routes_site, routes_tickets
from kiosk.hub.contract import CONTRACT_PATH, contract_router
from kiosk.hub.feed import EventFeed
from kiosk.hub.insurance import Insurance
from kiosk.hub.loopback import require_loopback
from kiosk.hub.problems import ProblemWriter
from kiosk.hub.sentences import Sentences
from kiosk.services.reception import Reception

CLOCK_AGREES = ClockState()
MAX_BODY_BYTES = 64 * 1024


def build_app(
    *,
    reception: Reception,
    feed: EventFeed,
    insurance: Insurance,
    texts: Texts,
    version: str,
    backup: Callable[[], BackupState] = lambda: NO_BACKUP,
    clock: Callable[[], ClockState] = lambda: CLOCK_AGREES,
) -> Litestar:
    """The application over an open reception; who opened it closes it after the server has stopped."""

    sentences = Sentences(texts)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        feed.attach(asyncio.get_running_loop())
        try:
            yield
        finally:
            feed.close()

    return Litestar(
        route_handlers=[
            *routes_site.HANDLERS,
            *routes_tickets.HANDLERS,
            *routes_actions.HANDLERS,
            *routes_insurance.HANDLERS,
            *routes_reports.HANDLERS,
        ],
        dependencies={
            "reception": Provide(lambda: reception, sync_to_thread=False),
            "insurance": Provide(lambda: insurance, sync_to_thread=False),
            "feed": Provide(lambda: feed, sync_to_thread=False),
            "sentences": Provide(lambda: sentences, sync_to_thread=False),
            "backup": Provide(backup, sync_to_thread=False, use_cache=False),
            "clock": Provide(clock, sync_to_thread=False, use_cache=False),
            "version": Provide(lambda: version, sync_to_thread=False),
        },
        lifespan=[lifespan],
        exception_handlers=ProblemWriter(texts).handlers(),
        before_request=require_loopback,
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Tiếp Đón hub",
            version=version,
            description="Numbers, queue, boards and counters of one hospital site.",
            path="/",
            openapi_router=contract_router(),
            render_plugins=[JsonRenderPlugin(path=CONTRACT_PATH)],
            use_handler_docstrings=True,
        ),
    )
