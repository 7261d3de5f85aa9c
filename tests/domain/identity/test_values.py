"""Masks and comparisons of names and numbers."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.identity.names import folded_name, read_name, same_name
from kiosk.domain.identity.reference import patient_reference
from kiosk.domain.identity.values import masked_name, masked_number


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Nguyễn Văn A", "N*** V** A"),
        ("Trần Thị Bình", "T*** T** B***"),
        ("An", "A*"),
        ("A", "*"),
        ("H'Hen Niê", "H*** N**"),
        ("Y Blứk-Kđăm", "Y B***"),
        ("Ẩn", "Ẩ*"),
        (unicodedata.normalize("NFD", "Ẩn Ồ"), "Ẩ* Ồ"),
        ("B\u0300\u0323inh", "\u1e04\u0300***"),
        ("  Lê   An ", "L* A*"),
        ("- '", ""),
        ("", ""),
    ],
)
def test_a_masked_name_shows_first_letters_only(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@given(st.text(max_size=80))
def test_masking_never_raises_and_never_shows_more_than_first_letters(name: str) -> None:
    assert len([word for word in masked_name(name).split() if word.strip("*")]) <= len(name.split())


@pytest.mark.parametrize(("number", "masked"), [("001090123456", "********3456"), ("1234", "****"), ("", "")])
def test_a_masked_number_shows_its_end_only(number: str, masked: str) -> None:
    assert masked_number(number) == masked


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn An", "NGUYEN VAN AN"),
        ("Đỗ Đức", "do duc"),
        ("H'Hen Niê", "H Hên NIE"),
        ("Y Blứk-Kđăm", "Y Bluk Kdam"),
        (unicodedata.normalize("NFD", "Ồ"), "ồ"),
    ],
)
def test_names_are_compared_without_marks_case_and_joiners(one: str, other: str) -> None:
    assert same_name(one, other)


def test_different_names_stay_different() -> None:
    assert not same_name("Nguyễn Văn An", "Nguyễn Văn Am")
    assert folded_name("") == ""


@given(st.text(max_size=150))
def test_a_read_name_is_printable_and_composed(text: str) -> None:
    name = read_name(text)
    if name is not None:
        assert name.isprintable()
        assert unicodedata.is_normalized("NFC", name)


def test_a_patient_reference_is_the_same_for_the_same_number_and_key_only() -> None:
    reference = patient_reference("dn 4010000000001", b"key")
    assert reference == patient_reference("DN4010000000001", b"key")
    assert reference != patient_reference("DN4010000000001", b"other")
    assert "4010000000001" not in reference
