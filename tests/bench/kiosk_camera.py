"""Frames a second of the kiosk's screen while the camera's live picture runs, under the software renderer.

    python tests/bench/kiosk_camera.py [--seconds 6]

Each run is a fresh process without a screen (offscreen), 1080×1920, on the presenting step; a small item there moves
all the time, so that the screen wants every frame:

    none    no camera, no live picture
    video   a real camera thread reads a video file through the real code finder; its preview is the live picture
    paced   a thread gives small frames at exactly the rate, without reading codes: the price of showing them alone
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtQuick import QQuickView

    Frame = NDArray[np.uint8]

RUNS = (("none", 0), ("video", 15), ("video", 30), ("paced", 15), ("paced", 30))
MOVING = """
import QtQuick
Rectangle {
    width: 40; height: 40; color: "#005F69"
    NumberAnimation on x { from: 0; to: 900; duration: 2000; loops: Animation.Infinite; running: true }
}
"""


def write_video(path: Path, rate: int) -> None:
    """Two seconds of a card that moves before a noisy background, without a code: the finder tries all it has."""
    import cv2
    import numpy as np

    noise = np.random.default_rng(1).integers(80, 140, (720, 1280, 3), dtype=np.uint8)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), float(rate), (1280, 720))
    for number in range(2 * rate):
        frame = noise.copy()
        left = 300 + 200 * number // rate
        cv2.rectangle(frame, (left, 200), (left + 480, 500), (240, 238, 226), -1)
        writer.write(frame)
    writer.release()


def measure(source: str, rate: int, video: Path, seconds: float) -> dict[str, float]:
    from config.catalogue import load_catalogue
    from kiosk.app.start import utc_now
    from kiosk.domain.visit.state import Step, Visit
    from kiosk.station.camera_view import CameraState, CameraView
    from ui.application import create_application
    from ui.demo.player import pause
    from ui.kiosk.camera_model import CameraModel
    from ui.kiosk.kiosk_window import make_view
    from ui.kiosk.options import KioskOptions
    from ui.kiosk.view_model import KioskViewModel

    create_application(["bench"])
    options = KioskOptions(animations=False)
    model = KioskViewModel(
        post=lambda _event: None, texts=load_catalogue(), options=options, clock_s=time.monotonic, local_now=utc_now
    )
    camera = CameraModel(only_reader=True, mirrored=True, clock_s=time.monotonic)
    view = make_view(model, options, camera)
    visit = Visit(step=Step.PRESENT, history=(Step.WELCOME,))
    model.show(visit)
    view.show()
    add_moving_item(view)
    screens: list[float] = []
    pictures: list[float] = []
    view.afterRendering.connect(lambda: screens.append(time.perf_counter()))
    camera.pictureChanged.connect(lambda: pictures.append(time.perf_counter()))
    camera.show(visit)
    stop = start_camera(source, rate, video, camera.give)
    if source != "none":
        camera.tell(CameraView(state=CameraState.SEEING))
    pause(1000)
    screens.clear()
    pictures.clear()
    before = psutil.Process().cpu_times()
    pause(int(seconds * 1000))
    after = psutil.Process().cpu_times()
    stop()
    gaps = [later - earlier for earlier, later in itertools.pairwise(screens)]
    return {
        "screens": len(screens) / seconds,
        "frame_ms": statistics.median(gaps) * 1e3,
        "p95_ms": statistics.quantiles(gaps, n=20)[-1] * 1e3,
        "slowest_ms": max(gaps) * 1e3,
        "pictures": len(pictures) / seconds,
        "dropped": float(camera.dropped),
        "cores": (after.user + after.system - before.user - before.system) / seconds,
    }


def add_moving_item(view: QQuickView) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtQml import QQmlComponent
    from PySide6.QtQuick import QQuickItem

    component = QQmlComponent(view.engine())
    component.setData(MOVING.encode(), QUrl())
    moving = component.create()
    assert isinstance(moving, QQuickItem)
    moving.setParent(view)
    moving.setParentItem(view.rootObject())


def start_camera(source: str, rate: int, video: Path, give: Callable[[Frame], object]) -> Callable[[], None]:
    """What ends it."""
    from devices.cameras.camera_scanner import CameraKind, CameraScanner, CameraScannerOptions, make_frame_source
    from devices.worker import DeviceWorker

    if source == "none":
        return lambda: None
    if source == "video":
        options = CameraScannerOptions(kind=CameraKind.VIDEO, place=str(video))
        frames = make_frame_source(options)
        worker = DeviceWorker(
            CameraScanner("camera", frames, lambda _event: None, options, preview=give), lambda _event: None
        )
        worker.start()
        return worker.stop
    ended = threading.Event()
    thread = threading.Thread(target=give_paced, args=(rate, give, ended))
    thread.start()

    def stop() -> None:
        ended.set()
        thread.join()

    return stop


def give_paced(rate: int, give: Callable[[Frame], object], ended: threading.Event) -> None:
    import numpy as np

    shades = [np.full((270, 480, 3), shade, dtype=np.uint8) for shade in range(60, 180, 2)]
    due = time.perf_counter()
    for shade in itertools.cycle(shades):
        due += 1 / rate
        if ended.wait(max(0.0, due - time.perf_counter())):
            return
        give(shade)


def run_once(source: str, rate: int, seconds: float, folder: Path) -> dict[str, float]:
    video = folder / f"{rate}.avi"
    if source == "video":
        write_video(video, rate)
    command = [sys.executable, __file__, "--child", source, "--rate", str(rate), "--video", str(video)]
    command += ["--seconds", str(seconds)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--rate", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--video", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child is not None:
        print(json.dumps(measure(args.child, args.rate, args.video, args.seconds)))
        return
    with tempfile.TemporaryDirectory() as folder:
        for source, rate in RUNS:
            got = run_once(source, rate, args.seconds, Path(folder))
            print(
                f"{source:<5} {rate:2d}/s   screen {got['screens']:5.1f}/s, frame median {got['frame_ms']:5.1f} ms, "
                f"p95 {got['p95_ms']:5.1f}, slowest {got['slowest_ms']:5.1f}   "
                f"pictures {got['pictures']:5.1f}/s, dropped {got['dropped']:.0f}   {got['cores']:.2f} cores"
            )


if __name__ == "__main__":
    main()
