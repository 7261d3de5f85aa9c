"""What only the PN532 driver can show: card types, noise and faults, chaining, conversations that end early."""

import os
import threading
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.plain_card import CARD_ACCESS, OK, SELECT_CARD_ACCESS, PlainCard

from devices.card_readers.channel import CardGone
from devices.card_readers.pn532 import Pn532Reader, Pn532ReaderOptions
from devices.contract import CardPresent, CardRemoved, DeviceState, DeviceStatus
from devices.emulators.pn532_field import MIFARE_CLASSIC, TypeA, TypeB

READ = bytes.fromhex("00B0000000")


class Scripted(PlainCard):
    """Answers what the test says, and remembers what it was asked."""

    def __init__(self, answer=OK, before=lambda: None):
        super().__init__()
        self.answer, self.before, self.asked, self.resets = answer, before, [], 0

    def reset(self):
        super().reset()
        self.resets = getattr(self, "resets", 0) + 1

    def transmit(self, command):
        self.asked.append(command)
        self.before()
        return self.answer


def read_card_access(rig):
    with rig.reader.connect() as channel:
        assert channel.transmit(SELECT_CARD_ACCESS) == OK
        return channel.transmit(READ)


@pytest.mark.parametrize(
    ("shape", "atr"),
    [
        (TypeA(), "3B80800101"),
        (TypeA(ats=bytes.fromhex("0578778002")), "3B80800101"),
        (TypeA(ats=bytes.fromhex("067877800231")), "3B8180013131"),
        (TypeA(uid=bytes.fromhex("04112233445566"), atqa=b"\x03\x44"), "3B80800101"),
        (TypeB(), "3B888001E1F35E113381850059"),
    ],
)
def test_cards_of_both_types_are_read(running, inbox, card, shape, atr):
    running.lay(card, shape)
    atr = bytes.fromhex(atr)
    assert inbox.next(CardPresent).atr[:-1] == atr[:-1]
    assert read_card_access(running) == CARD_ACCESS + OK


def test_a_card_without_apdus_is_mute_and_cannot_be_talked_to(running, inbox, card):
    running.lay(card, MIFARE_CLASSIC)
    status = inbox.next(DeviceStatus)
    assert (status.state, status.code) == (DeviceState.READY, "card_reader.card_mute")
    with pytest.raises(CardGone, match=r"card_reader\.no_card"), running.reader.connect():
        pytest.fail("it knows no APDUs")
    running.lay(card)
    inbox.next(CardPresent)
    assert not [event for event in inbox.drain() if isinstance(event, CardRemoved)]


def test_a_chip_without_type_b_still_reads_type_a(running, inbox, card):
    running.chip.faults.no_type_b = True
    running.lay(card)
    inbox.next(CardPresent)
    running.take()
    inbox.next(CardRemoved)


def test_a_clone_that_knows_only_the_basics_will_do(pn532_rig, run, inbox, card):
    pn532_rig.chip.faults.only_basics = True
    run(pn532_rig.reader, inbox)
    inbox.state(DeviceState.READY)
    pn532_rig.lay(card)
    inbox.next(CardPresent)
    assert read_card_access(pn532_rig) == CARD_ACCESS + OK
    pn532_rig.take()
    inbox.next(CardRemoved)
    assert inbox.drain() == []


def test_a_removed_card_is_told_within_a_second(pn532_rig, run, inbox, card):
    reader = Pn532Reader("card_reader", Pn532ReaderOptions(port=str(pn532_rig.chip.port)), inbox)
    run(reader, inbox)
    pn532_rig.lay(card)
    inbox.next(CardPresent)
    begun_s = time.monotonic()
    pn532_rig.take()
    inbox.next(CardRemoved)
    assert time.monotonic() - begun_s < 1.0


NOISE = [
    {"garbage": b"\xa5\x00\x00\x55\xff"},
    {"garbage": bytes.fromhex("00FF8080D5")},
    {"garbage": bytes.fromhex("0000FF0000FF")},
    {"byte_by_byte": True},
    {"lost_acknowledgements": 1},
    {"damaged_answers": 1},
    {"damaged_answers": 2, "garbage": b"\x00\x00\xff\x00"},
]


@pytest.mark.parametrize("faults", NOISE, ids=str)
def test_noise_on_the_line_loses_no_card_and_repeats_no_command(running, inbox, faults):
    card = Scripted(answer=bytes(range(200)) + OK)
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        for name, value in faults.items():
            setattr(running.chip.faults, name, value)
        assert channel.transmit(SELECT_CARD_ACCESS) == card.answer
        assert channel.transmit(READ) == card.answer
        assert card.asked == [SELECT_CARD_ACCESS, READ]
    assert inbox.drain() == []


@pytest.mark.parametrize("fault", ["lost_acknowledgements", "lost_answers", "nacked_commands", "damaged_answers"])
def test_a_disturbed_look_at_the_field_is_repeated(running, inbox, card, fault):
    setattr(running.chip.faults, fault, 1)
    running.lay(card)
    inbox.next(CardPresent)
    assert getattr(running.chip.faults, fault) == 0
    assert read_card_access(running) == CARD_ACCESS + OK
    assert inbox.drain() == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (0x01, "card_taken"),
        (0x02, "card_taken"),
        (0x0B, "card_taken"),
        (0x13, "card_taken"),
        (0x27, "card_taken"),
        (0x29, "card_taken"),
        (0x2B, "card_taken"),
        (0x0D, "lost"),
        (0x0E, "lost"),
        (0x10, "lost"),
    ],
)
def test_the_chips_error_codes_end_the_conversation(running, inbox, card, status, code):
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        running.chip.faults.exchange_status = status
        for _ in range(2):
            with pytest.raises(CardGone) as gone:
                channel.transmit(SELECT_CARD_ACCESS)
            assert gone.value.code == f"card_reader.{code}"
    inbox.next(CardRemoved)  # it may be another one that lies there now
    inbox.next(CardPresent)
    assert read_card_access(running) == CARD_ACCESS + OK


