"""Host software that is not ours finds the emulated PN532 and the card on it: libnfc's tools and mrtdreader.

They are Debian packages (libnfc-bin, libnfc-examples, mrtdreader). libnfc takes the port from LIBNFC_DEVICE; it looks
for none itself.
"""

import os
import shutil
import subprocess
import threading

import pytest
from PIL import Image
from support.plain_card import PlainCard

from devices.chip.mrz import check_digit
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.personalisation import issue_card
from devices.emulators.chip.variants import PROFILES
from devices.emulators.pn532 import Pn532Emulator
from devices.emulators.pn532_field import MIFARE_CLASSIC, TypeB

RUN_S = 30
MRZ_INFORMATION = "D23145890734081221204159"  # document number, birth, expiry, each with its check digit (made up)


@pytest.fixture
def chip(tmp_path):
    with Pn532Emulator(tmp_path / "pn532") as emulator:
        yield emulator


@pytest.fixture
def tool(chip, tmp_path):
    """Start a host program on the chip's port, in a folder of its own."""
    running = []

    def start(name, *arguments):
        if shutil.which(name) is None:
            pytest.fail(f"{name} is not installed: apt-get install libnfc-bin libnfc-examples mrtdreader")
        surroundings = {**os.environ, "LIBNFC_DEVICE": f"pn532_uart:{chip.port}", "LIBNFC_AUTO_SCAN": "false"}
        running.append(
            subprocess.Popen(
                ["stdbuf", "-o0", name, *arguments],
                cwd=tmp_path,
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def said(process):
    return process.communicate(timeout=RUN_S)[0]


def test_nfc_scan_device_finds_the_chip(tool, chip):
    assert f"pn532_uart:{chip.port}" in said(tool("nfc-scan-device"))


def test_nfc_list_lists_a_card_of_type_a(tool, chip):
    chip.lay(PlainCard())
    listed = said(tool("nfc-list", "-v"))
    assert "1 ISO14443A passive target(s) found" in listed
    assert "08  a1  b2  c3" in listed
    assert "Compliant with ISO/IEC 14443-4" in listed
    assert "ATS: 78  33  80  02" in listed
    assert "0 ISO14443B passive target(s) found" in listed


def test_nfc_list_lists_a_card_of_type_b(tool, chip):
    chip.lay(PlainCard(), TypeB())
    listed = said(tool("nfc-list"))
    assert "1 ISO14443B passive target(s) found" in listed
    assert "e1  f3  5e  11" in listed
    assert "ISO14443A" not in listed


def test_nfc_list_lists_a_memory_card_and_an_empty_field(tool, chip):
    assert "found" not in said(tool("nfc-list"))
    chip.lay(PlainCard(), MIFARE_CLASSIC)
    assert "SAK (SEL_RES): 08" in said(tool("nfc-list"))


def test_nfc_poll_notices_a_card_laid_and_taken(tool, chip):
    polling = tool("nfc-poll")
    seen = []

    def watch():
        for line in polling.stdout:
            seen.append(line)
            if "polling" in line and "ms" in line:
                chip.lay(PlainCard())
            if "SAK" in line:
                chip.take()

    watching = threading.Thread(target=watch)
    watching.start()
    polling.wait(RUN_S)
    watching.join(RUN_S)
    assert any("08  a1  b2  c3" in line for line in seen)
    assert "done" in seen[-1]
    assert polling.returncode == 0


@pytest.mark.parametrize("shape", [None, TypeB()], ids=["type A", "type B"])
def test_mrtdreader_finds_the_card_and_is_refused_without_access(tool, chip, shape):
    chip.lay(PlainCard(), shape)
    reading = tool("mrtdreader", MRZ_INFORMATION)
    told = said(reading)
    assert "Target found!" in told
    assert "Challenge failed" in told
    assert reading.returncode != 0


@pytest.mark.parametrize(
    ("profile", "shape", "photo"),
    [("bac", None, "image.jp2"), ("old", None, "image.jpg"), ("citizen", TypeB(), "image.jp2")],
)
def test_mrtdreader_reads_a_whole_citizen_card(tool, chip, tmp_path, profile, shape, photo):
    citizen = CITIZENS[0]
    chip.lay(issue_card(citizen, PROFILES[profile], Issuer()), shape)
    key = citizen.mrz_key
    reading = tool(
        "mrtdreader", "".join(part + check_digit(part) for part in (key.document_number, key.birth, key.expiry))
    )
    told = said(reading)
    assert "Challenge successful" in told
    assert "".join(citizen.mrz_lines()) in told
    assert reading.returncode == 0
    with Image.open(tmp_path / photo) as picture:
        assert picture.getbbox() == (0, 0, *picture.size)
