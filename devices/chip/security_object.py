"""EF.SOD: the signed hashes of all files (ICAO 9303-10, 4.6.2 and appendix D), and the signed EF.CardSecurity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import algos, core

from devices.chip import tlv
from devices.chip.asn1 import guarded, load
from devices.chip.errors import MalformedData, Unsupported
from devices.chip.signatures import hash_name_of
from devices.chip.signed_data import SignedMessage, parse_signed_message

_INDEFINITE = b"\x80"
_TAG = 0x77
_CONTENT_TYPES = frozenset({"2.23.136.1.1.1", "1.3.27.1.1.1", "1.2.528.1.1006.1.20.1"})
"""id-icao-ldsSecurityObject, and the two that early issuers wrote instead."""
_CARD_SECURITY = "0.4.0.127.0.7.3.2.1"
_DATA_GROUPS = range(1, 17)


class _FileHash(core.Sequence):  # type: ignore[misc]
    _fields = [("number", core.Integer), ("hash", core.OctetString)]  # noqa: RUF012 asn1crypto wants it so


class _FileHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _FileHash


class _LdsVersion(core.Sequence):  # type: ignore[misc]
    _fields = [("lds", core.PrintableString), ("unicode", core.PrintableString)]  # noqa: RUF012


class _LdsSecurityObject(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("hashes", _FileHashes),
        ("lds_version", _LdsVersion, {"optional": True}),
    ]


@dataclass(frozen=True, kw_only=True, repr=False)
class SecurityObject:
    """Hashes by file name (`DG1` …) and the signed message that carries them."""

    hash_name: str
    hashes: Mapping[str, bytes]
    message: SignedMessage


def parse_security_object(file: bytes) -> SecurityObject:
    """EF.SOD. Raises `MalformedData`, `Unsupported` for a hash not spoken here and for BER where DER is due: an
    issuer's slip, not a forger's."""
    outer = tlv.parse_first(file)
    if outer.tag != _TAG:
        raise MalformedData("sod: tag")
    if outer.value[1:2] == _INDEFINITE:
        raise Unsupported("sod: indefinite lengths")
    message = parse_signed_message(outer.value, what="sod")
    if message.content_type not in _CONTENT_TYPES:
        raise MalformedData("sod: content of another kind")
    content = load(_LdsSecurityObject, message.content, "sod")
    with guarded("sod"):
        hash_oid = str(content["hash_algorithm"]["algorithm"].dotted)
        listed = [(int(each["number"]), bytes(each["hash"])) for each in content["hashes"]]
    numbers = [number for number, _ in listed]
    if len(set(numbers)) != len(numbers) or not all(number in _DATA_GROUPS for number in numbers):
        raise MalformedData("sod: file numbers")
    hashes = {f"DG{number}": hashed for number, hashed in listed}
    return SecurityObject(hash_name=hash_name_of(hash_oid), hashes=hashes, message=message)


def parse_card_security(file: bytes) -> SignedMessage:
    """EF.CardSecurity; `content` is the DER of its SecurityInfos. Raises `MalformedData`."""
    message = parse_signed_message(tlv.parse_first(file).encode(), what="card security")
    if message.content_type != _CARD_SECURITY:
        raise MalformedData("card security: content of another kind")
    return message
