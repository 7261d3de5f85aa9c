"""What reading a chip is made of here: certificates from the settings, the reader, the judge."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from devices.card_readers.channel import CardChannel, ChannelLimits
from devices.chip.judge import Judge
from devices.chip.keys import AccessKey
from devices.chip.reader import ReadOptions, read_chip
from devices.chip.trust_files import load_trust
from devices.chip.trust_store import TrustStore
from devices.chip.values import ChipRecord, Listener
from kiosk.app.chip_settings import ChipSettings
from kiosk.station.devices_bridge.chip_readings import ReadCard

log = logging.getLogger("tiepdon.kiosk")


def trusted(path: Path | None) -> TrustStore:
    """The country certificates in a file or folder; what helps nobody there is logged."""
    if path is None:
        return TrustStore()
    loaded = load_trust(path)
    for problem in loaded.problems:
        log.warning("country certificates: %s: %s %s", problem.file, problem.code, problem.detail)
    return loaded.store


def make_read_card(settings: ChipSettings, today: Callable[[], date]) -> ReadCard:
    """Reads and judges chips by these settings."""
    trust = trusted(settings.country_certificates)

    def read_card(channel: CardChannel, keys: Sequence[AccessKey], listener: Listener) -> ChipRecord:
        day = today()
        options = read_options(channel.limits, day, photo=settings.photo)
        return read_chip(channel.transmit, keys, options, Judge(trust, day).judge, listener)

    return read_card


def read_options(limits: ChannelLimits, today: date, *, photo: bool) -> ReadOptions:
    """What to read, in pieces that fit the channel."""
    return ReadOptions(
        today=today,
        photo=photo,
        max_command_bytes=limits.max_command_bytes,
        max_answer_bytes=limits.max_answer_bytes,
    )
