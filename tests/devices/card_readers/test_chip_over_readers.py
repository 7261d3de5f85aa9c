"""Whole chips read over every kind of reader: in this process, a PN532 on its serial line, the real pcscd."""

from dataclasses import replace

import pytest
from support.chip_cards import TODAY, Laid, store_of

from devices.card_readers.channel import CardGone
from devices.chip.errors import KeyRefused
from devices.chip.judge import Judge
from devices.chip.reader import ReadOptions, read_chip
from devices.chip.values import Access, Verdict
from devices.contract import CardPresent, CardRemoved, DeviceState
from devices.emulators.chip.link_models import CardPulledAway
from devices.emulators.chip.variants import PROFILES

NAMES = ("citizen", "bac", "pace-cam", "rsa", "short-only", "big-photo")
PULLED_AT = (3, 12, 25)


@pytest.fixture
def running(rig, run, inbox):
    run(rig.reader, inbox)
    inbox.state(DeviceState.READY)
    return rig


def read(rig, laid, keys=None):
    with rig.reader.connect() as channel:
        options = ReadOptions(
            today=TODAY,
            max_command_bytes=channel.limits.max_command_bytes,
            max_answer_bytes=channel.limits.max_answer_bytes,
        )
        judge = Judge(store_of(laid.issuer), TODAY)
        return read_chip(channel.transmit, keys or laid.keys, options, judge.judge)


@pytest.mark.parametrize("name", NAMES)
def test_a_chip_is_read_whole_and_judged(running, inbox, name):
    laid = Laid(PROFILES[name])
    running.lay(laid.chip)
    inbox.next(CardPresent)
    record = read(running, laid)
    assert record.judgement.verdict is Verdict.AUTHENTIC, record.judgement
    assert record.citizen.name == laid.citizen.name
    assert laid.groups[2].endswith(record.photo)


def test_a_wrong_key_is_a_normal_answer_and_the_right_one_opens_afterwards(running, inbox):
    laid = Laid(PROFILES["citizen"])
    running.lay(laid.chip)
    inbox.next(CardPresent)
    with pytest.raises(KeyRefused):
        read(running, laid, keys=(replace(laid.citizen.can, digits="000000"),))
    assert read(running, laid).access is Access.PACE_CAN


@pytest.mark.parametrize("after", PULLED_AT)
def test_a_card_pulled_away_in_mid_read_is_told_and_the_next_one_reads_clean(running, inbox, after):
    laid = Laid(PROFILES["citizen"])
    running.lay(CardPulledAway(laid.chip, after=after))
    inbox.next(CardPresent)
    with pytest.raises(CardGone) as gone:
        read(running, laid)
    assert gone.value.code in ("card_reader.card_taken", "card_reader.no_card")
    running.take()
    inbox.next(CardRemoved)
    other = Laid(PROFILES["bac"])
    running.lay(other.chip)
    inbox.next(CardPresent)
    assert read(running, other).judgement.verdict is Verdict.AUTHENTIC
