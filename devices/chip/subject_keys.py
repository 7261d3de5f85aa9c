"""Public keys as chips hold them: SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 3279; RFC 5480; BSI TR-03110-3, A.2.2).

Domain parameters spelled out are mapped to groups we know by name; whoever chooses the generator can forge.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.chip import object_identifiers as oids
from devices.chip import tlv
from devices.chip.errors import MalformedData, Unsupported
from devices.chip.groups import FieldGroup, Group, curve_named, named_curve, standardized_group

_SEQUENCE = 0x30
_INTEGER = 0x02
_OCTETS = 0x04
_BITS = 0x03
_OID = 0x06
_UNCOMPRESSED = 0x04
_MAX_NUMBER_BYTES = 1025  # 8192 bits and a zero in front


@dataclass(frozen=True, kw_only=True)
class AgreementKey:
    """A public key of a curve or field: for key agreement, or on a curve for signatures. `public` as on the wire."""

    group: Group
    public: bytes


@dataclass(frozen=True, kw_only=True)
class RsaKey:
    modulus: int
    exponent: int


PublicKey = AgreementKey | RsaKey


def parse_public_key(data: bytes) -> PublicKey:
    """A key from its SubjectPublicKeyInfo in DER. Raises `MalformedData`, and `Unsupported` for other kinds and for
    parameters without a name."""
    return public_key_of(tlv.parse(data))


def public_key_of(info: tlv.Tlv) -> PublicKey:
    """Like `parse_public_key`, of the element."""
    algorithm, bits = _pair(info)
    oid, parameters = algorithm_of(algorithm)
    if bits.tag != _BITS or bits.value[:1] != b"\x00":
        raise MalformedData("public key: not whole octets of bits")
    key = bits.value[1:]
    if oid in (oids.RSA_KEY, oids.RSA_PSS_KEY):
        return _rsa(key)
    group = agreement_group(oid, parameters)
    if isinstance(group, FieldGroup):
        return AgreementKey(group=group, public=_field_element(key, group))
    if key[:1] != bytes([_UNCOMPRESSED]):
        raise Unsupported("compressed point")
    return AgreementKey(group=group, public=key)


def algorithm_of(element: tlv.Tlv) -> tuple[str, tlv.Tlv | None]:
    """Identifier and parameters of an AlgorithmIdentifier. Raises `MalformedData`."""
    parts = _sequence(element)
    if not parts:
        raise MalformedData("algorithm identifier")
    return oids.of(parts[0]), parts[1] if len(parts) > 1 else None


def agreement_group(oid: str, parameters: tlv.Tlv | None) -> Group:
    """The group an AlgorithmIdentifier names or spells out. Raises `MalformedData` and `Unsupported`."""
    if parameters is None:
        raise Unsupported("key without domain parameters")
    if oid == oids.STANDARDIZED_PARAMETERS:
        return standardized_group(integer(parameters))
    if oid == oids.EC_KEY:
        return _curve(parameters)
    if oid in (oids.DH_PKCS3_KEY, oids.DH_X942_KEY):
        return _field(parameters)
    raise Unsupported(f"key of the kind {oid}")


def integer(element: tlv.Tlv) -> int:
    """The value of an INTEGER that is not negative. Raises `MalformedData`."""
    if element.tag != _INTEGER or not element.value or len(element.value) > _MAX_NUMBER_BYTES:
        raise MalformedData("integer")
    if element.value[0] & 0x80:
        raise MalformedData("negative integer")
    return int.from_bytes(element.value, "big")


def _curve(parameters: tlv.Tlv) -> Group:
    if parameters.tag == _OID:
        oid = oids.of(parameters)
        name = oids.curve_name(oid)
        if name is None:
            raise Unsupported(f"curve {oid}")
        return curve_named(name)
    if parameters.tag == _SEQUENCE:
        return _explicit_curve(parameters)
    raise Unsupported("curve parameters of another kind")


def _explicit_curve(parameters: tlv.Tlv) -> Group:
    parts = _sequence(parameters)
    if len(parts) < 5:
        raise MalformedData("curve parameters")
    field_kind, prime = _pair(parts[1])
    if oids.of(field_kind) != oids.PRIME_FIELD:
        raise Unsupported("curve over another kind of field")
    p = integer(prime)
    coefficients = _sequence(parts[2])
    if len(coefficients) < 2:
        raise MalformedData("curve coefficients")
    a, b = (int.from_bytes(_octets(each), "big") for each in coefficients[:2])
    return named_curve(p=p, a=a, b=b, generator=_point(_octets(parts[3]), p), order=integer(parts[4]))


def _point(coded: bytes, p: int) -> tuple[int, int]:
    size = (p.bit_length() + 7) // 8
    if len(coded) != 1 + 2 * size or coded[0] != _UNCOMPRESSED:
        raise Unsupported("generator in another coding")
    return int.from_bytes(coded[1 : 1 + size], "big"), int.from_bytes(coded[1 + size :], "big")


def _field(parameters: tlv.Tlv) -> FieldGroup:
    """Known fields only, by prime and generator; PKCS#3 does not tell the order, X9.42 does (RFC 3279, 2.3.3)."""
    parts = _sequence(parameters)
    if len(parts) < 2:
        raise MalformedData("field parameters")
    p, g = integer(parts[0]), integer(parts[1])
    for parameter_id in (0, 1, 2):
        group = standardized_group(parameter_id)
        if isinstance(group, FieldGroup) and (group.parameters.p, group.parameters.g) == (p, g):
            return group
    raise Unsupported("explicit field parameters without a name")


def _field_element(key: bytes, group: FieldGroup) -> bytes:
    element = integer(tlv.parse(key))
    if element >= group.field:
        raise MalformedData("public key: beyond its field")
    return element.to_bytes((group.field.bit_length() + 7) // 8, "big")


def _rsa(key: bytes) -> RsaKey:
    modulus, exponent = _pair(tlv.parse(key))
    return RsaKey(modulus=integer(modulus), exponent=integer(exponent))


def _sequence(element: tlv.Tlv) -> tuple[tlv.Tlv, ...]:
    if element.tag != _SEQUENCE:
        raise MalformedData("not a sequence")
    return element.children()


def _pair(element: tlv.Tlv) -> tuple[tlv.Tlv, tlv.Tlv]:
    parts = _sequence(element)
    if len(parts) != 2:
        raise MalformedData(f"sequence of {len(parts)} instead of two")
    return parts[0], parts[1]


def _octets(element: tlv.Tlv) -> bytes:
    if element.tag != _OCTETS:
        raise MalformedData("not octets")
    return element.value