@pytest.mark.parametrize("exchanges", [1, 2, 3])
def test_a_card_lifted_in_mid_read_is_told_at_once_and_the_next_one_reads(running, inbox, card, exchanges):
    running.lay(card)
    inbox.next(CardPresent)
    begun_s = time.monotonic()
    with running.reader.connect() as channel:
        running.chip.faults.take_after_exchanges = exchanges
        for _ in range(exchanges - 1):
            channel.transmit(SELECT_CARD_ACCESS)
        with pytest.raises(CardGone, match=r"card_reader\.card_taken"):
            channel.transmit(SELECT_CARD_ACCESS)
    inbox.next(CardRemoved)
    assert time.monotonic() - begun_s < 1.0
    running.lay(card)
    inbox.next(CardPresent)
    assert read_card_access(running) == CARD_ACCESS + OK


def test_a_card_lifted_while_it_thinks_is_told_when_the_chip_gives_up(running, inbox):
    card = Scripted(before=lambda: running.take())
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel, pytest.raises(CardGone, match=r"card_reader\.card_taken"):
        channel.transmit(READ)
    inbox.next(CardRemoved)


@pytest.mark.parametrize("size", [1, 252, 253, 254, 255, 256, 261, 262, 263, 524, 525, 2_000])
def test_commands_and_answers_of_any_length_come_through(running, inbox, size):
    command, answer = os.urandom(size), os.urandom(size) + OK
    card = Scripted(answer=answer)
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        assert channel.transmit(command) == answer
        assert channel.transmit(READ) == answer
    assert card.asked == [command, READ]


def test_an_answer_without_status_bytes_is_none(running, inbox):
    running.lay(Scripted(answer=b"\x90"))
    inbox.next(CardPresent)
    with running.reader.connect() as channel, pytest.raises(CardGone, match="no status bytes"):
        channel.transmit(READ)


def test_an_answer_without_end_is_cut_off(running, inbox):
    running.lay(Scripted(answer=bytes(70_000)))
    inbox.next(CardPresent)
    with running.reader.connect() as channel, pytest.raises(CardGone, match="answer without end"):
        channel.transmit(READ)


def test_a_card_is_spoken_to_slowly_after_it_failed_at_speed(running, inbox, card):
    running.chip.faults.fails_at_higher_rates = True
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel, pytest.raises(CardGone, match=r"card_reader\.card_taken"):
        channel.transmit(SELECT_CARD_ACCESS)
    inbox.next(CardRemoved)
    inbox.next(CardPresent)
    assert read_card_access(running) == CARD_ACCESS + OK


def test_the_worker_looks_away_while_somebody_talks_to_the_card(running, inbox):
    card = Scripted()
    running.lay(card)
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        resets = card.resets
        assert not threading.Event().wait(0.5)  # five rounds of the worker
        assert channel.transmit(READ) == OK
        assert card.resets == resets


def test_closing_ends_a_conversation_at_once(pn532_rig):
    held = threading.Event()
    pn532_rig.lay(Scripted(before=lambda: held.wait(5)))
    pn532_rig.reader.open()
    begun_s = time.monotonic()
    with pn532_rig.reader.connect() as channel:
        closing = threading.Timer(0.1, pn532_rig.reader.close)
        closing.start()
        with pytest.raises(CardGone, match=r"card_reader\.lost"):
            channel.transmit(READ)
    closing.join()
    held.set()
    assert time.monotonic() - begun_s < 1.5


def test_an_apdu_may_take_longer_than_anything_else(running, inbox):
    slow = threading.Event()
    running.lay(Scripted(before=lambda: slow.wait(1.5)))
    inbox.next(CardPresent)
    with running.reader.connect() as channel:
        assert channel.transmit(READ) == OK


@pytest.mark.allowed_warnings(r"card_reader lost")
def test_a_card_that_never_answers_ends_the_conversation_in_time(pn532_rig, run, inbox):
    reader = pn532_rig.reader_with(inbox, apdu_timeout_s=0.3)
    run(reader, inbox)
    held = threading.Event()
    pn532_rig.lay(Scripted(before=lambda: held.wait(2)))
    inbox.next(CardPresent)
    begun_s = time.monotonic()
    with reader.connect() as channel, pytest.raises(CardGone, match=r"card_reader\.lost"):
        channel.transmit(READ)
    assert time.monotonic() - begun_s < 1.5
    held.set()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(b"\xff\xff")  # with the end of one frame and the beginning of the next it looks like a refusal
@given(st.binary(max_size=24))
def test_no_garbage_keeps_a_card_from_being_read(pn532_rig, garbage):
    pn532_rig.chip.faults.garbage = garbage
    card = Scripted()
    pn532_rig.lay(card)
    pn532_rig.reader.open()
    try:
        with pn532_rig.reader.connect() as channel:
            assert channel.transmit(READ) == OK
    finally:
        pn532_rig.reader.close()
    assert card.asked == [READ]
