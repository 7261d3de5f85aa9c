"""Forged, copied, tampered and malformed chips: none is authentic, and each is told for the right reason."""

from dataclasses import replace

import pytest
from support.chip_cards import EXTENDED, SHORT, Laid
from support.forged_chips import BOTH, BY_BAC, BY_MAPPING, BY_PACE_ALONE, CASES, CAUTIOUS, HARMLESS

from devices.chip.errors import ChipError, ProtocolBroken
from devices.chip.values import Access, CheckName, CheckState, Verdict
from devices.emulators.chip.faults import FAULTS
from devices.emulators.chip.protocol_faults import BasicAccessFault, PaceFault

CAM_FAULTS = ("pace-cam-wrong", "pace-cam-missing", "pace-cam-not-blocks")
PACE_FAULTS = tuple(name for fault in PaceFault if (name := f"pace-{fault.value}".replace("_", "-")) not in CAM_FAULTS)


def test_there_are_at_least_150_cases_and_none_is_authentic():
    assert len({case.name for case in CASES}) >= 150
    assert all(case.verdict is not Verdict.AUTHENTIC for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.name}={case.reason.rpartition('.')[2]}" for case in CASES])
def test_it_is_told_for_the_right_reason(case):
    judgement = Laid(case.profile, faults=(FAULTS[case.fault],)).read(photo="dg2" in case.fault).judgement
    assert judgement.verdict is case.verdict, judgement
    assert case.reason in judgement.reasons


@pytest.mark.parametrize("name", HARMLESS)
def test_an_odd_but_genuine_chip_is_authentic(name):
    laid = Laid(BOTH, faults=(FAULTS[name],))
    record = laid.read(photo=False)
    assert record.judgement.verdict is Verdict.AUTHENTIC, record.judgement
    assert record.citizen.name == laid.citizen.name


@pytest.mark.parametrize("lengths", [EXTENDED, SHORT], ids=["extended", "short"])
@pytest.mark.parametrize("name", CAUTIOUS)
def test_a_chip_that_gives_less_at_once_is_read_whole(name, lengths):
    laid = Laid(replace(BOTH, photo_bytes=15_000), faults=(FAULTS[name],))
    record = laid.read(lengths=lengths)
    assert record.judgement.verdict is Verdict.AUTHENTIC, record.judgement
    assert len(record.photo) == 15_000
    assert record.apdus < 200


@pytest.mark.parametrize("name", PACE_FAULTS)
def test_broken_pace_opens_nothing_on_a_chip_without_another_way(name):
    laid = Laid(BY_PACE_ALONE, faults=(FAULTS[name],))
    with pytest.raises(ChipError):
        laid.read()


@pytest.mark.parametrize("name", CAM_FAULTS)
def test_a_mapping_that_proves_nothing_is_no_proof(name):
    judgement = Laid(BY_MAPPING, faults=(FAULTS[name],)).read(photo=False).judgement
    assert judgement.verdict is not Verdict.AUTHENTIC
    assert judgement.checks[CheckName.CHIP_AUTHENTICATION].state is not CheckState.PASSED


@pytest.mark.parametrize("name", ["cloned-card-security", "cloned-card-security-impostor"])
def test_a_key_that_a_copy_signed_itself_proves_nothing_also_where_no_country_is_trusted(name):
    honest = Laid(BY_MAPPING).read(photo=False, trusted=False).judgement
    assert honest.verdict is Verdict.ISSUER_NOT_TRUSTED
    copied = Laid(BY_MAPPING, faults=(FAULTS[name],)).read(photo=False, trusted=False).judgement
    assert copied.verdict is Verdict.NOT_PROVEN
    assert "chip.check.card_security_not_trusted" in copied.reasons


@pytest.mark.parametrize("fault", BasicAccessFault)
def test_a_chip_that_does_not_know_the_key_itself_is_not_believed(fault):
    laid = Laid(BY_BAC, faults=(FAULTS[f"bac-{fault.value}".replace("_", "-")],))
    with pytest.raises(ProtocolBroken):
        laid.read()


@pytest.mark.parametrize(
    ("can", "access"), [("123456", Access.PACE_CAN), ("000000", Access.PACE_MRZ)], ids=["right", "wrong"]
)
def test_a_wrong_card_access_number_costs_one_try_and_the_printed_zone_opens(can, access):
    laid = Laid(BOTH, faults=(FAULTS["can-blocked-after-3"],))
    keys = (type(laid.citizen.can)(digits=can), laid.citizen.mrz_key)
    assert laid.read(keys=keys, photo=False).access is access
