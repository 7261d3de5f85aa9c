"""From a screen's inches and pixels to pixels per millimetre, so that sizes can be stated in millimetres.

Sizes: a touch target of at least 20 mm (Colle & Hiszem 2004, Duff 2010) and capitals of at least 0.7 degrees at the
stated distance (EN 301 549, 5.1.4), which is 7.3 mm at 60 cm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MM_PER_INCH = 25.4
CAP_HEIGHT_EM = 0.74
"""Height of a capital of Be Vietnam Pro in em."""

SMALLEST_LAYOUT_MM = (267.0, 474.0)
"""Short and long side the kiosk's layout needs (21.5 inches, 16:9); a smaller panel gets everything in proportion
smaller."""
LARGEST_LAYOUT_MM = (330.0, 586.0)
"""Sides above which everything grows with the panel instead of leaving it empty."""


@dataclass(frozen=True, kw_only=True)
class ScreenMetrics:
    """A panel: its diagonal in inches and its pixels as mounted (portrait is higher than wide)."""

    diagonal_in: float
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        if self.diagonal_in <= 0 or self.width_px <= 0 or self.height_px <= 0:
            raise ValueError(f"a screen needs positive sizes, not {self}")

    @property
    def portrait(self) -> bool:
        return self.height_px > self.width_px

    @property
    def px_per_mm(self) -> float:
        """Physical pixels per millimetre of this panel."""
        return math.hypot(self.width_px, self.height_px) / (self.diagonal_in * MM_PER_INCH)

    @property
    def layout_px_per_mm(self) -> float:
        """Pixels a layout millimetre takes for the kiosk: the physical value, kept between what still fits
        (`SMALLEST_LAYOUT_MM`) and what still fills the panel (`LARGEST_LAYOUT_MM`)."""
        return min(
            max(self.px_per_mm, self._px_per_mm_over(LARGEST_LAYOUT_MM)), self._px_per_mm_over(SMALLEST_LAYOUT_MM)
        )

    def _px_per_mm_over(self, layout_mm: tuple[float, float]) -> float:
        """Pixels per millimetre at which a layout of these sides (short, long) just fits the panel."""
        short_px, long_px = sorted((self.width_px, self.height_px))
        return min(short_px / layout_mm[0], long_px / layout_mm[1])

    @property
    def touch_mm(self) -> float:
        """What a 20 mm layout target really measures on this panel; under 20 the panel is too small."""
        return 20.0 * self.layout_px_per_mm / self.px_per_mm


def cap_height_mm(distance_mm: float, degrees: float = 0.7) -> float:
    """Height a capital needs to be read from `distance_mm` (EN 301 549, 5.1.4: 0.7 degrees)."""
    return distance_mm * math.tan(math.radians(degrees))
