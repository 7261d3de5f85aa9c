import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.card_readers.contactless_atr import atr_of_type_a, atr_of_type_b, bit_rates_of, historical_bytes


@pytest.mark.parametrize(
    ("ats", "atr"),
    [
        ("", "3B80800101"),
        ("0578778002", "3B80800101"),
        ("067877800280", "3B8180018080"),
        ("067577810280", "3B8180018080"),  # as DESFire cards have it
        ("0B787780024A434F503331", "3B8680014A434F50333113"),
    ],
)
def test_type_a_carries_the_historical_bytes_of_its_ats(ats, atr):
    assert atr_of_type_a(bytes.fromhex(ats)).hex().upper() == atr


def test_type_b_carries_application_data_protocol_and_mbli():
    atqb = bytes.fromhex("50 11223344 E1F35E11 778171")
    made = atr_of_type_b(atqb, b"\x10")
    assert made[:4] == bytes.fromhex("3B888001")
    assert made[4:12] == bytes.fromhex("E1F35E1177817110")
    assert len(made) == 13


def test_the_bit_rates_stand_in_the_first_interface_byte():
    assert bit_rates_of(bytes.fromhex("0578B38002")) == 0xB3
    assert bit_rates_of(bytes.fromhex("0328" + "80")) == 0
    assert bit_rates_of(b"") == 0


@given(st.binary(max_size=40), st.binary(max_size=20), st.binary(max_size=3))
def test_no_answer_of_a_card_breaks_it(ats, atqb, attrib):
    assert len(historical_bytes(ats)) <= 15
    assert atr_of_type_a(ats)[0] == atr_of_type_b(atqb, attrib)[0] == 0x3B
