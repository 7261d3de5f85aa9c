"""What printer models can do, as data: `models.toml` says what each value means and where it is from."""

from __future__ import annotations

import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

MM_PER_INCH = 25.4
FEED_TO_CUTTER_MM = 14.0
"""Paper between head and cutter, fed before each cut: 12 to 16 mm on common models."""


class QrForm(StrEnum):
    """Native: the printer draws the code from its text. Raster: for models that have no QR command."""

    NATIVE = "native"
    RASTER = "raster"


class ConfirmBy(StrEnum):
    """What is taken for the printer's word that a slip is printed. Job tag: GS ( H, said after printing, by Epson
    TM-T20, T82, T88IV and later. Status request: GS r behind the cut, weaker, for models that do not know the tag."""

    JOB_TAG = "job_tag"
    STATUS_REQUEST = "status_request"


class Clears(StrEnum):
    """Whether DLE DC4 function 8 throws away what the printer keeps. Unknown: tried, believed when it says so."""

    DLE_DC4 = "dle_dc4"
    UNKNOWN = "unknown"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class PrinterModel:
    """One model's capabilities. `answers` None: not known whether it answers status questions."""

    name: str
    width_px: int
    dpi: int
    paper_mm: int
    cutter: bool
    qr: QrForm
    confirm_by: ConfirmBy
    automatic_status: bool
    answers: bool | None = None
    clears: Clears = Clears.UNKNOWN

    def paper_used_mm(self, height_px: int) -> float:
        """How much of the roll a slip of so many dot rows takes, the feed to the cutter or tear-off edge included."""
        return height_px * MM_PER_INCH / self.dpi + FEED_TO_CUTTER_MM


def printer_models() -> Mapping[str, PrinterModel]:
    """Every known model by the name used in settings."""
    text = (importlib.resources.files(__package__) / "models.toml").read_text(encoding="utf-8")
    return MappingProxyType({key: _model(table) for key, table in tomllib.loads(text).items()})


def _model(table: Mapping[str, Any]) -> PrinterModel:
    return PrinterModel(
        name=table["name"],
        width_px=table["width_px"],
        dpi=table["dpi"],
        paper_mm=table["paper_mm"],
        cutter=table["cutter"],
        qr=QrForm(table["qr"]),
        confirm_by=ConfirmBy(table["confirm_by"]),
        automatic_status=table["automatic_status"],
        answers=table.get("answers"),
        clears=Clears(table.get("clears", "unknown")),
    )
