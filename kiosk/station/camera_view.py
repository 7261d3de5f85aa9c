"""What a kiosk's screen is told of its camera. Values only; the picture itself goes another way and is never kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CameraState(StrEnum):
    STARTING = "starting"  # not opened yet, nothing is wrong so far
    SEEING = "seeing"
    BLIND = "blind"  # gone, black or stuck: nothing can be read with it now


class Guidance(StrEnum):
    """What the patient should do with the card, as the camera's driver names it (`devices.contract`)."""

    NONE = "none"
    CLOSER = "closer"
    TILT = "tilt"
    TOO_DARK = "too_dark"
    TURN_OVER = "turn_over"


@dataclass(frozen=True, kw_only=True)
class CameraView:
    """State of the camera and its present advice."""

    state: CameraState = CameraState.STARTING
    guidance: Guidance = Guidance.NONE
