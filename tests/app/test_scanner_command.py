"""`tiepdon scanner`: what it says of scanners that are set well and badly, and the settings page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from support.command_process import CommandProcess

from config.catalogue import load_catalogue
from devices.contract import DeviceLost
from devices.emulators.scanner import ScannerEmulator
from devices.emulators.wedge_scanner import WedgeScannerEmulator
from devices.scanners.input_events import GrabbedKeyboard, device_path
from devices.scanners.observed import ObservedScan
from devices.scanners.setup_codes import MODELS, SetupStep, setup_picture
from kiosk.app.cli import build_parser, main
from kiosk.app.scanner_advice import advice
from kiosk.app.scanner_command import ScannerTest, scanner_of
from kiosk.domain.identity.values import CodeKind
from kiosk.domain.localized import Language

CARD = "001090123456||Nguyễn Văn An|01011990|Nam|Số 1, Hà Nội|15042021"
TEXTS = load_catalogue()


def scan(**changes) -> ObservedScan:
    usual = {
        "text": CARD,
        "certain": True,
        "whole": True,
        "encoding": "utf-8",
        "terminator": b"\r",
        "aim": False,
        "baud": 115_200,
    }
    return ObservedScan(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, ("fine",)),
        ({"terminator": b""}, ("set_suffix",)),
        ({"encoding": "tcvn3", "certain": False}, ("set_utf8",)),
        ({"encoding": "damaged", "certain": False}, ("damaged",)),
        ({"whole": False, "terminator": b""}, ("torn",)),
        ({"aim": True, "encoding": "big5"}, ("set_utf8", "aim_off")),
        ({"baud": None}, ("use_serial",)),
    ],
)
def test_the_advice_fits_how_the_scan_arrived(changes, wanted) -> None:
    assert advice(scan(**changes)) == wanted


@pytest.mark.parametrize("language", Language)
def test_every_kind_of_code_and_every_advice_has_its_words(language) -> None:
    for kind in CodeKind:
        assert TEXTS.text(f"scanner.kind.{kind}", language)
    for key in ("fine", "torn", "use_serial", "damaged", "set_utf8", "set_suffix", "aim_off"):
        assert TEXTS.text(f"scanner.advice.{key}", language)
    for step in SetupStep:
        assert TEXTS.text(f"scanner.page.step.{step}", language)


def test_a_scan_is_described_without_its_content(tmp_path) -> None:
    with (
        ScannerEmulator(tmp_path / "scanner") as emulator,
        CommandProcess("scanner", "test", "--port", str(emulator.path), "--lang", "en", "--seconds", "30") as command,
    ):
        command.line_with("Listening to the scanner")
        emulator.scan(CARD, prefix=b"]Q1", terminator=b"\r\n")
        told = command.line_with("1. ")
        assert told.startswith("1. citizen card · 62 characters")
        assert "certain · encoding utf-8 · ended by CR" in told
        assert "115200 bit/s" in told
        assert "001090" not in told
        command.line_with("Switch the AIM identifier off")


def test_with_show_the_content_is_told_in_both_languages(tmp_path) -> None:
    with (
        ScannerEmulator(tmp_path / "scanner") as emulator,
        CommandProcess("scanner", "test", "--port", str(emulator.path), "--show", "--seconds", "30") as command,
    ):
        command.line_with("Listening to the scanner")
        emulator.scan(b"Nguy\xd4n V\xa8n An")
        assert "mã chưa nhận ra · Nguyễn Văn An · chưa chắc chắn · bảng mã tcvn3" in command.line_with("1. ")
        command.line_with("→ Đặt máy quét ở chế độ UTF-8")
        command.line_with("→ Set the scanner to UTF-8")


def test_a_keyboard_scanner_is_told_to_become_a_serial_one(tmp_path) -> None:
    said: list[str] = []
    with WedgeScannerEmulator(tmp_path / "event3") as emulator:
        args = build_parser().parse_args(["scanner", "test", "--wedge", str(emulator.path)])
        make = scanner_of(
            args, open_source=lambda options: GrabbedKeyboard(device_path(options.device), lambda descriptor: None)
        )
        moments = iter((0.0, 0.1, 0.2, 9.0))
        session = ScannerTest(make, TEXTS, (Language.EN,), show=False, say=said.append, clock_s=lambda: next(moments))
        emulator_scan = session._driver.open

        def open_and_scan() -> None:
            emulator_scan()
            emulator.scan("001090123456")

        session._driver.open = open_and_scan  # type: ignore[method-assign]
        assert session.run(5.0) == 0
    assert any(line.startswith("1. citizen number · 12 characters") for line in said)
    assert any("Vietnamese letters are lost" in line for line in said)


def test_silence_ends_with_a_sentence_and_exit_code_1(tmp_path, capsys) -> None:
    with ScannerEmulator(tmp_path / "scanner") as emulator:
        assert main(["scanner", "test", "--port", str(emulator.path), "--seconds", "0.1", "--lang", "en"]) == 1
    assert "No code came" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--port"], ["--wedge"]])
def test_a_missing_scanner_is_refused_in_words(tmp_path, arguments, capsys) -> None:
    assert main(["scanner", "test", *arguments, str(tmp_path / "none"), "--seconds", "1"]) == 2
    assert "No scanner at" in capsys.readouterr().err


def test_an_unplugged_scanner_ends_the_test_in_words(tmp_path) -> None:
    with ScannerEmulator(tmp_path / "scanner") as emulator:
        args = build_parser().parse_args(["scanner", "test", "--port", str(emulator.path)])
        session = ScannerTest(
            scanner_of(args), TEXTS, (Language.EN,), show=False, say=lambda line: emulator.unplug() if line else None
        )
        with pytest.raises(DeviceLost):
            session.run(10.0)


@pytest.mark.parametrize("model", MODELS)
def test_every_code_of_the_settings_page_decodes_back_from_the_page_and_alone(model, tmp_path, capsys) -> None:
    path = tmp_path / "page.png"
    assert main(["scanner", "setup", "--model", model, "--out", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    wanted = [code for _, code in MODELS[model].codes]
    page = np.asarray(Image.open(path))
    assert sorted(found.text for found in zxingcpp.read_barcodes(page)) == sorted(wanted)
    for code in wanted:
        picture = setup_picture(code, module_px=3)
        alone = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width)
        assert [found.text for found in zxingcpp.read_barcodes(alone)] == [code]


def test_a_model_without_published_codes_is_refused_in_words(tmp_path) -> None:
    command = [sys.executable, "-m", "kiosk.app.cli", "scanner", "setup", "--model", "honeywell"]
    ran = subprocess.run([*command, "--out", str(tmp_path / "x.png")], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "There is no set-up page for honeywell" in ran.stderr
    assert not Path(tmp_path / "x.png").exists()


def test_a_page_that_cannot_be_written_is_refused_in_words(tmp_path, capsys) -> None:
    assert main(["scanner", "setup", "--model", "alacrity", "--out", str(tmp_path / "none" / "x.png")]) == 2
    assert "could not be written" in capsys.readouterr().err
