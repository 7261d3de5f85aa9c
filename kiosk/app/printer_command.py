"""`tiepdon printer new-roll`: tell a kiosk that a roll was changed before it was empty, which no sensor sees."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from config.catalogue import Catalogue
from devices.printers.paper_meter import RollFile
from kiosk.app.kiosk_outbox import state_folder
from kiosk.app.kiosk_paper import roll_file
from kiosk.app.kiosk_settings import KioskSettings, load_kiosk_settings
from kiosk.app.start import EXIT_OK, CannotStart, load_texts
from kiosk.domain.localized import Language

SERVICE_STATE = "/var/lib/tiepdon-kiosk"
"""Where systemd keeps the kiosk's state (packaging/systemd); set for the service only, not for who types this."""
TAKEN_WITHIN_S = 6.0
LOOK_EVERY_S = 0.1


def run(args: argparse.Namespace) -> int:
    """Leave word of the new roll and say whether the kiosk has taken it. Raises `CannotStart`, `SettingsError`."""
    settings = load_kiosk_settings(args.settings)
    folder = args.folder or settings.outbox.folder or kiosk_folder(os.environ, settings.kiosk.id)
    taken = leave_word(settings, args.printer, folder, wait=time.sleep)
    _say(load_texts(), taken=taken, language=Language(args.lang))
    return EXIT_OK


def kiosk_folder(environ: Mapping[str, str], kiosk_id: str, service_state: str = SERVICE_STATE) -> Path:
    """The kiosk's own folder as its service has it, else as the account that types this has it."""
    of_service = state_folder({"STATE_DIRECTORY": service_state}, kiosk_id)
    return of_service if of_service.is_dir() else state_folder(environ, kiosk_id)


def leave_word(settings: KioskSettings, number: int, folder: Path, *, wait: Callable[[float], object]) -> bool:
    """Whether the kiosk has taken the word within `TAKEN_WITHIN_S`; if not, it does when its printer is there.

    Raises `CannotStart`."""
    if not 1 <= number <= len(settings.printers):
        raise CannotStart("printer.unknown", number=number, count=len(settings.printers))
    file = roll_file(settings.printers[number - 1], number, folder)
    assert file is not None, "a folder was given"
    try:
        word = RollFile(file).leave_word_of_new_roll()
    except OSError as error:
        raise CannotStart("printer.folder_unusable", path=str(file.parent), detail=error.strerror or "") from error
    for _ in range(round(TAKEN_WITHIN_S / LOOK_EVERY_S)):
        if not word.exists():
            return True
        wait(LOOK_EVERY_S)
    return False


def _say(texts: Catalogue, *, taken: bool, language: Language) -> None:
    print(texts.text("printer.new_roll.taken" if taken else "printer.new_roll.left", language))
