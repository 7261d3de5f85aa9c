import pytest

from devices.card_readers.presence import CardChange, CardPresence

ATR = bytes.fromhex("3B80800101")
EMPTY = CardPresence()
LAID = CardPresence.of(0x0001_0020, ATR)
SWAPPED = CardPresence.of(0x0003_0020, ATR)
MUTE = CardPresence.of(0x0001_0220, b"")


@pytest.mark.parametrize(
    ("before", "now", "changes"),
    [
        (EMPTY, LAID, [CardChange.LAID]),
        (LAID, EMPTY, [CardChange.TAKEN]),
        (LAID, LAID, []),
        (LAID, SWAPPED, [CardChange.TAKEN, CardChange.LAID]),
        (EMPTY, MUTE, [CardChange.MUTE]),
        (MUTE, MUTE, []),
        (MUTE, LAID, [CardChange.LAID]),
        (LAID, MUTE, [CardChange.TAKEN, CardChange.MUTE]),
        (MUTE, EMPTY, []),
    ],
)
def test_each_change_of_the_card_is_told_in_order(before, now, changes):
    assert before.changes_to(now) == changes


def test_use_by_another_program_is_no_change():
    assert LAID.changes_to(CardPresence.of(0x0001_0120, ATR)) == []


def test_a_card_without_answer_to_reset_is_mute_even_without_the_flag():
    assert CardPresence.of(0x0001_0020, b"").mute
