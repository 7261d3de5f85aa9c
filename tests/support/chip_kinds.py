"""Kinds of emulated chips: every access, authentication and signature there is, and what a reading must come to."""

import itertools
from dataclasses import dataclass, replace
from typing import Any

from support.chip_cards import EXTENDED, SHORT

from devices.chip.values import Access, Verdict
from devices.emulators.chip.algorithms import (
    ActiveAuthenticationKind,
    ChipAuthenticationKind,
    CurveKind,
    HashName,
    Mapping,
    PaceKind,
    ParameterForm,
    RsaKind,
    SignatureScheme,
    Suite,
    is_curve,
)
from devices.emulators.chip.face import FaceFormat
from devices.emulators.chip.issuer import SigningProfile
from devices.emulators.chip.signing_keys import CURVES
from devices.emulators.chip.variants import PROFILES, ChipProfile

PARAMETERS = (0, 1, 2, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
_WIDE_FIELDS = (1, 2)  # their elements need commands beyond the short form
_NOT_THREE_MODULO_FOUR = 10  # its prime: the integrated mapping has no way to a point there
_PLAIN = replace(PROFILES["citizen"], chip_authentication=(), active_authentication=None, photo_bytes=0)


@dataclass(frozen=True)
class Reading:
    """A kind of card, how it is read, and what must come of it."""

    profile: ChipProfile
    by_can: bool = True
    lengths: Any = None
    citizen: int = 0

    @property
    def limits(self):
        return EXTENDED if self.lengths is None else self.lengths

    @property
    def access(self):
        pace = self.profile.pace
        if not pace or (self.limits == SHORT and all(kind.parameter_id in _WIDE_FIELDS for kind in pace)):
            return Access.BAC
        return Access.PACE_CAN if self.by_can else Access.PACE_MRZ

    @property
    def verdict(self):
        profile = self.profile
        mapped = profile.maps_by_chip_key
        proven = profile.chip_authentication or profile.active_authentication is not None or mapped
        return Verdict.AUTHENTIC if proven else Verdict.NOT_PROVEN


def pace_kinds():
    """Every PACE that the standards allow."""
    for mapping, suite, parameter in itertools.product(Mapping, Suite, PARAMETERS):
        if mapping is Mapping.CHIP_AUTHENTICATION and (suite is Suite.TRIPLE_DES or not is_curve(parameter)):
            continue
        if mapping is Mapping.INTEGRATED and parameter == _NOT_THREE_MODULO_FOUR:
            continue
        yield PaceKind(mapping=mapping, suite=suite, parameter_id=parameter)


def agreement_kinds():
    """Every key of chip authentication."""
    for suite, parameter, form in itertools.product(Suite, PARAMETERS, ParameterForm):
        if form is ParameterForm.PKCS3 and is_curve(parameter):
            continue
        if form is ParameterForm.NAMED and not is_curve(parameter):
            continue
        yield ChipAuthenticationKind(suite=suite, parameter_id=parameter, form=form)


def active_kinds():
    """Every key and hash of active authentication."""
    keys = [RsaKind(bits=bits) for bits in (1024, 1280, 1536, 2048, 3072)]
    keys += [CurveKind(curve=curve, explicit=explicit) for curve in CURVES for explicit in (False, True)]
    for key, hash_name in itertools.product(keys, HashName):
        yield ActiveAuthenticationKind(key=key, hash=hash_name)


def signing_profiles():
    """Every way documents and certificates are signed."""
    for curve, explicit, hash_name in itertools.product(CURVES, (False, True), HashName):
        key = CurveKind(curve=curve, explicit=explicit)
        yield SigningProfile(country_key=key, signer_key=key, hash=hash_name, country_hash=hash_name)
    for scheme, hash_name in itertools.product((SignatureScheme.PKCS1, SignatureScheme.PSS), HashName):
        key = RsaKind(bits=2048)
        yield SigningProfile(
            country_key=key,
            signer_key=key,
            country_scheme=scheme,
            signer_scheme=scheme,
            hash=hash_name,
            country_hash=hash_name,
        )


def every_kind_once():
    """Readings that go through each list above, one after the other."""
    for kind, by_can, lengths in itertools.product(pace_kinds(), (True, False), (EXTENDED, SHORT)):
        yield Reading(replace(_PLAIN, pace=(kind,)), by_can, lengths)
    for kind, lengths in itertools.product(agreement_kinds(), (EXTENDED, SHORT)):
        yield Reading(replace(_PLAIN, pace=(), chip_authentication=(kind,)), lengths=lengths)
    for kind, lengths in itertools.product(active_kinds(), (EXTENDED, SHORT)):
        yield Reading(replace(_PLAIN, pace=(), active_authentication=kind), lengths=lengths)
    for signing in signing_profiles():
        proven = ActiveAuthenticationKind()
        yield Reading(replace(_PLAIN, pace=(), active_authentication=proven, signing=signing))


FACTORS = {
    "mapping": (None, *Mapping),
    "suite": tuple(Suite),
    "by_can": (True, False),
    "agreement": (None, *Suite),
    "form": tuple(ParameterForm),
    "active": (None, RsaKind(bits=1024), RsaKind(bits=2048), CurveKind(), CurveKind(explicit=True)),
    "active_hash": tuple(HashName),
    "signer": (SignatureScheme.PKCS1, SignatureScheme.PSS, CurveKind(), CurveKind(explicit=True)),
    "hash": tuple(HashName),
    "by_key_id": (False, True),
    "photo": tuple(FaceFormat),
    "lengths": (EXTENDED, SHORT),
    "citizen": tuple(range(6)),
}
"""What meets in pairs; domain parameters and curves go round beside it."""


def combined(row, turn):
    """One reading of a row of factors; `turn` chooses parameters and curves."""
    curve = CURVES[turn % len(CURVES)]
    profile = replace(
        _PLAIN,
        pace=_pace(row, PARAMETERS[turn % len(PARAMETERS)]),
        chip_authentication=_agreement(row, PARAMETERS[(3 * turn + 5) % len(PARAMETERS)]),
        active_authentication=_active(row, CURVES[(turn + 4) % len(CURVES)]),
        signing=_signing(row, curve),
        photo=row["photo"],
    )
    return Reading(profile, row["by_can"], row["lengths"], row["citizen"])


def _pace(row, parameter):
    mapping, suite = row["mapping"], row["suite"]
    if mapping is None:
        return ()
    if mapping is Mapping.CHIP_AUTHENTICATION:
        suite = Suite.AES_128 if suite is Suite.TRIPLE_DES else suite
        parameter = parameter if is_curve(parameter) else 12
    if mapping is Mapping.INTEGRATED and parameter == _NOT_THREE_MODULO_FOUR:
        parameter = 11
    return (PaceKind(mapping=mapping, suite=suite, parameter_id=parameter),)


def _agreement(row, parameter):
    if row["agreement"] is None:
        return ()
    form = row["form"]
    if form is ParameterForm.PKCS3 and is_curve(parameter):
        parameter = 2
    return (ChipAuthenticationKind(suite=row["agreement"], parameter_id=parameter, form=form),)


def _active(row, curve):
    key = row["active"]
    if key is None:
        return None
    key = replace(key, curve=curve) if isinstance(key, CurveKind) else key
    return ActiveAuthenticationKind(key=key, hash=row["active_hash"])


def _signing(row, curve):
    chosen = row["signer"]
    scheme = chosen if isinstance(chosen, SignatureScheme) else None
    key = RsaKind(bits=2048) if scheme else replace(chosen, curve=curve)
    return SigningProfile(
        country_key=key,
        signer_key=key,
        country_scheme=scheme,
        signer_scheme=scheme,
        hash=row["hash"],
        country_hash=row["hash"],
        by_key_id=row["by_key_id"],
    )
