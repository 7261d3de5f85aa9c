"""What the present step offers the patient, for screens that draw a visit. No rule stands in a screen."""

from __future__ import annotations

from kiosk.domain.faults import Fault
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import ServiceView
from kiosk.domain.visit.chip_values import ChipState
from kiosk.domain.visit.state import Claim, PrintProgress, Step, Visit
from kiosk.domain.visit.timing import PAPER_TROUBLE

MAX_REPRINTS = 3
"""A printer that failed so often will not be mended by the patient: the number is on the screen."""

_WITH_BACK = frozenset(
    {
        Step.PRESENT,
        Step.NO_DOCUMENT,
        Step.ENTER_NUMBER,
        Step.ENTER_BIRTH,
        Step.ENTER_NAME,
        Step.ENTER_CAN,
        Step.READ_CHIP,
        Step.REPAIR,
        Step.CONFIRM,
        Step.CHOOSE_SERVICE,
        Step.REFUSED,
    }
)
_WITH_DONE = frozenset({Step.TICKET, Step.REFUSED, Step.HUB_AWAY})
_OWN_KEYS = ("code.", "identity.", "notice.")
_UNNAMED = LocalizedText(vi="Bệnh viện", en="Hospital")


def hospital_shown(visit: Visit, configured: LocalizedText | None) -> LocalizedText:
    """The hospital's name: the kiosk's own setting, else as the hub has it, however late the hub is first heard."""
    return configured or visit.hospital or _UNNAMED


def can_go_back(visit: Visit) -> bool:
    return visit.step in _WITH_BACK


def can_cancel(visit: Visit) -> bool:
    """Not once the hub may have given a number: then "finished" is the way out."""
    if visit.issue_sent or visit.step is Step.WELCOME:
        return False
    return visit.step is not Step.HUB_AWAY or visit.resume is not Step.WELCOME


def can_finish(visit: Visit) -> bool:
    """Whether `DoneTapped` ends the visit here."""
    return visit.step in _WITH_DONE and (visit.step is not Step.HUB_AWAY or visit.resume is not Step.WELCOME)


def can_type_can(visit: Visit) -> bool:
    """Whether the six digits may be typed now: a card lies there that waits for its key and may be given one more."""
    return visit.step is Step.PRESENT and visit.chip.state is ChipState.KEY_WANTED and visit.chip.tries_left > 0


def wants_mrz(visit: Visit) -> bool:
    """Whether the camera may look for the lines on the back of a card: they open a chip nobody has a code for."""
    return visit.step in (Step.PRESENT, Step.ENTER_CAN)


def is_reading_chip(visit: Visit) -> bool:
    """Whether progress of a chip is to be shown."""
    return visit.chip.state is ChipState.READING


def patients_photo(visit: Visit) -> bytes | None:
    """The face from the chip as PNG, where it is to be shown: to the patient who is asked "is this you?"."""
    return visit.chip.photo if visit.step is Step.CONFIRM else None


def can_reprint(visit: Visit) -> bool:
    """Only when the paper is known or feared not to have come, or the number was given before; it stays the same."""
    if visit.step is not Step.TICKET or visit.slip is None or visit.slip.reprint >= MAX_REPRINTS:
        return False
    return visit.print_progress in PAPER_TROUBLE or (
        had_it_already(visit) and visit.print_progress is PrintProgress.NONE
    )


def had_it_already(visit: Visit) -> bool:
    """Whether the number on the screen is one the person was given before."""
    return visit.ticket is not None and visit.ticket.already


def offered_services(visit: Visit) -> tuple[ServiceView, ...]:
    """Services in the hub's order; who says to be without insurance is offered only what is for everybody."""
    if visit.claim is Claim.WITHOUT_INSURANCE:
        return tuple(service for service in visit.services if service.for_uninsured)
    return visit.services


def seconds_left(visit: Visit, now_s: float) -> float | None:
    """Seconds until the visit is wiped, or null when it does not time out."""
    return None if visit.deadline_s is None else max(0.0, visit.deadline_s - now_s)


def text_key(fault: Fault) -> str:
    """Catalogue key of the sentence for a notice, a refusal or a printer's fault."""
    return fault.code if fault.code.startswith(_OWN_KEYS) else f"fault.{fault.code}"
