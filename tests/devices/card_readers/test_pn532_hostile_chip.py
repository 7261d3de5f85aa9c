"""Whatever answers like a PN532 and says nonsense: the driver knows only its declared ways to fail, and ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.card_readers.channel import CardGone
from devices.card_readers.pn532_chip import Pn532Chip
from devices.card_readers.pn532_frames import (
    ACK_FRAME,
    ERROR_FRAME,
    TO_CHIP,
    TO_HOST,
    FrameKind,
    FrameParser,
    encode_frame,
)
from devices.card_readers.pn532_link import CommandRefused, NoAnswer, Pn532Link
from devices.card_readers.pn532_targets import BitRate, Target, target_of_type_a, target_of_type_b

DECLARED = (CardGone, NoAnswer, CommandRefused)


class NonsenseChip:
    """A port at whose other end every command is acknowledged and answered with the next of the given answers."""

    baudrate, timeout = 115_200, None

    def __init__(self, answers):
        self._answers = answers
        self._parser = FrameParser(TO_CHIP)
        self._said = bytearray()
        self.commands = 0

    @property
    def in_waiting(self):
        return len(self._said)

    def read(self, size=1):
        part = bytes(self._said[:size])
        del self._said[:size]
        return part

    def write(self, data):
        for frame in self._parser.feed(data):
            if frame.kind is FrameKind.DATA:
                self.commands += 1
                answer = self._answers[self.commands % len(self._answers)]
                told = ERROR_FRAME if answer is None else encode_frame(TO_HOST, bytes([frame.data[0] + 1]) + answer)
                self._said += ACK_FRAME + told

    def cancel_read(self):
        pass

    def close(self):
        pass


answers = st.lists(st.none() | st.binary(max_size=263), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(answers, st.binary(max_size=600))
def test_nonsense_ends_in_a_declared_way(said, command):
    port = NonsenseChip(said)
    chip = Pn532Chip(Pn532Link(port))
    target = Target(number=1, atr=b"\x3b", to_card=BitRate.KBIT_424)
    for step in (
        chip.start,
        chip.find_card,
        lambda: chip.raise_bit_rates(target, BitRate.KBIT_424),
        lambda: chip.exchange(target, command, 0.1),
    ):
        try:
            step()
        except DECLARED:
            continue
    assert port.commands < 70_000


def test_an_answer_that_is_always_continued_with_nothing_ends():
    chip = Pn532Chip(Pn532Link(NonsenseChip([b"\x40"])))
    with pytest.raises(CardGone, match="answer without end"):
        chip.exchange(Target(number=1, atr=b"\x3b"), b"\x00\xb0\x00\x00\x00", 0.1)


@given(st.binary(max_size=80))
def test_no_target_data_breaks_its_reading(answer):
    for read in (target_of_type_a, target_of_type_b):
        target = read(answer)
        assert target is None or target.number == answer[1]
