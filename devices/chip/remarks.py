"""What changes no verdict and somebody should know: told as the reason of a check that passed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from devices.chip.certificates import Certificate
from devices.chip.errors import ChipError
from devices.chip.evidence import Evidence
from devices.chip.security_infos import PaceInfo, parse_security_infos
from devices.chip.security_object import SecurityObject
from devices.chip.trust_store import TrustStore
from devices.chip.values import CheckName

FILE_WITHHELD = "chip.check.file_withheld"
ACCESS_DIFFERS = "chip.check.access_differs"
REVOCATION_LIST_OLD = "chip.check.revocation_list_old"
_REFUSED = "chip.refused"


def remarks_on(
    evidence: Evidence, listed: SecurityObject | None, signer: Certificate | None, trust: TrustStore, today: date
) -> Mapping[CheckName, str]:
    """At most one remark a check. `signer` is whose signature of `listed` holds."""
    remarks: dict[CheckName, str] = {}
    if listed is not None and _withholds(evidence, listed):
        remarks[CheckName.HASHES] = FILE_WITHHELD
    if signer is not None and any(each.issuer == signer.issuer for each in trust.old_lists(today)):
        remarks[CheckName.ISSUER] = REVOCATION_LIST_OLD
    if signer is not None and _offers_otherwise(evidence):
        remarks[CheckName.SIGNATURE] = ACCESS_DIFFERS
    return remarks


def _withholds(evidence: Evidence, listed: SecurityObject) -> bool:
    """A signed file was asked for and refused. Passive authentication looks at the files there are (9303-11, 5.1), so
    the others stay as good as they are; a person without a photo or full name is for staff to look at."""
    return any(why.startswith(_REFUSED) and name in listed.hashes for name, why in evidence.missing_files.items())


def _offers_otherwise(evidence: Evidence) -> bool:
    """EF.CardAccess is unsigned and chose how the chip was opened; data group 14 repeats it signed, and 9303-11 has
    the two compared. Cards issued before that was asked for repeat nothing, which says nothing."""
    signed = _signed_offer(evidence)
    return evidence.pace_offered is not None and bool(signed) and signed != evidence.pace_offered


def _signed_offer(evidence: Evidence) -> frozenset[PaceInfo]:
    try:
        return frozenset(parse_security_infos(evidence.files["DG14"]).pace)
    except (ChipError, KeyError):
        return frozenset()
