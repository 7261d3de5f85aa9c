"""Forged, copied, tampered and malformed cards, with what a reading of each must come to."""

from dataclasses import dataclass, replace

from devices.chip.values import Verdict
from devices.emulators.chip.algorithms import (
    ActiveAuthenticationKind,
    ChipAuthenticationKind,
    CurveKind,
    HashName,
    Mapping,
    PaceKind,
    RsaKind,
    SignatureScheme,
    Suite,
)
from devices.emulators.chip.face import FaceFormat
from devices.emulators.chip.hostile_files import HOSTILE
from devices.emulators.chip.issuer import SigningProfile
from devices.emulators.chip.protocol_faults import ActiveAuthenticationFault, PaceFault, SessionFault
from devices.emulators.chip.variants import PROFILES, ChipProfile

_KEY = CurveKind(curve="secp256r1")
_SIGNING = SigningProfile(country_key=_KEY, signer_key=_KEY, country_hash=HashName.SHA256)
BOTH = replace(PROFILES["citizen"], signing=_SIGNING, photo=FaceFormat.JPEG, photo_bytes=0)
"""A card that proves itself twice."""
BY_CHIP = replace(BOTH, active_authentication=None)
BY_3DES = replace(BY_CHIP, pace=(), chip_authentication=(ChipAuthenticationKind(suite=Suite.TRIPLE_DES),))
BY_SIGNING = replace(BOTH, chip_authentication=())
BY_RSA = replace(BY_SIGNING, active_authentication=ActiveAuthenticationKind(key=RsaKind(bits=1024)))
BY_MAPPING = replace(
    BOTH, pace=(PaceKind(mapping=Mapping.CHIP_AUTHENTICATION),), chip_authentication=(), active_authentication=None
)
UNPROVEN = replace(BOTH, chip_authentication=(), active_authentication=None)
BY_BAC = replace(BOTH, pace=())
BY_PACE_ALONE = replace(BOTH, basic_access=False)
RSA_SIGNED = replace(
    BOTH,
    signing=SigningProfile(country_key=RsaKind(bits=1024), signer_key=RsaKind(bits=1024), country_hash=HashName.SHA256),
)
PSS_SIGNED = replace(
    RSA_SIGNED,
    signing=replace(RSA_SIGNED.signing, country_scheme=SignatureScheme.PSS, signer_scheme=SignatureScheme.PSS),
)
EXPLICIT_SIGNED = replace(BOTH, signing=PROFILES["citizen"].signing)
_PROFILES = {
    "both": BOTH,
    "by-chip": BY_CHIP,
    "by-3des": BY_3DES,
    "by-signing": BY_SIGNING,
    "by-rsa": BY_RSA,
    "by-mapping": BY_MAPPING,
    "unproven": UNPROVEN,
    "by-bac": BY_BAC,
    "rsa-signed": RSA_SIGNED,
    "pss-signed": PSS_SIGNED,
    "explicit-signed": EXPLICIT_SIGNED,
}


@dataclass(frozen=True)
class Case:
    """`reason` is among those of the verdict. `name` tells the profile and the fault."""

    profile_name: str
    fault: str
    verdict: Verdict
    reason: str

    @property
    def name(self) -> str:
        return f"{self.profile_name}:{self.fault}"

    @property
    def profile(self) -> ChipProfile:
        return _PROFILES[self.profile_name]


def _cases(profiles, verdict, reason, *faults):
    return [Case(profile, fault, verdict, f"chip.check.{reason}") for profile in profiles.split() for fault in faults]


