"""A kiosk's settings file: each table bound to the options beside what it configures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from config.problems import Misfit, SettingsProblem
from config.settings import Settings, load_settings
from config.settling import Settled, settle_settings
from devices.cameras.camera_scanner import CameraScannerOptions
from devices.printers.options import PrinterOptions
from devices.scanners.serial_scanner import SerialScannerOptions
from devices.scanners.wedge_scanner import WedgeScannerOptions
from kiosk.app.card_reader_settings import CardReaderSettings
from kiosk.app.chip_settings import ChipSettings
from kiosk.app.kiosk_outbox import OutboxSettings, id_of_last_run
from kiosk.domain.identity.own_codes import OwnCodes
from kiosk.domain.localized import LocalizedText
from kiosk.domain.visit.surroundings import VisitOptions
from ui.kiosk.options import KioskOptions


@dataclass(frozen=True, kw_only=True)
class KioskIdentity:
    """`[kiosk]`: which kiosk this is and where it stands.

    `hospital` is asked from the hub when it is not given here. `time_zone` is that of the clock and of the printed
    ticket.
    """

    id: str = "K1"
    hospital: LocalizedText | None = None
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))

    def __post_init__(self) -> None:
        if not 1 <= len(self.id) <= 20 or not self.id.isascii() or not self.id.isprintable():
            raise Misfit("settings.not_allowed", '1 … 20 × A-Z a-z 0-9 -, "K1"', key="id")


@dataclass(frozen=True, kw_only=True)
class KioskSettings:
    """The whole file. A device whose table is missing is not there; the kiosk works without it.
    `[[more_card_readers]]` and `[[more_printers]]` stand once for each beside the first; a slip goes to the first
    printer that works."""

    kiosk: KioskIdentity = field(default_factory=KioskIdentity)
    screen: KioskOptions = field(default_factory=KioskOptions)
    visit: VisitOptions = field(default_factory=VisitOptions)
    codes: OwnCodes = field(default_factory=OwnCodes)
    printer: PrinterOptions | None = None
    more_printers: tuple[PrinterOptions, ...] = ()
    scanner: SerialScannerOptions | None = None
    wedge_scanner: WedgeScannerOptions | None = None
    camera: CameraScannerOptions | None = None
    card_reader: CardReaderSettings | None = None
    more_card_readers: tuple[CardReaderSettings, ...] = ()
    chip: ChipSettings = field(default_factory=ChipSettings)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)

    @property
    def printers(self) -> tuple[PrinterOptions, ...]:
        """All printers, the preferred one first."""
        first = () if self.printer is None else (self.printer,)
        return (*first, *self.more_printers)

    @property
    def card_readers(self) -> tuple[CardReaderSettings, ...]:
        """All card readers, the first one first."""
        first = () if self.card_reader is None else (self.card_reader,)
        return (*first, *self.more_card_readers)


TABLES: Mapping[str, Any] = MappingProxyType(
    {
        "kiosk": KioskIdentity,
        "screen": KioskOptions,
        "visit": VisitOptions,
        "codes": OwnCodes,
        "printer": PrinterOptions | None,
        "more_printers": tuple[PrinterOptions, ...],
        "scanner": SerialScannerOptions | None,
        "wedge_scanner": WedgeScannerOptions | None,
        "camera": CameraScannerOptions | None,
        "card_reader": CardReaderSettings | None,
        "more_card_readers": tuple[CardReaderSettings, ...],
        "chip": ChipSettings,
        "outbox": OutboxSettings,
    }
)


def load_kiosk_settings(path: Path | None) -> KioskSettings:
    """Settings of one kiosk, or the defaults without a file. Raises `SettingsError` with every problem."""
    return _bound(load_settings(path, TABLES))


def settle_kiosk_settings(path: Path | None, environ: Mapping[str, str]) -> tuple[KioskSettings, Settled]:
    """Settings of one kiosk as far as its file can be used, and what could not be. Never refuses.

    A kiosk that may have lost its own name or series gives no numbers of its own: they could be another kiosk's.
    """
    settled = settle_settings(path, TABLES)
    settings = _bound(settled.settings)
    lost = any(_is_about_id(problem, settings.kiosk.id) for problem in settled.problems)
    if lost:
        settings = replace(settings, kiosk=replace(settings.kiosk, id=id_of_last_run(environ, settings.kiosk.id)))
    if lost or any(_is_about_own_series(problem) for problem in settled.problems):
        settings = replace(settings, outbox=replace(settings.outbox, own_numbers=False))
    return settings, settled


def _is_about_own_series(problem: SettingsProblem) -> bool:
    """Whether the prefix or the place of the series may not be what the file meant."""
    return problem.table == "outbox" or problem.suggestion == "outbox"


def _is_about_id(problem: SettingsProblem, found: str) -> bool:
    """Whether the file may have meant another id than `found`: an unknown table may be one, where none was given."""
    if problem.code == "settings.unknown_table" and not problem.suggestion:
        return found == KioskIdentity().id
    if problem.table == "kiosk":
        return problem.key in ("", "id") or (
            problem.code == "settings.unknown_key" and problem.suggestion in ("", "id")
        )
    return problem.table == "" or problem.suggestion == "kiosk"


def _bound(settings: Settings) -> KioskSettings:
    return KioskSettings(**settings.tables)  # type: ignore[arg-type]  # each table was structured to the field's own type
