"""Whether PACE with chip authentication mapping proved the chip, by the key in EF.CardSecurity."""

from __future__ import annotations

from devices.chip import proof_reasons as reasons
from devices.chip.errors import ChipError
from devices.chip.pace import MappingProof
from devices.chip.security_infos import SecurityInfos, parse_security_infos
from devices.chip.security_object import parse_card_security
from devices.chip.values import Check


def check_mapping(proof: MappingProof, card_security: bytes) -> Check:
    """The proof against the static keys of `card_security` on the curve of PACE. Whether that file is signed by whom
    it should is the judge's to check."""
    try:
        infos = parse_security_infos(parse_card_security(card_security).content)
    except ChipError as error:
        return reasons.failed(reasons.KEY_MALFORMED, error.detail)
    keys = _keys(proof, infos)
    if not keys:
        return reasons.not_done(reasons.NO_KEY, "card security")
    return reasons.passed() if any(proof.fits(key) for key in keys) else reasons.failed(reasons.PROOF_WRONG)


def _keys(proof: MappingProof, infos: SecurityInfos) -> tuple[bytes, ...]:
    keys = (info.key for info in infos.chip_authentication_keys)
    return tuple(key.public for key in keys if key is not None and key.group.name == proof.group.name)
