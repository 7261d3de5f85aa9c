"""Kiosk cold start, memory and frame time under the software renderer, beside an empty Qt Quick window in the same run.

    python tests/bench/kiosk_screen.py [--runs 5]

Each run is a fresh process without a screen (offscreen): from its start to the first frame, resident memory after it,
and the time between frames while screens slide (welcome, present, number pad, back).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

EMPTY = """
import QtQuick
Rectangle { width: 1080; height: 1920; color: "white" }
"""
SLIDE_SECONDS = 0.5


def measure_empty() -> dict[str, float]:
    from PySide6.QtCore import QUrl
    from PySide6.QtQuick import QQuickView

    from ui.application import create_application

    create_application(["bench"])
    view = QQuickView()
    page = Path(os.environ["BENCH_FOLDER"]) / "Empty.qml"
    page.write_text(EMPTY, encoding="utf-8")
    view.setSource(QUrl.fromLocalFile(str(page)))
    view.resize(1080, 1920)
    return {"first_frame_s": _first_frame_s(view), "rss_mb": _rss_mb()}


def measure_kiosk() -> dict[str, float]:
    from config.catalogue import load_catalogue
    from kiosk.app.start import utc_now
    from kiosk.domain.visit.state import Step, Visit
    from ui.application import create_application
    from ui.demo.player import pause
    from ui.kiosk.kiosk_window import make_view
    from ui.kiosk.options import KioskOptions
    from ui.kiosk.view_model import KioskViewModel

    create_application(["bench"])
    options = KioskOptions()
    model = KioskViewModel(
        post=lambda _event: None, texts=load_catalogue(), options=options, clock_s=time.monotonic, local_now=utc_now
    )
    view = make_view(model, options)
    first_frame_s = _first_frame_s(view)
    rss_mb = _rss_mb()
    stamps: list[float] = []
    view.afterRendering.connect(lambda: stamps.append(time.perf_counter()))
    gaps: list[float] = []
    for step in (Step.PRESENT, Step.ENTER_NUMBER, Step.PRESENT, Step.CHOOSE_SERVICE, Step.WELCOME):
        stamps.clear()
        model.show(Visit(step=step))
        pause(int(SLIDE_SECONDS * 1000))
        gaps += [after - before for before, after in itertools.pairwise(stamps)]
    return {
        "first_frame_s": first_frame_s,
        "rss_mb": rss_mb,
        "frame_ms": statistics.median(gaps) * 1e3,
        "slowest_frame_ms": max(gaps) * 1e3,
    }


def _first_frame_s(view: object) -> float:
    from PySide6.QtQuick import QQuickView

    from ui.demo.player import pause

    assert isinstance(view, QQuickView)
    shown: list[float] = []
    view.afterRendering.connect(lambda: shown.append(time.time()))
    view.show()
    while not shown:
        pause(1)
    return shown[0] - psutil.Process().create_time()


def _rss_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6


def run_once(what: str, folder: Path) -> dict[str, float]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "BENCH_FOLDER": str(folder)}
    command = [sys.executable, __file__, "--child", what]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--child", choices=("empty", "kiosk"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(measure_kiosk() if args.child == "kiosk" else measure_empty()))
        return
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        runs = {what: [run_once(what, Path(folder)) for _ in range(args.runs)] for what in ("empty", "kiosk")}
    median = {what: {name: statistics.median(run[name] for run in of) for name in of[0]} for what, of in runs.items()}
    kiosk, empty = median["kiosk"], median["empty"]
    for name, unit in (("first_frame_s", "s"), ("rss_mb", "MB")):
        ratio = kiosk[name] / empty[name]
        print(f"{name:<17} kiosk {kiosk[name]:7.2f} {unit}   empty window {empty[name]:7.2f} {unit}   x {ratio:.2f}")
    print(f"frame while sliding: median {kiosk['frame_ms']:.1f} ms, slowest {kiosk['slowest_frame_ms']:.1f} ms")


if __name__ == "__main__":
    main()
