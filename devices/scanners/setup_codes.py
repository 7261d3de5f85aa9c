"""Configuration barcodes of scanner models: what to scan, in order, so that a scanner talks as the kiosk listens.

Only models whose programming codes are published in full, as text that any QR code can carry. Left out, because what is
public of their codes is not enough to draw them and be sure: Honeywell, Zebra/Symbol, Datalogic (their programming
barcodes are Code 128 with FNC3 or Aztec with reader initialisation, which are published as pictures) and Newland (its
`@…` commands are published for the serial line only). For those, scan the maker's own page: virtual COM port, UTF-8 or
"raw" output, suffix CR, no AIM identifier; `tiepdon scanner test` then says what is still to be set.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import zxingcpp


class SetupStep(StrEnum):
    """What one configuration barcode does."""

    SERIAL_DONGLE = "serial_dongle"
    SEND_AT_ONCE = "send_at_once"
    NO_CASE_CHANGE = "no_case_change"
    NO_TIMESTAMP = "no_timestamp"
    SUFFIX_CR = "suffix_cr"
    SAVE = "save"


@dataclass(frozen=True, kw_only=True)
class SetupModel:
    """A model or family with its codes in the order in which they are scanned. `source` is where they are published."""

    name: str
    source: str
    codes: tuple[tuple[SetupStep, str], ...]


ALACRITY = SetupModel(
    name="Alacrity 2.4 GHz / Bluetooth (“%%SpecCode”)",
    source="github.com/juitnow/juit-alacrity-setup, list of known commands",
    codes=(
        (SetupStep.SERIAL_DONGLE, "%%SpecCodeAE"),
        (SetupStep.SEND_AT_ONCE, "%%SpecCode10"),
        (SetupStep.NO_CASE_CHANGE, "%%SpecCodeA5"),
        (SetupStep.NO_TIMESTAMP, "%%SpecCodeC0"),
        (SetupStep.SUFFIX_CR, "%%SpecCode9C"),
        (SetupStep.SAVE, "%%SpecCode92"),
    ),
)
"""Neither a code page nor an AIM identifier is among its published settings. Not tried on a device: there was none."""

MODELS = {"alacrity": ALACRITY}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A grey picture, 8 bits a pixel, row by row."""

    width: int
    height: int
    pixels: bytes


def setup_picture(code: str, *, module_px: int) -> Picture:
    """One configuration barcode as a QR code with its quiet zone; `module_px` is the side of a module in pixels."""
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = np.array(barcode.to_image(scale=module_px), dtype=np.uint8)
    height, width = drawn.shape
    return Picture(width=width, height=height, pixels=drawn.tobytes())
