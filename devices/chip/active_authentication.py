"""Active authentication: the chip signs a challenge with a key whose public half data group 15 holds
(ICAO 9303-11, 6.1; ISO/IEC 9796-2 scheme 1; BSI TR-03111, 5.2.1)."""

from __future__ import annotations

import hashlib

import ecdsa
from ecdsa.util import MalformedSignature, sigdecode_der, sigdecode_string

from devices.chip import object_identifiers as oids
from devices.chip import proof_reasons as reasons
from devices.chip import tlv
from devices.chip.apdu import Command, Status
from devices.chip.errors import ChipError, MalformedData, Unsupported
from devices.chip.groups import CurveGroup
from devices.chip.link import Channel
from devices.chip.message_recovery import recovers
from devices.chip.public_keys import RsaPublicKey
from devices.chip.randomness import Randomness
from devices.chip.security_infos import ActiveAuthenticationInfo
from devices.chip.subject_keys import AgreementKey, PublicKey, parse_public_key
from devices.chip.values import Check

CHALLENGE_SIZE = 8
_DATA_GROUP_15 = 0x6F
_SHORT_ANSWER = 256
_RSA_BITS = range(1024, 4097)
_HASH_BY_OID = {
    f"{oids.ECDSA_PLAIN}.1": "sha1",
    f"{oids.ECDSA_PLAIN}.2": "sha224",
    f"{oids.ECDSA_PLAIN}.3": "sha256",
    f"{oids.ECDSA_PLAIN}.4": "sha384",
    f"{oids.ECDSA_PLAIN}.5": "sha512",
    "1.2.840.10045.4.1": "sha1",
    "1.2.840.10045.4.3.1": "sha224",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
_HASHES_TRIED = ("sha256", "sha384", "sha512", "sha224", "sha1")
_LENGTH_REFUSALS = {Status.WRONG_LENGTH, Status.END_OF_FILE}


def parse_active_authentication_key(file: bytes) -> PublicKey:
    """The public key in data group 15. Raises `MalformedData`, `Unsupported`."""
    outer = tlv.parse_first(file)
    if outer.tag != _DATA_GROUP_15:
        raise MalformedData("DG15: tag")
    return parse_public_key(outer.value)


def authenticate_actively(
    channel: Channel,
    file: bytes,
    info: ActiveAuthenticationInfo | None,
    randomness: Randomness | None = None,
    *,
    extended: bool = False,
) -> Check:
    """Has the chip sign a challenge and checks it by data group 15 (`file`). `info` (of data group 14) names the hash
    of ECDSA. `extended`: whether the transport carries extended APDUs.

    A copy shows as a failed check, never as an exception. Raises `SessionEnded` and `ProtocolBroken` when the session
    is over, and what the transport raises.
    """
    try:
        key = parse_active_authentication_key(file)
        limit = _signature_size(key)
    except Unsupported as error:
        return reasons.not_done(reasons.KEY_UNSUPPORTED, error.detail)
    except MalformedData as error:
        return reasons.failed(reasons.KEY_MALFORMED, error.detail)
    challenge = (randomness or Randomness()).octets(CHALLENGE_SIZE)
    fits_short = limit <= channel.largest_answer(_SHORT_ANSWER)
    command = Command(ins=0x88, data=challenge, expected=_SHORT_ANSWER if fits_short or not extended else 65_536)
    answer = channel.send(command, extended=extended and not fits_short)
    if answer.ok:
        return check_signature(key, challenge, answer.data, info)
    return unsigned(answer.status)


def unsigned(status: int) -> Check:
    """What it means that the chip answered the challenge with `status` instead of a signature."""
    if status in _LENGTH_REFUSALS or status >> 8 == 0x6C:
        return reasons.not_done(reasons.TOO_LONG, f"{status:04X}")
    return reasons.failed(reasons.PROOF_REFUSED, f"{status:04X}")


def check_signature(key: PublicKey, challenge: bytes, signature: bytes, info: ActiveAuthenticationInfo | None) -> Check:
    """Whether `signature` is `key`'s over `challenge`."""
    if isinstance(key, RsaPublicKey):
        good = recovers(key, signature, challenge)
        return reasons.passed() if good else reasons.failed(reasons.PROOF_WRONG)
    hashes = _hashes(info)
    if not hashes:
        return reasons.not_done(reasons.KEY_UNSUPPORTED, "signature algorithm")
    good = any(_signed(key, challenge, signature, name) for name in hashes)
    return reasons.passed() if good else reasons.failed(reasons.PROOF_WRONG)


def _hashes(info: ActiveAuthenticationInfo | None) -> tuple[str, ...]:
    """The hash the chip names; where it names none, any it may have used."""
    if info is None:
        return _HASHES_TRIED
    named = _HASH_BY_OID.get(info.signature_algorithm)
    return (named,) if named else ()


def _signature_size(key: PublicKey) -> int:
    """Raises `Unsupported` for keys that cannot sign here."""
    if isinstance(key, RsaPublicKey):
        size = key.modulus.bit_length()
        if size not in _RSA_BITS:
            raise Unsupported(f"RSA of {size} bits")
        return (size + 7) // 8
    if not isinstance(key.group, CurveGroup):
        raise Unsupported("a key that does not sign")
    return 2 * ((key.group.order.bit_length() + 7) // 8)


def _signed(key: AgreementKey, challenge: bytes, signature: bytes, hash_name: str) -> bool:
    if not isinstance(key.group, CurveGroup):
        return False
    try:
        curve = key.group.curve
        x, y = key.group.point(key.public)
        point = ecdsa.ellipticcurve.Point(curve.curve, x, y, curve.order)
        verifier = ecdsa.VerifyingKey.from_public_point(point, curve)
        digest = hashlib.new(hash_name, challenge).digest()
        return any(_verifies(verifier, digest, signature, decode) for decode in (sigdecode_string, sigdecode_der))
    except (ChipError, ecdsa.MalformedPointError):
        return False


def _verifies(verifier: ecdsa.VerifyingKey, digest: bytes, signature: bytes, decode: object) -> bool:
    """Plain r ‖ s as the standard says, or DER as some chips do."""
    try:
        return bool(verifier.verify_digest(signature, digest, sigdecode=decode, allow_truncate=True))
    except (ecdsa.BadSignatureError, MalformedSignature, ecdsa.der.UnexpectedDER, ValueError):
        return False
