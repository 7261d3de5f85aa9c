"""What the generated contract cannot know by itself: refusals as problem details, optional bodies, the key's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, Router
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Operation, Parameter, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from kiosk.hub.loopback import require_loopback
from kiosk.hub.wire import Problem

KEY_HEADER = "Idempotency-Key"
KEY_LIMIT = 200
KEY_PATTERN = "^[!-.0-~]([ -.0-~]*[!-.0-~])?$"
"""Printable ASCII without a slash: a key is a part of an address where it is taken back or its ticket is read."""
PROBLEM_JSON = "application/problem+json"
CONTRACT_PATH = "/openapi.json"

_MEANING = {
    400: "The request is malformed.",
    403: "The caller is not a program on this machine.",
    404: "Unknown service, counter, ticket or alert.",
    409: "Refused in the present state.",
    413: "The body is too large.",
    503: "The database cannot be written.",
}

READ = (403,)
READ_ONE = (400, 403, 404)
WRITE = (400, 403, 413, 503)
WRITE_ONE = (400, 403, 404, 413, 503)
CHANGE = (400, 403, 404, 409, 413, 503)


def contract_router() -> Router:
    """Where the contract is served. Litestar's own router would answer every unknown address beside it with a page."""
    return Router("/", route_handlers=[], include_in_schema=False, before_request=_only_the_contract)


async def _only_the_contract(request: Request[Any, Any, Any]) -> None:
    await require_loopback(request)  # a router's own hook takes the place of the application's
    if request.url.path not in (CONTRACT_PATH, "/"):
        raise NotFoundException


def refusals(statuses: tuple[int, ...]) -> dict[int, ResponseSpec]:
    """The refusals an operation documents."""
    return {
        status: ResponseSpec(Problem, description=_MEANING[status], media_type=PROBLEM_JSON, generate_examples=False)
        for status in statuses
    }


@dataclass
class OptionalBody(Operation):
    """An operation that is also understood without a body."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody):
            self.request_body.required = False


@dataclass
class KeyedOperation(Operation):
    """An operation that needs an idempotency key. The handler checks the key itself, so that its absence has a code."""

    def __post_init__(self) -> None:
        for parameter in self.parameters or []:
            if isinstance(parameter, Parameter) and parameter.name == KEY_HEADER:
                parameter.required = True
                parameter.schema = Schema(
                    type=OpenAPIType.STRING, min_length=1, max_length=KEY_LIMIT, pattern=KEY_PATTERN
                )
