"""Public keys as chips hold them: beside RSA and curves also finite fields, and domain parameters by their number
(RFC 3279, 2.3; BSI TR-03110-3, A.2). Fields spelled out are mapped to those we know; all others are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.chip import object_identifiers as oids
from devices.chip import public_keys, tlv
from devices.chip.errors import MalformedData, Unsupported
from devices.chip.groups import FieldGroup, Group, standardized_group
from devices.chip.public_keys import RsaPublicKey

_SEQUENCE = 0x30
_INTEGER = 0x02
_BITS = 0x03
_FIELD_PARAMETER_IDS = (0, 1, 2)
_MAX_NUMBER_BYTES = 1025  # 8192 bits and a zero in front


@dataclass(frozen=True, kw_only=True)
class AgreementKey:
    """A public key of a curve or field: for key agreement, or on a curve for signatures. `public` as on the wire."""

    group: Group
    public: bytes


PublicKey = AgreementKey | RsaPublicKey


def parse_public_key(data: bytes) -> PublicKey:
    """A key from its SubjectPublicKeyInfo in DER. Raises `MalformedData`, and `Unsupported` for other kinds and for
    parameters without a name."""
    algorithm, bits = _pair(tlv.parse(data))
    oid, parameters = algorithm_of(algorithm)
    if oid in (oids.DH_PKCS3_KEY, oids.DH_X942_KEY, oids.STANDARDIZED_PARAMETERS):
        return _agreement_key(agreement_group(oid, parameters), bits)
    key = public_keys.parse_public_key(data)
    if isinstance(key, RsaPublicKey):
        return key
    return AgreementKey(group=key.group, public=key.point)


def algorithm_of(element: tlv.Tlv) -> tuple[str, tlv.Tlv | None]:
    """Identifier and parameters of an AlgorithmIdentifier. Raises `MalformedData`."""
    parts = _sequence(element)
    if not parts:
        raise MalformedData("algorithm identifier")
    return oids.of(parts[0]), parts[1] if len(parts) > 1 else None


def agreement_group(oid: str, parameters: tlv.Tlv | None) -> Group:
    """The group that a number names or that a field's parameters spell out. Raises `MalformedData`, and `Unsupported`
    for all others."""
    if parameters is None:
        raise Unsupported("key without domain parameters")
    if oid == oids.STANDARDIZED_PARAMETERS:
        return standardized_group(integer(parameters))
    if oid in (oids.DH_PKCS3_KEY, oids.DH_X942_KEY):
        return _field(parameters)
    raise Unsupported(f"domain parameters of the kind {oid}")


def integer(element: tlv.Tlv) -> int:
    """The value of an INTEGER that is not negative. Raises `MalformedData`."""
    if element.tag != _INTEGER or not element.value or len(element.value) > _MAX_NUMBER_BYTES:
        raise MalformedData("integer")
    if element.value[0] & 0x80:
        raise MalformedData("negative integer")
    return int.from_bytes(element.value, "big")


def _agreement_key(group: Group, bits: tlv.Tlv) -> AgreementKey:
    if bits.tag != _BITS or bits.value[:1] != b"\x00":
        raise MalformedData("public key: not whole octets of bits")
    key = bits.value[1:]
    return AgreementKey(group=group, public=_field_element(key, group) if isinstance(group, FieldGroup) else key)


def _field(parameters: tlv.Tlv) -> FieldGroup:
    """Known fields only, by prime and generator; PKCS#3 does not tell the order, X9.42 does."""
    parts = _sequence(parameters)
    if len(parts) < 2:
        raise MalformedData("field parameters")
    p, g = integer(parts[0]), integer(parts[1])
    for parameter_id in _FIELD_PARAMETER_IDS:
        group = standardized_group(parameter_id)
        if isinstance(group, FieldGroup) and (group.parameters.p, group.parameters.g) == (p, g):
            return group
    raise Unsupported("explicit field parameters without a name")


def _field_element(key: bytes, group: FieldGroup) -> bytes:
    element = integer(tlv.parse(key))
    if element >= group.field:
        raise MalformedData("public key: beyond its field")
    return element.to_bytes((group.field.bit_length() + 7) // 8, "big")


def _sequence(element: tlv.Tlv) -> tuple[tlv.Tlv, ...]:
    if element.tag != _SEQUENCE:
        raise MalformedData("not a sequence")
    return element.children()


def _pair(element: tlv.Tlv) -> tuple[tlv.Tlv, tlv.Tlv]:
    parts = _sequence(element)
    if len(parts) != 2:
        raise MalformedData(f"sequence of {len(parts)} instead of two")
    return parts[0], parts[1]
