import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.emulators.card import CARD_ACCESS, EmulatedCard


def apdu(card, text):
    return card.transmit(bytes.fromhex(text)).hex().upper()


@pytest.mark.parametrize("command", ["00A4000C023F00", "00A4000C", "00A40000"])
def test_there_is_no_master_file_to_select(card, command):
    assert apdu(card, command) == "6D00"


def test_card_access_is_readable_in_parts(card):
    assert apdu(card, "00A4020C02011C") == "9000"
    assert apdu(card, "00B0000004") == CARD_ACCESS[:4].hex().upper() + "9000"
    assert apdu(card, "00B0001210") == CARD_ACCESS[18:].hex().upper() + "6282"
    assert apdu(card, "00B0001600") == "6B00"


def test_card_access_is_well_formed(card):
    assert CARD_ACCESS[0] == 0x31
    assert CARD_ACCESS[1] == len(CARD_ACCESS) - 2


def test_personal_data_stays_behind_an_access_protocol(card):
    assert apdu(card, "00A4040C07A0000002471001") == "9000"
    assert apdu(card, "00A4020C020101") == "6982"
    assert apdu(card, "00B0000000") == "6982"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("00A4040C07A0000002471002", "6A82"),
        ("00A4020C02011E", "6A82"),
        ("00B0000000", "6986"),
        ("0084000008", "6D00"),
        ("0CA4020C02011C", "6E00"),
        ("00A4020C05011C", "6700"),
        ("00A4", "6700"),
    ],
)
def test_what_it_does_not_have_is_refused_by_the_right_status(card, command, answer):
    assert apdu(card, command) == answer


def test_a_reset_forgets_what_was_selected(card):
    apdu(card, "00A4020C02011C")
    card.reset()
    assert apdu(card, "00B0000000") == "6986"


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_no_command_breaks_the_card(commands):
    fresh = EmulatedCard()
    assert all(len(fresh.transmit(command)) >= 2 for command in commands)
