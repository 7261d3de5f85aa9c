"""Every kind of chip the emulator offers is read right, with the right verdict."""

import random

import pytest
from support.chip_cards import Laid
from support.chip_kinds import FACTORS, combined, every_kind_once
from support.pairwise import pairwise

from devices.chip.values import Verdict
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.variants import PROFILES

ROWS = pairwise(FACTORS)
RANDOM_ROWS = 400


def check(reading):
    citizen = CITIZENS[reading.citizen]
    laid = Laid(reading.profile, citizen=citizen)
    keys = (citizen.can, citizen.mrz_key) if reading.by_can else (citizen.mrz_key,)
    record = laid.read(keys=keys, lengths=reading.limits)
    assert record.judgement.verdict is reading.verdict, (reading, record.judgement)
    assert record.access is reading.access, reading
    assert (record.citizen.number, record.citizen.name) == (citizen.number, citizen.name), reading
    assert record.missing_files == {}, reading
    assert record.photo is not None
    assert laid.groups[2].endswith(record.photo)


@pytest.mark.parametrize("turn", range(len(ROWS)))
def test_every_two_variants_together_are_read_right(turn):
    check(combined(ROWS[turn], turn))


@pytest.mark.parametrize("name", PROFILES)
def test_a_named_profile_is_read_right_and_without_a_country_certificate_it_is_not_trusted(name):
    laid = Laid(PROFILES[name])
    trusted, untrusted = laid.read().judgement, laid.read(trusted=False).judgement
    if name == "unproven":
        assert trusted.verdict is untrusted.verdict is Verdict.NOT_PROVEN
        return
    assert trusted.verdict is Verdict.AUTHENTIC, trusted
    assert untrusted.verdict is Verdict.ISSUER_NOT_TRUSTED
    assert untrusted.reasons == ("chip.check.issuer_unknown",)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_single_kind_of_access_authentication_and_signature_is_read_right():
    for reading in every_kind_once():
        check(reading)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_random_combinations_of_everything_are_read_right():
    chooser = random.Random(20260615)
    for _ in range(RANDOM_ROWS):
        row = {name: chooser.choice(values) for name, values in FACTORS.items()}
        check(combined(row, chooser.randrange(10_000)))
