"""Backs of made-up citizen cards to hold before a camera: OCR-B lines as ICAO 9303-5 wants them, the rest only roughly.

The 2021 card has its QR in front, the 2024 card behind, beside the lines. Nothing here is meant to pass for a card:
there is no emblem, seal or signature, and the fields are bars.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from io import BytesIO

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Frame = NDArray[np.uint8]
"""Height × width × 3, blue-green-red."""

CARD_WIDTH_MM, CARD_HEIGHT_MM = 85.6, 53.98
"""ID-1 (ISO/IEC 7810); TD1 of ICAO 9303-5."""
PITCH_MM = 2.54
LINE_COUNT, LINE_LENGTH = 3, 30
_EM_PER_PITCH = 1000 / 723
"""OCRB.otf is 723 units wide in an em of 1000."""
_LEFT_MM, _LAST_BASELINE_MM = 4.0, 49.4
_PAPER, _INK = (226, 238, 232), (28, 26, 24)
_WAVES = ((190, 214, 196), (206, 200, 226), (178, 206, 214))


class CardLayout(StrEnum):
    Y2021 = "2021"  # chip and finger prints behind, QR in front
    Y2024 = "2024"  # QR behind


@dataclass(frozen=True, kw_only=True)
class CardBack:
    """What is on the back: `lines` are the three lines of 30, `qr` what the 2024 card's code says.

    `line_spacing_mm`: from one base line to the next. `waviness` 0…1: how strong the pattern behind the lines is.
    """

    lines: Sequence[str]
    layout: CardLayout = CardLayout.Y2021
    qr: bytes = b""
    line_spacing_mm: float = 5.6
    waviness: float = 0.5


def draw_card_back(card: CardBack, *, px_per_mm: float = 16.0) -> Frame:
    """The card alone, upright and filling the picture. Raises ValueError when it has not three lines of 30."""
    if [len(line) for line in card.lines] != [LINE_LENGTH] * LINE_COUNT:
        raise ValueError("a card's back has three lines of 30")
    size_px = (round(CARD_WIDTH_MM * px_per_mm), round(CARD_HEIGHT_MM * px_per_mm))
    picture = Image.new("RGB", size_px, _PAPER)
    pen = ImageDraw.Draw(picture)
    _draw_waves(pen, size_px, card.waviness, px_per_mm)
    if card.layout is CardLayout.Y2024:
        _draw_2024(picture, pen, card.qr, px_per_mm)
    else:
        _draw_2021(pen, px_per_mm)
    _draw_lines(pen, card, px_per_mm)
    return np.asarray(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR), dtype=np.uint8)


@dataclass(frozen=True, kw_only=True)
class CardPose:
    """How a card is held. `fill`: its width as a share of the frame's; `turn_deg` in the plane (180: upside down);
    `tilt_x`, `tilt_y`: how much longer one edge is than the opposite one, as a share (perspective)."""

    fill: float = 0.7
    turn_deg: float = 0.0
    tilt_x: float = 0.0
    tilt_y: float = 0.0
    shift_x_px: float = 0.0
    shift_y_px: float = 0.0
    width_px: int = 1280
    height_px: int = 720
    desk_grey: int = 120


def hold_card(card: Frame, pose: CardPose) -> Frame:
    """A frame with the card in it."""
    height, width = card.shape[:2]
    placing = cv2.getPerspectiveTransform(
        np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32), _corners(pose, height / width)
    )
    return np.asarray(
        cv2.warpPerspective(
            _softened(card, pose.fill * pose.width_px / width),
            placing,
            (pose.width_px, pose.height_px),
            flags=cv2.INTER_LINEAR,
            borderValue=(pose.desk_grey,) * 3,
        ),
        dtype=np.uint8,
    )


def _softened(card: Frame, scale: float) -> Frame:
    """Blurred as far as making it smaller would alias."""
    sigma_px = 0.45 * math.sqrt(max(0.0, 1 / scale**2 - 1))
    return np.asarray(cv2.GaussianBlur(card, (0, 0), sigma_px), dtype=np.uint8) if sigma_px > 0.3 else card


def _corners(pose: CardPose, aspect: float) -> NDArray[np.float32]:
    half_width = pose.fill * pose.width_px / 2
    half_height = half_width * aspect
    turn = math.radians(pose.turn_deg)
    placed = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        across = x * half_width * (1 + y * pose.tilt_y / 2)
        down = y * half_height * (1 + x * pose.tilt_x / 2)
        placed.append(
            (
                pose.width_px / 2 + pose.shift_x_px + across * math.cos(turn) - down * math.sin(turn),
                pose.height_px / 2 + pose.shift_y_px + across * math.sin(turn) + down * math.cos(turn),
            )
        )
    return np.array(placed, np.float32)


def _draw_lines(pen: ImageDraw.ImageDraw, card: CardBack, px_per_mm: float) -> None:
    face = (files("devices.emulators") / "fonts" / "OCRB.otf").read_bytes()
    font = ImageFont.truetype(BytesIO(face), PITCH_MM * px_per_mm * _EM_PER_PITCH)
    for row, line in enumerate(card.lines):
        baseline_mm = _LAST_BASELINE_MM - (LINE_COUNT - 1 - row) * card.line_spacing_mm
        for column, glyph in enumerate(line):  # glyph by glyph: Pillow rounds advances to whole pixels
            place = ((_LEFT_MM + column * PITCH_MM) * px_per_mm, baseline_mm * px_per_mm)
            pen.text(place, glyph, font=font, fill=_INK, anchor="ls")


def _draw_waves(pen: ImageDraw.ImageDraw, size_px: tuple[int, int], waviness: float, px_per_mm: float) -> None:
    """Bundles of fine sine lines, as a guilloche."""
    across = np.linspace(0, size_px[0], 160)
    for bundle, colour in enumerate(_WAVES):
        tint = tuple(round(paper + (ink - paper) * waviness) for paper, ink in zip(_PAPER, colour, strict=True))
        for strand in range(26):
            middle = (strand - 2) * size_px[1] / 22
            swing = size_px[1] * (0.04 + 0.02 * bundle)
            down = middle + swing * np.sin(across / size_px[0] * (9 + 4 * bundle) + strand * 0.35 + bundle)
            pen.line([*zip(across.tolist(), down.tolist(), strict=True)], fill=tint, width=max(1, round(px_per_mm / 5)))


def _box(pen: ImageDraw.ImageDraw, box_mm: tuple[float, float, float, float], px_per_mm: float, fill: str) -> None:
    pen.rectangle([round(edge * px_per_mm) for edge in box_mm], fill=fill)


def _text_bars(pen: ImageDraw.ImageDraw, bars_mm: Sequence[tuple[float, float, float]], px_per_mm: float) -> None:
    """Small print as short dark dashes: left, top and length."""
    for left, top, length in bars_mm:
        x = left
        while x < left + length:
            _box(pen, (x, top, x + 1.0, top + 1.3), px_per_mm, "#4a4a50")
            x += 1.6


def _draw_2021(pen: ImageDraw.ImageDraw, px_per_mm: float) -> None:
    _text_bars(pen, ((5, 4, 34), (5, 7.5, 26), (5, 12, 30), (34, 20, 18), (34, 23, 14)), px_per_mm)
    _box(pen, (5, 16, 17, 27), px_per_mm, "#c9b26a")  # the chip's contacts
    for left in (54, 69):
        _box(pen, (left, 4, left + 12, 24), px_per_mm, "#d8d2cc")
        for ridge in range(12):
            top = 5 + ridge * 1.5
            pen.arc([round(v * px_per_mm) for v in (left + 1, top, left + 11, top + 9)], 200, 340, fill="#8a7f86")


def _draw_2024(picture: Image.Image, pen: ImageDraw.ImageDraw, qr: bytes, px_per_mm: float) -> None:
    _text_bars(pen, ((5, 4, 40), (5, 7.5, 44), (5, 12, 38), (24, 18, 24), (24, 22, 18)), px_per_mm)
    _box(pen, (5, 16, 17, 27), px_per_mm, "#c9b26a")
    if not qr:
        return
    side_px = round(20 * px_per_mm)
    symbol = zxingcpp.create_barcode(qr, zxingcpp.BarcodeFormat.QRCodeModel2).to_image(scale=4)
    shown = Image.fromarray(np.asarray(symbol, dtype=np.uint8)).resize((side_px, side_px))
    picture.paste(shown.convert("RGB"), (round(62 * px_per_mm), round(4 * px_per_mm)))
