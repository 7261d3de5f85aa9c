"""A whole citizen card read through the PN532 driver, its line and the emulated chip, by the chip library."""

from datetime import date

import pytest

from devices.card_readers.channel import CardGone
from devices.chip.reader import ReadOptions, read_chip
from devices.contract import CardPresent, CardRemoved, DeviceState
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.personalisation import issue_card
from devices.emulators.chip.variants import PROFILES
from devices.emulators.pn532_field import TypeA, TypeB

CITIZEN = CITIZENS[0]


def read(reader):
    with reader.connect() as channel:
        options = ReadOptions(
            today=date(2026, 1, 1),
            max_command_bytes=channel.limits.max_command_bytes,
            max_answer_bytes=channel.limits.max_answer_bytes,
        )
        return read_chip(channel.transmit, [CITIZEN.can, CITIZEN.mrz_key], options, lambda evidence: None)


@pytest.fixture
def running(pn532_rig, run, inbox):
    run(pn532_rig.reader, inbox)
    inbox.state(DeviceState.READY)
    return pn532_rig


@pytest.mark.parametrize(
    ("profile", "shape"), [("citizen", TypeA()), ("citizen", TypeB()), ("bac", TypeA()), ("strong", TypeA())]
)
def test_a_whole_card_is_read(running, inbox, profile, shape):
    running.lay(issue_card(CITIZEN, PROFILES[profile], Issuer()), shape)
    inbox.next(CardPresent)
    record = read(running.reader)
    assert (record.citizen.number, record.citizen.name) == (CITIZEN.number, CITIZEN.name)
    assert record.photo is not None
    assert record.missing_files == {}
    assert inbox.drain() == []


@pytest.mark.parametrize("faults", [{"byte_by_byte": True}, {"garbage": b"\x80\xfe"}, {"damaged_answers": 40}], ids=str)
def test_a_noisy_line_breaks_no_secure_messaging(running, inbox, faults):
    running.lay(issue_card(CITIZEN, PROFILES["citizen"], Issuer()))
    inbox.next(CardPresent)
    for name, value in faults.items():
        setattr(running.chip.faults, name, value)
    assert read(running.reader).missing_files == {}
    assert inbox.drain() == []


@pytest.mark.parametrize("exchanges", [1, 20, 60])
def test_after_a_card_pulled_in_mid_read_the_next_one_reads_clean(running, inbox, exchanges):
    card = issue_card(CITIZEN, PROFILES["citizen"], Issuer())
    running.lay(card)
    inbox.next(CardPresent)
    running.chip.faults.take_after_exchanges = exchanges
    with pytest.raises(CardGone, match=r"card_reader\.card_taken"):
        read(running.reader)
    inbox.next(CardRemoved)
    running.lay(card)
    inbox.next(CardPresent)
    assert read(running.reader).citizen.number == CITIZEN.number
