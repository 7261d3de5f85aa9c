"""Kinds of cards in words, for the command line: `pace=im:aes256:17`, `aa=rsa2048:sha256`, `photo=jpeg:40000` …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from devices.chip.errors import Unsupported
from devices.chip.groups import standardized_group
from devices.emulators.chip.algorithms import (
    ActiveAuthenticationKind,
    ChipAuthenticationKind,
    CurveKind,
    HashName,
    KeyKind,
    Mapping,
    PaceKind,
    ParameterForm,
    RsaKind,
    SignatureScheme,
    Suite,
)
from devices.emulators.chip.face import FaceFormat
from devices.emulators.chip.issuer import SigningProfile
from devices.emulators.chip.signing_keys import CURVES
from devices.emulators.chip.variants import ChipProfile

GRAMMAR = (
    "bac=yes|no  pace=none|gm|im|cam:3des|aes128|aes192|aes256:PARAMETER_ID  ca=none|SUITE:PARAMETER_ID[:FORM]  "
    "aa=none|KEY:HASH  signer=KEY:HASH[:pss]  photo=jpeg|jp2|j2k:BYTES"
)
"""KEY is rsa1024 … rsa4096 or a curve, with `+explicit` where its parameters are spelled out; HASH sha1 … sha512; FORM
named, explicit, pkcs3 or standardized."""
_NONE = "none"
_RSA = re.compile(r"rsa(\d{4})")
_EXPLICIT = "+explicit"
_RSA_BITS = range(1024, 4097, 256)


class VariantUnknown(ValueError):
    """A word that is none; `word` says which."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def with_variants(profile: ChipProfile, words: Iterable[str]) -> ChipProfile:
    """`profile` changed by words like those above, one after the other. Raises `VariantUnknown`."""
    for word in words:
        name, _, value = word.partition("=")
        try:
            profile = _CHANGES[name](profile, value.split(":"))
        except (KeyError, ValueError, TypeError, Unsupported) as error:
            raise VariantUnknown(word) from error
    return profile


def _basic_access(profile: ChipProfile, parts: list[str]) -> ChipProfile:
    (answer,) = parts
    return replace(profile, basic_access={"yes": True, "no": False}[answer])


def _pace(profile: ChipProfile, parts: list[str]) -> ChipProfile:
    if parts == [_NONE]:
        return replace(profile, pace=())
    mapping, suite, parameter = parts
    kind = PaceKind(mapping=Mapping(mapping), suite=Suite(suite), parameter_id=_parameter(parameter))
    if not kind.is_standard:
        raise ValueError(parts)
    return replace(profile, pace=(kind,))


def _chip_authentication(profile: ChipProfile, parts: list[str]) -> ChipProfile:
    if parts == [_NONE]:
        return replace(profile, chip_authentication=())
    suite, parameter, *form = parts
    chosen = ParameterForm(form[0]) if form else ParameterForm.NAMED
    kind = ChipAuthenticationKind(suite=Suite(suite), parameter_id=_parameter(parameter), form=chosen)
    return replace(profile, chip_authentication=(kind,))


def _active_authentication(profile: ChipProfile, parts: list[str]) -> ChipProfile:
    if parts == [_NONE]:
        return replace(profile, active_authentication=None)
    key, hash_name = parts
    return replace(profile, active_authentication=ActiveAuthenticationKind(key=_key(key), hash=HashName(hash_name)))


def _signer(profile: ChipProfile, parts: list[str]) -> ChipProfile:
    word, hash_word, *scheme = parts
    key, hash_name = _key(word), HashName(hash_word)
    if scheme not in ([], [SignatureScheme.PSS.value]) or (scheme and not isinstance(key, RsaKind)):
        raise ValueError(parts)
    chosen = SignatureScheme.PSS if scheme else None
    signing = SigningProfile(
        country_key=key,
        signer_key=key,
        country_scheme=chosen,
        signer_scheme=chosen,
        country_hash=hash_name,
        hash=hash_name,
    )
    return replace(profile, signing=signing)


def _photo(profile: ChipProfile, parts: list[str]) -> ChipProfile:
    kind, size = parts
    return replace(profile, photo=FaceFormat(kind), photo_bytes=int(size))


def _key(word: str) -> KeyKind:
    if found := _RSA.fullmatch(word):
        bits = int(found[1])
        if bits not in _RSA_BITS:
            raise ValueError(word)
        return RsaKind(bits=bits)
    curve = word.removesuffix(_EXPLICIT)
    if curve not in CURVES:
        raise ValueError(word)
    return CurveKind(curve=curve, explicit=curve != word)


def _parameter(word: str) -> int:
    standardized_group(int(word))
    return int(word)


_CHANGES: dict[str, Callable[[ChipProfile, list[str]], ChipProfile]] = {
    "bac": _basic_access,
    "pace": _pace,
    "ca": _chip_authentication,
    "aa": _active_authentication,
    "signer": _signer,
    "photo": _photo,
}
