"""`tiepdon chip`: as a process, over an emulated PN532 on a pseudo-terminal and over the real pcscd."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from support.pcscd import VPCD_PORT, card_present, wait_until

from devices.emulators.card_vpcd import VpcdCard
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.faults import FAULTS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.link_models import CardPulledAway
from devices.emulators.chip.personalisation import draft_card, image_of
from devices.emulators.chip.variants import PROFILES
from devices.emulators.pn532 import Pn532Emulator
from kiosk.app.chip_given_keys import given_keys
from kiosk.app.cli import build_parser
from kiosk.app.emulated_citizens import citizen_card_of
from kiosk.app.start import CannotStart

NUMBER, CAN = "001090123456", "123456"
CITIZEN = citizen_card_of(1)
DATES = ("--birth", CITIZEN.mrz_birth, "--expiry", CITIZEN.mrz_expiry)
LINES = CITIZEN.mrz_lines()
INFORMATION = CITIZEN.mrz_key.mrz_information.decode()
KEYS = [
    "number",
    "name",
    "birth_date",
    "sex",
    "residence",
    "issue_date",
    "expiry_date",
    "verdict",
    "checks",
    "access",
    "apdus",
    "elapsed_s",
]


def chip(*faults: str, profile: str = "citizen") -> EmulatedChip:
    kind = PROFILES[profile]
    draft = draft_card(CITIZEN, kind, Issuer(kind.signing), faults=[FAULTS[name] for name in faults])
    return EmulatedChip(image_of(draft), draft.manners)


def tiepdon_chip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk.app.cli", "chip", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def pn532(tmp_path: Path) -> Iterator[Pn532Emulator]:
    with Pn532Emulator(tmp_path / "reader") as emulator:
        yield emulator


@pytest.fixture
def country(tmp_path: Path) -> Path:
    folder = tmp_path / "country"
    folder.mkdir()
    Issuer(PROFILES["citizen"].signing).write_trust_folder(folder)
    return folder


def read(pn532: Pn532Emulator, *arguments: str) -> subprocess.CompletedProcess[str]:
    return tiepdon_chip("read", "--serial", str(pn532.port), *arguments)


def test_everything_read_is_one_json_object_and_the_photo_a_file_for_its_owner_alone(pn532, country, tmp_path):
    pn532.lay(chip())
    photo = tmp_path / "photo.jp2"
    done = read(pn532, "--can", CAN, "--csca", str(country), "--json", "--photo", str(photo))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert list(told) == KEYS
    assert told["number"] == NUMBER
    assert told["name"] == "Nguyễn Văn An"
    assert (told["birth_date"], told["sex"], told["issue_date"]) == ("1990-01-01", "male", "2021-04-15")
    assert (told["verdict"], told["access"]) == ("authentic", "pace_can")
    assert told["checks"]["hashes"] == {"state": "passed", "reason": "chip.check.hashes_match"}
    assert told["apdus"] > 10
    assert photo.stat().st_mode & 0o777 == 0o600
    with Image.open(photo) as picture:
        assert picture.format == "JPEG2000"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "key",
    [
        ("--number", NUMBER, *DATES),
        ("--number", NUMBER[3:], *DATES),
        ("--mrz", "\n".join(LINES)),
        ("--mrz", " ".join(LINES[:2]).lower()),
        ("--mrz", INFORMATION),
    ],
    ids=["citizen number", "document number", "three lines", "two lines", "key information"],
)
def test_every_way_to_give_the_printed_key_makes_the_same_key(key):
    (given,) = given_keys(build_parser().parse_args(["chip", "read", *key]))
    assert given == CITIZEN.mrz_key


def test_the_printed_key_opens_a_chip_without_pace(pn532):
    pn532.lay(chip(profile="bac"))
    done = read(pn532, "--number", NUMBER, *DATES, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["access"] == "bac"


def test_a_citizen_number_alone_gives_the_six_digits():
    assert given_keys(build_parser().parse_args(["chip", "read", "--number", NUMBER])) == (CITIZEN.can,)


def test_people_are_told_in_both_languages(pn532):
    pn532.lay(chip())
    done = read(pn532, "--can", CAN)
    assert done.returncode == 0
    assert "Họ và tên: Nguyễn Văn An" in done.stdout
    assert "ISSUER NOT CONFIRMED" in done.stdout


def test_a_forged_card_was_read_all_the_same(pn532, country):
    pn532.lay(chip("tampered-name"))
    done = read(pn532, "--can", CAN, "--csca", str(country), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"] == "forged"


def test_a_refused_key_ends_with_three(pn532):
    pn532.lay(chip())
    done = read(pn532, "--can", "000000", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout) == {"error": "chip.key_refused"}
    assert "000000" not in done.stderr


def test_no_card_ends_with_four_after_the_wait(pn532):
    done = read(pn532, "--can", CAN, "--wait", "0.5")
    assert done.returncode == 4
    assert "Không có thẻ" in done.stderr


def test_a_card_pulled_in_mid_read_ends_with_five(pn532):
    pn532.lay(CardPulledAway(chip(), after=12))
    done = read(pn532, "--can", CAN)
    assert done.returncode == 5
    assert "Nguyễn" not in done.stdout + done.stderr


def test_no_reader_ends_with_five(tmp_path):
    done = tiepdon_chip("read", "--serial", str(tmp_path / "nothing"), "--can", CAN)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "key_missing"),
        (("--can", "12345"), "can_malformed"),
        (("--mrz", "IDVNM"), "mrz_malformed"),
        (("--mrz", INFORMATION[:-1] + str((int(INFORMATION[-1]) + 1) % 10)), "mrz_mistyped"),
        (("--number", "090123456"), "dates_missing"),
        (("--number", NUMBER, "--birth", "1990-01-01", "--expiry", "300101"), "date_malformed"),
        (("--birth", "900101"), "number_missing"),
    ],
)
def test_a_wrong_usage_is_refused_with_its_reason(arguments, code):
    with pytest.raises(CannotStart) as refused:
        given_keys(build_parser().parse_args(["chip", "read", *arguments]))
    assert refused.value.key == f"chip.cli.{code}"


def test_a_wrong_usage_is_told_and_ends_with_two():
    done = tiepdon_chip("read", "--serial", "no-port", "--can", CAN, "--csca", "no-such-folder")
    assert done.returncode == 2
    assert "[chip.cli.csca_missing]" in done.stderr


def test_country_certificates_are_listed_with_what_helps_nobody(country):
    (country / "notes.txt").write_text("not a certificate")
    done = tiepdon_chip("csca", str(country))
    assert done.returncode == 0
    assert "Made-up CSCA" in done.stdout
    assert "notes.txt" in done.stderr


@pytest.mark.pcscd
def test_a_card_on_a_pcsc_reader_is_read_by_a_part_of_its_name(pcscd, country):
    card = VpcdCard(chip(), port=VPCD_PORT)
    card.lay()
    try:
        assert wait_until(card_present)
        done = tiepdon_chip("read", "--reader", "tiep don", "--can", CAN, "--csca", str(country), "--json")
    finally:
        card.take()
        assert wait_until(lambda: not card_present())
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["verdict"] == "authentic"
    assert told["apdus"] <= 30, "extended lengths reach the card through pcscd"


@pytest.mark.pcscd
def test_without_a_card_or_with_another_reader_the_end_says_so(pcscd):
    assert tiepdon_chip("read", "--reader", "tiep don", "--can", CAN, "--wait", "0.2").returncode == 4
    assert tiepdon_chip("read", "--reader", "another", "--can", CAN).returncode == 5
