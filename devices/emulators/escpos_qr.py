"""QR symbols as a printer makes them itself: GS ( k, cn 49."""

from __future__ import annotations

import zxingcpp
from PIL import Image

_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}
_DEFAULT_MODULE_DOTS = 3
_MAX_MODULE_DOTS = 16


class QrStore:
    """The printer's symbol memory with its settings, as after ESC @."""

    def __init__(self) -> None:
        self._module_dots = _DEFAULT_MODULE_DOTS
        self._level = "L"
        self._payload = b""

    def execute(self, function: int, parameters: bytes) -> Image.Image | None:
        """Run one function (its parameters never empty); function 81 returns the symbol as ink, others None.

        No quiet zone is drawn, as on real printers. A payload that fits no symbol prints nothing. Unknown functions
        (65 model included: model 2 is always drawn) change nothing."""
        match function:
            case 67:
                self._module_dots = min(_MAX_MODULE_DOTS, max(1, parameters[0]))
            case 69:
                self._level = _LEVELS.get(parameters[0], self._level)
            case 80:
                self._payload = parameters[1:]
            case 81:
                return self._draw()
        return None

    def _draw(self) -> Image.Image | None:
        try:
            symbol = zxingcpp.create_barcode(self._payload, zxingcpp.BarcodeFormat.QRCode, ec_level=self._level)
        except ValueError:  # nothing stored, or more than the largest symbol holds
            return None
        modules = Image.fromarray(symbol.to_image(scale=self._module_dots, add_quiet_zones=False))
        return modules.point(lambda grey: 255 - grey)
