"""The port to whoever knows about insurance cover; the BHXH portal is one adapter beside others to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import AnsweredCard


@dataclass(frozen=True, kw_only=True)
class PortalAnswer:
    """What one look-up brought: a card's fields, or the class of the failure and a technical code for IT.

    `failure` is null exactly when `fields` are there. `detail` is a dotted code without anything personal
    (`portal.read_timeout`, `portal.http_502`); `code` the insurer's own result code where it sent one. `raw` is the
    answer as received (empty when none came), for the evidence the hospital must keep: encrypt it, never log it.
    `lasting` says that asking again is no use before somebody has changed the settings and started the hub anew.
    """

    fields: AnsweredCard | None = None
    failure: OutcomeClass | None = None
    detail: str = ""
    code: str | None = None
    raw: bytes = field(default=b"", repr=False)
    lasting: bool = False


class InsuranceSource(Protocol):
    """Answers one question about one person. Called from several threads at once."""

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> PortalAnswer:
        """Answer within `deadline_s` seconds in all, connecting, waiting and reading included. Never raises for
        anything the network or the insurer does."""
        ...

    def close(self) -> None:
        """Make running look-ups end soon (within a second) and refuse new ones."""
        ...


class NoPortal:
    """The source of a hospital that has not set a portal up: every card is checked at the counter."""

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> PortalAnswer:  # noqa: ARG002 - the port
        return PortalAnswer(failure=OutcomeClass.CONFIG, detail="portal.not_configured", lasting=True)

    def close(self) -> None:
        """Nothing runs."""
