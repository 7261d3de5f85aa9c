"""Decode rate and time of our still decoder beside plain zxing-cpp, OpenCV and pyzbar, on the same pictures in one run.

    python tests/bench/decode.py [--each 4] [--others 1] [--samples FOLDER] [--seed N]

The degraded set comes from `degraded_codes.py` (one seed, written before the pipeline was tuned); another `--seed`
gives pictures nobody has looked at. The citizen cards come a second time as one byte segment: OpenCV cannot read the
mixed segments of zxing-cpp's writer, which says nothing of its eyes. `--samples` adds
zxing-cpp's own blackbox pictures: its folder test/samples, each picture beside a .txt with what it says. pyzbar is
judged when it is installed (Debian: libzbar0; Python: pyzbar); nothing else needs it. A read that is not what the
picture holds counts against a decoder.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from degraded_codes import FORMATS, SEED, Draw, Formats, degraded_codes, drawn, drawn_in_one_segment

from devices.cameras.code_finder import CodeFinder
from devices.cameras.preparation import Grey
from devices.cameras.still_decoder import ALL_FORMATS, StillDecoder
from devices.cameras.still_pictures import load_grey

Decode = Callable[[Grey], Iterable[bytes]]
SAMPLE_FOLDERS = ("qrcode-", "microqrcode-", "datamatrix-", "pdf417-", "code128-", "code39-", "ean13-", "ean8-")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass
class Score:
    """`right`, `wrong` and `all` pictures by group; times of every picture in ms."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    all: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: int = 0
    was_right: list[bool] = field(default_factory=list)
    hits_ms: list[float] = field(default_factory=list)
    all_ms: list[float] = field(default_factory=list)


def decoders() -> dict[str, Decode]:
    still = StillDecoder()
    wanted = zxingcpp.BarcodeFormats(list(ALL_FORMATS))
    classic, aruco = cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()
    known: dict[str, Decode] = {
        "ours": lambda grey: [symbol.data for symbol in still.decode(grey)],
        "zxing-cpp": lambda grey: [
            bytes(code.bytes)
            for code in zxingcpp.read_barcodes(grey, formats=wanted, text_mode=zxingcpp.TextMode.Plain)
            if code.valid
        ],
        "OpenCV": lambda grey: _opencv(classic, grey),
        "OpenCV Aruco": lambda grey: _opencv(aruco, grey),
    }
    try:
        from pyzbar import pyzbar
    except ImportError:
        print("pyzbar is not installed: left out")
    else:
        known["pyzbar"] = lambda grey: [code.data for code in pyzbar.decode(grey)]
    return known


def _opencv(detector: object, grey: Grey) -> list[bytes]:
    try:
        text, *_ = detector.detectAndDecode(grey)  # type: ignore[attr-defined]
    except (cv2.error, UnicodeDecodeError):
        return []
    if not text:
        return []
    try:
        return [text.encode("latin-1")]  # where it took the bytes for letters
    except UnicodeEncodeError:
        return [text.encode()]


