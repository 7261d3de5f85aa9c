"""Passive authentication: are the files the ones a trusted issuer signed? (ICAO 9303-11, 5.1; 9303-12, 7.2)"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from devices.chip import tlv
from devices.chip.certificates import Certificate
from devices.chip.ciphers import equal
from devices.chip.errors import ChipError, MalformedData
from devices.chip.security_object import SecurityObject
from devices.chip.signatures import digest
from devices.chip.signed_data import SignedMessage, signature_holds
from devices.chip.trust_store import IssuerSearch, TrustStore
from devices.chip.values import Check, CheckState
from devices.chip.verdict import ISSUER_SIGNATURE_WRONG

CLOCK_DOUBTFUL = "chip.check.clock_doubtful"
_DATA_GROUP = re.compile(r"DG[0-9]{1,2}")
_FIRST_FILE = "DG1"
_MAX_CANDIDATES = 4
_TIME_ZONES = timedelta(days=1)
_ISSUERS_NOT_FOUND = {
    IssuerSearch.UNKNOWN: (CheckState.NOT_DONE, "chip.check.issuer_unknown"),
    IssuerSearch.KEY_UNKNOWN: (CheckState.NOT_DONE, "chip.check.issuer_key_unknown"),
    IssuerSearch.SIGNATURE_WRONG: (CheckState.FAILED, ISSUER_SIGNATURE_WRONG),
    IssuerSearch.UNSUPPORTED: (CheckState.NOT_DONE, "chip.check.algorithm_unsupported"),
}


def passed(reason: str) -> Check:
    return Check(state=CheckState.PASSED, reason=reason)


def failed(reason: str, detail: str = "") -> Check:
    return Check(state=CheckState.FAILED, reason=reason, detail=detail)


def not_done(reason: str, detail: str = "") -> Check:
    return Check(state=CheckState.NOT_DONE, reason=reason, detail=detail)


@dataclass(frozen=True, kw_only=True, repr=False)
class SignatureCheck:
    """The check with the certificate whose key made the signature, None unless it PASSED."""

    check: Check
    signer: Certificate | None = None


def check_hashes(security_object: SecurityObject, files: Mapping[str, bytes]) -> Check:
    """Every file read against its hash. A file that is not listed was slipped in; a listed one that was not read
    counts neither way, except DG1, without which nothing is said about anybody."""
    groups = {name: file for name, file in files.items() if _DATA_GROUP.fullmatch(name)}
    if unlisted := sorted(groups.keys() - security_object.hashes.keys()):
        return failed("chip.check.file_not_listed", ", ".join(unlisted))
    wrong = [name for name, file in groups.items() if not _hash_is_right(security_object, name, file)]
    if wrong:
        return failed("chip.check.hash_differs", ", ".join(sorted(wrong)))
    if _FIRST_FILE not in groups:
        return not_done("chip.check.file_not_read", _FIRST_FILE)
    return passed("chip.check.hashes_match")


def check_signature(message: SignedMessage, trust: TrustStore) -> SignatureCheck:
    """The message's signature, by the certificate that came along, or by a signer's somebody put into the store."""
    named = {each.der: each for each in (*message.certificates, *trust.signers) if message.names(each)}
    candidates = list(named.values())[:_MAX_CANDIDATES]
    if not candidates:
        return SignatureCheck(check=not_done("chip.check.signer_missing"))
    unsupported = ""
    for candidate in candidates:
        try:
            if signature_holds(message, candidate):
                return SignatureCheck(check=passed("chip.check.signature_holds"), signer=candidate)
        except MalformedData:
            continue
        except ChipError as error:
            unsupported = error.detail
    if unsupported:
        return SignatureCheck(check=not_done("chip.check.algorithm_unsupported", unsupported))
    return SignatureCheck(check=failed("chip.check.signature_wrong"))


def check_issuer(signer: Certificate, trust: TrustStore, *, today: date, card_issued: date | None) -> Check:
    """Whether a country in the store signed the signer, both in their time. A signer out of date is none the worse
    for a card issued in its time (`card_issued`, where the card tells)."""
    issuer = trust.issuer_of(signer)
    if issuer.certificate is None:
        state, reason = _ISSUERS_NOT_FOUND[issuer.search]
        return Check(state=state, reason=reason, detail=issuer.detail)
    country = issuer.certificate
    if trust.is_revoked(country):
        return failed("chip.check.issuer_revoked")
    if trust.is_revoked(signer):
        return failed("chip.check.signer_revoked")
    if not signer.may_sign_documents:
        return failed("chip.check.signer_not_allowed")
    return _check_times(signer, country, today, card_issued) or passed("chip.check.issuer_trusted")


def _check_times(signer: Certificate, country: Certificate, today: date, card_issued: date | None) -> Check | None:
    latest_begin = max(filter(None, (signer.not_before, country.not_before, card_issued)))
    if today + _TIME_ZONES < latest_begin:
        return not_done(CLOCK_DOUBTFUL)
    if not country.not_before - _TIME_ZONES <= signer.not_before <= country.not_after:
        return failed("chip.check.issuer_out_of_date", "signer made outside its time")
    if today > country.not_after + _TIME_ZONES:
        return failed("chip.check.issuer_out_of_date", "expired")
    if (card_issued or today) > signer.not_after + _TIME_ZONES:
        return failed("chip.check.signer_out_of_date")
    return None


def _hash_is_right(security_object: SecurityObject, name: str, file: bytes) -> bool:
    return equal(digest(security_object.hash_name, _whole_object(file)), security_object.hashes[name])


def _whole_object(file: bytes) -> bytes:
    """The file without padding: what its header announces is what was signed and what is parsed."""
    try:
        header = tlv.read_header(file)
    except MalformedData:
        return file
    return file[: header.size + header.length]
