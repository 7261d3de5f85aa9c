"""The emulated PN532 as the manual has the chip (NXP UM0701-02), spoken to byte by byte."""

import time

import pytest
import serial
from support.plain_card import PlainCard

from devices.card_readers.pn532_frames import ACK_FRAME, ERROR_FRAME, NACK_FRAME, TO_HOST, encode_frame
from devices.emulators.pn532 import Pn532Emulator
from devices.emulators.pn532_field import MIFARE_CLASSIC, TypeB

WAKE = b"\x55\x55" + bytes(14)


class Host:
    """The other end of the line, with nothing built in."""

    def __init__(self, path):
        self.port = serial.Serial(str(path), 115_200, timeout=0.3, exclusive=True)

    def say(self, text):
        data = bytes.fromhex(text)
        packet = b"\xd4" + data
        self.port.write(
            b"\0\0\xff" + bytes([len(packet), -len(packet) & 255]) + packet + bytes([-sum(packet) & 255, 0])
        )

    def hears(self, *frames):
        wanted = b"".join(bytes.fromhex(item) if isinstance(item, str) else item for item in frames)
        assert self.port.read(len(wanted)).hex(" ") == wanted.hex(" ")

    def ask(self, text, answer):
        self.say(text)
        self.hears(ACK_FRAME, encode_frame(TO_HOST, bytes.fromhex(answer)))

    def is_silent(self):
        return self.port.read(1) == b""


@pytest.fixture
def chip(tmp_path):
    with Pn532Emulator(tmp_path / "pn532", rf_timeout_s=0.01) as emulator:
        yield emulator


@pytest.fixture
def asleep(chip):
    host = Host(chip.port)
    yield host
    host.port.close()


@pytest.fixture
def host(asleep):
    asleep.port.write(WAKE)
    asleep.ask("1401", "15")
    return asleep


def test_a_sleeping_chip_loses_the_bytes_that_wake_it(asleep):
    asleep.say("02")
    assert asleep.is_silent()
    asleep.say("02")
    asleep.hears("0000FF00FF00", "0000FF06FAD50332010607E800")


def test_before_samconfiguration_it_does_nothing_by_radio(asleep):
    asleep.port.write(WAKE)
    asleep.say("4A0100")
    asleep.hears(ACK_FRAME, ERROR_FRAME)
    asleep.ask("140114", "15")
    asleep.ask("3205000000", "33")
    asleep.ask("4A0100", "4B00")


@pytest.mark.parametrize("unknown", ["FF", "14", "1409", "32", "3201", "4A", "4A01", "0601", "8C00"])
def test_what_it_does_not_know_is_a_syntax_error(host, unknown):
    host.say(unknown)
    host.hears("0000FF00FF00", "0000FF01FF7F8100")


def test_a_nack_repeats_the_last_answer(host):
    host.ask("02", "0332010607")
    for _ in range(2):
        host.port.write(NACK_FRAME)
        host.hears(encode_frame(TO_HOST, bytes.fromhex("0332010607")))


def test_a_command_with_a_wrong_checksum_is_not_heard(host):
    host.port.write(bytes.fromhex("0000FF02FED4022B00"))
    assert host.is_silent()
    host.ask("02", "0332010607")


def test_looking_for_a_card_lasts_for_ever_until_one_comes(host, chip):
    host.say("4A0100")
    host.hears(ACK_FRAME)
    assert host.is_silent()
    chip.lay(PlainCard())
    host.hears(encode_frame(TO_HOST, bytes.fromhex("4B01010004200408A1B2C30578338002")))


@pytest.mark.parametrize("end", ["ack", "command"])
def test_looking_for_a_card_is_ended_by_the_host(host, end):
    host.say("4A0100")
    host.hears(ACK_FRAME)
    if end == "ack":
        host.port.write(ACK_FRAME)
        assert host.is_silent()
    host.ask("02", "0332010607")


def test_the_types_answer_as_iso_14443_has_it(host, chip):
    host.ask("3205FF0101", "33")
    chip.lay(PlainCard(), MIFARE_CLASSIC)
    host.ask("4A0100", "4B010100040804C0FFEE01")
    host.ask("4A010300", "4B00")
    chip.lay(PlainCard(), TypeB())
    host.ask("4A0100", "4B00")
    host.ask("4A010300", "4B010150A1B2C3D4E1F35E113381850100")
    host.ask("4A0101", "4B00")


