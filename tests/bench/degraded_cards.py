"""Backs of made-up citizen cards as a kiosk's camera would see them at their worst: always the same from one seed.

Written before the reader was tuned. Each card is degraded by one category at one of five steps, over what every camera
does: a little blur, noise and JPEG. Its width is 60 to 90 % of a frame of 1280 × 720, or less in `small`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.chip.mrz import check_digit
from devices.emulators.chip.citizen import EmulatedCitizen
from devices.emulators.citizen_card import CardBack, CardLayout, CardPose, Frame, draw_card_back, hold_card

Random = np.random.Generator
Light = NDArray[np.float32]
_LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SEED = 20261122
STEPS = 5
_FAMILIES = ("NGUYEN", "TRAN", "LE", "PHAM", "HUYNH", "VU", "DANG", "BUI", "QUACH", "KHUONG")
_GIVEN = ("THI HOA", "VAN BINH", "HOANG PHUONG THAO", "GIA BAO", "MINH", "XUAN QUYNH", "DUC", "KIM YEN", "TUAN KIET")


class Category(StrEnum):
    CLEAN = "clean"
    DEFOCUS = "defocus"
    MOTION = "motion"
    PERSPECTIVE = "perspective"
    TURNED = "turned up to 15°"
    UPSIDE_DOWN = "upside down"
    SMALL = "small"
    NOISE = "noise"
    GLARE = "glare"
    UNEVEN_LIGHT = "uneven light"
    LOW_LIGHT = "low light"
    JPEG = "JPEG"
    GUILLOCHE = "guilloche"
    COVERED = "partly covered"
    ALL_AT_ONCE = "several at once"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """`picture`: height × width × 3. `lines`: what is printed. `step`: 1 mild to 5 worst."""

    category: Category
    step: int
    lines: tuple[str, str, str]
    picture: Frame


Lines = tuple[str, str, str]


def zone(random: Random) -> Lines:
    """A made-up person's; one in five is of the state of Utopia, whose document numbers have letters."""
    day, month = int(random.integers(1, 29)), int(random.integers(1, 13))
    year, expiry_year = int(random.integers(1925, 2020)), int(random.integers(2026, 2060))
    citizen = EmulatedCitizen(
        number="".join(str(digit) for digit in random.integers(0, 10, 12)),
        name=f"{random.choice(_FAMILIES)} {random.choice(_GIVEN)}",
        birth=f"{day:02}/{month:02}/{year}",
        sex=str(random.choice(["Nam", "Nữ"])),
        issued=date(2022, 1, 1),
        expires=date(expiry_year, month, day),
    )
    lines = citizen.mrz_lines()
    return lines if random.random() < 0.8 else _utopian(lines, "".join(random.choice(list(_LETTERS_AND_DIGITS), 9)))


def _utopian(lines: Lines, number: str) -> Lines:
    first = f"IDUTO{number}{check_digit(number)}".ljust(30, "<")
    second = f"{lines[1][:15]}UTO".ljust(29, "<")
    return first, second + check_digit(first[5:] + second[:7] + second[8:15] + second[18:]), lines[2]


def degraded_cards(seed: int = SEED, *, each: int = 4) -> Iterator[Sample]:
    """`each` cards a category and step."""
    for place, category in enumerate(Category):
        for step in range(1, STEPS + 1):
            for index in range(each):
                yield _sample(category, step, np.random.default_rng((seed, place, step, index)))


def _sample(category: Category, step: int, random: Random) -> Sample:
    lines = zone(random)
    card = CardBack(
        lines=lines,
        layout=CardLayout.Y2024 if random.random() < 0.5 else CardLayout.Y2021,
        qr=random.bytes(120),
        line_spacing_mm=float(random.uniform(4.3, 6.35)),
        waviness=0.5 + 0.45 * step if category is Category.GUILLOCHE else float(random.uniform(0.2, 0.8)),
    )
    drawn = draw_card_back(card)
    if category is Category.COVERED:
        drawn = _covered(drawn, step, random)
    frame = hold_card(drawn, _pose(category, step, random))
    light = frame.astype(np.float32)
    worsen = _WORSEN.get(category)
    if worsen is not None:
        light = worsen(light, step, random)
    return Sample(category=category, step=step, lines=lines, picture=_seen(light, category, step, random))


