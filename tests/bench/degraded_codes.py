"""Made-up codes as a kiosk's camera would see them at their worst: always the same pictures from one seed.

Written before the pipeline was tuned and judged on, never tuned to. A sample is drawn with zxing-cpp's writer on a pale
card on a desk, put into perspective at twice the camera's resolution, degraded by one category at one of five steps,
and sampled to 1280×720 with a little blur and noise that every camera has. Nothing is stored.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Image = NDArray[np.float32]
"""Height × width, linear light: 0 black, 1 white paper."""
Random = np.random.Generator
Draw = Callable[[bytes, zxingcpp.BarcodeFormat, int], NDArray[np.uint8]]
"""Bytes, format and pixels a module to a picture of the code with its quiet zone, black on white."""
Formats = zxingcpp.BarcodeFormat

SEED = 20261122
STEPS = 5
_WIDTH_PX, _HEIGHT_PX, _OVERSAMPLING = 1280, 720, 2
_GAMMA = 2.2


class Category(StrEnum):
    CLEAN = "clean"
    DEFOCUS = "defocus"
    MOTION = "motion"
    PERSPECTIVE = "perspective"
    NOISE = "noise"
    GLARE = "glare"
    LOW_LIGHT = "low light"
    SMALL = "small"
    ROTATED = "rotated"
    MOIRE = "phone moiré"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """`picture`: 720 × 1280 × 3, blue-green-red. `data`: the bytes that are to be read. `step`: 1 mild to 5 worst."""

    category: Category
    step: int
    code_format: zxingcpp.BarcodeFormat
    data: bytes
    picture: NDArray[np.uint8]


MODULE_PX = {Formats.QRCodeModel2: 4.0, Formats.MicroQRCode: 5.0, Formats.DataMatrix: 4.0, Formats.PDF417: 3.0}
LINEAR_MODULE_PX = 2.6
FORMATS = (
    Formats.QRCodeModel2,
    Formats.MicroQRCode,
    Formats.DataMatrix,
    Formats.PDF417,
    Formats.Code128,
    Formats.Code39,
    Formats.EAN13,
)

# What each step means. Lengths are in code modules, so that every kind of code suffers alike.
_DEFOCUS_RADIUS = (0.4, 0.6, 0.8, 0.95, 1.1)
_MOTION_LENGTH = (0.6, 0.9, 1.2, 1.5, 1.8)
_TILT_DEG = (20.0, 35.0, 45.0, 53.0, 60.0)
_NOISE_SIGMA = (0.05, 0.09, 0.13, 0.18, 0.24)
_GLARE_AREA = (0.03, 0.06, 0.10, 0.14, 0.18)
_LIGHT = (0.30, 0.12, 0.05, 0.025, 0.013)
_SIZE = (0.55, 0.45, 0.38, 0.33, 0.29)
_ROTATED_SIZE = (1.0, 0.8, 0.65, 0.55, 0.48)
_MOIRE_DEPTH = (0.3, 0.45, 0.6, 0.75, 0.9)


def drawn(data: bytes, code_format: zxingcpp.BarcodeFormat, module_px: int) -> NDArray[np.uint8]:
    """With zxing-cpp's writer, which cuts a citizen card's line into segments of digits and bytes, marked as bytes."""
    content: bytes | str = data if code_format == Formats.QRCodeModel2 else data.decode()
    options = {"ec_level": "M"} if code_format == Formats.QRCodeModel2 else {}
    return np.asarray(
        zxingcpp.create_barcode(content, code_format, **options).to_image(scale=module_px), dtype=np.uint8
    )


def drawn_in_one_segment(data: bytes, code_format: zxingcpp.BarcodeFormat, module_px: int) -> NDArray[np.uint8]:
    """A QR of one byte segment without any mark, whatever the format: OpenCV cannot read the segments of `drawn`."""
    wanted = cv2.QRCodeEncoder_Params()
    wanted.mode, wanted.correction_level = cv2.QRCodeEncoder_MODE_BYTE, cv2.QRCodeEncoder_CORRECT_LEVEL_M
    code = cv2.copyMakeBorder(cv2.QRCodeEncoder_create(wanted).encode(data.decode()), *[2] * 4, 0, value=255)
    return np.asarray(cv2.resize(code, None, fx=module_px, fy=module_px, interpolation=cv2.INTER_NEAREST), np.uint8)


def degraded_codes(
    *,
    code_format: zxingcpp.BarcodeFormat = Formats.QRCodeModel2,
    each: int = 4,
    seed: int = SEED,
    draw: Draw = drawn,
) -> Iterator[Sample]:
    """`each` samples for every category and step; the same ones for the same arguments."""
    for category in Category:
        for step in range(1, STEPS + 1):
            for turn in range(each):
                key = zlib.crc32(f"{code_format.name}/{category}/{step}/{turn}".encode())
                yield _sample(category, step, code_format, np.random.default_rng([seed, key]), draw)


def citizen_payload(random: Random) -> bytes:
    """A made-up citizen card's line, 150 to 200 bytes of UTF-8."""
    male = bool(random.integers(2))
    year, month, day = int(random.integers(1945, 2008)), int(random.integers(1, 13)), int(random.integers(1, 29))
    century_and_sex = (0 if year < 2000 else 2) + (0 if male else 1)
    number = f"{random.integers(1, 97):03d}{century_and_sex}{year % 100:02d}{random.integers(1, 999999):06d}"
    name = " ".join(random.choice(part) for part in (_FAMILY, _MIDDLE, _MIDDLE_TOO, _GIVEN))
    place = f"Số {random.integers(1, 300)}, {random.choice(_STREETS)}, {random.choice(_WARDS)}"
    address = f"{place}, {random.choice(_DISTRICTS)}, {random.choice(_PROVINCES)}"
    issued = f"{random.integers(1, 29):02d}{random.integers(1, 13):02d}{random.integers(2021, 2026)}"
    old_number = f"{random.integers(10**8, 10**9)}"
    sex = "Nam" if male else "Nữ"
    line = f"{number}|{old_number}|{name}|{day:02d}{month:02d}{year}|{sex}|{address}|{issued}".encode()
    return line if 150 <= len(line) <= 200 else citizen_payload(random)