def degraded(each: int, others: int, *, seed: int = SEED, draw: Draw = drawn) -> Iterator[tuple[str, bytes, Grey]]:
    for code_format in FORMATS:
        count = each if code_format == Formats.QRCodeModel2 else others
        for sample in degraded_codes(code_format=code_format, each=count, seed=seed, draw=draw):
            group = sample.category.value if code_format == Formats.QRCodeModel2 else code_format.name
            yield group, sample.data, np.asarray(cv2.cvtColor(sample.picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def blackbox(folder: Path) -> Iterator[tuple[str, bytes, Grey]]:
    for place in sorted(folder.iterdir()):
        if place.is_dir() and place.name.startswith(SAMPLE_FOLDERS):
            for path in sorted(place.iterdir()):
                words = path.with_suffix(".txt")
                if path.suffix.lower() in PICTURES and words.exists():
                    yield place.name.rstrip("-0123456789"), words.read_bytes(), load_grey(path)


def judge(name: str, decode: Decode, pictures: Iterable[tuple[str, bytes, Grey]]) -> Score:
    score = Score()
    for group, wanted, grey in pictures:
        started = time.perf_counter()
        read = [data.strip() for data in decode(grey)]
        took_ms = (time.perf_counter() - started) * 1000
        score.all[group] += 1
        score.all_ms.append(took_ms)
        score.was_right.append(wanted.strip() in read)
        if score.was_right[-1]:
            score.right[group] += 1
            score.hits_ms.append(took_ms)
        score.wrong += any(data != wanted.strip() for data in read)
    return score


def report(title: str, pictures: list[tuple[str, bytes, Grey]], decode_by: dict[str, Decode]) -> None:
    scores = {name: judge(name, decode, pictures) for name, decode in decode_by.items()}
    names = list(scores)
    print(f"\n{title}\n{'':<14}" + "".join(f"{name:>14}" for name in names))
    for group in scores[names[0]].all:
        row = "".join(f"{score.right[group]:>9}/{score.all[group]:<4}" for score in scores.values())
        best = max(score.right[group] for score in scores.values())
        print(f"{group:<14}{row}" + ("" if scores["ours"].right[group] == best else "  <- we lose"))
    print(f"{'right, %':<14}" + "".join(f"{_share(score):>14.1f}" for score in scores.values()))
    print(f"{'wrong reads':<14}" + "".join(f"{score.wrong:>14}" for score in scores.values()))
    print(f"{'median ms':<14}" + "".join(f"{statistics.median(score.all_ms):>14.1f}" for score in scores.values()))
    print(f"{'p95 ms':<14}" + "".join(f"{np.percentile(score.all_ms, 95):>14.1f}" for score in scores.values()))
    easy_ms = [ms for ms, easy in zip(scores["ours"].all_ms, scores["zxing-cpp"].was_right, strict=True) if easy]
    print(f"ours where the first try succeeds: p95 {np.percentile(easy_ms, 95):.1f} ms")
    print(f"{'median hit ms':<14}" + "".join(f"{_median(score.hits_ms):>14.1f}" for score in scores.values()))


def report_live(pictures: list[tuple[str, bytes, Grey]]) -> None:
    """A camera's frame in which the QR is read at once."""
    times_ms, plain = [], zxingcpp.BarcodeFormats([Formats.QRCodeModel2])
    for _, wanted, grey in pictures:
        if not any(bytes(code.bytes) == wanted for code in zxingcpp.read_barcodes(grey, formats=plain)):
            continue
        finder = CodeFinder()
        started = time.perf_counter()
        finder.find(grey)
        times_ms.append((time.perf_counter() - started) * 1000)
    middle, slow = _median(times_ms), np.percentile(times_ms, 95)
    print(f"live frames read at once: {len(times_ms)}, median {middle:.1f} ms, p95 {slow:.1f} ms")


def _share(score: Score) -> float:
    return 100 * sum(score.right.values()) / sum(score.all.values())


def _median(times_ms: list[float]) -> float:
    return statistics.median(times_ms) if times_ms else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=4, help="citizen-card QRs for each category and step")
    parser.add_argument("--others", type=int, default=1, help="codes of every other format likewise")
    parser.add_argument("--seed", type=int, default=SEED, help="of the degraded codes (%(default)s)")
    parser.add_argument("--samples", type=Path, help="zxing-cpp's folder test/samples")
    args = parser.parse_args()
    decode_by = decoders()
    report("degraded codes", list(degraded(args.each, args.others, seed=args.seed)), decode_by)
    in_one = list(degraded(args.each, 0, seed=args.seed, draw=drawn_in_one_segment))
    report("the citizen cards as one byte segment", in_one, decode_by)
    report_live(in_one)
    if args.samples:
        report("zxing-cpp's blackbox samples", list(blackbox(args.samples)), decode_by)


if __name__ == "__main__":
    main()
