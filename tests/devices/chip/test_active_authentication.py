"""Active authentication: signatures of every kind, and what is none."""

import hashlib
from dataclasses import replace

import ecdsa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chip_readings import EXTENDED, card_of, read

from devices.chip.active_authentication import check_signature, parse_active_authentication_key
from devices.chip.errors import MalformedData, Unsupported
from devices.chip.groups import standardized_group
from devices.chip.message_recovery import recovers
from devices.chip.public_keys import RsaPublicKey
from devices.chip.security_infos import ActiveAuthenticationInfo
from devices.chip.subject_keys import AgreementKey
from devices.chip.values import CheckName, CheckState
from devices.emulators.chip.algorithms import ActiveAuthenticationKind, CurveKind, HashName, RsaKind
from devices.emulators.chip.protocol_faults import ActiveAuthenticationFault
from devices.emulators.chip.signing_keys import make_key
from devices.emulators.chip.variants import PROFILES

CHALLENGE = bytes.fromhex("0102030405060708")
ONLY_ACTIVE = replace(PROFILES["bac"], chip_authentication=())
RSA = make_key(RsaKind(bits=1024), "active authentication")
NUMBERS = RSA.key.public_key().public_numbers()
RSA_KEY = RsaPublicKey(modulus=NUMBERS.n, exponent=NUMBERS.e)
TRAILERS = {"sha1": "33CC", "sha224": "38CC", "sha256": "34CC", "sha384": "36CC", "sha512": "35CC"}


def signed(representative):
    private = RSA.key.private_numbers()
    return pow(int.from_bytes(representative, "big"), private.d, NUMBERS.n).to_bytes(128, "big")


def representative(hash_name="sha1", trailer=b"\xbc", header=b"\x6a", message_size=None, challenge=CHALLENGE):
    digest_size = hashlib.new(hash_name).digest_size
    own = bytes(range(256))[: 128 - len(header) - digest_size - len(trailer)]
    own = own if message_size is None else own[:message_size]
    return header + own + hashlib.new(hash_name, own + challenge).digest() + trailer


def test_sha1_with_the_short_trailer_is_recovered():
    assert recovers(RSA_KEY, signed(representative()), CHALLENGE)


@pytest.mark.parametrize("hash_name", TRAILERS)
def test_every_hash_with_its_own_trailer_is_recovered(hash_name):
    block = representative(hash_name, bytes.fromhex(TRAILERS[hash_name]))
    assert recovers(RSA_KEY, signed(block), CHALLENGE)


def test_the_smaller_of_two_signatures_is_good_too():
    number = int.from_bytes(signed(representative()), "big")
    assert recovers(RSA_KEY, (NUMBERS.n - number).to_bytes(128, "big"), CHALLENGE)


def test_padding_before_a_shorter_message_is_understood():
    block = representative(header=b"\x6b" + b"\xbb" * 30 + b"\xba")
    assert recovers(RSA_KEY, signed(block), CHALLENGE)


@pytest.mark.parametrize(
    "block",
    [
        representative(challenge=b"\x08\x07\x06\x05\x04\x03\x02\x01"),
        representative(trailer=b"\xbd"),
        representative("sha256", b"\x33\xcc"),
        representative("sha1", b"\x31\xcc"),
        representative(header=b"\x4a"),
        representative(header=b"\x00\x6a"),
        representative(header=b"\x6c"),
        representative(header=b"\x6b" + b"\xbb" * 106),
        bytes(127) + b"\xbc",
    ],
    ids=["challenge", "trailer", "other hash", "unknown hash", "header", "shifted", "padding", "only padding", "zeros"],
)
def test_other_representatives_are_refused(block):
    assert not recovers(RSA_KEY, signed(block), CHALLENGE)


def test_something_between_hash_and_trailer_is_refused():
    good = representative()
    assert not recovers(RSA_KEY, signed(good[:-1][2:] + b"\x00\x00\xbc"), CHALLENGE)


@given(st.binary(max_size=140))
def test_no_bytes_whatever_are_a_signature(signature):
    assert not recovers(RSA_KEY, signature, CHALLENGE)
    check = check_signature(_curve_key(), CHALLENGE, signature, None)
    assert check.state is CheckState.FAILED


def _curve_key(parameter_id=13, private=7):
    group = standardized_group(parameter_id)
    return AgreementKey(group=group, public=group.public_of(private))


