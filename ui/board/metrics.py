"""Sizes of a board's texts in pixels, from the panel and the distance it is read from.

Called number: capitals of at least 0.7 degrees (EN 301 549, 5.1.4), 61 mm at 5 m. List: at least 22 minutes of arc,
32 mm at 5 m. Everything else grows with the panel's short side, never with the distance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ui.theme.metrics import CAP_HEIGHT_EM, ScreenMetrics, cap_height_mm

CALLED_DEGREES = 0.7
LIST_DEGREES = 22 / 60
LAYOUT_SHORT_SIDE = 1080
"""The layout is drawn for a short side of 1080 units."""


@dataclass(frozen=True, kw_only=True)
class BoardMetrics:
    """`screen` as mounted, read from `distance_m`."""

    screen: ScreenMetrics
    distance_m: float

    @property
    def called_cap_mm(self) -> float:
        return cap_height_mm(self.distance_m * 1000, CALLED_DEGREES)

    @property
    def list_cap_mm(self) -> float:
        return cap_height_mm(self.distance_m * 1000, LIST_DEGREES)

    @property
    def called_px(self) -> int:
        """Least font size of the called number."""
        return self._font_px(self.called_cap_mm)

    @property
    def list_px(self) -> int:
        """Font size of the list's numbers and counters."""
        return self._font_px(self.list_cap_mm)

    @property
    def unit(self) -> float:
        """Pixels of one unit of the layout."""
        return min(self.screen.width_px, self.screen.height_px) / LAYOUT_SHORT_SIDE

    def _font_px(self, cap_mm: float) -> int:
        return math.ceil(cap_mm * self.screen.px_per_mm / CAP_HEIGHT_EM)