_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ")
_MIDDLE = ("Thị", "Văn", "Hữu", "Ngọc", "Đức", "Minh")
_MIDDLE_TOO = ("Phương", "Quốc", "Thanh", "Hoài", "Bảo", "Kim")
_GIVEN = ("Thảo", "Hiếu", "Nguyệt", "Dũng", "Hằng", "Khánh", "Tuyết", "Ý")
_STREETS = ("Đường Lý Thường Kiệt", "Đường Trần Hưng Đạo", "Ngõ 12 Láng Hạ", "Thôn Đông Trù", "Ấp Mỹ Thuận")
_WARDS = ("Phường Bến Nghé", "Xã Đông Hội", "Phường Thượng Cát", "Xã Mỹ Hòa")
_DISTRICTS = ("Quận 10", "Huyện Đông Anh", "Thị xã Bình Minh", "Quận Bắc Từ Liêm")
_PROVINCES = ("Thành phố Hồ Chí Minh", "Hà Nội", "Vĩnh Long", "Thừa Thiên Huế")


def _payload(code_format: zxingcpp.BarcodeFormat, random: Random) -> bytes:
    digits = "".join(str(digit) for digit in random.integers(0, 10, 12))
    match code_format:
        case Formats.QRCodeModel2:
            return citizen_payload(random)
        case Formats.MicroQRCode:
            return digits[:10].encode()
        case Formats.EAN13:
            odd, even = (sum(int(digit) for digit in digits[start::2]) for start in (0, 1))
            return f"{digits}{-(odd + 3 * even) % 10}".encode()
        case Formats.Code39:
            return f"BN{digits[:8]}".encode()
        case Formats.PDF417:
            return f"DN{digits}3|Khoa Noi|{digits[:8]}".encode()
        case _:
            return f"DN{digits}3"[:15].encode()


def _sample(category: Category, step: int, code_format: zxingcpp.BarcodeFormat, random: Random, draw: Draw) -> Sample:
    data = _payload(code_format, random)
    module_px = MODULE_PX.get(code_format, LINEAR_MODULE_PX) * _scale(category, step)
    scene = _scene(_symbol(data, code_format, module_px, draw), category, step, random)
    light = _in_category(scene, category, step, module_px, random)
    return Sample(
        category=category,
        step=step,
        code_format=code_format,
        data=data,
        picture=_sampled(light, category, step, random),
    )


def _scale(category: Category, step: int) -> float:
    sizes = {Category.SMALL: _SIZE, Category.ROTATED: _ROTATED_SIZE}.get(category)
    return sizes[step - 1] if sizes else 1.0


