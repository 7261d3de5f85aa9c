"""What can be set for a kiosk's screen."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.localized import LocalizedText

_DESK = LocalizedText(vi="Quầy tiếp đón", en="Reception desk")
_EMERGENCY = LocalizedText(vi="đến thẳng Khoa Cấp cứu", en="go straight to the Emergency Department")


@dataclass(frozen=True, kw_only=True)
class KioskOptions:
    """Screen and place of one kiosk.

    `diagonal_in` is the panel's diagonal in inches: all sizes on the screen are millimetres computed from it.
    `width_px` and `height_px` are the window's size as mounted (portrait 1080 × 1920); with `fullscreen` the window
    takes the whole screen it is on instead. `hospital` is as the hub has it unless given. `desk` is where a patient
    goes when the kiosk cannot help, `emergency` what to do in an emergency; both are read after a colon.
    `tap_guard_s`: for this long after a new screen appears taps on it are ignored, so that a double tap does not
    answer the next question too (EN 301 549, 5.8: up to 0.5 s). `mirror_camera`: show the camera's picture as a mirror
    does, for a camera that faces the patient.
    """

    diagonal_in: float = 21.5
    width_px: int = 1080
    height_px: int = 1920
    fullscreen: bool = True
    animations: bool = True
    hide_cursor: bool = True
    hospital: LocalizedText | None = None
    desk: LocalizedText = _DESK
    emergency: LocalizedText = _EMERGENCY
    tap_guard_s: float = 0.4
    mirror_camera: bool = True
