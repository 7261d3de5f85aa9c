"""SecurityInfos: which protocols a chip speaks, with which keys (ICAO 9303-11, 9.2; BSI TR-03110-3, A.1).

They stand in EF.CardAccess, in EF.CardSecurity (there signed) and in data group 14. What is not known is kept as
unknown and never an error; what is known and malformed is left out the same way, so that one bad entry does not hide
the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.chip import object_identifiers as oids
from devices.chip import tlv
from devices.chip.errors import ChipError, MalformedData, Unsupported
from devices.chip.groups import Group, standardized_group
from devices.chip.object_identifiers import Protocol
from devices.chip.subject_keys import AgreementKey, PublicKey, agreement_group, algorithm_of, integer, parse_public_key

_DATA_GROUP_14 = 0x6E
_SET = 0x31
_SEQUENCE = 0x30
_INTEGER = 0x02
_MAX_INFOS = 64


@dataclass(frozen=True, kw_only=True)
class PaceInfo:
    """One way of PACE the chip offers. `parameter_id` below 32 is a standardized one."""

    protocol: Protocol
    version: int
    parameter_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PaceDomainParameterInfo:
    """Domain parameters spelled out; `group` None where they are none we know."""

    oid: str
    group: Group | None
    parameter_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChipAuthenticationInfo:
    protocol: Protocol
    version: int
    key_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChipAuthenticationPublicKeyInfo:
    """`key` is None where it is malformed or of a kind not spoken here; `reason` then says why."""

    oid: str
    key: AgreementKey | None
    key_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ActiveAuthenticationInfo:
    """`signature_algorithm` is an identifier of ECDSA with a hash (9303-11, 9.2.6)."""

    version: int
    signature_algorithm: str


@dataclass(frozen=True, kw_only=True)
class UnknownInfo:
    """Another protocol, or a known one malformed (`reason`)."""

    oid: str
    reason: str = ""


SecurityInfo = (
    PaceInfo
    | PaceDomainParameterInfo
    | ChipAuthenticationInfo
    | ChipAuthenticationPublicKeyInfo
    | ActiveAuthenticationInfo
    | UnknownInfo
)


@dataclass(frozen=True, kw_only=True)
class SecurityInfos:
    """All of one file, in its order."""

    infos: tuple[SecurityInfo, ...] = ()

    @property
    def pace(self) -> tuple[PaceInfo, ...]:
        return tuple(each for each in self.infos if isinstance(each, PaceInfo))

    @property
    def pace_domain_parameters(self) -> tuple[PaceDomainParameterInfo, ...]:
        return tuple(each for each in self.infos if isinstance(each, PaceDomainParameterInfo))

    @property
    def chip_authentication(self) -> tuple[ChipAuthenticationInfo, ...]:
        return tuple(each for each in self.infos if isinstance(each, ChipAuthenticationInfo))

    @property
    def chip_authentication_keys(self) -> tuple[ChipAuthenticationPublicKeyInfo, ...]:
        return tuple(each for each in self.infos if isinstance(each, ChipAuthenticationPublicKeyInfo))

    @property
    def active_authentication(self) -> ActiveAuthenticationInfo | None:
        return next((each for each in self.infos if isinstance(each, ActiveAuthenticationInfo)), None)


def parse_security_infos(data: bytes) -> SecurityInfos:
    """The SecurityInfos of EF.CardAccess, of data group 14 or of what EF.CardSecurity signs. Padding behind is
    tolerated. Raises `MalformedData` where it is not even a set."""
    outer = tlv.parse_first(data)
    if outer.tag == _DATA_GROUP_14:
        outer = tlv.parse_first(outer.value)
    if outer.tag != _SET:
        raise MalformedData("security infos: not a set")
    elements = outer.children()
    if len(elements) > _MAX_INFOS:
        raise MalformedData("security infos: too many")
    return SecurityInfos(infos=tuple(_info(element) for element in elements))


def pace_group(infos: SecurityInfos, info: PaceInfo) -> Group:
    """The group one way of PACE works in. Raises `Unsupported`."""
    wanted = info.parameter_id
    for given in infos.pace_domain_parameters:
        if given.group is not None and given.parameter_id == wanted and info.protocol.oid.startswith(given.oid):
            return given.group
    if wanted is None:
        raise Unsupported("PACE without domain parameters")
    return standardized_group(wanted)


def _info(element: tlv.Tlv) -> SecurityInfo:
    if element.tag != _SEQUENCE:
        return UnknownInfo(oid="", reason="not a sequence")
    oid = ""
    try:
        parts = element.children()
        if not parts:
            raise MalformedData("empty security info")
        oid = oids.of(parts[0])
        return _known(oid, parts[1:])
    except ChipError as error:
        return UnknownInfo(oid=oid, reason=error.detail)


def _known(oid: str, parts: tuple[tlv.Tlv, ...]) -> SecurityInfo:
    if (pace := oids.pace_protocol(oid)) is not None:
        return PaceInfo(protocol=pace, version=integer(_at(parts, 0)), parameter_id=_number(parts, 1))
    if (chip := oids.chip_authentication_protocol(oid)) is not None:
        return ChipAuthenticationInfo(protocol=chip, version=integer(_at(parts, 0)), key_id=_number(parts, 1))
    if oid.startswith(oids.PACE + "."):
        return _domain_parameters(oid, parts)
    if oid.startswith(oids.CHIP_AUTHENTICATION_KEY + "."):
        return _public_key(oid, parts)
    if oid == oids.ACTIVE_AUTHENTICATION:
        return ActiveAuthenticationInfo(version=integer(_at(parts, 0)), signature_algorithm=oids.of(_at(parts, 1)))
    return UnknownInfo(oid=oid)


def _domain_parameters(oid: str, parts: tuple[tlv.Tlv, ...]) -> PaceDomainParameterInfo:
    group: Group | None
    try:
        group = agreement_group(*algorithm_of(_at(parts, 0)))
    except Unsupported:
        group = None
    return PaceDomainParameterInfo(oid=oid, group=group, parameter_id=_number(parts, 1))


def _public_key(oid: str, parts: tuple[tlv.Tlv, ...]) -> ChipAuthenticationPublicKeyInfo:
    key: PublicKey | None = None
    reason = ""
    try:
        key = parse_public_key(_at(parts, 0).encode())
    except ChipError as error:
        reason = error.detail
    if not isinstance(key, AgreementKey):
        key, reason = None, reason or "not a key for key agreement"
    return ChipAuthenticationPublicKeyInfo(oid=oid, key=key, key_id=_number(parts, 1), reason=reason)


def _at(parts: tuple[tlv.Tlv, ...], index: int) -> tlv.Tlv:
    if index >= len(parts):
        raise MalformedData("security info: cut short")
    return parts[index]


def _number(parts: tuple[tlv.Tlv, ...], index: int) -> int | None:
    return integer(parts[index]) if index < len(parts) and parts[index].tag == _INTEGER else None
