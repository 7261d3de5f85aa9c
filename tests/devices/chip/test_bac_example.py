"""BAC and the first secure messages byte for byte against ICAO 9303-11, appendix D."""

import pytest
from support.chip_examples import PlayedChip, appendices, fixed

from devices.chip.apdu import Command
from devices.chip.bac import open_by_bac
from devices.chip.errors import ChipRefused, KeyRefused, ProtocolBroken
from devices.chip.keys import MrzKey

EXAMPLE = appendices()["bac"]
KEY = MrzKey(document_number="L898902C", birth="690806", expiry="940623")
AUTHENTICATE = "0082000028" + EXAMPLE["external_authenticate_data"] + "28"
ANSWER = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"
OPENING = [["0084000008", EXAMPLE["rnd_ic"] + "9000"], [AUTHENTICATE, ANSWER + "9000"]]


def opened(exchange):
    chip = PlayedChip(exchange)
    return open_by_bac(chip, KEY, fixed(octets=[EXAMPLE["rnd_ifd"], EXAMPLE["k_ifd"]])), chip


def test_opens_the_worked_example_byte_for_byte():
    channel, chip = opened(OPENING)
    assert chip.done
    assert channel._keys.encryption.hex().upper() == EXAMPLE["ks_enc"]
    assert channel._keys.mac.hex().upper() == EXAMPLE["ks_mac"]
    assert channel.counter.hex().upper() == EXAMPLE["ssc"]


def test_reads_the_common_file_of_the_worked_example_byte_for_byte():
    channel, chip = opened(
        [
            *OPENING,
            ["0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"],
            ["0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"],
            [
                "0CB000040D9701128E082EA28A70F3C7B53500",
                "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
            ],
        ]
    )
    assert channel.send(Command(ins=0xA4, p1=0x02, p2=0x0C, data=b"\x01\x1e")).ok
    head = channel.send(Command(ins=0xB0, expected=4)).data
    rest = channel.send(Command(ins=0xB0, p2=4, expected=18)).data
    assert (head + rest).hex().upper() == "60145F0104303130365F36063034303030305C026175"
    assert chip.done


@pytest.mark.parametrize(
    ("status", "left"), [("6300", None), ("63C1", 1), ("6982", None), ("6988", None), ("6A80", None)]
)
def test_a_refused_authentication_is_a_refused_key(status, left):
    with pytest.raises(KeyRefused) as refused:
        opened([OPENING[0], [AUTHENTICATE, status]])
    assert refused.value.tries_left == left


def test_a_chip_without_bac_is_told_apart():
    with pytest.raises(ChipRefused):
        opened([["0084000008", "6D00"]])
    with pytest.raises(ChipRefused):
        opened([OPENING[0], [AUTHENTICATE, "6D00"]])


@pytest.mark.parametrize("answer", ["9000", ANSWER[:-2] + "9000", ANSWER[:-2] + "4A9000", "00" + ANSWER[2:] + "9000"])
def test_a_wrong_answer_of_the_chip_breaks_the_protocol(answer):
    with pytest.raises(ProtocolBroken):
        opened([OPENING[0], [AUTHENTICATE, answer]])


def test_a_challenge_of_another_length_breaks_the_protocol():
    with pytest.raises(ProtocolBroken):
        opened([["0084000008", "01029000"]])
