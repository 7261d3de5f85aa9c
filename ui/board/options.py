"""What can be set for a board's screen."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.localized import Language


@dataclass(frozen=True, kw_only=True)
class BoardOptions:
    """The screen of one board and from where it is read.

    `diagonal_in` is the panel's diagonal in inches and `viewing_distance_m` how far the last row sits: the sizes of
    numbers are computed from both. `width_px` and `height_px` are the window's size as mounted; with `fullscreen` the
    window takes the screen it is on. `language` stands first and large, the other one small below it. A call stays
    large for at least `call_stays_s`; when more queues are open than fit, their pages turn every `page_s`. Raises
    `ValueError(code, key, allowed)`.
    """

    diagonal_in: float = 43.0
    viewing_distance_m: float = 5.0
    width_px: int = 1920
    height_px: int = 1080
    fullscreen: bool = True
    animations: bool = True
    language: Language = Language.VI
    call_stays_s: float = 6.0
    page_s: float = 8.0

    def __post_init__(self) -> None:
        for name in ("diagonal_in", "viewing_distance_m", "width_px", "height_px", "page_s"):
            if not getattr(self, name) > 0:
                raise ValueError("board.option_illegal", name, "> 0")
        if not self.call_stays_s >= 0:
            raise ValueError("board.option_illegal", "call_stays_s", "≥ 0")
