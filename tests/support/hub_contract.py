"""The hub's contract without a running hub: what `/openapi.json` serves."""

from __future__ import annotations

import json
from typing import Any, cast

from config.catalogue import load_catalogue
from kiosk.hub.app import build_app
from kiosk.hub.feed import EventFeed
from kiosk.hub.insurance import Insurance
from kiosk.services.reception import Reception


def contract() -> dict[str, Any]:
    """The OpenAPI document of the hub's routes; nothing behind them is asked for."""
    nobody = cast("Any", None)
    app = build_app(
        reception=cast("Reception", nobody),
        feed=EventFeed(),
        insurance=cast("Insurance", nobody),
        texts=load_catalogue(),
        version="test",
    )
    document: dict[str, Any] = json.loads(json.dumps(app.openapi_schema.to_schema(), default=str))
    return document
