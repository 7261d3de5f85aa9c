"""What an alert may say beside its code: counts, labels and codes, never a person."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.alert import (
    PARAM_COUNT_MAX,
    PARAM_NAME,
    PARAM_WORDS,
    PARAM_WORDS_LENGTH,
    PARAMS_LIMIT,
    renewed_params,
    require_sound_params,
)

NAMES = st.sampled_from(["labels", "left"]) | st.from_regex(PARAM_NAME.rstrip("$"), fullmatch=True)
WORDS = st.from_regex(PARAM_WORDS.rstrip("$"), fullmatch=True).map(lambda words: words[:PARAM_WORDS_LENGTH] or "0")
SOUND = st.dictionaries(NAMES, WORDS | st.integers(0, PARAM_COUNT_MAX), max_size=PARAMS_LIMIT)
LABEL = st.from_regex("[A-Z]{1,3}[0-9]{3}|K[0-9]-[0-9]{3}", fullmatch=True)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"left": 0},
        {"left": 40, "minutes": 99_999_999},
        {"labels": "A045"},
        {"labels": "K2-007,A045,B1"},
        {"device": "card_reader", "code": "printer.paper_out", "at": "08:15"},
        {"only": "9" * 8},
    ],
)
def test_counts_labels_and_codes_are_sound(params):
    require_sound_params(params)


@pytest.mark.parametrize(
    "params",
    [
        {"name": "Nguyen Van An"},
        {"name": "Nguyễn"},
        {"card": "001090123456"},
        {"card": "DN4010123456789"},
        {"card": 1_090_123_456},
        {"phone": "0912345678"},
        {"labels": "A045\n"},
        {"labels": ""},
        {"labels": "A" * (PARAM_WORDS_LENGTH + 1)},
        {"left": -1},
        {"left": True},
        {"left\n": 1},
        {"Left": 1},
        {"": 1},
        {"x" * 25: 1},
        {f"p{n}": n for n in range(7)},
    ],
)
def test_what_could_be_about_a_person_or_is_too_much_is_refused(params):
    with pytest.raises(ValueError, match=r"wanted|parameter"):
        require_sound_params(params)


def test_told_again_a_newer_value_replaces_the_older_and_what_is_not_told_stays():
    assert renewed_params({"left": 40, "device": "printer"}, {"left": 20}) == {"left": 20, "device": "printer"}
    assert renewed_params({"labels": "A045"}, {}) == {"labels": "A045"}


def test_numbers_are_gathered_the_newest_last_and_the_oldest_go():
    known = renewed_params({"labels": "A045"}, {"labels": "A046"})
    assert known == {"labels": "A045,A046"}
    assert renewed_params(known, {"labels": "A045"}) == {"labels": "A046,A045"}
    assert renewed_params({"labels": "A1,A2,A3,A4,A5,A6"}, {"labels": "A7"}) == {"labels": "A2,A3,A4,A5,A6,A7"}


@settings(max_examples=40)
@given(st.lists(st.lists(LABEL, min_size=1, max_size=6), min_size=1, max_size=12))
def test_whatever_is_gathered_stays_sound_and_ends_with_the_newest(told):
    params: dict[str, str | int] = {}
    for labels in told:
        params = dict(renewed_params(params, {"labels": ",".join(labels)}))
        require_sound_params(params)
        assert str(params["labels"]).endswith(labels[-1])


@settings(max_examples=40)
@given(SOUND, SOUND)
def test_whatever_is_told_again_what_is_known_stays_sound(known, told):
    renewed = renewed_params(known, told)
    require_sound_params(renewed)
    assert all(renewed[name] == told[name] for name in told if name != "labels")


def test_too_many_different_parameters_leave_only_what_was_told_last():
    known = {f"p{n}": n for n in range(6)}
    assert renewed_params(known, {"left": 3}) == {"left": 3}
