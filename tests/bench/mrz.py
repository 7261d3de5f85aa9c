"""How often the machine-readable zone of a card's back is read, and how fast: ours beside Tesseract and RapidOCR.

    python tests/bench/mrz.py [--each 4] [--others] [--seed N] [--without 200]

The degraded set comes from `degraded_cards.py` (one seed, written before the reader was tuned). A picture counts as
read when document number, birth and expiry are right and every check digit holds; fields that differ while every
check digit holds count as wrong. `--others` judges, on the same pictures: Tesseract (Debian: tesseract-ocr) and
RapidOCR (Python: rapidocr and onnxruntime) when they are installed, each once by itself on the whole picture and once
on the lines that ours found and straightened; their letters and digits are put right by each field's alphabet before
the check digits are asked. `--without`: pictures whose zone is false (random glyphs, or one digit changed): nothing
may be read there.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import cv2
import numpy as np
from degraded_cards import SEED, STEPS, Category, Sample, degraded_cards, zone
from numpy.typing import NDArray

from devices.chip.errors import MalformedData
from devices.chip.mrz import parse_mrz
from devices.emulators.citizen_card import CardBack, CardPose, draw_card_back, hold_card
from devices.mrz_picture.line_finder import find_lines
from devices.mrz_picture.line_reader import DIGITS, LETTERS, LINE_ALPHABETS
from devices.mrz_picture.reading import MrzFinder
from devices.mrz_picture.strips import Cut, cut_strip

Grey = NDArray[np.uint8]
Lines = Sequence[str]
Read = Callable[[Grey], Lines | None]
"""The three lines when every check digit holds."""
Recognise = Callable[[Grey], str]
_TO_DIGIT = dict(zip("OQDIZSBG", "00012586", strict=True))
_TO_LETTER = dict(zip("012586", "OIZSBG", strict=True))
_ALLOWED = DIGITS + LETTERS + "<"


@dataclass
class Score:
    """Pictures by category: right, wrong and all; times in ms."""

    right: dict[Category, int] = field(default_factory=lambda: defaultdict(int))
    all: dict[Category, int] = field(default_factory=lambda: defaultdict(int))
    wrong: int = 0
    took_ms: list[float] = field(default_factory=list)


def readers(*, others: bool) -> dict[str, Read]:
    finder = MrzFinder()

    def ours(grey: Grey) -> Lines | None:
        read = finder.look(grey)
        return read.lines if read is not None and read.complete else None

    known: dict[str, Read] = {"ours": ours}
    if others and shutil.which("tesseract"):
        known["Tesseract"] = lambda grey: first_whole(tesseract(grey, page_mode=6).splitlines())
        known["Tesseract on our lines"] = lambda grey: on_our_lines(grey, lambda strip: tesseract(strip, page_mode=7))
    if others:
        known.update(rapid_readers())
    return known


def rapid_readers() -> dict[str, Read]:
    try:
        from rapidocr import RapidOCR
    except ImportError:
        print("rapidocr is not installed: left out")
        return {}
    engine = RapidOCR()

    def texts(grey: Grey, *, only_recognise: bool) -> list[str]:
        found = engine(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), use_det=not only_recognise, use_cls=not only_recognise)
        return list(found.txts or ())

    return {
        "RapidOCR": lambda grey: first_whole(texts(grey, only_recognise=False)),
        "RapidOCR on our lines": lambda grey: on_our_lines(grey, lambda one: "".join(texts(one, only_recognise=True))),
    }


def tesseract(grey: Grey, *, page_mode: int) -> str:
    packed = cv2.imencode(".png", grey)[1].tobytes()
    command = ("tesseract", "-", "-", "--psm", str(page_mode), "-l", "eng", "-c", f"tessedit_char_whitelist={_ALLOWED}")
    return subprocess.run(command, input=packed, capture_output=True, check=False, timeout=60).stdout.decode()


def on_our_lines(grey: Grey, recognise: Recognise) -> Lines | None:
    for bands in find_lines(grey):
        for upside_down in (False, True):
            cut = Cut(upside_down=upside_down, as_one=True)
            found = first_whole([recognise(enlarged(cut_strip(grey, bands, row, cut))) for row in range(3)])
            if found is not None:
                return found
    return None


def enlarged(strip: Grey) -> Grey:
    large = cv2.resize(strip, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.copyMakeBorder(large, 12, 12, 12, 12, cv2.BORDER_REPLICATE), dtype=np.uint8)


def first_whole(texts: Iterable[str]) -> Lines | None:
    """The first three lines of 30 that hold every check digit."""
    cleaned = ["".join(glyph for glyph in text.upper() if glyph in _ALLOWED) for text in texts]
    for three in combinations([line for line in cleaned if len(line) == 30], 3):
        lines = [put_right(line, row) for row, line in enumerate(three)]
        if holds(lines):
            return lines
    return None


def put_right(line: str, row: int) -> str:
    """By the alphabet of each place; a Vietnamese card's number has digits only."""
    vietnamese = row == 0 and line[2:5] in ("VNM", "YNM", "VMM")
    return "".join(
        _TO_DIGIT.get(glyph, glyph)
        if allowed in (DIGITS, DIGITS + "<") or (vietnamese and 5 <= place < 27)
        else (_TO_LETTER.get(glyph, glyph) if not set(DIGITS) & set(allowed) else glyph)
        for place, (glyph, allowed) in enumerate(zip(line, LINE_ALPHABETS[row], strict=True))
    )


