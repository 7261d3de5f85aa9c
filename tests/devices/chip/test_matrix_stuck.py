"""Chips that at some point say the same thing for ever: every reading ends, soon, and never with a false verdict."""

import pytest
from support.chip_cards import EXTENDED, SHORT, Laid
from support.forged_chips import BOTH, BY_BAC, RSA_SIGNED

from devices.chip.errors import ChipError
from devices.chip.values import Verdict
from devices.emulators.chip.link_models import StuckCard

ANSWERS = {
    "fine and empty": "9000",
    "more to come": "6100",
    "more to come with data": "00" * 16 + "6110",
    "another length": "6C00",
    "another length named": "6C08",
    "wrong length": "6700",
    "warning": "6282",
    "wrong offset": "6B00",
    "no session": "6988",
    "locked": "6982",
    "absent": "6A82",
    "tries left": "63C1",
    "one byte": "90",
    "nothing": "",
    "data in the clear": "61" * 200 + "9000",
    "far too much": "00" * 70_000 + "9000",
    "garbage": "8784FFFFFFFF" + "9000",
}
MOST_COMMANDS = 4_000
HONEST_COMMANDS = 28


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("lengths", [EXTENDED, SHORT], ids=["extended", "short"])
def test_every_reading_of_a_stuck_chip_ends(answer, lengths):
    for profile in (BOTH, BY_BAC, RSA_SIGNED):
        laid = Laid(profile)
        for after in range(0, HONEST_COMMANDS, 3):
            check(laid, after, bytes.fromhex(answer), lengths)


def check(laid, after, answer, lengths):
    stuck, commands = StuckCard(laid.chip, after=after, answer=answer), []

    def transmit(command):
        commands.append(command)
        return stuck.transmit(command)

    try:
        record = laid.read(transmit=transmit, lengths=lengths)
    except ChipError:
        record = None
    assert len(commands) <= MOST_COMMANDS
    if record is not None and record.judgement.verdict is Verdict.AUTHENTIC:
        assert after > HONEST_COMMANDS // 2, "no proof can have been made so early"
