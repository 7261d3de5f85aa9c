import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.chip import tlv
from devices.chip.errors import MalformedData

tags = st.sampled_from([0x02, 0x04, 0x0C, 0x30, 0x5C, 0x61, 0x77, 0x5F1F, 0x7F61, 0x7F4E])


@given(tags, st.binary(max_size=70_000))
def test_what_is_encoded_is_read_back(tag, value):
    encoded = tlv.encode(tag, value)
    assert tlv.parse(encoded) == tlv.Tlv(tag=tag, value=value)
    assert tlv.read_header(encoded).size + len(value) == len(encoded)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_name(data):
    for read in (tlv.parse, tlv.parse_all, tlv.parse_first, tlv.read_header, tlv.check_depth):
        try:
            read(data)
        except MalformedData:
            continue


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "3080",  # indefinite length
        "300501",  # cut short
        "30850000000001aa",  # five length bytes
        "30847fffffff",  # announces 2 GB
        "1f80808001aa",  # tag of four more bytes
        "30010130",  # one object and a rest
    ],
)
def test_hostile_or_broken_objects_are_refused(text):
    with pytest.raises(MalformedData):
        tlv.parse(bytes.fromhex(text))


def test_nesting_beyond_the_cap_is_refused_before_a_decoder_recurses():
    data = b""
    for _ in range(500):
        data = tlv.encode(0x30, data)
    with pytest.raises(MalformedData):
        tlv.check_depth(data)


def test_more_objects_than_the_cap_are_refused():
    with pytest.raises(MalformedData):
        tlv.parse_all(b"\x05\x00" * (tlv.MAX_OBJECTS + 1))


def test_a_missing_child_is_named():
    with pytest.raises(MalformedData, match="5F1F"):
        tlv.Tlv(tag=0x61, value=b"").child(0x5F1F)
