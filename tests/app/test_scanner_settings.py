"""The tables of the kiosk's settings that are about codes and scanners."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.problems import SettingsError
from kiosk.app.kiosk_settings import load_kiosk_settings


def load(folder: Path, text: str):
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return load_kiosk_settings(path)


def test_the_hospitals_codes_and_a_wedge_scanner_are_read(tmp_path):
    settings = load(
        tmp_path,
        '[codes]\npatient = ["BN########"]\nappointment = ["HK-*"]\n[wedge_scanner]\ndevice = "Honeywell"\n',
    )
    assert settings.codes.is_patient_code("bn00012345")
    assert settings.codes.is_appointment("HK-1")
    assert settings.wedge_scanner is not None
    assert settings.wedge_scanner.device == "Honeywell"
    assert settings.scanner is None


def test_without_the_tables_nothing_is_claimed_and_nothing_is_opened(tmp_path):
    settings = load(tmp_path, "")
    assert not settings.codes.is_patient_code("BN00012345")
    assert settings.wedge_scanner is None


@pytest.mark.parametrize(
    "text", ['[codes]\npatient = ["(a+)+"]\n', '[wedge_scanner]\ndevice = ""\n', "[scanner]\nport = 'x'\nbaud = -1"]
)
def test_a_bad_value_is_told_with_its_table(tmp_path, text):
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)
    assert refused.value.problems[0].table in text