def holds(lines: Lines) -> bool:
    try:
        return not parse_mrz(lines).wrong_digits
    except MalformedData:
        return False


def key_fields(lines: Lines) -> tuple[str, str, str]:
    return lines[0][5:14], lines[1][0:6], lines[1][8:14]


def judge(read: Read, samples: Iterable[Sample]) -> Score:
    score = Score()
    for sample in samples:
        grey = np.asarray(cv2.cvtColor(sample.picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        begun = time.perf_counter()
        lines = read(grey)
        score.took_ms.append((time.perf_counter() - begun) * 1000)
        score.all[sample.category] += 1
        if lines is not None and key_fields(lines) == key_fields(sample.lines):
            score.right[sample.category] += 1
        elif lines is not None:
            score.wrong += 1
    return score


def false_zones(count: int, seed: int) -> Iterator[Grey]:
    """Clear pictures of zones with a wrong check digit; every second one of random glyphs."""
    for index in range(count):
        random = np.random.default_rng((seed, 99, index))
        if index % 2:
            lines: Lines = ["".join(random.choice(list(_ALLOWED), 30)) for _ in range(3)]
        else:
            true = zone(random)
            place = int(random.choice([*range(0, 6), *range(8, 14)]))
            digit = str((int(true[1][place]) + int(random.integers(1, 10))) % 10)
            lines = [true[0], true[1][:place] + digit + true[1][place + 1 :], true[2]]
        pose = replace(CardPose(), turn_deg=float(random.uniform(-4, 4)), fill=float(random.uniform(0.5, 0.85)))
        frame = hold_card(draw_card_back(CardBack(lines=lines)), pose)
        blurred = cv2.GaussianBlur(frame, (0, 0), float(random.uniform(0.4, 2.2)))
        yield np.asarray(cv2.cvtColor(blurred, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def table(scores: dict[str, Score]) -> str:
    names = list(scores)
    rows = [["", *names], ["---", *["---"] * len(names)]]
    rows += [
        [category.value, *(f"{one.right[category]}/{one.all[category]}" for one in scores.values())]
        for category in Category
    ]
    rows.append(["**all**", *(f"**{share(one):.1f} %**" for one in scores.values())])
    rows.append(["wrong, all check digits right", *(str(one.wrong) for one in scores.values())])
    rows.append(["ms, median", *(f"{statistics.median(one.took_ms):.0f}" for one in scores.values())])
    rows.append(["ms, 95 of 100", *(f"{np.percentile(one.took_ms, 95):.0f}" for one in scores.values())])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def share(score: Score) -> float:
    return 100 * sum(score.right.values()) / max(1, sum(score.all.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=4, help="cards a category and step")
    parser.add_argument("--others", action="store_true", help="judge the other readers too (slow)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--without", type=int, default=200, help="pictures with a false zone")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    known = readers(others=chosen.others)
    samples = degraded_cards(chosen.seed, each=chosen.each)
    kept = list(samples) if len(known) > 1 else samples
    scores = {name: judge(read, kept) for name, read in known.items()}
    print(f"{chosen.each} cards in each of {STEPS} steps, seed {chosen.seed}; read within one frame\n")
    print(table(scores))
    told = sum(known["ours"](grey) is not None for grey in false_zones(chosen.without, chosen.seed))
    print(f"\nfalse zones read by ours: {told} of {chosen.without}")


if __name__ == "__main__":
    main()
