import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.chip.apdu import Command, Response
from devices.chip.errors import MalformedData, ProtocolBroken

commands = st.builds(
    Command,
    cla=st.integers(0, 255),
    ins=st.integers(0, 255),
    p1=st.integers(0, 255),
    p2=st.integers(0, 255),
    data=st.binary(max_size=400),
    expected=st.none() | st.integers(1, 65_536),
)


@given(commands)
def test_a_chip_decodes_what_was_encoded(command):
    assert Command.decode(command.encode()) == command


@given(commands.filter(lambda command: command.fits_short))
def test_the_extended_form_of_a_short_command_means_the_same(command):
    assert Command.decode(command.encode(extended=True)) == command


@pytest.mark.parametrize(
    ("command", "encoded"),
    [
        (Command(ins=0xA4, p1=2, p2=0x0C, data=b"\x01\x1c"), "00a4020c02011c"),
        (Command(ins=0x84, expected=8), "0084000008"),
        (Command(ins=0xB0, expected=256), "00b0000000"),
        (Command(ins=0xB0, expected=65_536), "00b00000000000"),
        (Command(ins=0x88, data=b"\x01" * 8, expected=257), "00880000000008" + "01" * 8 + "0101"),
        (Command(ins=0xB0), "00b00000"),
    ],
)
def test_each_of_the_cases_of_iso_7816_is_encoded(command, encoded):
    assert command.encode().hex() == encoded


@given(st.binary(max_size=20))
def test_any_bytes_are_a_command_or_refused_by_name(data):
    try:
        Command.decode(data)
    except MalformedData:
        return


def test_an_answer_has_status_bytes():
    assert Response.decode(bytes.fromhex("0102 6282".replace(" ", ""))) == Response(data=b"\x01\x02", status=0x6282)
    with pytest.raises(ProtocolBroken):
        Response.decode(b"\x90")
