"""What a reading hands to the judge: the files as the chip gave them, what it withheld, and how its proofs went.

`judge.Judge(trust=TrustStore, today=date).judge(evidence) -> Judgement` is the one entry that makes a verdict of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.chip.security_infos import PaceInfo
from devices.chip.values import Check, CheckState

NOT_TRIED = Check(state=CheckState.NOT_DONE, reason="chip.check.not_tried")


@dataclass(frozen=True, kw_only=True, repr=False)
class Evidence:
    """`files` by name (`DG1` … `DG16`, `SOD`) with all their bytes, tag and length too. `missing_files` were asked for
    and did not come, with the error as text, its code first: `chip.refused` says that the chip withholds the file,
    `chip.malformed` that it is not even a data object. A proof that says PASSED counts only when the file holding its
    key (DG14 for chip authentication, DG15 for active authentication) is among `files` and signed; the proof of PACE
    with chip authentication mapping goes into `mapping`, with `card_security` being the whole EF.CardSecurity its key
    was taken from. `pace_offered`: what EF.CardAccess offers, None where nobody looked. Never printed by `repr`."""

    files: Mapping[str, bytes]
    missing_files: Mapping[str, str] = field(default_factory=dict)
    chip_authentication: Check = NOT_TRIED
    active_authentication: Check = NOT_TRIED
    mapping: Check = NOT_TRIED
    card_security: bytes | None = None
    pace_offered: frozenset[PaceInfo] | None = None