def _symbol(data: bytes, code_format: zxingcpp.BarcodeFormat, module_px: float, draw: Draw) -> Image:
    """The code with its quiet zone, `module_px` camera pixels a module, at the oversampled resolution."""
    drawn_px = max(1, math.ceil(module_px * _OVERSAMPLING))
    image = draw(data, code_format, drawn_px).astype(np.float32) / 255
    if code_format in (Formats.Code128, Formats.Code39, Formats.EAN13):
        image = image[: int(30 * drawn_px)]  # labels are low: zxing draws 50 modules
        margin_px = 2 * drawn_px
        image = cv2.copyMakeBorder(image, margin_px, margin_px, 0, 0, cv2.BORDER_CONSTANT, value=1.0)
    ratio = module_px * _OVERSAMPLING / drawn_px
    return np.asarray(cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _scene(symbol: Image, category: Category, step: int, random: Random) -> Image:
    """The symbol on a pale card with some print, seen from the camera, on a desk."""
    height_px, width_px = _HEIGHT_PX * _OVERSAMPLING, _WIDTH_PX * _OVERSAMPLING
    card_height_px = max(symbol.shape[0] * 2, 500)
    card = np.full((card_height_px, int(max(symbol.shape[1] * 1.4 + 300, card_height_px * 1.58))), 0.8, np.float32)
    for line in range(8):  # print beside the code
        top_px = 40 + line * (card_height_px - 80) // 8
        cv2.rectangle(card, (30, top_px), (int(random.integers(120, 250)), top_px + 14), 0.25, -1)
    top_px, left_px = (card.shape[0] - symbol.shape[0]) // 2, card.shape[1] - symbol.shape[1] - 40
    card[top_px : top_px + symbol.shape[0], left_px : left_px + symbol.shape[1]] = symbol
    middle = (left_px + symbol.shape[1] / 2, top_px + symbol.shape[0] / 2)
    seen_from = _camera(middle, category, step, random)
    desk = _desk(random)
    shown = cv2.warpPerspective(card, seen_from, (width_px, height_px), flags=cv2.INTER_LINEAR, borderValue=-1.0)
    return np.where(shown < 0, desk, shown).astype(np.float32)


def _desk(random: Random) -> Image:
    coarse = random.uniform(0.15, 0.4, (9, 16)).astype(np.float32)
    size = (_WIDTH_PX * _OVERSAMPLING, _HEIGHT_PX * _OVERSAMPLING)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _camera(middle: tuple[float, float], category: Category, step: int, random: Random) -> NDArray[np.float64]:
    """Card to frame: turned, then tilted about an axis in the frame, at a distance of five code widths or so."""
    turn = math.radians(random.uniform(0, 360) if category is Category.ROTATED else random.uniform(-4, 4))
    tilt = math.radians(_TILT_DEG[step - 1] if category is Category.PERSPECTIVE else random.uniform(0, 6))
    axis = random.uniform(0, 2 * math.pi)
    rotation = cv2.Rodrigues(np.array([math.cos(axis), math.sin(axis), 0.0]) * tilt)[0]
    spin = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    plane = rotation[:, :2] @ spin
    distance_px = 2200.0
    to_middle = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, 1]])
    shift = random.uniform(-60, 60, 2)
    centre = np.array([_WIDTH_PX, _HEIGHT_PX]) * _OVERSAMPLING / 2 + shift
    posed = np.column_stack([plane, [0, 0, distance_px]])
    lens = np.array([[distance_px, 0, centre[0]], [0, distance_px, centre[1]], [0, 0, 1]])
    return np.asarray(lens @ posed @ to_middle, dtype=np.float64)


def _in_category(scene: Image, category: Category, step: int, module_px: float, random: Random) -> Image:
    module = module_px * _OVERSAMPLING
    effects: dict[Category, Callable[[], Image]] = {
        Category.DEFOCUS: lambda: _blurred(scene, _disc(_DEFOCUS_RADIUS[step - 1] * module)),
        Category.MOTION: lambda: _blurred(scene, _streak(_MOTION_LENGTH[step - 1] * module, random)),
        Category.GLARE: lambda: _with_glare(scene, _GLARE_AREA[step - 1], module, random),
        Category.LOW_LIGHT: lambda: scene * _LIGHT[step - 1] * _falling_off(random),
        Category.MOIRE: lambda: _on_a_phone(scene, _MOIRE_DEPTH[step - 1], random),
    }
    return effects.get(category, lambda: scene)()


