"""From checks to a verdict: the one table that says how far a chip may be trusted.

The decision, first line that fits:

1. `FORGED`: a file's hash, the security object's signature, a proof against copying or the agreement of the files
   FAILED, or the signer's certificate names a country key we hold and its signature does not hold
   (`chip.check.issuer_signature_wrong`). A chip that merely refuses one proof (`chip.check.proof_refused`) and passes
   the other is not accused: no copy could have passed it.
2. `NOT_PROVEN`: hashes or signature could not be checked, no proof against copying PASSED, or one was refused. Also
   when the issuer is unknown as well: a copy of good data shows exactly this.
3. `ISSUER_NOT_TRUSTED`: all that good, and the issuer's check did not PASS: no country certificate, one out of date,
   a revoked signer, a doubtful clock; the reason tells which.
4. `AUTHENTIC`: hashes, signature and issuer PASSED, chip or active authentication PASSED and neither was refused.

The card's own dates never change the verdict: an expired card may be genuine. Nor do remarks (`remarks.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from devices.chip.proof_reasons import PROOF_REFUSED
from devices.chip.values import Check, CheckName, CheckState, Judgement, Verdict

ISSUER_SIGNATURE_WRONG = "chip.check.issuer_signature_wrong"
_DAMNING = (
    CheckName.HASHES,
    CheckName.SIGNATURE,
    CheckName.CONSISTENCY,
    CheckName.CHIP_AUTHENTICATION,
    CheckName.ACTIVE_AUTHENTICATION,
)
_COPY_PROOFS = (CheckName.CHIP_AUTHENTICATION, CheckName.ACTIVE_AUTHENTICATION)
_DATA = (CheckName.HASHES, CheckName.SIGNATURE)
_NO_REMARKS: Mapping[CheckName, str] = MappingProxyType({})


def judge_checks(checks: Mapping[CheckName, Check], remarks: Mapping[CheckName, str] = _NO_REMARKS) -> Judgement:
    """The verdict on a complete set of checks, with the reasons that decided it, weightiest first. Where a check passed
    that has one of `remarks`, that becomes its reason and is told last."""
    verdict, deciding = _decide(checks)
    reasons = dict.fromkeys(checks[name].reason for name in deciding)
    if checks[CheckName.VALIDITY].state is CheckState.FAILED:
        reasons[checks[CheckName.VALIDITY].reason] = None
    remarked = {name: replace(checks[name], reason=remark) for name, remark in remarks.items() if _passed(checks[name])}
    reasons |= dict.fromkeys(check.reason for check in remarked.values())
    return Judgement(verdict=verdict, checks={**checks, **remarked}, reasons=tuple(reasons))


def _decide(checks: Mapping[CheckName, Check]) -> tuple[Verdict, tuple[CheckName, ...]]:
    excused = _refused_beside_a_passed_one(checks)
    failed = (name for name in (*_DAMNING, CheckName.ISSUER) if _is_damning(name, checks[name]))
    if damning := tuple(name for name in failed if name not in excused):
        return Verdict.FORGED, damning
    if unproven := tuple(name for name in _DATA if not _passed(checks[name])):
        return Verdict.NOT_PROVEN, unproven
    if excused:
        return Verdict.NOT_PROVEN, excused
    if not any(_passed(checks[name]) for name in _COPY_PROOFS):
        issuer = () if _passed(checks[CheckName.ISSUER]) else (CheckName.ISSUER,)
        return Verdict.NOT_PROVEN, (*_COPY_PROOFS, *issuer)
    if not _passed(checks[CheckName.ISSUER]):
        return Verdict.ISSUER_NOT_TRUSTED, (CheckName.ISSUER,)
    return Verdict.AUTHENTIC, ()


def _refused_beside_a_passed_one(checks: Mapping[CheckName, Check]) -> tuple[CheckName, ...]:
    if not any(_passed(checks[name]) for name in _COPY_PROOFS):
        return ()
    return tuple(name for name in _COPY_PROOFS if checks[name].reason == PROOF_REFUSED)


def _passed(check: Check) -> bool:
    return check.state is CheckState.PASSED


def _is_damning(name: CheckName, check: Check) -> bool:
    if check.state is not CheckState.FAILED:
        return False
    return name is not CheckName.ISSUER or check.reason == ISSUER_SIGNATURE_WRONG
