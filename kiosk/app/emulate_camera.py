"""`tiepdon emulate camera`: a folder of pictures that the camera driver sees; what is typed is held before it, `back N`
the back of a made-up person's citizen card.
"""

from __future__ import annotations

import argparse

from devices.emulators.camera import CameraEmulator, Frame
from devices.emulators.citizen_card import CardBack, CardLayout, CardPose, draw_card_back, hold_card
from kiosk.app.emulate_console import LineRefused, serve
from kiosk.app.emulate_people import code_of, people_lines, person_of
from kiosk.app.emulated_citizens import citizen_of
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
    """Hold the line's code or card before the camera; answers the picture's path. Raises `LineRefused`."""
    try:
        if line.split()[:1] == ["back"]:
            return f"ok: {camera.show_frame(back_of(line.partition(' ')[2].strip()))}"
        return f"ok: {camera.show(code_of(line, utc_now().date()))}"
    except ValueError as error:
        raise LineRefused("emulate.code_too_long") from error
    except OSError as error:
        raise LineRefused("emulate.picture_unwritable", detail=error.strerror or "") from error


def back_of(number: str) -> Frame:
    """The back of a made-up person's card, held up; the 2024 card bears its code there. Raises `LineRefused`."""
    person = person_of(number)
    citizen = citizen_of(person)
    layout = CardLayout.Y2024 if citizen.is_2024_card else CardLayout.Y2021
    card = CardBack(lines=citizen.mrz_lines(), layout=layout, qr=person.citizen_code().encode())
    return hold_card(draw_card_back(card), CardPose(turn_deg=2.0))