def _blurred(scene: Image, kernel: Image) -> Image:
    return np.asarray(cv2.filter2D(scene, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)


def _disc(radius_px: float) -> Image:
    reach = math.ceil(radius_px)
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.clip(radius_px + 0.5 - np.hypot(down, right), 0, 1).astype(np.float32)


def _streak(length_px: float, random: Random) -> Image:
    angle, reach = random.uniform(0, math.pi), math.ceil(length_px / 2) + 1
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along = right * math.cos(angle) + down * math.sin(angle)
    across = -right * math.sin(angle) + down * math.cos(angle)
    on_it = np.clip(length_px / 2 + 0.5 - np.abs(along), 0, 1) * np.clip(1 - np.abs(across), 0, 1)
    return on_it.astype(np.float32)


def _with_glare(scene: Image, area: float, module: float, random: Random) -> Image:
    """A lamp's reflection over the code: a burnt-out ellipse with a soft edge, `area` of a 57-module square."""
    side_px = 57 * module
    long_px = side_px * math.sqrt(area / math.pi) * random.uniform(1.0, 1.6)
    short_px = area * side_px**2 / (math.pi * long_px)
    angle, away = random.uniform(0, math.pi), random.uniform(0.1, 0.3) * side_px
    direction = random.uniform(0, 2 * math.pi)
    down, right = np.mgrid[: scene.shape[0], : scene.shape[1]].astype(np.float32)
    right -= scene.shape[1] / 2 + away * math.cos(direction)
    down -= scene.shape[0] / 2 + away * math.sin(direction)
    along = (right * math.cos(angle) + down * math.sin(angle)) / long_px
    across = (down * math.cos(angle) - right * math.sin(angle)) / short_px
    return np.asarray(scene + 1.6 * np.exp(-((along**2 + across**2) ** 1.5) * 0.7), dtype=np.float32)


def _falling_off(random: Random) -> Image:
    """Light from one side: the far end gets a third of it."""
    angle = random.uniform(0, 2 * math.pi)
    down, right = np.mgrid[-1 : 1 : _HEIGHT_PX * _OVERSAMPLING * 1j, -1 : 1 : _WIDTH_PX * _OVERSAMPLING * 1j]
    return np.clip(0.67 + 0.33 * (right * math.cos(angle) + down * math.sin(angle)), 0.3, 1).astype(np.float32)


def _on_a_phone(scene: Image, depth: float, random: Random) -> Image:
    """A screen's pixel grid close to the camera's own pitch, with the bands of its refresh: they beat."""
    pitch_px, angle = random.uniform(2.1, 3.4), math.radians(random.uniform(-5, 5))
    down, right = np.mgrid[: scene.shape[0], : scene.shape[1]].astype(np.float32)
    along = (right * math.cos(angle) + down * math.sin(angle)) * (2 * math.pi / pitch_px)
    across = (down * math.cos(angle) - right * math.sin(angle)) * (2 * math.pi / pitch_px)
    grid = 1 - depth * (0.5 - 0.25 * (np.cos(along) + np.cos(across)))
    bands = 1 - 0.35 * depth * (0.5 + 0.5 * np.sin(down * (2 * math.pi / random.uniform(180, 420))))
    black = 0.03 * (1 - scene)  # a screen's black is not paper's
    return np.asarray((0.6 * scene + black) * grid * bands, dtype=np.float32)


def _sampled(light: Image, category: Category, step: int, random: Random) -> NDArray[np.uint8]:
    """What the sensor makes of the light: lens, pixels, exposure (up to 8 times), noise, gamma, colour."""
    lens = cv2.GaussianBlur(light, (0, 0), 0.9)
    if category is Category.MOIRE:  # no optical low-pass: every second point, so that the grids beat
        seen = lens[::_OVERSAMPLING, ::_OVERSAMPLING]
    else:
        seen = cv2.resize(lens, (_WIDTH_PX, _HEIGHT_PX), interpolation=cv2.INTER_AREA)
    exposed = 1.0 if category is Category.GLARE else min(8.0, 0.75 / max(float(np.percentile(seen, 95)), 1e-4))
    shot = np.sqrt(np.maximum(seen, 0) / 12000) + 0.0015
    noisy = (seen + random.normal(0, 1, seen.shape) * shot) * exposed
    grey = np.clip(noisy, 0, 1) ** (1 / _GAMMA)
    if category is Category.NOISE:
        grey = grey + random.normal(0, _NOISE_SIGMA[step - 1], grey.shape)
    tint = np.array([0.92, 1.0, 0.97])  # warm lamps
    return np.clip(grey[:, :, None] * tint * 255, 0, 255).astype(np.uint8)
