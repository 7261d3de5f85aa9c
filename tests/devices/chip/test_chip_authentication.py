"""Chip authentication over every group, cipher and form of key; copies; and chips that will not."""

from dataclasses import replace

import pytest
from support.chip_readings import EXTENDED, card_of, read

from devices.chip import object_identifiers as oids
from devices.chip import tlv
from devices.chip.apdu import Command, Response, Status
from devices.chip.chip_authentication import authenticate_chip, chip_authentication_choices
from devices.chip.ciphers import AES_128
from devices.chip.groups import PARAMETER_IDS, standardized_group
from devices.chip.keys import SessionKeys
from devices.chip.object_identifiers import chip_authentication_protocol
from devices.chip.secure_messaging import SecureChannel
from devices.chip.security_infos import (
    ChipAuthenticationInfo,
    ChipAuthenticationPublicKeyInfo,
    SecurityInfos,
)
from devices.chip.subject_keys import AgreementKey
from devices.chip.values import CheckName, CheckState
from devices.emulators.chip.algorithms import ChipAuthenticationKind, ParameterForm, Suite
from devices.emulators.chip.secure_session import SecureSession
from devices.emulators.chip.variants import PROFILES

PLAIN = replace(PROFILES["bac"], active_authentication=None)


def check_of(card, **limits):
    record = read(card, photo=False, **limits)
    return record.judgement.checks[CheckName.CHIP_AUTHENTICATION]


def profile_with(*kinds):
    return replace(PLAIN, chip_authentication=kinds)


@pytest.mark.parametrize(
    ("suite", "parameter_id"),
    [*((Suite.AES_192, each) for each in PARAMETER_IDS), *((Suite.TRIPLE_DES, each) for each in (0, 2, 12, 17))],
)
def test_proves_the_chip_over_every_group(parameter_id, suite):
    card = card_of(profile_with(ChipAuthenticationKind(suite=suite, parameter_id=parameter_id)))
    assert check_of(card).state is CheckState.PASSED


@pytest.mark.parametrize("suite", list(Suite))
@pytest.mark.parametrize("form", [ParameterForm.NAMED, ParameterForm.EXPLICIT, ParameterForm.STANDARDIZED])
def test_proves_the_chip_with_every_cipher_and_form_of_key(suite, form):
    card = card_of(profile_with(ChipAuthenticationKind(suite=suite, form=form)))
    assert check_of(card).state is CheckState.PASSED


def test_a_long_key_goes_in_chained_parts_where_the_transport_is_short():
    card = card_of(profile_with(ChipAuthenticationKind(parameter_id=2)))
    assert check_of(card).state is CheckState.PASSED
    assert all(len(apdu) <= 261 for apdu in card.apdus)
    assert any(apdu[0] == 0x1C for apdu in card.apdus)


def test_a_long_key_goes_whole_where_the_transport_is_long():
    card = card_of(profile_with(ChipAuthenticationKind(parameter_id=2)))
    assert check_of(card, **EXTENDED).state is CheckState.PASSED
    assert not any(apdu[0] == 0x1C for apdu in card.apdus)


def test_a_key_without_an_entry_of_its_own_speaks_3des():
    card = card_of(profile_with(ChipAuthenticationKind(suite=Suite.TRIPLE_DES, with_info=False)))
    assert check_of(card).state is CheckState.PASSED


def test_the_strongest_of_several_keys_is_taken_by_its_number():
    weak = ChipAuthenticationKind(suite=Suite.TRIPLE_DES, parameter_id=12, key_id=1)
    strong = ChipAuthenticationKind(suite=Suite.AES_256, parameter_id=17, key_id=2)
    for kinds in ((weak, strong), (strong, weak)):
        assert check_of(card_of(profile_with(*kinds))).state is CheckState.PASSED
    assert [each.protocol.name for each in chip_authentication_choices(_infos(weak, strong))] == [
        "ecdh-aes-cbc-cmac-256",
        "ecdh-3des-cbc-cbc",
    ]


def _infos(*kinds):
    made = []
    for kind in kinds:
        protocol = chip_authentication_protocol(kind.oid)
        group = standardized_group(kind.parameter_id)
        key = AgreementKey(group=group, public=group.public_of(5))
        made.append(ChipAuthenticationInfo(protocol=protocol, version=1, key_id=kind.key_id))
        made.append(ChipAuthenticationPublicKeyInfo(oid=kind.key_oid, key=key, key_id=kind.key_id))
    return SecurityInfos(infos=tuple(made))