def _curve_signature(hash_name, encode, parameter_id=13):
    signer = ecdsa.SigningKey.from_secret_exponent(7, standardized_group(parameter_id).curve)
    digest = hashlib.new(hash_name, CHALLENGE).digest()
    return signer.sign_digest_deterministic(digest, hashlib.sha256, encode, allow_truncate=True)


def _info(hash_number):
    return ActiveAuthenticationInfo(version=1, signature_algorithm=f"0.4.0.127.0.7.1.1.4.1.{hash_number}")


@pytest.mark.parametrize("encode", [ecdsa.util.sigencode_string, ecdsa.util.sigencode_der], ids=["plain", "der"])
@pytest.mark.parametrize(("number", "hash_name"), list(enumerate(TRAILERS, start=1)))
def test_curve_signatures_plain_and_der_with_the_hash_the_chip_names(number, hash_name, encode):
    signature = _curve_signature(hash_name, encode)
    assert check_signature(_curve_key(), CHALLENGE, signature, _info(number)).state is CheckState.PASSED
    assert check_signature(_curve_key(), CHALLENGE, signature, None).state is CheckState.PASSED
    assert check_signature(_curve_key(), CHALLENGE, signature, _info(number % 5 + 1)).state is CheckState.FAILED
    assert check_signature(_curve_key(private=8), CHALLENGE, signature, _info(number)).state is CheckState.FAILED


def test_an_unknown_signature_algorithm_is_not_done():
    check = check_signature(_curve_key(), CHALLENGE, b"", _info(6))
    assert (check.state, check.reason) == (CheckState.NOT_DONE, "chip.check.key_unsupported")


KINDS = [
    *(ActiveAuthenticationKind(key=RsaKind(bits=bits), hash=HashName.SHA256) for bits in (1024, 1536, 2048)),
    *(ActiveAuthenticationKind(key=RsaKind(bits=1024), hash=hash_name) for hash_name in HashName),
    *(
        ActiveAuthenticationKind(key=CurveKind(curve=curve, explicit=explicit), hash=HashName.SHA384)
        for curve in ("secp192r1", "secp256r1", "brainpoolP320r1", "brainpoolP512r1", "secp521r1")
        for explicit in (False, True)
    ),
    ActiveAuthenticationKind(with_info=False),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_chip_proves_itself(kind):
    record = read(card_of(replace(ONLY_ACTIVE, active_authentication=kind)), photo=False)
    assert record.judgement.checks[CheckName.ACTIVE_AUTHENTICATION].state is CheckState.PASSED


def test_a_long_signature_comes_whole_where_the_transport_is_long():
    card = card_of(replace(ONLY_ACTIVE, active_authentication=ActiveAuthenticationKind(key=RsaKind(bits=2048))))
    record = read(card, photo=False, **EXTENDED)
    assert record.judgement.checks[CheckName.ACTIVE_AUTHENTICATION].state is CheckState.PASSED
    assert not any(apdu[1] == 0xC0 for apdu in card.apdus)


@pytest.mark.parametrize("key", [RsaKind(bits=1024), CurveKind()], ids=["rsa", "curve"])
@pytest.mark.parametrize("fault", list(ActiveAuthenticationFault))
def test_a_chip_that_does_not_prove_itself_fails_and_the_rest_is_read(key, fault):
    if fault is ActiveAuthenticationFault.WRONG_TRAILER and isinstance(key, CurveKind):
        return
    profile = replace(ONLY_ACTIVE, active_authentication=ActiveAuthenticationKind(key=key))
    record = read(card_of(profile, f"active-{fault.value}".replace("_", "-")))
    check = record.judgement.checks[CheckName.ACTIVE_AUTHENTICATION]
    refused = fault is ActiveAuthenticationFault.REFUSED
    assert check.state is CheckState.FAILED
    assert check.reason == ("chip.check.proof_refused" if refused else "chip.check.proof_wrong")
    assert record.photo is not None


def test_a_copy_without_the_key_fails():
    record = read(card_of(ONLY_ACTIVE, "cloned-active-key"), photo=False)
    assert record.judgement.checks[CheckName.ACTIVE_AUTHENTICATION].reason == "chip.check.proof_wrong"


@given(st.binary(max_size=120))
def test_no_bytes_whatever_are_a_key_or_more_than_refused(data):
    for file in (data, b"\x6f" + bytes([len(data)]) + data if len(data) < 128 else data):
        with pytest.raises((MalformedData, Unsupported)):
            parse_active_authentication_key(file)
