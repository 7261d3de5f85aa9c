"""A made-up population for the emulated portal: as many people as wanted, the same for the same seed.

How their look-ups end follows a province's year (Quảng Ninh, 2023: 76.7 % found); how the failures divide is our
assumption. Nobody here exists: the card numbers have a block of their own that starts with 9.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from kiosk.insurance.emulator_people import OTHER_FACILITY, EmulatedPerson, Window

HIT_PERCENT = 76.7

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
_MIDDLE = {"Nam": ("Văn", "Đức", "Hữu", "Quốc", "Minh"), "Nữ": ("Thị", "Ngọc", "Thu", "Kim", "Mỹ")}
_GIVEN = ("An", "Bình", "Châu", "Dung", "Giang", "Hà", "Hạnh", "Khánh", "Lan", "Mai", "Nga", "Oanh", "Phúc", "Quý")


@dataclass(frozen=True, kw_only=True)
class _Share:
    """So many of a hundred in their group have these features."""

    percent: float
    features: dict[str, Any] = field(default_factory=dict)


_FOUND = (
    _Share(percent=82.0),
    _Share(percent=8.0, features={"facility": OTHER_FACILITY}),
    _Share(percent=3.0, features={"window": Window.OPEN_ENDED}),
    _Share(percent=3.0, features={"code": "003"}),
    _Share(percent=2.0, features={"code": "004"}),
    _Share(percent=2.0, features={"code": "001"}),
)
_NOT_FOUND = (
    _Share(percent=38.0, features={"known": False}),
    _Share(percent=14.0, features={"registered": "name"}),
    _Share(percent=14.0, features={"registered": "birth"}),
    _Share(percent=12.0, features={"code": "010", "window": Window.EXPIRED}),
    _Share(percent=6.0, features={"code": "110"}),
    _Share(percent=6.0, features={"code": "120"}),
    _Share(percent=5.0, features={"code": "124"}),
    _Share(percent=5.0, features={"code": "052"}),
)


def population(count: int = 1000, seed: int = 1) -> tuple[EmulatedPerson, ...]:
    """`count` people (up to 900,000), no number twice; `HIT_PERCENT` of them, rounded, are found with a usable card."""
    dice = random.Random(seed)  # noqa: S311 - made-up people, not secrets
    found = round(count * HIT_PERCENT / 100)
    features = [*_spread(_FOUND, found), *_spread(_NOT_FOUND, count - found)]
    dice.shuffle(features)
    return tuple(_person(number, dict(given), dice) for number, given in enumerate(features, start=100_000))


def _spread(shares: tuple[_Share, ...], count: int) -> list[dict[str, Any]]:
    """Features for `count` people, by share; what rounding leaves over goes to the first share."""
    spread = [share.features for share in shares[1:] for _ in range(int(count * share.percent / 100))]
    return [*[shares[0].features] * (count - len(spread)), *spread]


def _person(number: int, features: dict[str, Any], dice: random.Random) -> EmulatedPerson:
    sex = dice.choice(("Nam", "Nữ"))
    year = dice.randint(1935, 1999)
    birth = f"{dice.randint(1, 28):02d}/{dice.randint(1, 12):02d}/{year}"
    name = f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE[sex])} {dice.choice(_GIVEN)}"
    social = f"9000{number:06d}"
    registered = features.pop("registered", None)
    if registered == "name":
        features["registered_name"] = f"{name} Em"
    elif registered == "birth":
        features["registered_birth"] = str(year - 1)
    if features.get("code") in ("003", "004"):
        features["new_card"] = f"GD401{9_500_000_000 + number}"
    return EmulatedPerson(
        citizen=f"001{0 if sex == 'Nam' else 1}{year % 100:02d}{number:06d}",
        card=f"DN401{social}",
        name=name,
        birth=birth,
        sex=sex,
        **features,
    )
