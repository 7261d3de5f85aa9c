"""`tiepdon emulate card`: a citizen card for the virtual reader (vpcd) of this machine's pcscd."""

from __future__ import annotations

import argparse

from devices.emulators.card import EmulatedCard
from devices.emulators.card_vpcd import VpcdCard
from kiosk.app.emulate_console import LineRefused, serve
from kiosk.app.start import EXIT_OK, CannotStart, load_texts


def run(args: argparse.Namespace) -> int:
    """Hold a card ready until stopped. Raises `CannotStart` when no vpcd listens: laid once to find out."""
    card = VpcdCard(EmulatedCard(), port=args.vpcd)
    try:
        card.lay()
    except (OSError, OverflowError) as error:
        raise CannotStart("emulate.vpcd_missing", port=args.vpcd) from error
    card.take()
    try:
        serve("card", f"vpcd 127.0.0.1:{args.vpcd}", obey=lambda line: obey(card, line), texts=load_texts())
    finally:
        card.take()
    return EXIT_OK


def obey(card: VpcdCard, line: str) -> None:
    """`lay` or `take` the card. Raises `LineRefused`."""
    match line:
        case "lay":
            try:
                card.lay()
            except OSError as error:
                raise LineRefused("emulate.reader_gone") from error
        case "take":
            card.take()
        case _:
            raise LineRefused("emulate.line_unknown", line=line)
