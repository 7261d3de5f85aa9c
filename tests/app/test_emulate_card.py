"""`tiepdon emulate card`: which card, what is wrong with it, and what a reader makes of it."""

import json
import subprocess
import sys

import pytest
from support.command_process import CommandProcess

from devices.emulators.chip.link_models import LinkSpeed
from devices.emulators.chip.signer_faults import SIGNER_FAULTS
from devices.emulators.chip.variants import PROFILES
from kiosk.app.emulate_card import CardTable
from kiosk.app.emulate_console import LineRefused
from kiosk.app.emulated_card_choice import CardChoice, card_lines
from kiosk.app.emulated_citizens import citizen_card_of
from kiosk.insurance.emulator_people import PEOPLE

SELECT_APPLICATION = bytes.fromhex("00A4040C07A0000002471001")
READY = "Tiếp Đón emulated card ready: "


class Table:
    """A place that remembers what lies on it."""

    name = "table"

    def __init__(self) -> None:
        self.lying = None

    def lay(self, card):
        self.lying = card

    def take(self):
        self.lying = None


@pytest.fixture
def table():
    return CardTable(Table(), CardChoice(person=1, profile="citizen"))


def refused(*arguments):
    command = [sys.executable, "-m", "kiosk.app.cli", "emulate", "card", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 2, ran.stderr
    return ran.stderr


@pytest.mark.parametrize("number", range(1, len(PEOPLE) + 1))
def test_everybody_has_a_card_that_says_what_their_code_says(number):
    citizen, person = citizen_card_of(number), PEOPLE[number - 1]
    assert (citizen.number, citizen.name, citizen.birth, citizen.sex) == (
        person.citizen,
        person.name,
        person.birth,
        person.sex,
    )
    assert [len(line) for line in citizen.mrz_lines()] == [30, 30, 30]
    assert citizen.expires is None or citizen.expires > citizen.issued


def test_a_person_beyond_the_list_has_none():
    for number in (0, len(PEOPLE) + 1):
        with pytest.raises(IndexError):
            citizen_card_of(number)


def test_what_is_printed_is_enough_to_type():
    lines = "\n".join(card_lines(citizen_card_of(1)))
    for part in ("001090123456", "Nguyễn Văn An", "CAN 123456", "IDVNM0901234562001090123456<<3", "--birth 900101"):
        assert part in lines


def test_another_card_takes_the_place_of_the_lying_one(table):
    place = table._place
    table.obey("lay")
    first = place.lying
    assert "CAN 012345" in table.obey("person 2")
    assert place.lying is not first
    table.obey("take")
    table.obey("profile bac")
    assert place.lying is None
    table.obey("fault cloned pulled-at-4")
    table.obey("lay")
    assert [len(place.lying.transmit(SELECT_APPLICATION)) for _ in range(4)] == [
        2,
        2,
        2,
        0,
    ]
    table.obey("fault none")
    assert place.lying.transmit(SELECT_APPLICATION) == b"\x90\x00"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("person 0", "emulate.person_unknown"),
        ("person 999", "emulate.person_unknown"),
        ("profile passport", "emulate.profile_unknown"),
        ("variant pace=im:aes128:10", "emulate.variant_unknown"),
        ("fault gremlins", "emulate.fault_unknown"),
        ("fault pulled-at-0", "emulate.fault_unknown"),
        ("fault pulled-at-N", "emulate.fault_unknown"),
        ("fault", "emulate.line_unknown"),
        ("dance", "emulate.line_unknown"),
    ],
)
def test_a_line_that_cannot_be_obeyed_changes_nothing(table, line, key):
    before = table.made
    with pytest.raises(LineRefused) as refusal:
        table.obey(line)
    assert refusal.value.key == key
    assert table.made is before


@pytest.mark.parametrize("name", [*SIGNER_FAULTS, "dg15-cut", "cardaccess-cut", "sod-without-dg14", "last-byte-dg14"])
def test_a_fault_of_what_a_card_does_not_have_still_makes_a_card(name):
    made = CardChoice(person=1, profile="rsa" if name in SIGNER_FAULTS else "unproven", faults=(name,)).make()
    assert made.card.transmit(SELECT_APPLICATION) == b"\x90\x00"


def test_a_slow_card_answers_the_same():
    made = CardChoice(person=1, profile="bac", speed=LinkSpeed(per_command_s=0.001)).make()
    assert made.card.transmit(SELECT_APPLICATION) == b"\x90\x00"


def test_wrong_words_are_refused_at_the_start(tmp_path):
    assert "[emulate.person_unknown]" in refused("--pn532", str(tmp_path / "reader"), "--person", "46")
    assert "[emulate.profile_unknown]" in refused("--pn532", str(tmp_path / "reader"), "--profile", "x")
    assert "[emulate.fault_unknown]" in refused("--pn532", str(tmp_path / "reader"), "--fault", "x")
    (tmp_path / "file").write_text("mine")
    assert "[emulate.path_taken]" in refused("--pn532", str(tmp_path / "file"))
    assert "[emulate.path_unusable]" in refused(
        "--pn532", str(tmp_path / "reader"), "--write-csca", str(tmp_path / "file" / "x")
    )


def read(port, *arguments):
    command = [sys.executable, "-m", "kiosk.app.cli", "chip", "read", "--serial", str(port), "--json", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_emulated_card_is_read_over_the_emulated_pn532_and_faults_show(tmp_path):
    port, country = tmp_path / "reader", tmp_path / "country"
    arguments = ("emulate", "card", "--pn532", str(port), "--lay", "--write-csca", str(country))
    with CommandProcess(*arguments) as command:
        command.line_with(READY)
        command.line_with("Type help")
        record = read(port, "--can", "123456", "--csca", str(country))
        assert (record["number"], record["verdict"]) == (PEOPLE[0].citizen, "authentic")
        command.type("fault cloned")
        assert read(port, "--can", "123456", "--csca", str(country))["verdict"] == "forged"
        command.type("profile bac")
        command.type("fault none")
        printed = ("--number", PEOPLE[0].citizen, "--birth", "900101", "--expiry", "300101")
        assert read(port, *printed)["verdict"] == "issuer_not_trusted"
        assert command.end() == 0
    assert not port.is_symlink()


def test_every_profile_has_a_name_that_can_be_typed():
    assert all(name == name.lower() and " " not in name for name in PROFILES)
