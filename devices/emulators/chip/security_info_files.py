"""SecurityInfos as cards hold them: EF.CardAccess, DG14, the content of EF.CardSecurity (ICAO 9303-11, 9.2)."""

from __future__ import annotations

from collections.abc import Iterable

from devices.chip.groups import CurveGroup, FieldGroup, standardized_group
from devices.chip.tlv import encode
from devices.emulators.chip import der
from devices.emulators.chip.algorithms import (
    ID_ACTIVE_AUTHENTICATION,
    ActiveAuthenticationKind,
    ChipAuthenticationKind,
    CurveKind,
    PaceKind,
    ParameterForm,
)
from devices.emulators.chip.card_image import AgreementKey
from devices.emulators.chip.signing_keys import CURVE_OIDS, EC_PUBLIC_KEY, explicit_parameters

_PACE_VERSION, _CHIP_AUTHENTICATION_VERSION, _ACTIVE_AUTHENTICATION_VERSION = 2, 1, 1
_STANDARDIZED_PARAMETERS = "0.4.0.127.0.7.1.2"
_DH_PKCS3, _DH_X942 = "1.2.840.113549.1.3.1", "1.2.840.10046.2.1"


def pace_info(kind: PaceKind) -> bytes:
    return der.sequence(der.oid(kind.oid), der.integer(_PACE_VERSION), der.integer(kind.parameter_id))


def agreement_infos(key: AgreementKey) -> tuple[bytes, ...]:
    """ChipAuthenticationPublicKeyInfo, and ChipAuthenticationInfo where the card has one."""
    kind = key.kind
    key_id = () if kind.key_id is None else (der.integer(kind.key_id),)
    infos = [der.sequence(der.oid(kind.key_oid), agreement_public_key(key), *key_id)]
    if kind.with_info:
        infos.append(der.sequence(der.oid(kind.oid), der.integer(_CHIP_AUTHENTICATION_VERSION), *key_id))
    return tuple(infos)


def active_authentication_info(kind: ActiveAuthenticationKind) -> bytes:
    """With the signature algorithm, as curves need it (9303-11, 9.2.6)."""
    version = der.integer(_ACTIVE_AUTHENTICATION_VERSION)
    return der.sequence(der.oid(ID_ACTIVE_AUTHENTICATION), version, der.oid(kind.signature_oid))


def card_access(kinds: Iterable[PaceKind]) -> bytes:
    """EF.CardAccess."""
    return der.set_of(*(pace_info(kind) for kind in kinds))


def security_options(
    kinds: Iterable[PaceKind], keys: Iterable[AgreementKey], active: ActiveAuthenticationKind | None
) -> bytes:
    """DG14."""
    return encode(0x6E, security_infos(kinds, keys, active))


def security_infos(
    kinds: Iterable[PaceKind], keys: Iterable[AgreementKey], active: ActiveAuthenticationKind | None = None
) -> bytes:
    infos = [pace_info(kind) for kind in kinds]
    infos += [info for key in keys for info in agreement_infos(key)]
    if active is not None and active.with_info and isinstance(active.key, CurveKind):
        infos.append(active_authentication_info(active))
    return der.set_of(*infos)


def agreement_public_key(key: AgreementKey) -> bytes:
    """SubjectPublicKeyInfo of a chip authentication key."""
    group = standardized_group(key.kind.parameter_id)
    public = group.public_of(key.private)
    value = public if isinstance(group, CurveGroup) else der.integer(int.from_bytes(public, "big"))
    return der.sequence(_algorithm(key.kind), der.bits(value))


def _algorithm(kind: ChipAuthenticationKind) -> bytes:
    group = standardized_group(kind.parameter_id)
    if kind.form is ParameterForm.STANDARDIZED:
        return der.sequence(der.oid(_STANDARDIZED_PARAMETERS), der.integer(kind.parameter_id))
    if isinstance(group, CurveGroup):
        named = kind.form is ParameterForm.NAMED
        parameters = der.oid(CURVE_OIDS[group.name]) if named else explicit_parameters(group)
        return der.sequence(der.oid(EC_PUBLIC_KEY), parameters)
    assert isinstance(group, FieldGroup)
    numbers = group.parameters
    if kind.form is ParameterForm.PKCS3:
        return der.sequence(der.oid(_DH_PKCS3), der.sequence(der.integer(numbers.p), der.integer(numbers.g)))
    spelled = der.sequence(der.integer(numbers.p), der.integer(numbers.g), der.integer(numbers.q))
    return der.sequence(der.oid(_DH_X942), spelled)
