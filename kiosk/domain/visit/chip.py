"""The chip of the card on the reader: when it is read, and what comes of it for the visit.

Reading begins by itself as soon as a card lies there and something is known that may open it, in whichever order the
two came. Nobody waits for it and nothing depends on it: whatever goes wrong, the person of the code stays as shown.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.faults import Fault
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_keys import CAN_DIGITS, keys_for
from kiosk.domain.visit.chip_person import judged, text_read
from kiosk.domain.visit.chip_values import CanKey, Chip, ChipState, ChipVerdict
from kiosk.domain.visit.effects import Effect, ReadChip, StopChip
from kiosk.domain.visit.moving import forward
from kiosk.domain.visit.offers import can_type_can, wants_mrz
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings

LIFTED = Fault(code="notice.chip_lifted")
LAY_CARD = Fault(code="notice.chip_lay_card")
UNREADABLE = Fault(code="notice.chip_unreadable")
NOT_ID_CARD = Fault(code="notice.chip_not_id_card")
NOT_OPENED = Fault(code="notice.chip_not_opened")
KEY_SPENT = Fault(code="notice.chip_key_spent")
DIGITS_NOT_SIX = Fault(code="notice.chip_digits_not_six")
KEY_REFUSED = "notice.chip_key_refused"

_LIFTED_CODES = frozenset({"card_reader.card_taken", "card_reader.no_card"})
_STEPS_WITHOUT_READING = frozenset({Step.WELCOME, Step.TICKET, Step.REFUSED, Step.HUB_AWAY})
_STEPS_TO_SHOW_A_CODE = frozenset({Step.PRESENT, Step.ENTER_CAN})
_TOLD_ON = frozenset(
    {Step.PRESENT, Step.ENTER_NUMBER, Step.ENTER_BIRTH, Step.ENTER_NAME, Step.ENTER_CAN, Step.READ_CHIP, Step.CONFIRM}
)
"""Steps on which a patient still looks at the card; later a sentence about it would only disturb."""

Answer = ev.ChipProgressed | ev.ChipTextRead | ev.ChipJudged | ev.ChipPhotoRead | ev.ChipFailed


def handle(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome | None:
    match event:
        case ev.TypeCanChosen() if can_type_can(visit):
            return forward(visit, Step.ENTER_CAN), ()
        case ev.CanTyped(digits=digits) if visit.step is Step.ENTER_CAN:
            return _can_typed(visit, digits), ()
        case ev.MrzSeen() if at.chip.enabled and wants_mrz(visit):
            return _mrz_seen(visit, event), ()
        case ev.ChipProgressed() | ev.ChipTextRead() | ev.ChipJudged() | ev.ChipPhotoRead() | ev.ChipFailed():
            late = event.reading != visit.chip.reading or visit.issue_sent
            return (visit, ()) if late else _answered(visit, event, at)
    return None


def laid(visit: Visit, at: Surroundings) -> Visit:
    """What a card that can be talked to means for the chip; a chip read already, or being read, is left alone."""
    if not at.chip.enabled or visit.chip.state in (ChipState.READING, ChipState.DONE):
        return visit
    chip = replace(
        visit.chip,
        state=ChipState.KEY_WANTED,
        tries_left=at.chip.max_key_tries,
        refused=frozenset(),
        lifted_unread=False,
    )
    return replace(visit, chip=chip, notice=None if visit.notice in (LIFTED, LAY_CARD) else visit.notice)


def taken(visit: Visit) -> Visit:
    """The card is gone: what was being read begins anew when it is laid down again."""
    match visit.chip.state:
        case ChipState.READING:
            return _lifted(visit)
        case ChipState.KEY_WANTED | ChipState.FAILED as state:
            unread = state is ChipState.KEY_WANTED and visit.step in _STEPS_TO_SHOW_A_CODE
            gone = replace(visit.chip, state=ChipState.NONE, tries_left=0, refused=frozenset(), lifted_unread=unread)
            return replace(visit, chip=gone)
    return visit


def went_on(before: Visit, visit: Visit, at: Surroundings) -> Outcome:
    """Begin a reading that can begin, end one nobody waits for any more."""
    visit = _in_time(visit, at)
    effects: tuple[Effect, ...] = ()
    if _can_begin(visit, at):
        visit, effects = _begun(visit, at)
    ended = before.chip.reading is not None and visit.chip.reading is None
    return visit, (StopChip(),) if ended else effects


def _in_time(visit: Visit, at: Surroundings) -> Visit:
    chip = visit.chip
    if chip.state is not ChipState.READING:
        return visit
    if visit.issue_sent:
        return replace(visit, chip=replace(_ended(chip), state=ChipState.KEY_WANTED))
    if chip.give_up_at_s is not None and at.now_s >= chip.give_up_at_s:
        return _failed(visit, UNREADABLE)
    return visit


def _can_begin(visit: Visit, at: Surroundings) -> bool:
    chip = visit.chip
    if not at.chip.enabled or not visit.card_on_reader or visit.step in _STEPS_WITHOUT_READING:
        return False
    if chip.state is not ChipState.KEY_WANTED or chip.tries_left <= 0 or visit.issue_sent or visit.claim is not None:
        return False
    return bool(keys_for(chip, visit.identity, at.chip, at.today))


def _begun(visit: Visit, at: Surroundings) -> Outcome:
    keys = keys_for(visit.chip, visit.identity, at.chip, at.today)
    reading = at.ids.reading_number()
    give_up_at_s = at.now_s + at.chip.limit_s
    chip = replace(
        _ended(visit.chip), state=ChipState.READING, reading=reading, give_up_at_s=give_up_at_s, trying=frozenset(keys)
    )
    begun = replace(visit, chip=chip)
    shown = begun if visit.identity is not None else forward(begun, Step.READ_CHIP)
    return shown, (ReadChip(reading=reading, keys=keys),)


def _ended(chip: Chip) -> Chip:
    """`chip` between two readings; what the patient gave and what the card refused stay known."""
    return Chip(
        state=chip.state,
        tries_left=chip.tries_left,
        flag=chip.flag,
        can=chip.can,
        printed=chip.printed,
        refused=chip.refused,
    )


def _can_typed(visit: Visit, digits: str) -> Visit:
    if len(digits) != CAN_DIGITS or not (digits.isascii() and digits.isdigit()):
        return replace(visit, notice=DIGITS_NOT_SIX)
    key = CanKey(digits=digits)
    if key in visit.chip.refused:
        return replace(visit, notice=_key_refused(visit.chip))
    if visit.card_on_reader:
        return replace(visit, chip=replace(visit.chip, can=key))
    waiting = replace(visit, chip=replace(visit.chip, can=key, state=ChipState.CARD_WANTED))
    return forward(waiting, Step.READ_CHIP, LAY_CARD)


def _mrz_seen(visit: Visit, seen: ev.MrzSeen) -> Visit:
    chip = visit.chip
    if chip.printed == seen.key or seen.key in chip.refused:
        return visit
    known = replace(chip, printed=seen.key)
    if visit.card_on_reader and chip.state is ChipState.KEY_WANTED:
        return replace(visit, chip=known)
    return replace(visit, chip=replace(known, state=ChipState.CARD_WANTED), notice=LAY_CARD)


def _answered(visit: Visit, event: Answer, at: Surroundings) -> Outcome:
    match event:
        case ev.ChipProgressed(stage=stage, fraction=fraction):
            chip = replace(visit.chip, stage=stage, fraction=max(visit.chip.fraction, min(1.0, fraction)))
            return replace(visit, chip=chip), ()
        case ev.ChipTextRead():
            return text_read(visit, event, at)
        case ev.ChipJudged(verdict=verdict):
            return (_failed(visit, UNREADABLE) if visit.identity is None else judged(visit, verdict)), ()
        case ev.ChipPhotoRead(png=png):
            forged = visit.chip.verdict in (None, ChipVerdict.FORGED)
            return (visit if forged else replace(visit, chip=replace(visit.chip, photo=png))), ()
        case ev.ChipFailed():
            return _came_to_nothing(visit, event), ()


def _came_to_nothing(visit: Visit, failed: ev.ChipFailed) -> Visit:
    if visit.chip.state is not ChipState.READING:
        return visit
    if failed.code == "chip.key_refused":
        return _refused(visit, failed.tries_left)
    if failed.code in _LIFTED_CODES:
        return _lifted(visit)
    return _failed(visit, NOT_ID_CARD if failed.code == "chip.not_an_id_chip" else UNREADABLE)


def _lifted(visit: Visit) -> Visit:
    return _told(replace(visit, chip=replace(_ended(visit.chip), state=ChipState.CARD_WANTED)), LIFTED)


def _failed(visit: Visit, notice: Fault) -> Visit:
    chip = replace(_ended(visit.chip), state=ChipState.FAILED, can=None, printed=None)
    return _told(_without_reading(replace(visit, chip=chip)), notice)


def _refused(visit: Visit, tries_left: int | None) -> Visit:
    chip = visit.chip
    left = chip.tries_left - 1 if tries_left is None else min(chip.tries_left - 1, tries_left)
    known = replace(
        _ended(chip),
        state=ChipState.KEY_WANTED if left > 0 else ChipState.FAILED,
        tries_left=max(left, 0),
        refused=chip.refused | chip.trying,
        can=None,
        printed=None,
    )
    after = replace(visit, chip=known)
    if visit.step is not Step.READ_CHIP:
        return _told(after, NOT_OPENED)
    if left <= 0:
        return _told(_without_reading(after), KEY_SPENT)
    if chip.can is None:
        return _told(_without_reading(after), NOT_OPENED)
    return _told(forward(_without_reading(after), Step.ENTER_CAN), _key_refused(known))


def _key_refused(chip: Chip) -> Fault:
    return Fault(code=KEY_REFUSED, params={"left": chip.tries_left})


def _without_reading(visit: Visit) -> Visit:
    """Back to showing who one is, from the screen that only waits for the chip."""
    if visit.step is not Step.READ_CHIP:
        return visit
    return replace(visit, step=Step.PRESENT, history=(Step.WELCOME,))


def _told(visit: Visit, notice: Fault) -> Visit:
    return replace(visit, notice=notice) if visit.step in _TOLD_ON else visit