def test_without_automatic_rats_there_is_no_ats(host, chip):
    chip.lay(PlainCard())
    host.ask("1204", "13")
    host.ask("4A0100", "4B01010004200408A1B2C3")
    host.ask("42E080", "43000578338002")


def test_apdus_go_through_and_without_a_card_it_says_why(host, chip):
    host.ask("40010084000008", "4127")
    chip.lay(PlainCard())
    host.ask("4A0100", "4B01010004200408A1B2C30578338002")
    host.ask("400100A4020C02011C", "41009000")
    host.ask("400200A4020C02011C", "4127")
    host.ask("4E010202", "4F00")
    host.ask("4E010303", "4F10")
    chip.take()
    host.ask("400100A4020C02011C", "4101")


def test_the_field_switched_off_forgets_the_card(host, chip):
    chip.lay(PlainCard())
    host.ask("4A0100", "4B01010004200408A1B2C30578338002")
    host.ask("320100", "33")
    host.ask("400100A4020C02011C", "4127")
    host.ask("3205000000", "33")
    host.ask("4A0100", "4B01010004200408A1B2C30578338002")
    host.ask("400100B0000004", "41006986")


@pytest.mark.parametrize("release", ["4401", "4400", "5200", "5201"])
def test_a_released_card_can_be_selected_again(host, chip, release):
    chip.lay(PlainCard())
    host.ask("4A0100", "4B01010004200408A1B2C30578338002")
    host.ask(release, f"{int(release[:2], 16) + 1:02X}00")
    host.ask("400100A4020C02011C", "4101")
    host.ask("5401", "5500")
    host.ask("400100A4020C02011C", "41009000")


def test_presence_is_told_by_diagnose_and_by_a_block(host, chip):
    host.ask("0006", "0101")
    chip.lay(PlainCard())
    host.ask("4A0100", "4B01010004200408A1B2C30578338002")
    host.ask("0006", "0100")
    host.ask("42B2", "4300A2")
    host.ask("42BA01", "4300AA01")
    host.ask("420200A4020C02011C", "4300029000")
    chip.take()
    host.ask("42B2", "4301")
    host.ask("0006", "0101")


def test_registers_keep_what_is_written(host):
    host.ask("0863028063030A", "09")
    host.ask("06630263036305", "07800A00")
    host.ask("0000616263", "0100616263")


def test_polling_by_itself_finds_both_types(host, chip):
    host.ask("600101200310", "6100")
    chip.lay(PlainCard())
    host.ask("60010120", "6101200E" + "01000420" + "0408A1B2C3" + "0578338002")
    chip.lay(PlainCard(), TypeB())
    host.ask("6001012023", "6101230F" + "0150A1B2C3D4" + "E1F35E11" + "338185" + "0100")


def test_power_down_ends_in_sleep_and_keeps_the_settings(host, chip):
    chip.lay(PlainCard())
    host.ask("16F0", "1700")
    host.say("4A0100")
    assert host.is_silent()
    host.ask("4A0100", "4B01010004200408A1B2C30578338002")


def test_long_answers_come_in_parts(host, chip):
    class Talker(PlainCard):
        def transmit(self, command):
            return command + bytes(300) + b"\x90\x00"

    chip.lay(Talker())
    host.ask("4A0100", "4B01010004200408A1B2C30578338002")
    host.ask("4041" + "AA" * 10, "4100")
    host.ask("4001" + "BB", "4140" + "AA" * 10 + "BB" + "00" * 251)
    host.ask("4001", "4100" + "00" * 49 + "9000")


def test_the_line_takes_its_time_when_asked_to(tmp_path):
    with Pn532Emulator(tmp_path / "paced", paced=True) as chip:
        host = Host(chip.port)
        host.port.write(WAKE)
        host.ask("1401", "15")
        begun_s = time.monotonic()
        host.ask("00" + "00" + "AB" * 250, "01" + "00" + "AB" * 250)
        assert time.monotonic() - begun_s > 520 * 10 / 115_200
        host.port.close()


def test_the_line_changes_its_bit_rate_when_the_host_acknowledges(host, chip):
    host.ask("1006", "11")
    host.ask("02", "0332010607")
    host.port.write(ACK_FRAME)
    host.say("02")
    assert ACK_FRAME not in host.port.read(64)
    host.port.baudrate = 460_800
    host.ask("02", "0332010607")


def test_without_a_path_the_terminal_is_the_port():
    with Pn532Emulator() as chip:
        host = Host(chip.port)
        host.port.write(WAKE)
        host.ask("1401", "15")
        host.port.close()
