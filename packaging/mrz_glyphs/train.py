"""Trains the glyph classifier of devices/mrz_picture from the OCR-B face in devices/emulators/fonts.

    .venv/bin/python packaging/mrz_glyphs/train.py [--lines 16000] [--epochs 14] [--seed 1] [--also FONT.ttf …]

Draws lines of random glyphs, worsens them as cameras do, cuts a window around each glyph and around each gap, and
trains a small network with Adam in numpy (some minutes on one core). Writes devices/mrz_picture/glyphs.npz.
`--also`: other faces with a fixed pitch for a tenth of the lines, so that the network leans less on one drawing of
OCR-B. The shipped weights had Debian's DejaVu Sans Mono and Liberation Mono (both free).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from devices.mrz_picture.glyphs import ALPHABET, OFF, PITCH_PX, WINDOW_PX, normalised

ROOT = Path(__file__).resolve().parents[2]
FONT = ROOT / "devices" / "emulators" / "fonts" / "OCRB.otf"
WEIGHTS = ROOT / "devices" / "mrz_picture" / "glyphs.npz"
DRAWN_PITCH, DRAWN_HEIGHT, MARGIN = 40, 120, 3
GLYPHS_A_LINE = 16
HIDDEN = 224
ALSO_SHARE = 0.1
Floats = NDArray[np.float32]
Random = np.random.Generator


def drawn_line(text: str, face: Path, random: Random) -> Floats:
    """Ink from 0 to 1 at `DRAWN_PITCH` a glyph, with `MARGIN` pitches of paper at both ends; the middle line is that
    of the capitals. Neighbouring print may stand above and below."""
    size = ((len(text) + 2 * MARGIN) * DRAWN_PITCH, DRAWN_HEIGHT)
    picture = Image.new("L", size, 0)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(face), 100)
    font = ImageFont.truetype(str(face), 100 * DRAWN_PITCH / font.getlength("H"))
    ink_middle = font.getbbox("H", anchor="ls")
    baseline = DRAWN_HEIGHT / 2 - (ink_middle[1] + ink_middle[3]) / 2
    for column, glyph in enumerate(text):
        pen.text(((column + MARGIN) * DRAWN_PITCH, baseline), glyph, font=font, fill=255, anchor="ls")
        for neighbour in (-1, 1):
            if random.random() < 0.5:
                place = ((column + MARGIN) * DRAWN_PITCH, baseline + neighbour * DRAWN_PITCH * random.uniform(1.7, 2.5))
                pen.text(place, random.choice(list(ALPHABET)), font=font, fill=255, anchor="ls")
    ink = np.asarray(picture)
    weight = int(random.integers(-1, 4))
    if weight:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(weight) + 1,) * 2)
        ink = (cv2.dilate if weight > 0 else cv2.erode)(ink, kernel)
    return np.asarray(ink, np.float32) / 255


def bent(ink: Floats, random: Random) -> tuple[Floats, NDArray[np.float64]]:
    """A little turned, sheared, stretched: the picture and the 2 × 3 placing."""
    height, width = ink.shape
    turn, shear = np.radians(random.uniform(-1.2, 1.2)), np.radians(random.normal(0, 4))
    wide, high = random.uniform(0.94, 1.06), random.uniform(0.86, 1.14)
    linear = np.array([[wide, wide * np.tan(shear)], [wide * np.sin(turn), high]])
    middle = np.array([width / 2, height / 2])
    placing = np.column_stack([linear, middle - linear @ middle])
    return np.asarray(cv2.warpAffine(ink, placing, (width, height)), np.float32), placing


def on_paper(ink: Floats, random: Random) -> Floats:
    """Grey levels: ink on paper with waves, light from one side, now and then a glare."""
    height, width = ink.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    paper = np.full_like(ink, random.uniform(110, 245))
    for _ in range(int(random.integers(0, 9))):
        period, phase = random.uniform(60, 400), random.uniform(0, 6.28)
        middle = random.uniform(0, height) + random.uniform(10, 50) * np.sin(across / period * 6.28 + phase)
        paper -= random.uniform(5, 70) * np.exp(-(((down - middle) / random.uniform(1, 3.5)) ** 2))
    grey = paper * (1 - ink) + ink * random.uniform(10, 60)
    slope = across / width * np.cos(turn := random.uniform(0, 6.28)) + down / height * np.sin(turn)
    grey *= 1 - random.uniform(0, 0.5) * slope
    if random.random() < 0.15:
        spot = np.exp(-(((across - random.uniform(0, width)) / random.uniform(80, 300)) ** 2))
        grey += random.uniform(30, 150) * spot
    return np.asarray(np.clip(grey, 0, 255), np.float32)


def seen(grey: Floats, random: Random) -> Floats:
    """Through lens and sensor, at the canonical pitch."""
    pitch = random.uniform(8, 32) if random.random() < 0.8 else 8
    scale = pitch / DRAWN_PITCH
    antialias = 0.5 * np.sqrt(max(0.0, 1 / scale**2 - 1))
    blur = pitch * random.uniform(0, 0.17) / scale if random.random() < 0.7 else 0
    lens = cv2.GaussianBlur(grey, (0, 0), max(0.3, float(np.hypot(antialias, blur))))
    if random.random() < 0.3:
        lens = smeared(lens, round(pitch * random.uniform(0.1, 0.42) / scale), random)
    if random.random() < 0.25:
        lens = defocused(lens, pitch * random.uniform(0.05, 0.2) / scale)
    small = cv2.resize(lens, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    small = small * random.uniform(0.25, 1.0)
    noisy = np.clip(small + random.normal(0, random.exponential(7), small.shape), 0, 255).astype(np.uint8)
    if random.random() < 0.5:
        packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(8, 92))])[1]
        noisy = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    size = (round(grey.shape[1] * PITCH_PX / DRAWN_PITCH), round(grey.shape[0] * PITCH_PX / DRAWN_PITCH))
    way = cv2.INTER_AREA if pitch > 1.5 * PITCH_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(noisy, size, interpolation=way), np.float32)


def smeared(grey: Floats, length: int, random: Random) -> Floats:
    length = max(2, length)
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D(((length - 1) / 2,) * 2, float(random.uniform(0, 180)), 1.0)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
    return np.asarray(cv2.filter2D(grey, -1, kernel / kernel.sum()), np.float32)


def defocused(grey: Floats, radius: float) -> Floats:
    reach = max(1, int(np.ceil(radius)))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(down, across), 0, 1).astype(np.float32)
    return np.asarray(cv2.filter2D(grey, -1, disc / disc.sum()), np.float32)


def windows_of_a_line(random: Random, also: Sequence[Path]) -> Iterator[tuple[Floats, int]]:
    """Windows with their class: on each glyph a little off centre, and between glyphs or beside the line."""
    share = random.uniform(0, 0.4)
    text = "".join("<" if random.random() < share else str(random.choice(list(ALPHABET))) for _ in range(GLYPHS_A_LINE))
    face = also[int(random.integers(len(also)))] if also and random.random() < ALSO_SHARE else FONT
    ink, placing = bent(drawn_line(text, face, random), random)
    line = seen(on_paper(ink, random), random)
    scale = PITCH_PX / DRAWN_PITCH
    for column in range(-1, GLYPHS_A_LINE + 1):
        centre = placing @ np.array([(column + MARGIN + 0.5) * DRAWN_PITCH, DRAWN_HEIGHT / 2, 1.0]) * scale
        on_text = 0 <= column < GLYPHS_A_LINE
        if on_text:
            offset = random.normal(0, 1.1, 2).clip(-2.4, 2.4) * (1, 1.2)
            yield window(line, centre + offset), ALPHABET.index(text[column])
        if not on_text or random.random() < 0.55:
            off = random.uniform(0.32, 0.68) * PITCH_PX
            where = centre + np.array([off, random.normal(0, 1.5)]) if on_text else centre + random.uniform(-4, 4, 2)
            yield window(line, where), OFF
        if on_text and random.random() < 0.1:
            away = random.choice([-1, 1]) * random.uniform(0.4, 1.0) * PITCH_PX
            where = centre + np.array([random.uniform(-3, 3), away])
            yield window(line, where), OFF


def window(line: Floats, centre: NDArray[np.float64]) -> Floats:
    """Cut to the nearest whole pixel, as the reader does."""
    width, height = WINDOW_PX
    left, top = round(float(centre[0]) - width / 2), round(float(centre[1]) - height / 2)
    left, top = max(0, min(left, line.shape[1] - width)), max(0, min(top, line.shape[0] - height))
    return line[top : top + height, left : left + width].ravel()


def made_windows(lines: int, seed: int, also: Sequence[Path] = ()) -> tuple[Floats, NDArray[np.int64]]:
    windows, labels = [], []
    for index in range(lines):
        for cut, label in windows_of_a_line(np.random.default_rng((seed, index)), also):
            windows.append(cut)
            labels.append(label)
    return normalised(np.asarray(windows, np.float32)), np.asarray(labels)


class Network:
    """Two layers, trained with Adam on softmax cross-entropy; label smoothing keeps it from being too sure."""

    def __init__(self, random: Random) -> None:
        inputs, classes = WINDOW_PX[0] * WINDOW_PX[1], OFF + 1
        self.parameters = [
            random.normal(0, np.sqrt(2 / inputs), (inputs, HIDDEN)).astype(np.float32),
            np.zeros(HIDDEN, np.float32),
            random.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, classes)).astype(np.float32),
            np.zeros(classes, np.float32),
        ]
        self._means = [np.zeros_like(one) for one in self.parameters]
        self._squares = [np.zeros_like(one) for one in self.parameters]
        self._steps = 0

    def step(self, windows: Floats, labels: NDArray[np.int64], rate: float, random: Random) -> float:
        into, into_bias, out, out_bias = self.parameters
        hidden = np.maximum(windows @ into + into_bias, 0)
        kept = (random.random(hidden.shape, dtype=np.float32) > 0.15).astype(np.float32) / 0.85
        hidden *= kept
        logits = hidden @ out + out_bias
        logits -= logits.max(1, keepdims=True)
        share = np.exp(logits)
        share /= share.sum(1, keepdims=True)
        rows = np.arange(len(labels))
        loss = float(-np.log(share[rows, labels] + 1e-9).mean())
        wanted = np.full_like(share, 0.02 / share.shape[1])
        wanted[rows, labels] += 0.98
        blame = (share - wanted) / len(labels)
        hidden_blame = (blame @ out.T) * kept * (hidden > 0)
        self._adam([windows.T @ hidden_blame, hidden_blame.sum(0), hidden.T @ blame, blame.sum(0)], rate)
        return loss

    def _adam(self, slopes: list[Floats], rate: float) -> None:
        self._steps += 1
        for value, slope, mean, square in zip(self.parameters, slopes, self._means, self._squares, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            fresh = 1 - 0.9**self._steps, 1 - 0.999**self._steps
            value -= rate * (mean / fresh[0]) / (np.sqrt(square / fresh[1]) + 1e-8) + rate * 1e-3 * value

    def right(self, windows: Floats, labels: NDArray[np.int64]) -> float:
        into, into_bias, out, out_bias = self.parameters
        guess = (np.maximum(windows @ into + into_bias, 0) @ out + out_bias).argmax(1)
        return float((guess == labels).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=16000)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--also", type=Path, nargs="*", default=[])
    chosen = parser.parse_args()
    windows, labels = made_windows(chosen.lines, chosen.seed, chosen.also)
    held_back, held_back_labels = made_windows(300, chosen.seed + 1)
    random = np.random.default_rng(chosen.seed)
    network, batch = Network(random), 256
    for epoch in range(chosen.epochs):
        rate = 0.5 * 2e-3 * (1 + np.cos(np.pi * epoch / chosen.epochs))
        order = random.permutation(len(labels))
        batches = np.array_split(order, len(order) // batch)
        loss = np.mean([network.step(windows[rows], labels[rows], rate, random) for rows in batches])
        print(f"epoch {epoch + 1}: loss {loss:.3f}, held back right {network.right(held_back, held_back_labels):.4f}")
    names = ("into", "into_bias", "out", "out_bias")
    halves = {name: value.astype(np.float16) for name, value in zip(names, network.parameters, strict=True)}
    np.savez_compressed(WEIGHTS, **halves)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
