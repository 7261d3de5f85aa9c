"""The judge: evidence in, verdict out. The one entry for whoever read a chip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from devices.chip.certificates import Certificate
from devices.chip.citizen import citizen_of, numbers_agree
from devices.chip.dg13 import VietnameseData, parse_dg13
from devices.chip.errors import ChipError, MalformedData
from devices.chip.evidence import NOT_TRIED, Evidence
from devices.chip.mrz import Mrz, parse_dg1
from devices.chip.passive_authentication import (
    CLOCK_DOUBTFUL,
    check_hashes,
    check_issuer,
    check_signature,
    failed,
    not_done,
    passed,
)
from devices.chip.remarks import remarks_on
from devices.chip.security_object import SecurityObject, parse_card_security, parse_security_object
from devices.chip.trust_store import TrustStore
from devices.chip.values import Check, CheckName, CheckState, Citizen, Judgement
from devices.chip.verdict import ISSUER_SIGNATURE_WRONG, judge_checks

_CHIP_KEY_FILE, _ACTIVE_KEY_FILE = "DG14", "DG15"
_REFUSED, _MALFORMED = "chip.refused", "chip.malformed"


@dataclass(frozen=True, kw_only=True, repr=False)
class _Passive:
    """Passive authentication: its three checks, what was signed, and by whom where the signature holds."""

    hashes: Check
    signature: Check
    issuer: Check
    listed: SecurityObject | None = None
    signer: Certificate | None = None

    @classmethod
    def all_alike(cls, check: Check) -> _Passive:
        return cls(hashes=check, signature=check, issuer=check)


class Judge:
    """Says how far a chip can be trusted. `today` is the hospital's day; keep no judge over midnight."""

    def __init__(self, trust: TrustStore, today: date) -> None:
        self._trust = trust
        self._today = today

    def judge(self, evidence: Evidence) -> Judgement:
        """The verdict with every check and the reasons; raises nothing."""
        zone, data = _zone(evidence), _vietnamese_data(evidence)
        issued = data.issued if data else None
        passive = self._passive(evidence, issued)
        return judge_checks(
            {
                CheckName.HASHES: passive.hashes,
                CheckName.SIGNATURE: passive.signature,
                CheckName.ISSUER: passive.issuer,
                CheckName.CONSISTENCY: _consistency(zone, data),
                CheckName.CHIP_AUTHENTICATION: _either(
                    _bound(evidence.chip_authentication, _CHIP_KEY_FILE, evidence, passive.listed),
                    self._mapping(evidence, passive, issued),
                ),
                CheckName.ACTIVE_AUTHENTICATION: _bound(
                    evidence.active_authentication, _ACTIVE_KEY_FILE, evidence, passive.listed
                ),
                CheckName.VALIDITY: self._validity(zone, data),
            },
            remarks_on(evidence, passive.listed, passive.signer, self._trust, self._today),
        )

    def _passive(self, evidence: Evidence, issued: date | None) -> _Passive:
        if "SOD" not in evidence.files:
            if evidence.missing_files.get("SOD", "").startswith(_MALFORMED):
                return _spoiled("not a data object")
            return _Passive.all_alike(not_done("chip.check.no_security_object"))
        try:
            listed = parse_security_object(evidence.files["SOD"])
        except MalformedData as error:
            return _spoiled(error.detail)
        except ChipError as error:
            return _Passive.all_alike(not_done("chip.check.algorithm_unsupported", error.detail))
        signed = check_signature(listed.message, self._trust)
        issuer = not_done("chip.check.signature_first")
        if signed.signer is not None:
            issuer = check_issuer(signed.signer, self._trust, today=self._today, card_issued=issued)
        hashes = _hashes(listed, evidence)
        return _Passive(hashes=hashes, signature=signed.check, issuer=issuer, listed=listed, signer=signed.signer)

    def _mapping(self, evidence: Evidence, passive: _Passive, issued: date | None) -> Check:
        """PACE with chip authentication mapping: its key must be signed as well as the files are. As long as no country
        is trusted that means by the same signer: a copy can sign a key of its own, but not as whoever signed the
        files."""
        if evidence.mapping.state is not CheckState.PASSED:
            return evidence.mapping
        if evidence.card_security is None:
            return not_done("chip.check.key_not_signed", "card security")
        try:
            message = parse_card_security(evidence.card_security)
        except ChipError as error:
            return failed("chip.check.card_security_wrong", error.detail)
        signed = check_signature(message, self._trust)
        if signed.signer is None:
            wrong = signed.check.state is CheckState.FAILED
            return failed("chip.check.card_security_wrong") if wrong else signed.check
        own = check_issuer(signed.signer, self._trust, today=self._today, card_issued=issued)
        if own.state is CheckState.FAILED and own.reason == ISSUER_SIGNATURE_WRONG:
            return failed("chip.check.card_security_wrong", "issuer")
        trusted = passive.issuer.state is CheckState.PASSED
        if trusted and own.state is not CheckState.PASSED:
            return not_done("chip.check.card_security_not_trusted")
        if not trusted and signed.signer != passive.signer:
            return not_done("chip.check.card_security_not_trusted")
        return evidence.mapping

    def _validity(self, zone: Mrz | None, data: VietnameseData | None) -> Check:
        if zone is None:
            return not_done("chip.check.no_dates")
        citizen = citizen_of(zone, data, today=self._today)
        if citizen.issued is not None and self._today < citizen.issued:
            return not_done(CLOCK_DOUBTFUL)
        return _in_date(citizen, self._today)


