import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.card_readers.channel import EXTENDED_LENGTH, SHORT_LENGTH, ChannelLimits
from devices.card_readers.pcsc_properties import GET_FEATURE_REQUEST, carried_lengths

PROPERTIES_CODE = 0x42000DB3
FEATURES = bytes.fromhex("0604 4233000A".replace(" ", "")) + b"\x12\x04" + PROPERTIES_CODE.to_bytes(4, "big")


def reader_that_says(properties):
    """A reader as libccid answers for it: two features, then the properties asked for."""
    return {GET_FEATURE_REQUEST: FEATURES, PROPERTIES_CODE: properties}


@pytest.mark.parametrize(
    ("properties", "limits"),
    [
        ("0a0400000000", SHORT_LENGTH),  # dwMaxAPDUDataSize 0: short APDUs only
        ("010200000a0400000000", SHORT_LENGTH),  # wLcdLayout before it
        ("0a0400010000", SHORT_LENGTH),  # 256
        ("0a0400000100", EXTENDED_LENGTH),  # 65,536
        ("0a0400040000", ChannelLimits(max_command_bytes=1_033, max_answer_bytes=1_026)),
        ("0102ffff", EXTENDED_LENGTH),  # says nothing of it
        ("0a04", EXTENDED_LENGTH),  # cut short
    ],
)
def test_a_reader_is_believed_on_how_long_its_apdus_may_be(properties, limits):
    answers = reader_that_says(bytes.fromhex(properties))
    assert carried_lengths(lambda code, _: answers.get(code)) == limits


def test_a_reader_that_knows_no_features_is_taken_to_carry_all():
    assert carried_lengths(lambda _code, _data: None) == EXTENDED_LENGTH


@given(st.binary(max_size=60))
def test_any_answer_gives_limits(answer):
    assert carried_lengths(lambda _code, _data: answer).max_command_bytes >= 261
