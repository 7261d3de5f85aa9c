"""A smoke of the fuzzing: Hypothesis looks where the mutations do not, and the mutations run for a moment."""

from __future__ import annotations

import pytest
from fuzz.mutations import MAX_INPUT_BYTES, SEEDS, inputs
from fuzz.parsers import PARSERS
from fuzz.run import run
from hypothesis import given, settings
from hypothesis import strategies as st

FIELDS = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[0-9]{9,15}", fullmatch=True),
    st.from_regex(r"[0-3][0-9]/?[01][0-9]/?(19|20)[0-9]{2}", fullmatch=True),
    st.sampled_from(["Nam", "Nữ", "1", "2", "-", "$", "", "Nguyễn Văn An", "4e677579e1bb856e", "01 - 043"]),
)
PAYLOADS = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(str.encode),
    st.lists(FIELDS, max_size=16).map(lambda fields: "|".join(fields).encode("utf-8", "surrogatepass")),
)


@pytest.mark.parametrize("parser", PARSERS)
@given(data=PAYLOADS)
@settings(max_examples=150, deadline=None)
def test_no_payload_raises_or_breaks_a_promise(parser: str, data: bytes) -> None:
    PARSERS[parser](data)


def test_the_mutations_find_nothing_in_a_moment() -> None:
    outcome = run(2_000, seed=1, limit_ms=50.0)  # the limit proper is judged by a run with the machine to itself
    assert outcome.failures == []
    assert outcome.inputs == 2_000


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_mutations_find_nothing_in_a_hundred_thousand() -> None:
    assert run(100_000, seed=2, limit_ms=50.0).failures == []


def test_the_same_seed_gives_the_same_inputs_and_they_stay_short() -> None:
    one, other = inputs(7), inputs(7)
    drawn = [next(one) for _ in range(500)]
    assert drawn == [next(other) for _ in range(500)]
    assert all(len(data) <= MAX_INPUT_BYTES for data in drawn)
    assert len(set(drawn)) > 400 > len(SEEDS)


def test_a_parser_that_breaks_its_promise_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(data: bytes) -> None:
        if b"|" in data:
            raise IndexError("a seeded bug")

    monkeypatch.setitem(PARSERS, "recognise", trips)
    assert any("a seeded bug" in failure for failure in run(50, seed=1).failures)