@pytest.mark.parametrize("suite", list(Suite))
def test_a_copy_without_the_key_fails_and_the_rest_is_read(suite):
    card = card_of(profile_with(ChipAuthenticationKind(suite=suite)), "cloned-chip-key")
    record = read(card)
    check = record.judgement.checks[CheckName.CHIP_AUTHENTICATION]
    assert (check.state, check.reason) == (CheckState.FAILED, "chip.check.proof_wrong")
    assert record.photo is not None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("chip-refused", "chip.check.proof_refused"),
        ("chip-garbage", "chip.check.proof_wrong"),
        ("chip-old-keys", "chip.check.proof_wrong"),
    ],
)
def test_a_chip_that_will_not_prove_itself_fails(fault, reason):
    record = read(card_of(PLAIN, fault))
    check = record.judgement.checks[CheckName.CHIP_AUTHENTICATION]
    assert (check.state, check.reason) == (CheckState.FAILED, reason)
    assert record.photo is not None


def test_a_chip_without_a_key_file_is_not_asked():
    check = check_of(card_of(profile_with()))
    assert (check.state, check.reason) == (CheckState.NOT_DONE, "chip.check.not_tried")


def _silent_channel():
    def nothing(_):
        raise AssertionError("nothing is to be sent")

    return SecureChannel(nothing, SessionKeys.of(b"secret", AES_128))


def test_a_key_of_an_unknown_kind_is_said():
    info = ChipAuthenticationPublicKeyInfo(oid=f"{oids.CHIP_AUTHENTICATION_KEY}.2", key=None, reason="curve 1.2.3")
    channel = _silent_channel()
    result = authenticate_chip(channel.send, channel, SecurityInfos(infos=(info,)))
    assert (result.check.state, result.check.reason) == (CheckState.NOT_DONE, "chip.check.key_unsupported")
    assert result.channel is channel


def test_a_key_that_is_none_of_its_group_fails_before_anything_is_sent():
    group = standardized_group(12)
    key = AgreementKey(group=group, public=group.public_of(5)[:-1] + b"\x00")
    info = ChipAuthenticationPublicKeyInfo(oid=f"{oids.CHIP_AUTHENTICATION_KEY}.2", key=key)
    channel = _silent_channel()
    result = authenticate_chip(channel.send, channel, SecurityInfos(infos=(info,)))
    assert (result.check.state, result.check.reason) == (CheckState.FAILED, "chip.check.key_malformed")


class VersionTwo:
    """A card's side of version 2: its keys are made of the secret and a nonce; or it wants a terminal's proof first."""

    NONCE = bytes(range(8))

    def __init__(self, *, refuses=False):
        self.group, self.refuses = standardized_group(13), refuses
        self.session = SecureSession(SessionKeys.of(b"secret", AES_128))

    def __call__(self, apdu):
        command, renewed = self.session.open(Command.decode(apdu)), None
        answer = Response(status=Status.SECURITY_NOT_SATISFIED if self.refuses else Status.OK)
        if command.ins == 0x86 and not self.refuses:
            shared = self.group.shared_secret(5, tlv.parse(command.data).child(0x80).value)
            renewed = SecureSession(SessionKeys.of(shared + self.NONCE, AES_128))
            answer = Response(data=tlv.encode(0x7C, tlv.encode(0x81, self.NONCE)), status=Status.OK)
        closed = self.session.close(answer, odd=False)
        self.session = renewed or self.session
        return closed.encode()


def _version_two():
    (info, key) = _infos(ChipAuthenticationKind()).infos
    return SecurityInfos(infos=(replace(info, version=2), key))


def test_version_two_makes_its_keys_with_the_nonce_of_the_chip():
    card = VersionTwo()
    channel = SecureChannel(card, SessionKeys.of(b"secret", AES_128))
    assert authenticate_chip(card, channel, _version_two()).check.state is CheckState.PASSED


def test_version_two_refused_says_nothing_of_a_copy():
    card = VersionTwo(refuses=True)
    channel = SecureChannel(card, SessionKeys.of(b"secret", AES_128))
    result = authenticate_chip(card, channel, _version_two())
    assert (result.check.state, result.check.reason) == (CheckState.NOT_DONE, "chip.check.key_unsupported")
    assert result.channel is channel
