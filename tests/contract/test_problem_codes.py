"""Every code the hub can answer with has a status and sentences in both languages; none is left over."""

from __future__ import annotations

import ast
from importlib.resources import files

import pytest

from config.catalogue import load_catalogue
from kiosk.domain.localized import Language
from kiosk.domain.ticket import TicketAction, TicketState
from kiosk.hub.problems import SPOKEN, STATUS_OF_CODE, WITH_NEXT_STEP

RAISING = {
    "kiosk.hub": None,
    "kiosk.services": None,
    "kiosk.domain": ("site.py", "ticket.py"),
}


def refusals_raised() -> list[tuple[str, set[str]]]:
    """Code and parameter names of every literal `Refusal(…)` that can reach an answer."""
    found = []
    for package, names in RAISING.items():
        for entry in files(package).iterdir():
            if entry.name.endswith(".py") and (names is None or entry.name in names):
                calls = (node for node in ast.walk(ast.parse(entry.read_text("utf-8"))) if isinstance(node, ast.Call))
                found += [refusal for call in calls if (refusal := refusal_of(call))]
    return found


def refusal_of(call: ast.Call) -> tuple[str, set[str]] | None:
    if not isinstance(call.func, ast.Name) or call.func.id != "Refusal":
        return None
    code = call.args[0]
    assert isinstance(code, ast.Constant), "a code is written where it is raised"
    return str(code.value), {keyword.arg for keyword in call.keywords if keyword.arg}


def keys_of(code: str) -> list[str]:
    return [f"problem.{code}"] + ([f"problem_next.{code}"] if code in WITH_NEXT_STEP else [])


@pytest.mark.parametrize(("code", "parameters"), refusals_raised())
def test_every_refusal_raised_behind_the_hub_has_a_status_and_fills_its_sentences(
    code: str, parameters: set[str]
) -> None:
    assert code in STATUS_OF_CODE
    for key in keys_of(code):
        for language in Language:
            load_catalogue().text(key, language, **dict.fromkeys(parameters, "x"))


@pytest.mark.parametrize("code", sorted(STATUS_OF_CODE))
def test_every_code_has_its_sentences_in_both_languages(code: str) -> None:
    catalogue = load_catalogue()
    for language in Language:
        assert set(keys_of(code)) <= catalogue.keys(language)


def test_every_state_and_action_a_refusal_names_has_its_words() -> None:
    words = {f"counter.state.{state}" for state in TicketState} | {
        f"counter.action.{action}" for action in TicketAction
    }
    for language in Language:
        assert words <= load_catalogue().keys(language)
    assert {name for _, parameters in refusals_raised() for name in parameters} >= SPOKEN


def test_the_catalogue_has_no_problem_the_hub_does_not_know() -> None:
    known = {key for code in STATUS_OF_CODE for key in keys_of(code)}
    texts = {key for key in load_catalogue().keys(Language.VI) if key.startswith(("problem.", "problem_next."))}
    assert texts == known
