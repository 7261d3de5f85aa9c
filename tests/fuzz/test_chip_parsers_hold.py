"""A smoke of the fuzzing of chips: Hypothesis, mutations and Atheris each look for a moment."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from fuzz.chip_inputs import MAX_INPUT_BYTES, inputs, seeds
from fuzz.chip_parsers import CHIP_PARSERS, feed
from fuzz.run_chip import run
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.chip.tlv import encode

TAGS = st.sampled_from([0x02, 0x03, 0x04, 0x06, 0x0C, 0x30, 0x31, 0x5F1F, 0x5F2E, 0x61, 0x6D, 0x75, 0x77, 0x7F61, 0xA0])
TREES = st.recursive(
    st.builds(encode, TAGS, st.binary(max_size=20)),
    lambda inside: st.builds(lambda tag, parts: encode(tag, *parts), TAGS, st.lists(inside, max_size=4)),
    max_leaves=20,
)


@pytest.mark.parametrize("parser", CHIP_PARSERS)
@given(data=st.one_of(st.binary(max_size=300), TREES))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise_anything_but_a_chip_error(parser: str, data: bytes) -> None:
    feed(parser, data)


@pytest.mark.parametrize("parser", CHIP_PARSERS)
def test_mutated_files_raise_nothing_but_chip_errors(parser: str) -> None:
    outcome = run(parser, 200, seed=1, limit_ms=500.0)  # the limit proper is judged with the machine to itself
    assert outcome.failures == []
    assert outcome.inputs == 200


@pytest.mark.parametrize("parser", CHIP_PARSERS)
def test_sound_files_are_taken(parser: str) -> None:
    assert all(feed(parser, data) for data in seeds(parser))


@pytest.mark.parametrize("parser", CHIP_PARSERS)
def test_the_same_seed_gives_the_same_inputs(parser: str) -> None:
    one, other = list(islice(inputs(parser, 7), 50)), list(islice(inputs(parser, 7), 50))
    assert one == other
    assert all(len(data) <= MAX_INPUT_BYTES for data in one)


def test_a_parser_that_breaks_its_promise_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(data: bytes) -> None:
        if data[:1] != b"\x61":
            raise IndexError("a seeded bug")

    monkeypatch.setitem(CHIP_PARSERS, "dg1", trips)
    assert any("a seeded bug" in failure for failure in run("dg1", 50, seed=1).failures)


@pytest.mark.parametrize("parser", ["dg13", "recognise"])
def test_coverage_leads_to_nothing_in_a_moment(parser: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    script = Path(__file__).with_name("run_atheris.py")
    command = [sys.executable, str(script), parser, "--runs", "2000", "--seconds", "20"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "stat::number_of_executed_units" in done.stderr
    assert not list(tmp_path.glob("crash-*"))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("parser", CHIP_PARSERS)
def test_a_hundred_thousand_mutants_raise_nothing_but_chip_errors(parser: str) -> None:
    assert run(parser, 100_000, seed=2).failures == []
