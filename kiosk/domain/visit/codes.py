"""What a scanned code or a laid card does on each step."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.faults import Fault
from kiosk.domain.identity.dates import agree
from kiosk.domain.identity.names import same_name
from kiosk.domain.identity.values import Assurance, CodeFault, Identity, NumberKind, RecognisedCode
from kiosk.domain.visit import chip
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_keys import document_number_of
from kiosk.domain.visit.chip_values import Chip, ChipState
from kiosk.domain.visit.confirming import ask_who
from kiosk.domain.visit.effects import Effect, LoadServices
from kiosk.domain.visit.moving import without_person
from kiosk.domain.visit.presenting import begun, presented
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings

PRESENTING = frozenset(
    {
        Step.WELCOME,
        Step.PRESENT,
        Step.NO_DOCUMENT,
        Step.ENTER_NUMBER,
        Step.ENTER_BIRTH,
        Step.ENTER_NAME,
        Step.ENTER_CAN,
        Step.READ_CHIP,
    }
)
_IGNORED_WITH_NOTICE = frozenset({Step.CHOOSE_SERVICE, Step.REPAIR, Step.ISSUING, Step.TICKET})
CARD_SHOW_QR = Fault(code="notice.card_show_qr")
CARD_MUTE = Fault(code="notice.card_mute")


def handle(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome | None:
    match event:
        case ev.CodeScanned(code=code):
            return _scanned(visit, code, at)
        case ev.CardLaid(answers=True):
            known = chip.laid(replace(visit, card_on_reader=True), at)
            return _laid(known, None if at.chip.enabled else CARD_SHOW_QR)
        case ev.CardLaid():
            return _laid(visit, CARD_MUTE)
        case ev.CardTaken():
            told = visit.notice in (CARD_SHOW_QR, CARD_MUTE, Fault(code="notice.take_card"))
            left = replace(visit, card_on_reader=False, notice=None if told else visit.notice)
            return chip.taken(left), ()
    return None


def _scanned(visit: Visit, code: RecognisedCode, at: Surroundings) -> Outcome:
    if visit.step in PRESENTING:
        return _while_presenting(visit, code, at)
    if visit.step is Step.CONFIRM:
        return _while_confirming(visit, code, at)
    if visit.step in _IGNORED_WITH_NOTICE and not _is_shown_already(visit, code):
        return replace(visit, notice=Fault(code="notice.code_ignored")), ()
    return visit, ()


def _is_shown_already(visit: Visit, code: RecognisedCode) -> bool:
    """Whether a card merely stays before the camera, or a patient shows it once more."""
    return code.identity is not None and visit.identity is not None and code.identity.number == visit.identity.number


def _while_presenting(visit: Visit, code: RecognisedCode, at: Surroundings) -> Outcome:
    if code.identity is not None:
        outcome, effects = presented(
            _with_card_known(_presenting_anew(visit), visit.chip, code.identity), code.identity, at
        )
    else:
        outcome, effects = _not_a_person(visit, code), ()
    loads: tuple[Effect, ...] = (LoadServices(),) if visit.step is Step.WELCOME else ()
    return outcome, (*loads, *effects)


def _with_card_known(anew: Visit, before: Chip, identity: Identity) -> Visit:
    """What the camera read on the back of the same card still opens it; a card that was lifted to show its code is
    asked back."""
    chip = anew.chip
    if before.printed is not None and before.printed.document_number == document_number_of(identity.number):
        chip = replace(chip, printed=before.printed)
    if before.lifted_unread and identity.number_kind is NumberKind.CITIZEN:
        chip = replace(chip, state=ChipState.CARD_WANTED)
    return replace(anew, chip=chip)


def _presenting_anew(visit: Visit) -> Visit:
    return replace(without_person(visit), step=Step.PRESENT, history=(Step.WELCOME,))


def _not_a_person(visit: Visit, code: RecognisedCode) -> Visit:
    started = begun(visit) if visit.step is Step.WELCOME else visit
    return replace(started, notice=notice_of(code))


def notice_of(code: RecognisedCode) -> Fault:
    """The sentence for a code that names nobody."""
    if code.ticket_id is not None:
        return Fault(code="notice.code_ticket")
    return Fault(code=code.fault or CodeFault.UNKNOWN.value)


def _while_confirming(visit: Visit, code: RecognisedCode, at: Surroundings) -> Outcome:
    shown, new = visit.identity, code.identity
    if new is None or shown is None:
        return replace(visit, notice=notice_of(code)), ()
    if new.number == shown.number and not _tells_more(new, shown):
        return visit, ()
    notice = None if _same_person(new, shown) else Fault(code="notice.person_replaced")
    anew = _presenting_anew(visit)
    if new.birth is None or new.name is None:
        outcome, effects = presented(anew, new, at)
        return replace(outcome, notice=notice), effects
    return ask_who(replace(anew, identity=new), at, notice)


def _tells_more(new: Identity, shown: Identity) -> bool:
    return shown.assurance is Assurance.TYPED and new.assurance is not Assurance.TYPED


def _same_person(new: Identity, shown: Identity) -> bool:
    if new.number == shown.number:
        return True
    if new.name is None or shown.name is None or new.birth is None or shown.birth is None:
        return False
    return same_name(new.name, shown.name) and agree(new.birth, shown.birth)


def _laid(visit: Visit, notice: Fault | None) -> Outcome:
    if visit.step is Step.WELCOME:
        return replace(begun(visit), notice=notice), (LoadServices(),)
    if visit.step in PRESENTING:
        return replace(visit, notice=notice), ()
    return visit, ()
