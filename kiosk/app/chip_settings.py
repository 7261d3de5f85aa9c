"""`[chip]`: whether and how the chip of a laid card is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.problems import Misfit
from devices.chip.photo import PhotoOptions
from kiosk.domain.visit.chip_values import ChipRules, ExpiryRule

PHOTO_SIZE = PhotoOptions(max_width_px=300, max_height_px=400)
"""As large as the screen shows it."""


@dataclass(frozen=True, kw_only=True)
class ChipSettings:
    """How chips are read. `can_from_number`: try the last six digits of a shown number, once. `expiry_rule`: `law`
    guesses from the birth date when the card expires, for chips that need it; `none` does not. `max_key_tries`: refused
    keys a laid card is given at most. `limit_s`: a reading is given up after so long. `photo`: show the patient the
    photo. `mrz_by_camera`: the camera reads the lines on a card's back. `country_certificates`: file or folder with the
    certificates that issuers of genuine cards are known by; without it no card is told to be genuine."""

    enabled: bool = True
    can_from_number: bool = True
    expiry_rule: ExpiryRule = ExpiryRule.LAW
    max_key_tries: int = 3
    limit_s: float = 15.0
    photo: bool = True
    mrz_by_camera: bool = True
    country_certificates: Path | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.max_key_tries <= 10:
            raise Misfit("settings.not_allowed", "1 … 10", key="max_key_tries")
        if not 2 <= self.limit_s <= 60:
            raise Misfit("settings.not_allowed", "2 … 60", key="limit_s")

    def rules(self) -> ChipRules:
        """What the visit has to know of it."""
        return ChipRules(
            enabled=self.enabled,
            can_from_number=self.can_from_number,
            expiry_rule=self.expiry_rule,
            max_key_tries=self.max_key_tries,
            limit_s=self.limit_s,
        )
