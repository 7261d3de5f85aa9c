"""Which keys open a chip, in which order, and what is told when none does."""

from dataclasses import replace

import pytest
from support.chip_readings import CITIZEN, EXTENDED, card_of, read

from devices.chip.errors import KeyRefused, NotAnIdChip, ProtocolBroken, TransportTooShort, Unsupported
from devices.chip.groups import PARAMETER_IDS
from devices.chip.keys import CanKey, MrzKey
from devices.chip.values import Access, CheckName, CheckState
from devices.emulators.chip.algorithms import Mapping, PaceKind, Suite
from devices.emulators.chip.manners import Manners
from devices.emulators.chip.variants import PROFILES

WRONG_CAN = CanKey(digits="000000")
WRONG_MRZ = MrzKey(document_number="000000000", birth="800101", expiry="300101")
PACE_ONLY = replace(PROFILES["pace"], chip_authentication=(), active_authentication=None)


def opened(profile, *faults, keys=None, **limits):
    card = card_of(profile, *faults)
    return read(card, keys, photo=False, **limits), card


@pytest.mark.parametrize("parameter_id", PARAMETER_IDS)
def test_opens_by_pace_over_every_group(parameter_id):
    profile = replace(PACE_ONLY, pace=(PaceKind(parameter_id=parameter_id),))
    record, _ = opened(profile, **EXTENDED)
    assert record.access is Access.PACE_CAN
    assert record.citizen.number == CITIZEN.number


@pytest.mark.parametrize("suite", list(Suite))
@pytest.mark.parametrize("mapping", list(Mapping))
@pytest.mark.parametrize("key", [CITIZEN.can, CITIZEN.mrz_key], ids=["can", "mrz"])
def test_opens_by_every_mapping_cipher_and_key(mapping, suite, key):
    if mapping is Mapping.CHIP_AUTHENTICATION and suite is Suite.TRIPLE_DES:
        return
    record, _ = opened(replace(PACE_ONLY, pace=(PaceKind(mapping=mapping, suite=suite),)), keys=[key])
    assert record.access is (Access.PACE_CAN if key == CITIZEN.can else Access.PACE_MRZ)
    assert mapping.value in record.protocol
    proven = record.judgement.checks[CheckName.CHIP_AUTHENTICATION].state
    assert proven is (CheckState.PASSED if mapping is Mapping.CHIP_AUTHENTICATION else CheckState.NOT_DONE)


@pytest.mark.parametrize("parameter_id", [0, 8, 9, 11, 12, 14, 15, 16, 17, 18])
def test_integrated_mapping_works_over_fields_and_all_curves_it_can(parameter_id):
    kind = PaceKind(mapping=Mapping.INTEGRATED, parameter_id=parameter_id, suite=Suite.AES_256)
    record, _ = opened(replace(PACE_ONLY, pace=(kind,)))
    assert record.access is Access.PACE_CAN


def test_a_wrong_can_costs_one_try_and_the_zone_comes_next():
    record, card = opened("citizen", keys=[WRONG_CAN, CITIZEN.mrz_key])
    assert record.access is Access.PACE_MRZ
    assert sum(apdu[1] == 0x22 and apdu[2] == 0xC1 for apdu in card.apdus) == 2


def test_the_same_key_is_never_tried_twice():
    card = card_of("can-only")
    with pytest.raises(KeyRefused):
        read(card, [WRONG_CAN, WRONG_CAN, CanKey(digits="000000")])
    assert sum(apdu[1] == 0x22 for apdu in card.apdus) == 1


def test_only_so_many_keys_are_tried():
    card = card_of("pace")
    with pytest.raises(KeyRefused):
        read(card, [CanKey(digits=f"00000{n}") for n in range(4)] + [CITIZEN.can])
    assert sum(apdu[1] == 0x22 for apdu in card.apdus) == 4


def test_a_chip_without_pace_is_opened_by_bac():
    record, _ = opened("bac")
    assert record.access is Access.BAC


def test_a_chip_that_does_not_take_the_zone_by_pace_may_take_it_by_bac():
    record, _ = opened(replace(PROFILES["citizen"], mrz=False), keys=[CITIZEN.mrz_key])
    assert record.access is Access.BAC
    assert record.citizen.number == CITIZEN.number


@pytest.mark.parametrize(
    "fault", ["pace-token-wrong", "pace-mapping-off-curve", "pace-key-reflected", "pace-nonce-missing"]
)
def test_a_chip_whose_pace_is_broken_may_still_be_opened_by_bac(fault):
    record, _ = opened("citizen", fault, keys=[CITIZEN.mrz_key])
    assert record.access is Access.BAC


@pytest.mark.parametrize("fault", ["pace-token-wrong", "pace-mapping-off-curve", "pace-answer-garbage"])
def test_a_chip_whose_pace_is_broken_and_that_has_nothing_else_breaks_the_protocol(fault):
    with pytest.raises(ProtocolBroken):
        opened("pace", fault)


@pytest.mark.parametrize("profile", ["citizen", "bac", "pace"])
def test_wrong_keys_are_refused(profile):
    with pytest.raises(KeyRefused):
        opened(profile, keys=[WRONG_CAN, WRONG_MRZ])


def test_the_chips_count_of_tries_is_told():
    with pytest.raises(KeyRefused) as refused:
        opened(replace(PROFILES["can-only"], manners=Manners(can_tries=3)), keys=[WRONG_CAN])
    assert refused.value.tries_left == 2


def test_a_chip_that_takes_only_the_zone_refuses_the_can():
    for profile in ("bac", replace(PROFILES["pace"], can=False)):
        with pytest.raises(KeyRefused):
            opened(profile, keys=[CITIZEN.can])


def test_without_keys_the_key_is_refused():
    with pytest.raises(KeyRefused):
        read(card_of("citizen"), [])


@pytest.mark.parametrize("answer", [b"\x6d\x00", b"\x6a\x82", b"\x6e\x00"])
def test_another_kind_of_card_is_no_id_chip(answer):
    with pytest.raises(NotAnIdChip):
        read(lambda _: answer)


def test_a_chip_with_no_way_in_is_unsupported():
    answers = {0xA4: b"\x90\x00", 0x84: b"\x6d\x00"}
    with pytest.raises(Unsupported):
        read(lambda apdu: answers.get(apdu[1], b"\x6a\x82"))


def test_long_field_elements_are_not_tried_where_the_transport_is_short():
    record, card = opened(replace(PROFILES["citizen"], pace=(PaceKind(parameter_id=2), PaceKind(parameter_id=12))))
    assert record.protocol.endswith("secp256r1")
    assert all(len(apdu) <= 261 for apdu in card.apdus)


def test_a_chip_that_needs_longer_commands_than_the_transport_carries_is_told_so_and_no_key_is_blamed():
    long_keys = replace(PROFILES["pace"], pace=(PaceKind(parameter_id=2),))
    with pytest.raises(TransportTooShort):
        opened(long_keys, keys=[CITIZEN.can])
    record, _ = opened(long_keys, keys=[CITIZEN.can], **EXTENDED)
    assert record.access is Access.PACE_CAN


def test_a_chip_that_lies_in_its_application_is_found_in_its_master_file():
    card = card_of(replace(PROFILES["citizen"], manners=Manners(master_file=True)))
    card.card.transmit(bytes.fromhex("00A4040C07A0000002471001"))
    assert read(card, photo=False).access is Access.PACE_CAN
