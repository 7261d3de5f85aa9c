"""Printers in a kiosk's settings: models by name, one printer beside the other, the count of the roll in the kiosk's
folder."""

from pathlib import Path

import pytest

from config.problems import SettingsError
from devices.printers.models import ConfirmBy, QrForm
from kiosk.app.kiosk_settings import load_kiosk_settings

TWO = """
[printer]
kind = "usb_file"
path = "/dev/usb/lp0"
model = "epson-tm-t88iii"
max_job_age_s = 20

[[more_printers]]
kind = "tcp"
host = "192.0.2.7"
paper_width = 384
qr_form = "raster"
answers = false
"""


def settings(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_two_printers_are_read_with_their_models(tmp_path: Path) -> None:
    first, second = load_kiosk_settings(settings(tmp_path, TWO)).printers
    assert (first.capabilities.width_px, first.capabilities.confirm_by) == (512, ConfirmBy.STATUS_REQUEST)
    assert (second.capabilities.width_px, second.capabilities.qr, second.must_answer) == (384, QrForm.RASTER, False)


def test_a_model_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_kiosk_settings(settings(tmp_path, TWO.replace("epson-tm-t88iii", "epson")))
    (problem,) = refused.value.problems
    assert (problem.code, problem.place, problem.given) == (
        "settings.not_allowed",
        "[printer] model",
        '"epson"',
    )
    assert "epson-tm-t88iii" in problem.detail
