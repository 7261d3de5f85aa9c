"""What can be set for a reception console."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.localized import Language


@dataclass(frozen=True, kw_only=True)
class CounterOptions:
    """`language` is what the console starts in; `fullscreen` fills the screen instead of opening a window of
    `width_px` × `height_px`; `alert_sound` sounds the desktop's bell when somebody needs help."""

    language: Language = Language.VI
    width_px: int = 1366
    height_px: int = 768
    fullscreen: bool = False
    alert_sound: bool = True