_SPOILED = tuple(shape for shape in HOSTILE if shape != "empty")
_NOT_READ = ("empty", "one-byte", "ones", "cut", "endless", "huge", "long-length")
_PARSED = tuple(shape for shape in HOSTILE if shape not in _NOT_READ)
_CARD_SECURITY_COPIES = ("cloned-card-security", "cloned-card-security-impostor")
_TAMPERED = ("tampered-dg1", "tampered-dg2", "tampered-dg13", "tampered-name")
_LAST_BYTES = ("last-byte-dg1", "last-byte-dg2", "last-byte-dg13", "last-byte-dg14", "last-byte-dg15")
_SESSION = tuple(
    f"session-{fault.value}".replace("_", "-") for fault in SessionFault if fault is not SessionFault.SESSION_LOST
)
_SEEN_IN_DATA_ONLY = {"session-plain", "session-padding-wrong", "session-not-blocks"}
"""The proof by 3DES ends in a mere status."""
_SIGNING_FAULTS = tuple(
    f"active-{fault.value}".replace("_", "-")
    for fault in ActiveAuthenticationFault
    if fault not in (ActiveAuthenticationFault.REFUSED, ActiveAuthenticationFault.WRONG_TRAILER)
)
_SIGNERS = ("both", "rsa-signed", "pss-signed", "explicit-signed")
_EVERY_SIGNER = " ".join(_SIGNERS)
_EVERY_PROOF = "both by-chip by-3des by-signing by-rsa"

