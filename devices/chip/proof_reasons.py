"""Why a chip's proof against copying came out as it did: the reasons of `Check`."""

from __future__ import annotations

from devices.chip.errors import ChipError
from devices.chip.values import Check, CheckState

PROVEN = "chip.check.proven"
PROOF_WRONG = "chip.check.proof_wrong"
"""The chip answered, and the answer does not fit its public key: a copy."""
PROOF_REFUSED = "chip.check.proof_refused"
"""The chip holds a public key and does not prove the private one: a copy, or the key is not meant to be used."""
KEY_MALFORMED = "chip.check.key_malformed"
KEY_UNSUPPORTED = "chip.check.key_unsupported"
NO_KEY = "chip.check.no_key"
SESSION_LOST = "chip.check.session_lost"
TOO_LONG = "chip.check.answer_too_long"
"""The proof does not fit through the reader."""


def passed() -> Check:
    return Check(state=CheckState.PASSED, reason=PROVEN)


def failed(reason: str, detail: str = "") -> Check:
    return Check(state=CheckState.FAILED, reason=reason, detail=detail)


def not_done(reason: str, detail: str = "") -> Check:
    return Check(state=CheckState.NOT_DONE, reason=reason, detail=detail)


def broken_by(error: ChipError) -> Check:
    """A proof that ended in an answer the protocol does not allow."""
    return failed(PROOF_WRONG, error.detail)
