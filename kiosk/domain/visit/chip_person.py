"""What the chip says of the person: the same as the code, somebody else, or the first word about who this is."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.faults import Fault
from kiosk.domain.identity.dates import agree
from kiosk.domain.identity.names import folded_name, same_name
from kiosk.domain.identity.values import Assurance, Identity
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import Chip, ChipState, ChipVerdict
from kiosk.domain.visit.confirming import ask_again, ask_who, question_of
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings

FLAG_FORGED = "flag.chip_forged"
FLAG_OTHER_PERSON = "flag.chip_other_person"
SHOW_AT_COUNTER = Fault(code="notice.chip_show_at_counter")
OTHER_PERSON = Fault(code="notice.chip_other_person")

_WITH_NOTICE = frozenset({Step.CONFIRM, Step.CHOOSE_SERVICE, Step.ENTER_BIRTH, Step.ENTER_NAME})


def text_read(visit: Visit, read: ev.ChipTextRead, at: Surroundings) -> Outcome:
    """The chip's own words about its holder, not proven yet."""
    shown = visit.identity
    if shown is None:
        return _first_word(visit, read.identity, at)
    if not is_same_person(shown, read):
        return _somebody_else(visit), ()
    known = replace(visit, chip=replace(visit.chip, person_read=True))
    return _known_better(known, shown, _completed(shown, read.identity), at)


def judged(visit: Visit, verdict: ChipVerdict) -> Visit:
    """The reading's end. A forged chip lifts nobody; who was known by that chip alone is as good as typed."""
    done = replace(visit.chip, state=ChipState.DONE, verdict=verdict, fraction=1.0, give_up_at_s=None)
    identity = visit.identity
    if verdict is ChipVerdict.FORGED:
        return _forged(replace(visit, chip=done))
    if identity is None or not done.person_read:
        return replace(visit, chip=done)
    proven = Assurance.CHIP_AUTHENTIC if verdict is ChipVerdict.AUTHENTIC else Assurance.CHIP_READ
    return replace(visit, chip=done, identity=replace(identity, assurance=proven))


def is_same_person(shown: Identity, read: ev.ChipTextRead) -> bool:
    """Whether chip and code name the same person: the same number, and nothing that contradicts it. A typed name or
    date may be a slip of the finger; the number decides."""
    chip = read.identity
    if chip.number != shown.number:
        return False
    if shown.assurance is Assurance.TYPED:
        return True
    return _names_agree(shown, read) and (shown.birth is None or chip.birth is None or agree(shown.birth, chip.birth))


def _names_agree(shown: Identity, read: ev.ChipTextRead) -> bool:
    name, chip_name = shown.name, read.identity.name
    if name is None or chip_name is None or not shown.name_certain:
        return True
    if read.name_has_marks:
        return same_name(name, chip_name)
    return folded_name(name).startswith(folded_name(chip_name))  # the zone on the back cuts long names short


def _first_word(visit: Visit, identity: Identity, at: Surroundings) -> Outcome:
    chip = replace(visit.chip, person_read=True)
    presenting = replace(visit, chip=chip, identity=identity, step=Step.PRESENT, history=(Step.WELCOME,))
    return ask_who(presenting, at)


def _somebody_else(visit: Visit) -> Visit:
    """The person of the code stays; staff look at the card."""
    chip = Chip(state=ChipState.FAILED, flag=FLAG_OTHER_PERSON)
    return _told(replace(visit, chip=chip), OTHER_PERSON)


def _forged(visit: Visit) -> Visit:
    chip = replace(visit.chip, flag=FLAG_FORGED, photo=None)
    identity = visit.identity
    if identity is not None and identity.assurance is Assurance.CHIP_READ:
        identity = replace(identity, assurance=Assurance.TYPED)
    return _told(replace(visit, chip=chip, identity=identity), SHOW_AT_COUNTER)


def _completed(shown: Identity, chip: Identity) -> Identity:
    """The shown person with what the chip adds; against what was only typed the chip's word counts."""
    if shown.assurance is Assurance.TYPED:
        return replace(chip, birth=chip.birth or shown.birth, name=chip.name or shown.name)
    return replace(shown, name=shown.name or chip.name, birth=shown.birth or chip.birth, sex=shown.sex or chip.sex)


def _known_better(visit: Visit, before: Identity, after: Identity, at: Surroundings) -> Outcome:
    known = replace(visit, identity=after)
    if visit.step in (Step.ENTER_BIRTH, Step.ENTER_NAME):
        return ask_who(known, at)
    return (known, ()) if _same_question(before, after) else ask_again(known, at)


def _same_question(before: Identity, after: Identity) -> bool:
    """Whether insurance would be asked the same; marks on a name are no reason to ask again."""
    one, other = question_of(before), question_of(after)
    if one is None or other is None:
        return True
    return one.birth == other.birth and folded_name(one.name or "") == folded_name(other.name or "")


def _told(visit: Visit, notice: Fault) -> Visit:
    return replace(visit, notice=notice) if visit.step in _WITH_NOTICE else visit
