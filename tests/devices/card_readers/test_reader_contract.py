"""What every card reader driver does, run on the in-process reader, on a PN532 and on the real pcscd."""

import threading
import time

import pytest
from support.plain_card import CARD_ACCESS, CONTACTLESS_ATR, SELECT_CARD_ACCESS, PlainCard

from devices.card_readers.channel import CardGone
from devices.contract import CardPresent, CardRemoved, DeviceLost, DeviceState

SELECT_EMRTD = bytes.fromhex("00A4040C07A0000002471001")


VPCD_MOST = 65_535  # its messages have a length of two bytes


class Echo(PlainCard):
    """Answers with as much as the channel says it carries."""

    def __init__(self, limits):
        super().__init__()
        self._answer = bytes(min(limits.max_answer_bytes, VPCD_MOST) - 2) + b"\x90\x00"
        self.longest_command = 0

    def transmit(self, command):
        self.longest_command = max(self.longest_command, len(command))
        return self._answer


@pytest.fixture
def running(rig, run, inbox):
    run(rig.reader, inbox)
    inbox.state(DeviceState.READY)
    return rig


def test_a_card_laid_and_taken_is_told_once_each(running, inbox, card):
    running.lay(card)
    assert inbox.next(CardPresent) == CardPresent(device="card_reader", atr=CONTACTLESS_ATR)
    running.take()
    assert inbox.next(CardRemoved) == CardRemoved(device="card_reader")
    assert inbox.drain() == []


def test_a_card_that_lies_there_at_the_start_is_told(rig, run, inbox, card):
    rig.lay(card)
    run(rig.reader, inbox)
    assert inbox.next(CardPresent).atr == CONTACTLESS_ATR


def test_the_atr_is_the_card_s_own(running, inbox):
    other = bytes.fromhex("3B8180018080")
    running.lay(PlainCard(atr=other))
    assert inbox.next(CardPresent).atr == other


def test_a_second_card_after_the_first(running, inbox, card):
    for _ in range(2):
        running.lay(card)
        inbox.next(CardPresent)
        running.take()
        inbox.next(CardRemoved)


def test_the_card_answers_over_the_channel_and_stays_present(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        assert channel.transmit(SELECT_CARD_ACCESS) == b"\x90\x00"
        assert channel.transmit(bytes.fromhex("00B0000000")) == CARD_ACCESS + b"\x90\x00"
        assert channel.transmit(SELECT_EMRTD) == b"\x90\x00"
    assert inbox.drain() == []


def test_each_conversation_starts_with_a_reset_card(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    for _ in range(2):
        with running.reader.connect() as channel:
            assert channel.transmit(bytes.fromhex("00B0000000")) == b"\x69\x86"
            assert channel.transmit(SELECT_CARD_ACCESS) == b"\x90\x00"


def test_two_conversations_at_once_are_refused(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    with (
        running.reader.connect(),
        pytest.raises(CardGone, match=r"card_reader\.card_busy"),
        running.reader.connect(),
    ):
        pytest.fail("the card was given to two")


def test_talking_without_a_card_has_its_code(running):
    with pytest.raises(CardGone, match=r"card_reader\.no_card"), running.reader.connect():
        pytest.fail("no card lies there")


def test_a_card_taken_in_mid_conversation_has_its_code(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        running.take()
        if running.sees_removal_while_talking:
            inbox.next(CardRemoved)
        for _ in range(2):
            with pytest.raises(CardGone) as gone:
                channel.transmit(SELECT_EMRTD)
            assert gone.value.code == "card_reader.card_taken"
    if not running.sees_removal_while_talking:
        inbox.next(CardRemoved)
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        assert channel.transmit(SELECT_EMRTD) == b"\x90\x00"


def test_a_card_pulled_between_two_commands_is_told_by_the_next_one(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        assert channel.transmit(SELECT_EMRTD) == b"\x90\x00"
        running.take()
        begun_s = time.monotonic()
        with pytest.raises(CardGone, match=r"card_reader\.card_taken"):
            channel.transmit(SELECT_EMRTD)
        assert time.monotonic() - begun_s < 1.0
    inbox.next(CardRemoved)


def test_the_longest_answer_a_channel_promises_comes_through(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        limits = channel.limits
    assert limits.max_command_bytes >= 261
    assert limits.max_answer_bytes >= 258
    running.take()
    inbox.next(CardRemoved)
    long_winded = Echo(limits)
    running.lay(long_winded)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        command = bytes(range(256)) * 257
        assert len(channel.transmit(command[: min(limits.max_command_bytes, VPCD_MOST)])) == min(
            limits.max_answer_bytes, VPCD_MOST
        )
    assert long_winded.longest_command == min(limits.max_command_bytes, VPCD_MOST)


@pytest.mark.allowed_warnings("card_reader lost")
def test_a_reader_pulled_with_a_card_tells_both_and_heals(running, inbox, card):
    running.lay(card)
    inbox.next(CardPresent)
    running.unplug()
    inbox.next(CardRemoved)
    while inbox.state(DeviceState.LOST).code != "card_reader.missing":
        pass
    running.take()
    running.replug()
    inbox.state(DeviceState.READY)
    running.lay(card)
    inbox.next(CardPresent)


def test_an_absent_reader_has_its_code(rig):
    rig.unplug()
    with pytest.raises(DeviceLost) as lost:
        rig.reader.open()
    rig.reader.close()
    assert lost.value.code == "card_reader.missing"


def test_a_step_after_close_is_answered_and_close_is_quick(rig):
    rig.reader.open()
    stepping = threading.Thread(target=rig.reader.step)
    stepping.start()
    begun_s = time.monotonic()
    rig.reader.close()
    stepping.join(2)
    assert time.monotonic() - begun_s < 1.5
    rig.reader.close()
    with pytest.raises(DeviceLost, match=r"card_reader\.closed"):
        rig.reader.step()
