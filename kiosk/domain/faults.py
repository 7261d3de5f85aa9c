"""Refusals and faults as codes: prose comes from the catalogue at the edge (`fault.<code>`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What went wrong, for whom the catalogue has a sentence.

    `code` is dotted and stable (`service.closed`, `printer.paper_out`); `params` fill the sentence and hold
    nothing personal.
    """

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class Refusal(Exception):
    """A use case refused a request for a reason the caller can act on. Carries a `Fault`, never prose."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.fault = Fault(code=code, params=params)
