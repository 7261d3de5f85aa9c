"""What only the PC/SC driver can show: pcscd going and coming, and the choice of a reader."""

import threading
import time

import pytest
from support.plain_card import PlainCard

from devices.card_readers.channel import CardGone
from devices.card_readers.pcsc_reader import PcscReader, PcscReaderOptions
from devices.contract import CardPresent, CardRemoved, DeviceLost, DeviceState

pytestmark = pytest.mark.pcscd


@pytest.mark.allowed_warnings(r"card_reader lost: card_reader\.service_missing")
def test_a_killed_pcscd_is_told_and_healed_when_it_is_back(pcsc_rig, pcscd, run, inbox, card):
    run(pcsc_rig.reader, inbox)
    inbox.state(DeviceState.READY)
    for _ in range(3):
        pcsc_rig.lay(card)
        inbox.next(CardPresent)
        pcscd.kill()
        inbox.next(CardRemoved)
        assert inbox.state(DeviceState.LOST).code == "card_reader.service_missing"
        pcsc_rig.take()
        pcscd.start()
        inbox.state(DeviceState.READY)


def test_without_pcscd_the_code_names_the_service(pcscd, inbox):
    pcscd.stop()
    with pytest.raises(DeviceLost) as lost:
        PcscReader("card_reader", PcscReaderOptions(), inbox).open()
    assert lost.value.code == "card_reader.service_missing"


def test_an_unknown_reader_name_is_missing_and_says_what_was_wanted(pcscd, inbox):
    reader = PcscReader("card_reader", PcscReaderOptions(reader_contains="ACR1552"), inbox)
    with pytest.raises(DeviceLost) as lost:
        reader.open()
    reader.close()
    assert lost.value.code == "card_reader.missing"
    assert "acr1552" in lost.value.detail


def test_without_a_name_the_first_reader_is_taken(pcscd, inbox):
    reader = PcscReader("card_reader", PcscReaderOptions(poll_s=0.1), inbox)
    reader.open()
    reader.step()
    reader.close()
    assert inbox.drain() == []


def test_a_card_pulled_while_it_thinks_is_told_quickly(pcsc_rig, run, inbox):
    pulling, answered = threading.Thread(target=pcsc_rig.take), threading.Event()

    class Slow(PlainCard):
        def transmit(self, command):
            pulling.start()
            answered.wait(5)
            return b"\x90\x00"

    run(pcsc_rig.reader, inbox)
    pcsc_rig.lay(Slow())
    inbox.next(CardPresent)
    begun_s = time.monotonic()
    with pcsc_rig.reader.connect() as channel, pytest.raises(CardGone, match=r"card_reader\.card_taken"):
        channel.transmit(bytes.fromhex("00A4040C07A0000002471001"))
    assert time.monotonic() - begun_s < 1.0
    answered.set()
    pulling.join()
    inbox.next(CardRemoved)
