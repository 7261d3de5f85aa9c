"""`tiepdon emulate camera`: a folder of pictures that the camera driver sees; what is typed is held before it."""

from __future__ import annotations

import argparse

from devices.emulators.camera import CameraEmulator
from kiosk.app.emulate_console import LineRefused, serve
from kiosk.app.emulate_people import code_of, people_lines
from kiosk.app.start import EXIT_OK, CannotStart, load_texts, utc_now


def run(args: argparse.Namespace) -> int:
    """Show codes until stopped. Raises `CannotStart`."""
    try:
        camera = CameraEmulator(args.folder)
    except OSError as error:
        raise CannotStart("emulate.path_unusable", path=str(args.folder), detail=error.strerror or "") from error
    serve("camera", str(args.folder), notes=people_lines(), obey=lambda line: obey(camera, line), texts=load_texts())
    return EXIT_OK


def obey(camera: CameraEmulator, line: str) -> str:
    """Hold the line's code before the camera; answers the picture's path. Raises `LineRefused`."""
    try:
        return f"ok: {camera.show(code_of(line, utc_now().date()))}"
    except ValueError as error:
        raise LineRefused("emulate.code_too_long") from error
    except OSError as error:
        raise LineRefused("emulate.picture_unwritable", detail=error.strerror or "") from error
