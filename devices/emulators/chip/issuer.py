"""A made-up country that issues citizen cards: country signer, document signers, link certificate, CRL, master list.

Everything follows from a seed and the kinds of keys, so that a country certificate written to a folder yesterday
belongs to the cards of today.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from devices.emulators.chip.algorithms import CurveKind, HashName, KeyKind, SignatureScheme
from devices.emulators.chip.certificate_writer import (
    Authority,
    CertificateRequest,
    Signing,
    certificate,
    distinguished_name,
    revocation_list,
)
from devices.emulators.chip.signed_data import Signer, master_list
from devices.emulators.chip.signing_keys import SigningKey, make_key

MASTER_LIST_SIGNING = "2.23.136.1.1.3"
COUNTRY_FILE, CRL_FILE, MASTER_LIST_FILE = "made-up-csca.cer", "made-up-csca.crl", "made-up-masterlist.ml"
_COUNTRY_FROM, _COUNTRY_UNTIL = datetime(2019, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC)
_SIGNER_FROM, _SIGNER_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2044, 1, 1, tzinfo=UTC)
_COUNTRY_KEY = CurveKind(curve="brainpoolP512r1", explicit=True)
"""As the country signer of Viet Nam has it."""
_SIGNER_KEY = CurveKind(curve="brainpoolP256r1", explicit=True)
_SIGNER_SERIAL, _LIST_SIGNER_SERIAL, _LINK_SERIAL = 0x1001, 0x2001, 0x3001


@dataclass(frozen=True, kw_only=True)
class SigningProfile:
    """Kinds of keys and signatures. `scheme` None: what is usual for the key; `hash` is the security object's and
    the data groups' too, `country_hash` that of certificates."""

    country_key: KeyKind = _COUNTRY_KEY
    signer_key: KeyKind = _SIGNER_KEY
    country_scheme: SignatureScheme | None = None
    signer_scheme: SignatureScheme | None = None
    country_hash: HashName = HashName.SHA512
    hash: HashName = HashName.SHA256
    by_key_id: bool = False
    plain_rsa_oid: bool = False


class Issuer:
    """`seed` tells countries apart that otherwise look the same: another seed under the same `name` is an impostor."""

    def __init__(
        self,
        profile: SigningProfile | None = None,
        *,
        seed: str = "tiep don test country",
        name: str = "Made-up CSCA",
    ) -> None:
        self.profile = profile or SigningProfile()
        self._seed = seed
        self.name = distinguished_name(C="VN", O="Tiep Don Test", CN=name)

    @functools.cached_property
    def authority(self) -> Authority:
        """The country signer."""
        key = self._key(self.profile.country_key, "country")
        scheme = self.profile.country_scheme or key.default_scheme
        return Authority(name=self.name, key=key, signing=Signing(scheme=scheme, hash=self.profile.country_hash))

    @functools.cached_property
    def country_certificate(self) -> bytes:
        request = CertificateRequest(
            name=self.name,
            key=self.authority.key,
            serial=1,
            valid_from=_COUNTRY_FROM,
            valid_until=_COUNTRY_UNTIL,
            is_authority=True,
        )
        return certificate(request, self.authority)

    @functools.cached_property
    def signer(self) -> Signer:
        """The document signer in use."""
        return self.new_signer()

    def new_signer(
        self,
        *,
        serial: int = _SIGNER_SERIAL,
        valid_from: datetime = _SIGNER_FROM,
        valid_until: datetime = _SIGNER_UNTIL,
        key: SigningKey | None = None,
    ) -> Signer:
        """A document signer of this country."""
        key = key or self._key(self.profile.signer_key, f"signer {serial}")
        name = distinguished_name(C="VN", O="Tiep Don Test", CN=f"Made-up Document Signer {serial:X}")
        request = CertificateRequest(name=name, key=key, serial=serial, valid_from=valid_from, valid_until=valid_until)
        return self._signer(certificate(request, self.authority), key, serial)

    def link_certificate(self, older: Issuer) -> bytes:
        """This country key certified by an older one (9303-12, 4.3)."""
        request = CertificateRequest(
            name=self.name,
            key=self.authority.key,
            serial=_LINK_SERIAL,
            valid_from=_COUNTRY_FROM,
            valid_until=_COUNTRY_UNTIL,
            is_authority=True,
        )
        return certificate(request, older.authority)

    def crl(self, *serials: int) -> bytes:
        """The revocation list, valid as long as the country key."""
        return revocation_list(self.authority, serials, issued=_SIGNER_FROM, next_issue=_COUNTRY_UNTIL)

    def master_list(self, *others: bytes) -> bytes:
        """This country's certificate and `others` in a signed list."""
        key = self._key(self.profile.signer_key, "master list")
        request = CertificateRequest(
            name=distinguished_name(C="VN", O="Tiep Don Test", CN="Made-up Master List Signer"),
            key=key,
            serial=_LIST_SIGNER_SERIAL,
            valid_from=_SIGNER_FROM,
            valid_until=_SIGNER_UNTIL,
            purposes=(MASTER_LIST_SIGNING,),
        )
        signer = self._signer(certificate(request, self.authority), key, _LIST_SIGNER_SERIAL)
        return master_list((self.country_certificate, *others), signer)

    def write_trust_folder(self, folder: Path, *, revoked: tuple[int, ...] = ()) -> None:
        """The country certificate and its CRL, for a reader to trust. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / COUNTRY_FILE).write_bytes(self.country_certificate)
        (folder / CRL_FILE).write_bytes(self.crl(*revoked))

    def _signer(self, made: bytes, key: SigningKey, serial: int) -> Signer:
        scheme = self.profile.signer_scheme or key.default_scheme
        return Signer(
            certificate=made,
            issuer_name=self.name,
            serial=serial,
            key=key,
            signing=Signing(scheme=scheme, hash=self.profile.hash),
            by_key_id=self.profile.by_key_id,
            plain_rsa_oid=self.profile.plain_rsa_oid,
        )

    def _key(self, kind: KeyKind, use: str) -> SigningKey:
        return make_key(kind, f"{self._seed}/{use}")
