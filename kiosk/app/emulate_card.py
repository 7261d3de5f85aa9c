"""`tiepdon emulate card`: a made-up person's citizen card on the virtual reader (vpcd) or on an emulated PN532."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from devices.emulators.card_vpcd import LayableCard, VpcdCard
from devices.emulators.chip.link_models import LinkSpeed
from devices.emulators.pn532 import Pn532Emulator
from kiosk.app.emulate_console import LineRefused, serve
from kiosk.app.emulate_scanner import refuse_taken_path
from kiosk.app.emulated_card_choice import CardChoice, card_lines
from kiosk.app.start import EXIT_OK, CannotStart, load_texts

_NOTHING = "none"
_AT_ONCE_KBIT_S = 0


class Place(Protocol):
    """Where cards are laid."""

    name: str

    def lay(self, card: LayableCard) -> None:
        """Lay it instead of what lies there. Raises OSError when there is no reader."""

    def take(self) -> None:
        """Take what lies there; does nothing when nothing does."""


class VpcdPlace:
    """The virtual reader of this machine's pcscd."""

    def __init__(self, port: int) -> None:
        self.name = f"vpcd 127.0.0.1:{port}"
        self._port = port
        self._laid: VpcdCard | None = None

    def lay(self, card: LayableCard) -> None:
        self.take()
        laid = VpcdCard(card, port=self._port)
        laid.lay()
        self._laid = laid

    def take(self) -> None:
        laid, self._laid = self._laid, None
        if laid is not None:
            laid.take()


class Pn532Place:
    """An emulated PN532 at a device path."""

    def __init__(self, link: Path, emulator: Pn532Emulator) -> None:
        self.name = f"PN532 {link}"
        self._emulator = emulator

    def lay(self, card: LayableCard) -> None:
        self._emulator.lay(card)

    def take(self) -> None:
        self._emulator.take()


class CardTable:
    """The chosen card and the reader it is laid on."""

    def __init__(self, place: Place, choice: CardChoice) -> None:
        self._place = place
        self._choice = choice
        self.made = choice.make()
        self._lying = False

    def lay(self) -> None:
        """Raises `LineRefused` when the reader is gone."""
        try:
            self._place.lay(self.made.card)
        except OSError as error:
            raise LineRefused("emulate.reader_gone") from error
        self._lying = True

    def take(self) -> None:
        self._place.take()
        self._lying = False

    def choose(self, choice: CardChoice) -> None:
        """Another card, laid at once if one lies there. Raises `LineRefused`, and keeps the card it has."""
        self.made = choice.make()
        self._choice = choice
        if self._lying:
            self.lay()

    def obey(self, line: str) -> str | None:
        """Lay or take the card, or change it. Raises `LineRefused`."""
        match line.split():
            case ["lay"]:
                self.lay()
            case ["take"]:
                self.take()
            case ["fault", *names] if names:
                self.choose(replace(self._choice, faults=() if names == [_NOTHING] else tuple(names)))
            case ["person", number] if number.isdecimal():
                self.choose(replace(self._choice, person=int(number)))
                return "\n".join(card_lines(self.made.citizen))
            case ["profile", name]:
                self.choose(replace(self._choice, profile=name, variants=()))
            case ["variant", *words] if words:
                self.choose(replace(self._choice, variants=() if words == [_NOTHING] else tuple(words)))
            case _:
                raise LineRefused("emulate.line_unknown", line=line)
        return None


def run(args: argparse.Namespace) -> int:
    """Hold a card ready until stopped. Raises `CannotStart`."""
    with _place(args) as place:
        table = _table(place, args)
        if args.write_csca is not None:
            _write_trust_folder(table, args.write_csca)
        try:
            if args.lay:
                table.lay()
            serve("card", place.name, notes=card_lines(table.made.citizen), obey=table.obey, texts=load_texts())
        finally:
            table.take()
    return EXIT_OK


def _table(place: Place, args: argparse.Namespace) -> CardTable:
    speed = None
    if args.bit_rate != _AT_ONCE_KBIT_S:
        speed = LinkSpeed(bit_rate_kbit_s=args.bit_rate, per_command_s=args.command_ms / 1000)
    choice = CardChoice(
        person=args.person,
        profile=args.profile,
        variants=tuple(args.variant),
        faults=tuple(args.fault),
        speed=speed,
    )
    try:
        return CardTable(place, choice)
    except LineRefused as refused:
        raise CannotStart(refused.key, **refused.params) from refused


def _write_trust_folder(table: CardTable, folder: Path) -> None:
    try:
        table.made.issuer.write_trust_folder(folder, revoked=table.made.revoked)
    except OSError as error:
        raise CannotStart("emulate.path_unusable", path=str(folder), detail=error.strerror or "") from error


@contextmanager
def _place(args: argparse.Namespace) -> Iterator[Place]:
    if args.pn532 is None:
        yield _vpcd_place(args.vpcd)
        return
    refuse_taken_path(args.pn532)
    try:
        emulator = Pn532Emulator(args.pn532)
    except OSError as error:
        raise CannotStart("emulate.path_unusable", path=str(args.pn532), detail=error.strerror or "") from error
    with emulator:
        yield Pn532Place(args.pn532, emulator)


def _vpcd_place(port: int) -> VpcdPlace:
    """Raises `CannotStart` when no vpcd listens: connected once to find out."""
    probe = VpcdCard(_NoCard(), port=port)
    try:
        probe.lay()
    except (OSError, OverflowError) as error:
        raise CannotStart("emulate.vpcd_missing", port=port) from error
    probe.take()
    return VpcdPlace(port)


class _NoCard:
    """Nothing, to find out whether there is a reader."""

    atr = b""

    def reset(self) -> None:
        """There is nothing to reset."""

    def transmit(self, command: bytes) -> bytes:  # noqa: ARG002
        return b""