def _pose(category: Category, step: int, random: Random) -> CardPose:
    pose = CardPose(
        fill=float(random.uniform(0.6, 0.9)),
        turn_deg=float(random.uniform(-3, 3)),
        tilt_x=float(random.uniform(-0.03, 0.03)),
        tilt_y=float(random.uniform(-0.03, 0.03)),
        shift_x_px=float(random.uniform(-30, 30)),
        shift_y_px=float(random.uniform(-20, 20)),
        desk_grey=int(random.integers(30, 220)),
    )
    sign = float(random.choice([-1.0, 1.0]))
    match category:
        case Category.PERSPECTIVE:
            return replace(
                pose, fill=0.65, tilt_x=sign * 0.06 * step, tilt_y=0.05 * step * float(random.choice([-1, 1]))
            )
        case Category.TURNED:
            return replace(pose, fill=min(pose.fill, 0.8), turn_deg=sign * 3.0 * step)
        case Category.UPSIDE_DOWN:
            return replace(pose, turn_deg=180 + sign * 2.0 * (step - 1))
        case Category.ALL_AT_ONCE:
            return replace(
                pose, fill=0.65 - 0.05 * step, turn_deg=sign * 2.0 * step, tilt_x=sign * 0.03 * step, tilt_y=0.03 * step
            )
        case Category.SMALL:
            return replace(pose, fill=0.55 - 0.06 * step)
        case _:
            return pose


def _covered(card: Frame, step: int, random: Random) -> Frame:
    """A finger on the lower or right edge; from step 3 on it takes the ends of lines."""
    covered = card.copy()
    height, width = card.shape[:2]
    reach = (0.02 + 0.03 * step) * width
    if random.random() < 0.5:
        centre, axes = (width, int(height * random.uniform(0.3, 1.0))), (reach, height * 0.18)
    else:
        centre, axes = (int(width * random.uniform(0.1, 0.9)), height), (height * 0.16, reach * 0.7)
    cv2.ellipse(covered, (centre, (axes[0] * 2, axes[1] * 2), 0.0), (140, 165, 205), -1)
    return covered


def _defocus(light: Light, step: int, random: Random) -> Light:
    radius = 0.8 + 0.6 * step
    reach = int(np.ceil(radius))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(down, across), 0, 1).astype(np.float32)
    return np.asarray(cv2.filter2D(light, -1, disc / disc.sum()), dtype=np.float32)


def _motion(light: Light, step: int, random: Random) -> Light:
    length = 2 + 2 * step
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), float(random.uniform(0, 180)), 1.0)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), dtype=np.float32)
    return np.asarray(cv2.filter2D(light, -1, kernel / kernel.sum()), dtype=np.float32)


def _noise(light: Light, step: int, random: Random) -> Light:
    return np.asarray(light + random.normal(0, 10 * step, light.shape), dtype=np.float32)


def _glare(light: Light, step: int, random: Random) -> Light:
    height, width = light.shape[:2]
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    centre = (random.uniform(0.2, 0.8) * width, random.uniform(0.3, 0.9) * height)
    size = 60 + 25 * step
    spot = np.exp(-((across - centre[0]) ** 2 + ((down - centre[1]) * 1.6) ** 2) / (2 * size**2))
    return np.asarray(light + (60 + 50 * step) * spot[..., None], dtype=np.float32)


def _uneven(light: Light, step: int, random: Random) -> Light:
    height, width = light.shape[:2]
    turn = random.uniform(0, 2 * np.pi)
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    slope = (across * np.cos(turn) + down * np.sin(turn)) / np.sqrt(2)
    return np.asarray(light * (1 - (0.1 + 0.15 * step) * (slope[..., None] + 1) / 2 * 1.1), dtype=np.float32)


def _low_light(light: Light, step: int, random: Random) -> Light:
    return np.asarray(light * (0.7 - 0.12 * step) + random.normal(0, 1 + 1.2 * step, light.shape), dtype=np.float32)


def _all_at_once(light: Light, step: int, random: Random) -> Light:
    """A far card in a dim hall, out of focus: each as at half its own step or so."""
    for worsen, share in ((_uneven, 0.6), (_defocus, 0.35), (_motion, 0.3), (_low_light, 0.6), (_noise, 0.25)):
        light = worsen(light, max(1, round(step * share)), random)
    return light


_WORSEN: dict[Category, Callable[[Light, int, Random], Light]] = {
    Category.DEFOCUS: _defocus,
    Category.MOTION: _motion,
    Category.NOISE: _noise,
    Category.GLARE: _glare,
    Category.UNEVEN_LIGHT: _uneven,
    Category.LOW_LIGHT: _low_light,
    Category.ALL_AT_ONCE: _all_at_once,
}


def _seen(light: Light, category: Category, step: int, random: Random) -> Frame:
    """What every camera adds."""
    blurred = cv2.GaussianBlur(light, (0, 0), float(random.uniform(0.4, 0.8)))
    noisy = np.clip(blurred + random.normal(0, 2.5, light.shape), 0, 255).astype(np.uint8)
    quality = {Category.JPEG: 62 - 12 * step, Category.ALL_AT_ONCE: 70 - 8 * step}.get(category, 88)
    packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, max(4, quality)])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
