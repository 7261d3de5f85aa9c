"""Answers in parts, sizes named by the chip, and counting."""

import pytest
from support.chip_examples import PlayedChip

from devices.chip.apdu import Command
from devices.chip.errors import ProtocolBroken
from devices.chip.link import Link, PlainChannel


def test_fetches_the_rest_of_an_answer_that_comes_in_parts():
    chip = PlayedChip([["0088000001AA00", "01026103"], ["00C0000003", "0304056102"], ["00C0000002", "06079000"]])
    link = Link(chip)
    answer = PlainChannel(link).send(Command(ins=0x88, data=b"\xaa", expected=256))
    assert answer.data.hex() == "01020304050607"
    assert answer.ok
    assert link.apdus == 3
    assert link.answer_bytes == 4 + 5 + 4


def test_asks_for_all_there_is_when_the_chip_has_256_bytes_or_more():
    chip = PlayedChip([["00B0000000", "6100"], ["00C0000000", "AA9000"]])
    assert PlainChannel(Link(chip)).send(Command(ins=0xB0, expected=256)).data == b"\xaa"


def test_repeats_a_command_once_with_the_length_the_chip_names():
    chip = PlayedChip([["00B0000000", "6C02"], ["00B0000002", "01029000"]])
    assert PlainChannel(Link(chip)).send(Command(ins=0xB0, expected=256)).data == b"\x01\x02"


def test_repeats_a_protected_command_with_another_length_outside_only():
    chip = PlayedChip(
        [["0CB000000D9701048E08ED6705417E96BA5500", "6C20"], ["0CB000000D9701048E08ED6705417E96BA5520", "9000"]]
    )
    Link(chip)(bytes.fromhex("0CB000000D9701048E08ED6705417E96BA5500"))
    assert chip.done


def test_tells_a_length_that_is_named_twice():
    chip = PlayedChip([["00B0000000", "6C02"], ["00B0000002", "6C02"]])
    assert PlainChannel(Link(chip)).send(Command(ins=0xB0, expected=256)).status == 0x6C02


def test_a_command_without_expected_answer_is_never_repeated():
    chip = PlayedChip([["00A4020C02011C", "6C02"]])
    assert PlainChannel(Link(chip)).send(Command(ins=0xA4, p1=2, p2=0x0C, data=b"\x01\x1c")).status == 0x6C02


@pytest.mark.parametrize("answer", [b"\x61\x00", b"\x01\x61\x00", bytes(256) + b"\x61\xff"])
def test_a_chip_that_never_ends_is_left(answer):
    with pytest.raises(ProtocolBroken):
        Link(lambda _: answer, max_apdus=500)(b"\x00\xb0\x00\x00\x00")


@pytest.mark.parametrize("answer", [b"", b"\x90"])
def test_an_answer_without_status_breaks_the_protocol(answer):
    with pytest.raises(ProtocolBroken):
        PlainChannel(Link(lambda _: answer)).send(Command(ins=0xB0, expected=1))


def test_what_the_transport_raises_passes():
    class Gone(Exception):
        pass

    def gone(_):
        raise Gone

    with pytest.raises(Gone):
        PlainChannel(Link(gone)).send(Command(ins=0xB0))


def test_an_answer_in_very_many_parts_is_left_long_before_the_commands_run_out():
    link = Link(lambda _: b"\x01\x02\x61\x10")
    with pytest.raises(ProtocolBroken, match="without an end"):
        link(b"\x00\xb0\x00\x00\x00")
    assert link.apdus < 400


def test_parts_that_are_only_announced_are_left_at_once():
    link = Link(lambda _: b"\x61\x00")
    with pytest.raises(ProtocolBroken, match="without any"):
        link(b"\x00\xb0\x00\x00\x00")
    assert link.apdus == 2


def test_a_chip_that_takes_too_long_is_sent_nothing_more():
    now_s = iter([0.0, 1.0, 18.0, 18.5])
    link = Link(lambda _: b"\x90\x00", max_s=18.0, clock=lambda: next(now_s))
    for _ in range(2):
        assert link(b"\x00\xb0\x00\x00\x00") == b"\x90\x00"
    with pytest.raises(ProtocolBroken, match="too long"):
        link(b"\x00\xb0\x00\x00\x00")
    assert link.apdus == 2
