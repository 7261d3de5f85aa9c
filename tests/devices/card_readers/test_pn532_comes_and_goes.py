"""The PN532 at the end of its line: chips and adapters that go and come back, bit rates, other ports."""

import os
import threading
import time

import pytest
from support.plain_card import OK, SELECT_CARD_ACCESS

from devices.card_readers.channel import CardGone
from devices.card_readers.pn532 import Pn532Reader, Pn532ReaderOptions
from devices.contract import CardPresent, CardRemoved, DeviceLost, DeviceState


@pytest.mark.allowed_warnings(r"card_reader lost: card_reader\.missing")
def test_a_chip_that_lost_power_for_a_moment_is_woken_anew(pn532_rig, run, inbox, card):
    reader = pn532_rig.reader_with(inbox, apdu_timeout_s=0.5)
    run(reader, inbox)
    pn532_rig.lay(card)
    inbox.next(CardPresent)
    with reader.connect() as channel:
        pn532_rig.chip.faults.reset_after_exchanges = 1
        with pytest.raises(CardGone, match=r"card_reader\.lost"):
            channel.transmit(SELECT_CARD_ACCESS)
    inbox.next(CardRemoved)
    assert inbox.state(DeviceState.LOST).code == "card_reader.missing"
    inbox.state(DeviceState.READY)
    inbox.next(CardPresent)
    with reader.connect() as channel:
        assert channel.transmit(SELECT_CARD_ACCESS) == OK


@pytest.mark.allowed_warnings(r"card_reader lost: card_reader\.missing")
def test_a_silent_chip_is_missing_until_it_speaks_again(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    running.chip.faults.silent = True
    inbox.next(CardRemoved)
    assert inbox.state(DeviceState.LOST).code == "card_reader.missing"
    running.chip.faults.silent = False
    inbox.state(DeviceState.READY)
    inbox.next(CardPresent)


@pytest.mark.allowed_warnings(r"card_reader lost: card_reader\.missing")
def test_an_adapter_pulled_in_mid_conversation_ends_it_and_heals(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        running.unplug()
        with pytest.raises(CardGone, match=r"card_reader\.lost"):
            channel.transmit(SELECT_CARD_ACCESS)
    inbox.next(CardRemoved)
    inbox.state(DeviceState.LOST)
    running.replug()
    inbox.state(DeviceState.READY)
    inbox.next(CardPresent)


@pytest.mark.long
@pytest.mark.allowed_warnings(r"card_reader lost: card_reader\.missing")
def test_an_adapter_pulled_a_hundred_times_comes_back_each_time(running, inbox, card):
    running.lay(card)
    for _ in range(100):
        inbox.next(CardPresent)
        running.unplug()
        inbox.next(CardRemoved)
        inbox.state(DeviceState.LOST)
        running.replug()
        inbox.state(DeviceState.READY)
    assert len([thread for thread in threading.enumerate() if thread.name.startswith(("device-", "pn532-"))]) == 2


def test_a_faster_line_is_agreed_on_and_found_again(pn532_rig, inbox, card):
    pn532_rig.lay(card)
    for _ in range(2):  # the second time the chip is still at the rate it was left with
        reader = pn532_rig.reader_with(inbox, bit_rate=460_800)
        reader.open()
        with reader.connect() as channel:
            assert channel.transmit(SELECT_CARD_ACCESS) == OK
        reader.close()
    pn532_rig.unplug()
    pn532_rig.replug()
    reader.open()
    with reader.connect() as channel:
        assert channel.transmit(SELECT_CARD_ACCESS) == OK
    reader.close()


def test_a_chip_that_keeps_its_bit_rate_is_used_at_it(pn532_rig, inbox, card):
    pn532_rig.chip.faults.only_basics = True
    pn532_rig.lay(card)
    reader = pn532_rig.reader_with(inbox, bit_rate=230_400)
    reader.open()
    with reader.connect() as channel:
        assert channel.transmit(SELECT_CARD_ACCESS) == OK
    reader.close()


def test_a_bit_rate_the_chip_does_not_have_is_refused():
    with pytest.raises(ValueError, match=r"card_reader\.bit_rate_unknown"):
        Pn532ReaderOptions(port="anywhere", bit_rate=250_000)


def test_another_device_behind_the_port_is_not_taken_for_a_reader(tmp_path, inbox):
    master, slave = os.openpty()
    reader = Pn532Reader("card_reader", Pn532ReaderOptions(port=os.ttyname(slave)), inbox)
    begun_s = time.monotonic()
    with pytest.raises(DeviceLost) as lost:
        reader.open()
    reader.close()
    os.close(master)
    os.close(slave)
    assert (lost.value.code, lost.value.detail) == ("card_reader.missing", "no PN532 answers")
    assert time.monotonic() - begun_s < 2.0


def test_a_port_somebody_else_has_open_is_busy(pn532_rig, inbox):
    pn532_rig.reader.open()
    with pytest.raises(DeviceLost, match=r"card_reader\.port_busy"):
        pn532_rig.reader_with(inbox).open()
    pn532_rig.reader.close()