def _spoiled(detail: str) -> _Passive:
    """Hashes, signature and issuer by a security object that is none."""
    signature = failed("chip.check.security_object_malformed", detail)
    return _Passive(hashes=not_done(signature.reason), signature=signature, issuer=not_done(signature.reason))


def _hashes(listed: SecurityObject, evidence: Evidence) -> Check:
    """A listed file that came, and is not even a data object, is not what was signed; whether it came is no question
    of the line: messages are authenticated."""
    spoiled = sorted(
        name
        for name, why in evidence.missing_files.items()
        if name in listed.hashes and name not in evidence.files and why.startswith(_MALFORMED)
    )
    hashes = check_hashes(listed, evidence.files)
    if spoiled and hashes.state is not CheckState.FAILED:
        return failed("chip.check.file_malformed", ", ".join(spoiled))
    return hashes


def _in_date(citizen: Citizen, today: date) -> Check:
    if citizen.expires_never:
        return passed("chip.check.never_expires")
    if citizen.expires is None:
        return not_done("chip.check.no_dates")
    return failed("chip.check.card_expired") if today > citizen.expires else passed("chip.check.in_date")


def _zone(evidence: Evidence) -> Mrz | None:
    try:
        return parse_dg1(evidence.files["DG1"]) if "DG1" in evidence.files else None
    except MalformedData:
        return None


def _vietnamese_data(evidence: Evidence) -> VietnameseData | None:
    try:
        return parse_dg13(evidence.files["DG13"]) if "DG13" in evidence.files else None
    except MalformedData:
        return None


def _consistency(zone: Mrz | None, data: VietnameseData | None) -> Check:
    agree = numbers_agree(zone, data) if zone is not None and data is not None else None
    if agree is None:
        return not_done("chip.check.one_number_only")
    return passed("chip.check.numbers_agree") if agree else failed("chip.check.numbers_differ")


def _bound(proof: Check, key_file: str, evidence: Evidence, listed: SecurityObject | None) -> Check:
    """A proof is worth its key: the file with it must be here, and signed. A chip that lists the file and withholds
    it would be a copy that hides what it cannot prove."""
    if key_file not in evidence.files:
        why = evidence.missing_files.get(key_file, "")
        if listed is not None and key_file in listed.hashes and why.startswith(_REFUSED):
            return failed("chip.check.key_withheld", key_file)
        return _unless_passed(proof, key_file)
    return proof if listed is not None else _unless_passed(proof, key_file)


def _unless_passed(proof: Check, key_file: str) -> Check:
    return not_done("chip.check.key_not_signed", key_file) if proof.state is CheckState.PASSED else proof


def _either(own: Check, mapping: Check) -> Check:
    """The telling one of two proofs: a failure before a success before nothing."""
    for state in (CheckState.FAILED, CheckState.PASSED):
        if found := next((each for each in (own, mapping) if each.state is state), None):
            return found
    return own if mapping == NOT_TRIED else mapping
