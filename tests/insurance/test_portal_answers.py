"""Reading answers of every shape: nothing undeclared is raised, and a good verdict needs proof."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from insurance_helpers import AN, TODAY

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.eligibility_judge import judge
from kiosk.insurance.answer import read_answer
from kiosk.insurance.http import HttpReply, PortalFailure

_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["000", "01/01/2025", "31/12/2026", "20260101", "Nguyễn Văn An", AN.card, "-"]),
    ),
    lambda children: st.one_of(
        st.lists(children, max_size=3), st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=6,
)
_MAIN_NAMES = ["maKetQua", "ghiChu", "maThe", "hoTen", "ngaySinh", "maDKBD", "gtTheTu", "gtTheDen", "maSoBHXH"]
_NAMES = st.sampled_from([*_MAIN_NAMES, "maTheMoi", "gtTheTuMoi", "gtTheDenMoi", "x"])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_NAMES, _VALUES))
def test_no_answer_raises_anything_undeclared_and_ok_needs_proof(fields: dict[str, object]) -> None:
    reply = HttpReply(status=200, body=json.dumps(fields).encode())
    try:
        answer = read_answer(reply)
    except PortalFailure:
        return
    judgement = judge(answer, AN, today=TODAY, accepted_facilities=("01043",))
    if judgement.outcome is OutcomeClass.OK:
        assert answer.code in ("000", "004")
        assert judgement.valid_from is not None
        assert judgement.valid_from <= TODAY
        assert answer.name is not None


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_undeclared(body: bytes) -> None:
    with contextlib.suppress(PortalFailure):
        read_answer(HttpReply(status=200, body=body))


@pytest.mark.parametrize(
    ("written", "code"), [("0", "000"), (0, "000"), (60, "060"), (3.1, "003.1"), ("003.1", "003.1"), (" 10 ", "010")]
)
def test_result_codes_come_as_text_or_number(written: object, code: str) -> None:
    assert read_answer(HttpReply(status=200, body=json.dumps({"maKetQua": written}).encode())).code == code


@pytest.mark.parametrize("written", ["31/02/2026", "2026", "hôm nay", {"a": 1}, True, "00000000"])
def test_a_date_that_is_none_makes_the_answer_doubtful(written: object) -> None:
    body = json.dumps({"maKetQua": "000", "gtTheDen": written}).encode()
    answer = read_answer(HttpReply(status=200, body=body))
    assert answer.valid_to is None
    assert not answer.dates_readable


def test_codes_that_came_as_numbers_get_their_zeros_back() -> None:
    body = json.dumps({"maKetQua": 0, "maDKBD": 1043, "maDKBDMoi": 1043, "maSoBHXH": 1, "ngaySinh": 1990}).encode()
    answer = read_answer(HttpReply(status=200, body=body))
    assert (answer.facility, answer.new_facility) == ("01043", "01043")
    assert (answer.social_number, answer.birth) == ("0000000001", "1990")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16"])
def test_other_unicode_encodings_are_read_too(encoding: str) -> None:
    body = json.dumps({"maKetQua": "000", "hoTen": "Nguyễn Văn An"}, ensure_ascii=False).encode(encoding)
    assert read_answer(HttpReply(status=200, body=body)).name == "Nguyễn Văn An"
