"""The emulated chip as a reader meets it: what is open, what is locked, and how it says no."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.chip_cards import Laid

from devices.chip.apdu import Command, Response
from devices.chip.bac import open_by_bac
from devices.chip.errors import ChipError, KeyRefused
from devices.chip.link import Link
from devices.chip.pace import open_by_pace, pace_choices
from devices.chip.security_infos import parse_security_infos
from devices.emulators.chip.algorithms import ActiveAuthenticationKind, RsaKind
from devices.emulators.chip.faults import FAULTS
from devices.emulators.chip.variants import PROFILES

SELECT_APPLICATION = "00A4040C07A0000002471001"
SELECT_CARD_ACCESS = "00A4020C02011C"
CITIZEN = PROFILES["citizen"]


@pytest.fixture(scope="module")
def module_card():
    return Laid(CITIZEN)


@pytest.fixture
def laid(module_card):
    module_card.chip.reset()
    return module_card


def say(laid, text):
    return laid.chip.transmit(bytes.fromhex(text)).hex().upper()


def opened_by_bac(laid):
    say(laid, SELECT_APPLICATION)
    return open_by_bac(laid.chip.transmit, laid.citizen.mrz_key)


def opened_by_can(laid, key=None):
    say(laid, SELECT_CARD_ACCESS)
    infos = parse_security_infos(laid.chip.transmit(bytes.fromhex("00B0000000"))[:-2])
    return open_by_pace(laid.chip.transmit, pace_choices(infos), key or laid.citizen.can).channel


@pytest.mark.parametrize("command", ["00A4000C023F00", "00A4000C", "00A40000"])
def test_there_is_no_master_file_to_select(laid, command):
    assert say(laid, command) == "6D00"


def test_a_card_with_a_master_file_goes_back_to_it():
    laid = Laid(CITIZEN, faults=(FAULTS["with-master-file"],))
    assert [say(laid, SELECT_APPLICATION), say(laid, "00A4000C023F00"), say(laid, SELECT_CARD_ACCESS)] == ["9000"] * 3


def test_card_access_is_readable_in_parts(laid):
    assert say(laid, SELECT_CARD_ACCESS) == "9000"
    assert say(laid, "00B0000004") == "311430129000"
    assert say(laid, "00B0001210") == "0202010D6282"
    assert say(laid, "00B0001600") == "6B00"


def test_card_access_and_lengths_are_readable_by_short_identifier(laid):
    assert say(laid, "00B09C0000").endswith("0D9000")
    assert say(laid, "00B0810000").startswith("7F66")


@pytest.mark.parametrize("file", ["0101", "0102", "010D", "010E", "010F", "011D", "011E"])
def test_nothing_of_the_application_is_readable_before_access(laid, file):
    assert say(laid, SELECT_APPLICATION) == "9000"
    assert say(laid, f"00A4020C02{file}") == "9000"
    assert say(laid, "00B0000000") == "6982"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("00A4040C07A0000002471002", "6A82"),
        ("00A4020C02011E", "6A82"),
        ("00A4080C023F00", "6A86"),
        ("00B0000000", "6986"),
        ("00B08B0000", "6A82"),
        ("00B00000", "6700"),
        ("0084000008", "6985"),
        ("00DE000008", "6D00"),
        ("80A4020C02011C", "6E00"),
        ("04A4020C02011C", "6882"),
        ("0CA4020C02011C", "6988"),
        ("00A4020C05011C", "6700"),
        ("00A4", "6700"),
        ("0022C1A400", "6A80"),
        ("0022C1B600", "6A86"),
        ("008600000002", "6700"),
        ("00860000027C0000", "6985"),
        ("0022C1A40F800A04007F00070202040202830107", "6A88"),
        ("0022C1A40F800A04007F00070202040204830102", "6A80"),
        ("0088000008000000000000000000", "6982"),
    ],
)
def test_what_it_does_not_do_is_refused_by_the_right_status(laid, command, answer):
    assert say(laid, command) == answer


def test_a_reset_forgets_what_was_selected(laid):
    say(laid, SELECT_CARD_ACCESS)
    laid.chip.reset()
    assert say(laid, "00B0000000") == "6986"


def test_fingers_stay_locked_and_absent_groups_are_absent(laid):
    channel = opened_by_bac(laid)
    assert channel.send(Command(ins=0xB0, p1=0x83, expected=256)).status == 0x6982
    assert channel.send(Command(ins=0xB0, p1=0x8B, expected=256)).status == 0x6A82
    assert channel.send(Command(ins=0xB0, p1=0x81, expected=256)).ok


def test_a_wrong_key_for_basic_access_is_refused(laid):
    say(laid, SELECT_APPLICATION)
    assert len(say(laid, "0084000008")) == 20
    assert say(laid, "0082000028" + "00" * 40 + "28") == "6300"
    assert say(laid, "0082000028" + "00" * 40 + "28") == "6985"


@pytest.mark.parametrize("command", ["00B0810000", "00A4020C020101", "0084000008"])
def test_a_command_in_the_clear_ends_the_session(laid, command):
    channel = opened_by_bac(laid)
    assert channel.send(Command(ins=0xB0, p1=0x81, expected=4)).data
    say(laid, command)
    assert say(laid, "00B0810000") == "6982"
    assert say(laid, "0CB08100 0D 970104 8E08 0000000000000000 00".replace(" ", "")) == "6988"


@pytest.mark.parametrize(
    ("spoiled", "status"), [("970104", "6987"), ("9701048E080000000000000000", "6988"), ("9701", "6987")]
)
def test_a_broken_protected_command_ends_the_session(laid, spoiled, status):
    opened_by_bac(laid)
    assert say(laid, f"0CB08100{len(spoiled) // 2:02X}{spoiled}00") == status
    assert say(laid, "00B0810004") == "6982"


def test_a_photo_beyond_32_kilobytes_is_read_by_the_odd_instruction():
    laid = Laid(PROFILES["big-photo"])
    channel = opened_by_bac(laid)
    channel.send(Command(ins=0xA4, p1=0x02, p2=0x0C, data=b"\x01\x02"))
    answer = channel.send(Command(ins=0xB1, data=bytes.fromhex("54029000"), expected=200), extended=True)
    assert answer.data == b"\x53\x81\xc8" + laid.groups[2][0x9000 : 0x9000 + 200]


def test_long_answers_to_short_commands_are_fetched_in_parts():
    active = ActiveAuthenticationKind(key=RsaKind(bits=2048))
    laid = Laid(replace(CITIZEN, active_authentication=active))
    answers = []

    def transmit(apdu):
        answers.append(Response.decode(laid.chip.transmit(apdu)))
        return answers[-1].encode()

    say(laid, SELECT_APPLICATION)
    channel = open_by_bac(Link(transmit), laid.citizen.mrz_key)
    assert len(channel.send(Command(ins=0x88, data=bytes(8), expected=256)).data) == 256
    first, rest = answers[-2:]
    assert (len(first.data), first.status) == (256, 0x6100 | len(rest.data))
    assert rest.ok


def test_chained_commands_are_joined_unless_the_card_cannot():
    whole = bytes.fromhex("A0000002471001")
    laid = Laid(CITIZEN)
    assert laid.chip.transmit(bytes.fromhex("10A4040C04") + whole[:4]) == b"\x90\x00"
    assert laid.chip.transmit(bytes.fromhex("00A4040C03") + whole[4:]) == b"\x90\x00"
    assert say(laid, "00A4020C02011E") == "9000"
    proud = Laid(replace(CITIZEN, manners=replace(CITIZEN.manners, chaining=False)))
    assert say(proud, "10A4040C04A0000002") == "6884"


def test_a_card_without_extended_length_says_so():
    laid = Laid(PROFILES["short-only"])
    assert say(laid, "00B09C00000000") == "6700"
    assert say(laid, "00B09C0000").endswith("9000")


def test_wrong_card_access_numbers_are_counted_until_blocked():
    laid = Laid(CITIZEN, faults=(FAULTS["can-blocked-after-3"],))
    left = []
    for _ in range(3):
        with pytest.raises(KeyRefused) as refused:
            opened_by_can(laid, replace(laid.citizen.can, digits="000000"))
        left.append(refused.value.tries_left)
        laid.chip.reset()
    assert left == [2, 1, 0]
    with pytest.raises(KeyRefused, match="blocked"):
        opened_by_can(laid)
    laid.chip.reset()
    opened_by_bac(laid)


def test_a_right_number_forgives_the_wrong_ones():
    laid = Laid(CITIZEN, faults=(FAULTS["can-blocked-after-3"],))
    with pytest.raises(KeyRefused):
        opened_by_can(laid, replace(laid.citizen.can, digits="000000"))
    laid.chip.reset()
    assert opened_by_can(laid).send(Command(ins=0xB0, p1=0x9C, expected=4)).ok
    laid.chip.reset()
    assert say(laid, "0022C1A40F800A04007F00070202040202830102") == "9000"


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_command_breaks_the_card(module_card, commands):
    module_card.chip.reset()
    assert all(len(module_card.chip.transmit(command)) >= 2 for command in commands)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from([0x22, 0x82, 0x84, 0x86, 0x88, 0xA4, 0xB0, 0xB1]), st.binary(max_size=60))))
def test_no_protected_command_breaks_the_card(module_card, commands):
    module_card.chip.reset()
    channel = opened_by_bac(module_card)
    for instruction, data in commands:
        try:
            channel.send(Command(ins=instruction, data=data, expected=256))
        except ChipError:  # a session that ended is an answer too
            module_card.chip.reset()
            channel = opened_by_bac(module_card)
