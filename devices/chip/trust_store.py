"""The country certificates somebody trusted, and what they say about a document signer (ICAO 9303-12, 7; RFC 5280, 6).

Trust is being in the store: whoever runs the kiosk put the certificate there. Keys of one country follow each other
under one name, so an issuer is chosen by key identifier first and by its signature in the end. Link certificates count
as country certificates of the new key they carry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from devices.chip.certificates import Certificate, RevocationList, is_signed_by
from devices.chip.errors import ChipError, MalformedData


class IssuerSearch(StrEnum):
    """How the search for a signer's issuer came out."""

    FOUND = "found"
    UNKNOWN = "unknown"  # nobody here has that name
    KEY_UNKNOWN = "key_unknown"  # the name is known, the key it was signed with is another: an older or newer one
    SIGNATURE_WRONG = "signature_wrong"  # name or key are ours, and its signature does not hold
    UNSUPPORTED = "unsupported"  # by an algorithm not spoken here


@dataclass(frozen=True, kw_only=True, repr=False)
class Issuer:
    """`certificate` is there when FOUND; `detail` says which algorithm is not supported."""

    search: IssuerSearch
    certificate: Certificate | None = None
    detail: str = ""


class TrustStore:
    """Country certificates, document signers somebody put beside them, and revocation lists.

    Lists count only when a country certificate here signed them; `orphaned` are the others, and certificates that are
    neither a country's nor a signer's do nothing.
    """

    def __init__(self, certificates: Iterable[Certificate] = (), lists: Iterable[RevocationList] = ()) -> None:
        known = {each.der: each for each in certificates}.values()
        self.countries = tuple(each for each in known if each.may_sign_certificates)
        self.signers = tuple(each for each in known if each.may_sign_documents)
        given = tuple(lists)
        self.lists = tuple(each for each in given if self.issuer_of(each).search is IssuerSearch.FOUND)
        self.orphaned = tuple(each for each in given if each not in self.lists)

    def issuer_of(self, signed: Certificate | RevocationList) -> Issuer:
        """Who of the countries signed it."""
        candidates = self._by_key(signed) or self._by_name(signed)
        if not candidates:
            named = any(each.subject == signed.issuer for each in self.countries)
            return Issuer(search=IssuerSearch.KEY_UNKNOWN if named else IssuerSearch.UNKNOWN)
        unsupported = None
        for candidate in candidates:
            try:
                if is_signed_by(signed, candidate):
                    return Issuer(search=IssuerSearch.FOUND, certificate=candidate)
            except MalformedData:
                continue
            except ChipError as error:
                unsupported = error
        if unsupported is not None:
            return Issuer(search=IssuerSearch.UNSUPPORTED, detail=unsupported.detail)
        return Issuer(search=IssuerSearch.SIGNATURE_WRONG)

    def is_revoked(self, certificate: Certificate) -> bool:
        """Whether a list of its issuer names it."""
        return any(each.issuer == certificate.issuer and certificate.serial in each.revoked for each in self.lists)

    def old_lists(self, today: date) -> tuple[RevocationList, ...]:
        """Lists past the day their next one was due, of issuers without a newer one here: revocations since are not
        in them (RFC 5280, 5.1.2.5; a country issues one at least every 90 days)."""
        current = {each.issuer for each in self.lists if each.next_update is None or each.next_update >= today}
        return tuple(each for each in self.lists if each.issuer not in current)

    def _by_key(self, signed: Certificate | RevocationList) -> tuple[Certificate, ...]:
        wanted = signed.authority_key_id
        return tuple(each for each in self.countries if wanted is not None and each.subject_key_id == wanted)

    def _by_name(self, signed: Certificate | RevocationList) -> tuple[Certificate, ...]:
        """Those of the issuer's name, unless both sides name their keys, and name different ones."""
        named = (each for each in self.countries if each.subject == signed.issuer)
        return tuple(each for each in named if signed.authority_key_id is None or each.subject_key_id is None)
