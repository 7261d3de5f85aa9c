"""`tiepdon printer new-roll` leaves word where the kiosk looks for it, and says whether it was heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.paper_meter import RollFile, RollUse, paper_meter
from kiosk.app.cli import main
from kiosk.app.kiosk_paper import roll_file
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.app.printer_command import kiosk_folder, leave_word
from kiosk.app.start import EXIT_CANNOT_START, EXIT_OK, CannotStart
from kiosk.domain.localized import Language

PRINTER = PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1")
SETTINGS = KioskSettings(printer=PRINTER, more_printers=(PRINTER,))


def unheard(_: float) -> None:
    """No kiosk is running."""


def used(folder: Path, number: int) -> RollFile:
    file = roll_file(PRINTER, number, folder)
    assert file is not None
    RollFile(file).save(RollUse(used_mm=900.0, tickets=9))
    return RollFile(file)


def test_a_running_kiosk_takes_the_word_and_counts_anew(tmp_path: Path) -> None:
    file = used(tmp_path, 2)
    meter = paper_meter(PrinterOptions(kind=PrinterKind.TCP, host="h", paper_file=roll_file(PRINTER, 2, tmp_path)))
    assert leave_word(SETTINGS, 2, tmp_path, wait=lambda _: meter.look_for_word())
    assert file.load() == RollUse(since_new=True)


def test_word_left_for_a_kiosk_that_is_off_is_kept(tmp_path: Path) -> None:
    used(tmp_path, 1)
    assert not leave_word(SETTINGS, 1, tmp_path, wait=unheard)
    meter = paper_meter(PrinterOptions(kind=PrinterKind.TCP, host="h", paper_file=roll_file(PRINTER, 1, tmp_path)))
    assert meter.tickets_left is not None
    meter.look_for_word()
    assert meter.tickets_left is None


@pytest.mark.parametrize("number", [0, 3])
def test_a_printer_the_kiosk_does_not_have_is_refused(number: int, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"printer\.unknown"):
        leave_word(SETTINGS, number, tmp_path, wait=unheard)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"printer\.folder_unusable"):
        leave_word(SETTINGS, 1, tmp_path / "none", wait=unheard)


def test_the_folder_is_the_services_where_there_is_one(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path / "home")}
    of_account = tmp_path / "home" / ".local" / "state" / "tiepdon" / "kiosk-K2"
    assert kiosk_folder(environ, "K2", str(tmp_path)) == of_account
    (tmp_path / "kiosk-K2").mkdir()
    assert kiosk_folder(environ, "K2", str(tmp_path)) == tmp_path / "kiosk-K2"


@pytest.mark.parametrize("language", list(Language))
def test_the_command_says_what_becomes_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[printer]\nkind = "tcp"\nhost = "127.0.0.1"\n', "utf-8")
    monkeypatch.setattr("time.sleep", unheard)
    command = ["printer", "new-roll", "--settings", str(file), "--folder", str(tmp_path), "--lang", language.value]
    assert main(command) == EXIT_OK
    assert capsys.readouterr().out.strip() == load_catalogue().text("printer.new_roll.left", language)
    assert main([*command, "--printer", "2"]) == EXIT_CANNOT_START
    assert "printer.unknown" in capsys.readouterr().err
