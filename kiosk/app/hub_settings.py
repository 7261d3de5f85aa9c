"""The hub's settings file: `[insurance]` and `[backup]`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.problems import SettingsError, SettingsProblem
from config.settings import Settings, load_settings
from kiosk.insurance.options import PortalOptions

INSURANCE_TABLE = "insurance"
BACKUP_TABLE = "backup"
LONGEST_EVERY_S = 300.0
"""A copy is never further behind than this."""


@dataclass(frozen=True, kw_only=True)
class BackupOptions:
    """`folder`: a second place for copies of the database, on another disk or machine; it must exist. `every_s`: how
    often what is new is copied. `whole_every_h`: how often everything is. `keep`: how many whole copies stay.
    `beside_database`: without a second place, keep copies beside the database, against a damaged file."""

    folder: Path | None = None
    every_s: float = 10.0
    whole_every_h: float = 24.0
    keep: int = 3
    beside_database: bool = True


def load_hub_settings(path: Path | None) -> Settings:
    """Raises `SettingsError` with every problem of the file."""
    return load_settings(path, {INSURANCE_TABLE: PortalOptions | None, BACKUP_TABLE: BackupOptions})


def backup_options(path: Path | None) -> BackupOptions:
    """The checked `[backup]` table. Raises `SettingsError`."""
    options = load_hub_settings(path).table(BACKUP_TABLE, BackupOptions)
    bounds = (
        ("every_s", 1.0, options.every_s, LONGEST_EVERY_S),
        ("whole_every_h", 0.1, options.whole_every_h, 24.0 * 7),
        ("keep", 1, options.keep, 100),
    )
    problems = tuple(
        SettingsProblem(
            code="settings.not_allowed", table=BACKUP_TABLE, key=key, detail=f"{low:g} … {high:g}", given=f"{value:g}"
        )
        for key, low, value, high in bounds
        if not low <= value <= high
    )
    if problems:
        raise SettingsError(str(path), problems)
    return options
