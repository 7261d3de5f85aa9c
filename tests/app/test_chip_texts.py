"""Every reason and refusal that reading a chip can come to has its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import devices.chip
from config.catalogue import load_catalogue
from devices.chip.values import Access, CheckName, CheckState, Sex, Verdict
from kiosk.domain.localized import Language

TEXTS = load_catalogue()
SOURCES = "\n".join(path.read_text("utf-8") for path in Path(devices.chip.__file__).parent.glob("*.py"))
REASONS = sorted(set(re.findall(r'"(chip\.check\.[a-z0-9_]+)"', SOURCES)))
FAILURES = sorted(set(re.findall(r'__init__\("(chip\.[a-z_]+)"', SOURCES)))
WORDS = [
    *(f"chip.verdict.{verdict}" for verdict in Verdict),
    *(f"chip.check_name.{name}" for name in CheckName),
    *(f"chip.check_state.{state}" for state in CheckState),
    *(f"chip.access.{access}" for access in Access),
    *(f"chip.sex.{sex}" for sex in Sex),
    *(f"chip.failed.{code.removeprefix('chip.')}" for code in FAILURES),
]


def test_there_are_reasons_to_look_for():
    assert len(REASONS) > 30
    assert len(FAILURES) > 4


@pytest.mark.parametrize("language", Language)
def test_every_reason_and_word_has_a_text(language: Language):
    assert [key for key in (*REASONS, *WORDS) if key not in TEXTS.keys(language)] == []