CASES = (
    # what was signed is not what is there
    *_cases("both", Verdict.FORGED, "hash_differs", *(f"dg{n}-{s}" for n in (1, 2, 13, 14, 15) for s in _SPOILED)),
    *_cases("both by-mapping unproven by-bac", Verdict.FORGED, "hash_differs", *_TAMPERED),
    *_cases("both", Verdict.FORGED, "hash_differs", *_LAST_BYTES, "sod-of-another", "cloned-keys-in-files"),
    *_cases("both", Verdict.FORGED, "file_not_listed", "sod-without-dg1", "sod-without-dg13"),
    *_cases("both", Verdict.FORGED, "numbers_differ", "tampered-dg1", "tampered-dg13", "files-disagree"),
    # the security object
    *_cases("both", Verdict.FORGED, "security_object_malformed", *(f"sod-{shape}" for shape in _SPOILED)),
    *_cases("both", Verdict.FORGED, "security_object_malformed", "signer-certificate-cut", "signer-missing"),
    *_cases("both", Verdict.NOT_PROVEN, "no_security_object", "sod-missing", "sod-empty"),
    *_cases("both", Verdict.NOT_PROVEN, "file_not_read", "dg1-empty"),
    *_cases(_EVERY_SIGNER, Verdict.FORGED, "signature_wrong", "sod-hashes-mended", "signer-foreign-key"),
    *_cases("both", Verdict.FORGED, "signature_wrong", "sod-signature-spoiled", "signer-forged-generator"),
    *_cases("both", Verdict.FORGED, "signature_wrong", "signer-other-digest", "signer-empty-digest"),
    *_cases("both", Verdict.FORGED, "signature_wrong", "signer-other-type"),
    *_cases("explicit-signed", Verdict.FORGED, "signature_wrong", "signer-forged-generator"),
    *_cases("both", Verdict.NOT_PROVEN, "signer_missing", "signer-certificate-missing"),
    # who signed
    *_cases(_EVERY_SIGNER, Verdict.ISSUER_NOT_TRUSTED, "issuer_key_unknown", "signer-impostor"),
    *_cases(_EVERY_SIGNER, Verdict.ISSUER_NOT_TRUSTED, "issuer_unknown", "signer-stranger"),
    *_cases(_EVERY_SIGNER, Verdict.FORGED, "issuer_signature_wrong", "signer-impostor-with-key-id"),
    *_cases(_EVERY_SIGNER, Verdict.FORGED, "issuer_signature_wrong", "signer-certificate-spoiled"),
    *_cases("both", Verdict.FORGED, "issuer_signature_wrong", "signer-self-signed", "signer-forged-country"),
    *_cases("explicit-signed", Verdict.FORGED, "issuer_signature_wrong", "signer-forged-country"),
    *_cases(_EVERY_SIGNER, Verdict.ISSUER_NOT_TRUSTED, "signer_revoked", "signer-revoked"),
    *_cases("both", Verdict.ISSUER_NOT_TRUSTED, "signer_out_of_date", "signer-expired"),
    *_cases("both", Verdict.ISSUER_NOT_TRUSTED, "clock_doubtful", "signer-not-yet"),
    *_cases("both", Verdict.ISSUER_NOT_TRUSTED, "signer_not_allowed", "signer-country-key"),
    *_cases("both", Verdict.ISSUER_NOT_TRUSTED, "signer_not_allowed", "signer-of-master-lists"),
    # copies
    *_cases(f"{_EVERY_PROOF} by-mapping", Verdict.FORGED, "proof_wrong", "cloned"),
    *_cases("both by-chip by-3des", Verdict.FORGED, "proof_wrong", "cloned-chip-key"),
    *_cases("both by-signing by-rsa", Verdict.FORGED, "proof_wrong", "cloned-active-key"),
    *_cases("by-mapping", Verdict.FORGED, "proof_wrong", "cloned-mapping-key"),
    *_cases("both by-chip", Verdict.FORGED, "key_withheld", "cloned-dg14-withheld", "dg14-empty"),
    *_cases("both by-signing by-rsa", Verdict.FORGED, "key_withheld", "cloned-dg15-withheld", "dg15-empty"),
    *_cases(_EVERY_PROOF, Verdict.FORGED, "key_withheld", "cloned-both-withheld"),
    *_cases("by-chip", Verdict.NOT_PROVEN, "not_tried", "sod-without-dg14"),
    *_cases("by-signing by-rsa", Verdict.NOT_PROVEN, "not_tried", "sod-without-dg15"),
    *_cases("both by-rsa", Verdict.FORGED, "proof_wrong", *_SIGNING_FAULTS),
    *_cases("by-rsa", Verdict.FORGED, "proof_wrong", "active-wrong-trailer"),
    *_cases("by-signing by-rsa", Verdict.FORGED, "proof_refused", "active-refused"),
    *_cases("by-chip by-3des", Verdict.FORGED, "proof_refused", "chip-refused"),
    *_cases("both", Verdict.NOT_PROVEN, "proof_refused", "active-refused", "chip-refused"),
    *_cases("both by-chip by-3des", Verdict.FORGED, "proof_wrong", "chip-old-keys"),
    *_cases("both by-chip", Verdict.FORGED, "proof_wrong", "chip-garbage"),
    *_cases("by-mapping", Verdict.NOT_PROVEN, "card_security_not_trusted", *_CARD_SECURITY_COPIES),
    *_cases("by-mapping", Verdict.FORGED, "key_malformed", *(f"cardsecurity-{shape}" for shape in _PARSED)),
    *_cases("by-mapping", Verdict.NOT_PROVEN, "no_key", *(f"cardsecurity-{shape}" for shape in _NOT_READ)),
    # sessions that break
    *_cases("both", Verdict.FORGED, "proof_wrong", *_SESSION),
    *_cases("by-3des", Verdict.FORGED, "proof_wrong", *(name for name in _SESSION if name not in _SEEN_IN_DATA_ONLY)),
    *_cases("both", Verdict.NOT_PROVEN, "proof_refused", "session-session-lost"),
    # nothing wrong, and nothing proven
    *_cases("unproven", Verdict.NOT_PROVEN, "no_key", "card-expired", "signer-stranger"),
)
"""At least 150 of them, and none is authentic."""
HARMLESS = (
    *(f"com-{shape}" for shape in HOSTILE),  # nothing is taken from EF.COM
    *(f"cardaccess-{shape}" for shape in HOSTILE),  # read without PACE, then proven as usual
    *(f"pace-{fault.value}".replace("_", "-") for fault in PaceFault),  # opened by BAC instead
    "signer-without-attributes",
    "signer-weak-hash",
    "card-expired",
    "can-blocked-after-3",
)
"""Oddities of cards that are genuine all the same."""
CAUTIOUS = (
    *("with-master-file", "no-short-file-ids", "no-odd-read", "end-6282", "end-6700", "end-6b00"),
    *(f"at-most-{most}-{kind}" for most in (112, 160, 224) for kind in ("shorter", "6282", "6700", "6cxx", "6b00")),
)
"""Genuine cards that give less at once, or have fewer ways to ask."""
