"""How the back-up of the hub's database is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RPO = timedelta(minutes=5)
"""No more than this much may be lost with the hub's disk (recovery point objective)."""


class BackupCondition(StrEnum):
    OFF = "off"
    STARTING = "starting"
    WORKING = "working"
    FAILING = "failing"


@dataclass(frozen=True, kw_only=True)
class BackupState:
    """`complete_until`: every ticket committed before is in a usable copy (null: no copy yet). `code` says why it
    fails. `second_place`: the copies are where somebody chose, not beside the database."""

    condition: BackupCondition
    complete_until: datetime | None = None
    code: str | None = None
    second_place: bool = False


NO_BACKUP = BackupState(condition=BackupCondition.OFF)
