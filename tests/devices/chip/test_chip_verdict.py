"""The verdict over every combination of checks, and the judge before cards of a made-up country, sound and spoiled."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from devices.chip import tlv
from devices.chip.certificates import parse_certificate, parse_revocation_list
from devices.chip.evidence import Evidence
from devices.chip.judge import Judge
from devices.chip.security_infos import PaceInfo, parse_security_infos
from devices.chip.trust_store import TrustStore
from devices.chip.values import Check, CheckName, CheckState, Judgement, Verdict
from devices.chip.verdict import ISSUER_SIGNATURE_WRONG, judge_checks
from devices.emulators.chip.algorithms import CurveKind, HashName, KeyKind, RsaKind, SignatureScheme
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.face import FaceFormat
from devices.emulators.chip.faults import FAULTS, Fault
from devices.emulators.chip.issuer import Issuer, SigningProfile
from devices.emulators.chip.personalisation import CardDraft, draft_card
from devices.emulators.chip.signing_keys import CURVES
from devices.emulators.chip.variants import PROFILES

TODAY = date(2026, 11, 22)
PASSED, FAILED, NOT_DONE = CheckState.PASSED, CheckState.FAILED, CheckState.NOT_DONE
HELD = Check(state=PASSED, reason="chip.check.held")


# -- the table


def checks_of(states: tuple[CheckState, ...], issuer_reason: str) -> dict[CheckName, Check]:
    return {
        name: Check(state=state, reason=issuer_reason if name is CheckName.ISSUER else f"chip.check.{name}")
        for name, state in zip(CheckName, states, strict=True)
    }


def expected(checks: Mapping[CheckName, Check]) -> Verdict:
    """The decision in words of its own: what is damning, what is lacking, what is left."""
    state = {name: check.state for name, check in checks.items()}
    issuer_forged = state[CheckName.ISSUER] is FAILED and checks[CheckName.ISSUER].reason == ISSUER_SIGNATURE_WRONG
    others = [name for name in CheckName if name not in (CheckName.ISSUER, CheckName.VALIDITY)]
    if issuer_forged or any(state[name] is FAILED for name in others):
        return Verdict.FORGED
    signed = state[CheckName.HASHES] is PASSED and state[CheckName.SIGNATURE] is PASSED
    copy_proof = PASSED in (state[CheckName.CHIP_AUTHENTICATION], state[CheckName.ACTIVE_AUTHENTICATION])
    if not (signed and copy_proof):
        return Verdict.NOT_PROVEN
    return Verdict.AUTHENTIC if state[CheckName.ISSUER] is PASSED else Verdict.ISSUER_NOT_TRUSTED


@pytest.mark.parametrize("issuer_reason", [ISSUER_SIGNATURE_WRONG, "chip.check.signer_revoked"])
def test_every_combination_of_checks_has_its_verdict(issuer_reason: str) -> None:
    for states in product(CheckState, repeat=len(CheckName)):
        checks = checks_of(states, issuer_reason)
        judgement = judge_checks(checks)
        assert judgement.verdict is expected(checks), states
        assert judgement.checks == checks
        assert bool(judgement.reasons) or judgement.verdict is Verdict.AUTHENTIC, states


def test_authentic_is_one_row_in_many() -> None:
    """All that must pass passed, one copy proof at least, nothing failed but the card's own dates."""
    verdicts = [judge_checks(checks_of(states, "")).verdict for states in product(CheckState, repeat=len(CheckName))]
    # copy proofs: both, or either with the other not done: 3; consistency passed or not done: 2; validity: any of 3
    assert verdicts.count(Verdict.AUTHENTIC) == 3 * 2 * 3


@pytest.mark.parametrize("refused", [CheckName.CHIP_AUTHENTICATION, CheckName.ACTIVE_AUTHENTICATION])
def test_a_refused_proof_accuses_only_where_no_other_was_passed(refused: CheckName) -> None:
    refusal = Check(state=FAILED, reason="chip.check.proof_refused")
    checks = dict.fromkeys(CheckName, HELD) | {refused: refusal}
    judgement = judge_checks(checks)
    assert (judgement.verdict, judgement.reasons) == (Verdict.NOT_PROVEN, ("chip.check.proof_refused",))
    neither = dict.fromkeys((CheckName.CHIP_AUTHENTICATION, CheckName.ACTIVE_AUTHENTICATION), refusal)
    assert judge_checks(checks | neither).verdict is Verdict.FORGED
    wrong = Check(state=FAILED, reason="chip.check.proof_wrong")
    assert judge_checks(checks | {refused: wrong}).verdict is Verdict.FORGED


def test_an_expired_card_may_be_authentic_and_it_is_said() -> None:
    checks = dict.fromkeys(CheckName, HELD) | {CheckName.VALIDITY: Check(state=FAILED, reason="chip.check.expired")}
    judgement = judge_checks(checks)
    assert (judgement.verdict, judgement.reasons) == (Verdict.AUTHENTIC, ("chip.check.expired",))


# -- cards


@functools.cache
def issuer(profile: SigningProfile | None = None) -> Issuer:
    return Issuer(profile)


def drafted(*faults: Fault, by: Issuer | None = None, kind: str = "citizen", citizen: int = 0) -> CardDraft:
    small = replace(PROFILES[kind], photo=FaceFormat.JPEG, photo_bytes=0)
    return draft_card(CITIZENS[citizen], small, by or issuer(), faults=faults)


def evidence_of(draft: CardDraft, **changes: object) -> Evidence:
    """What a reader would have after reading such a card, its chip proving what it can."""
    files = {f"DG{number}": file for number, file in draft.groups.items() if number != 3}
    if draft.security_object:
        files["SOD"] = draft.security_object
    missing = {f"DG{number}": "chip.refused: select: 6A82" for number in (14, 15) if number not in draft.groups}
    parts: dict[str, object] = {
        "files": files,
        "missing_files": missing,
        "chip_authentication": HELD,
        "active_authentication": HELD,
    }
    return Evidence(**(parts | changes))  # type: ignore[arg-type]


@functools.cache
def trust_in(country: Issuer, *revoked: int) -> TrustStore:
    certificates = [parse_certificate(country.country_certificate)]
    return TrustStore(certificates, [parse_revocation_list(country.crl(*revoked))])


def judged(draft: CardDraft, trust: TrustStore | None = None, today: date = TODAY, **changes: object) -> Judgement:
    trust = trust or trust_in(draft.trusted_issuer, *draft.revoked)
    return Judge(trust, today).judge(evidence_of(draft, **changes))


# -- remarks


@pytest.mark.parametrize("name", ["DG2", "DG13"])
def test_a_signed_file_the_chip_holds_back_is_told_and_changes_no_verdict(name: str) -> None:
    draft = drafted()
    files = {each: file for each, file in evidence_of(draft).files.items() if each != name}
    held_back = judged(draft, files=files, missing_files={name: f"chip.refused: {name}: 6982"})
    assert (held_back.verdict, held_back.reasons) == (Verdict.AUTHENTIC, ("chip.check.file_withheld",))
    hashes = held_back.checks[CheckName.HASHES]
    assert (hashes.state, hashes.reason) == (PASSED, "chip.check.file_withheld")
    assert judged(draft, files=files).reasons == ()  # nobody asked for it


def test_an_access_file_that_offers_other_ways_than_were_signed_is_told() -> None:
    draft = drafted()
    signed = frozenset(parse_security_infos(draft.access_file).pace)
    assert signed
    assert judged(draft, pace_offered=signed).reasons == ()
    weaker = frozenset(replace(each, parameter_id=12) for each in signed)
    for offered in (weaker, frozenset[PaceInfo]()):
        told = judged(draft, pace_offered=offered)
        assert (told.verdict, told.reasons) == (Verdict.AUTHENTIC, ("chip.check.access_differs",))


def test_a_revocation_list_past_its_time_is_told_until_a_newer_one_is_there() -> None:
    draft = drafted()
    country = draft.trusted_issuer
    certificates = [parse_certificate(country.country_certificate)]
    newer = parse_revocation_list(country.crl())
    older = replace(newer, next_update=date(2026, 1, 1))
    for lists, reasons in (((older,), ("chip.check.revocation_list_old",)), ((older, newer), ()), ((), ())):
        assert judged(draft, TrustStore(certificates, lists)).reasons == reasons


# -- whole cards


@pytest.mark.parametrize("citizen", range(len(CITIZENS)))
def test_a_sound_card_of_a_trusted_country_is_authentic(citizen: int) -> None:
    judgement = judged(drafted(citizen=citizen))
    assert judgement.verdict is Verdict.AUTHENTIC
    assert {check.state for check in judgement.checks.values()} == {PASSED}


def test_without_a_country_certificate_the_issuer_is_not_trusted() -> None:
    judgement = judged(drafted(), TrustStore())
    assert (judgement.verdict, judgement.reasons) == (Verdict.ISSUER_NOT_TRUSTED, ("chip.check.issuer_unknown",))
    assert judgement.checks[CheckName.SIGNATURE].state is PASSED


KEYS: list[KeyKind] = [CurveKind(curve=curve, explicit=explicit) for curve in CURVES for explicit in (False, True)]
PROFILES_TRUSTED = [
    *(SigningProfile(country_key=key, signer_key=key) for key in KEYS),
    *(SigningProfile(hash=name, country_hash=name) for name in HashName),
    *(
        SigningProfile(country_key=RsaKind(), signer_key=RsaKind(), country_scheme=s, signer_scheme=s, hash=h)
        for s in SignatureScheme
        if s is not SignatureScheme.ECDSA
        for h in HashName
    ),
    SigningProfile(signer_key=RsaKind(), plain_rsa_oid=True),
    SigningProfile(by_key_id=True),
]


@pytest.mark.parametrize("profile", PROFILES_TRUSTED, ids=str)
def test_every_kind_of_key_hash_and_signature_is_checked(profile: SigningProfile) -> None:
    draft = drafted(by=issuer(profile))
    assert judged(draft).verdict is Verdict.AUTHENTIC
    files = dict(evidence_of(draft).files)
    files["SOD"] = files["SOD"][:-2] + bytes([files["SOD"][-2] ^ 1]) + files["SOD"][-1:]
    spoiled = judged(draft, files=files)
    assert (spoiled.verdict, spoiled.reasons) == (Verdict.FORGED, ("chip.check.signature_wrong",))


STATIC = {
    "signer-impostor": ("issuer_not_trusted", "chip.check.issuer_key_unknown"),
    "signer-stranger": ("issuer_not_trusted", "chip.check.issuer_unknown"),
    "signer-impostor-with-key-id": ("forged", "chip.check.issuer_signature_wrong"),
    "signer-self-signed": ("forged", "chip.check.issuer_signature_wrong"),
    "signer-forged-country": ("forged", "chip.check.issuer_signature_wrong"),
    "signer-forged-generator": ("forged", "chip.check.signature_wrong"),
    "signer-foreign-key": ("forged", "chip.check.signature_wrong"),
    "signer-certificate-spoiled": ("forged", "chip.check.issuer_signature_wrong"),
    "signer-certificate-cut": ("forged", "chip.check.security_object_malformed"),
    "signer-revoked": ("issuer_not_trusted", "chip.check.signer_revoked"),
    "signer-expired": ("issuer_not_trusted", "chip.check.signer_out_of_date"),
    "signer-not-yet": ("issuer_not_trusted", "chip.check.clock_doubtful"),
    "signer-country-key": ("issuer_not_trusted", "chip.check.signer_not_allowed"),
    "signer-missing": ("forged", "chip.check.security_object_malformed"),
    "signer-certificate-missing": ("not_proven", "chip.check.signer_missing"),
    "signer-other-digest": ("forged", "chip.check.signature_wrong"),
    "signer-empty-digest": ("forged", "chip.check.signature_wrong"),
    "signer-other-type": ("forged", "chip.check.signature_wrong"),
    "signer-weak-hash": ("authentic", None),
    "signer-without-attributes": ("authentic", None),
    "files-disagree": ("forged", "chip.check.numbers_differ"),
    "card-expired": ("authentic", "chip.check.card_expired"),
    "sod-missing": ("not_proven", "chip.check.no_security_object"),
    "sod-empty": ("not_proven", "chip.check.no_security_object"),
    "sod-of-another": ("forged", "chip.check.hash_differs"),
    "sod-hashes-mended": ("forged", "chip.check.signature_wrong"),
    "sod-signature-spoiled": ("forged", "chip.check.signature_wrong"),
    "cloned-keys-in-files": ("forged", "chip.check.hash_differs"),
    "cloned-dg14-withheld": ("forged", "chip.check.key_withheld"),
    "cloned-dg15-withheld": ("forged", "chip.check.key_withheld"),
    "cloned-both-withheld": ("forged", "chip.check.key_withheld"),
    **{f"sod-without-dg{n}": ("forged", "chip.check.file_not_listed") for n in (1, 2, 13, 14, 15)},
}
TAMPERED = [name for name in FAULTS if name.startswith(("tampered", "last-byte")) or name.endswith("-flipped")]
TAMPERED = [name for name in TAMPERED if not name.startswith(("sod", "com", "cardaccess", "cardsecurity"))]
BROKEN = [name for name in FAULTS if name.startswith("sod-") and name not in STATIC]


@pytest.mark.parametrize("fault", STATIC)
def test_what_is_wrong_with_a_signed_card_has_its_verdict_and_reason(fault: str) -> None:
    judgement = judged(drafted(FAULTS[fault]))
    verdict, reason = STATIC[fault]
    assert (judgement.verdict, next(iter(judgement.reasons), None)) == (verdict, reason)


@pytest.mark.parametrize("fault", TAMPERED)
def test_a_changed_file_is_forged(fault: str) -> None:
    judgement = judged(drafted(FAULTS[fault]))
    assert (judgement.verdict, judgement.reasons[0]) == (Verdict.FORGED, "chip.check.hash_differs")


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_security_object_is_forged(fault: str) -> None:
    judgement = judged(drafted(FAULTS[fault]))
    assert (judgement.verdict, judgement.reasons[0]) == (Verdict.FORGED, "chip.check.security_object_malformed")


# -- copy proofs and their keys


def test_no_copy_proof_is_not_proven_whoever_signed() -> None:
    draft = drafted(kind="unproven")
    nothing = {"chip_authentication": Evidence(files={}).chip_authentication, "missing_files": {}}
    nothing["active_authentication"] = nothing["chip_authentication"]
    assert judged(draft, **nothing).verdict is Verdict.NOT_PROVEN
    lacking_both = judged(draft, TrustStore(), **nothing)
    assert lacking_both.verdict is Verdict.NOT_PROVEN
    assert "chip.check.issuer_unknown" in lacking_both.reasons


def test_a_proof_without_a_signed_key_is_none() -> None:
    """Some reader says PASSED, and no file that was signed holds the key."""
    without_keys = replace(PROFILES["unproven"], pace=())
    judgement = judged(draft_card(CITIZENS[0], without_keys, issuer()), missing_files={})
    assert judgement.verdict is Verdict.NOT_PROVEN
    assert judgement.checks[CheckName.ACTIVE_AUTHENTICATION].reason == "chip.check.key_not_signed"


@pytest.mark.parametrize("proof", ["chip_authentication", "active_authentication", "mapping"])
def test_a_failed_copy_proof_is_forged_though_another_held(proof: str) -> None:
    judgement = judged(drafted(), **{proof: Check(state=FAILED, reason="chip.check.copy")})
    assert (judgement.verdict, judgement.reasons) == (Verdict.FORGED, ("chip.check.copy",))


def mapping_alone(draft: CardDraft, card_security: bytes | None) -> dict[str, object]:
    untried = Evidence(files={}).chip_authentication
    return {
        "chip_authentication": untried,
        "active_authentication": untried,
        "mapping": HELD,
        "card_security": card_security,
    }


def test_a_mapping_key_counts_when_the_same_country_signed_it() -> None:
    draft = drafted(kind="pace-cam")
    proofs = mapping_alone(draft, draft.card_security)
    assert judged(draft, **proofs).verdict is Verdict.AUTHENTIC
    assert judged(draft, TrustStore(), **proofs).verdict is Verdict.ISSUER_NOT_TRUSTED


def test_a_mapping_key_of_somebody_else_does_not_count() -> None:
    draft = drafted(kind="pace-cam")
    stranger = drafted(FAULTS["signer-stranger"], kind="pace-cam")
    untrusted = judged(draft, **mapping_alone(draft, stranger.card_security))
    assert untrusted.verdict is Verdict.NOT_PROVEN
    assert untrusted.reasons[0] == "chip.check.card_security_not_trusted"
    assert judged(draft, **mapping_alone(draft, None)).verdict is Verdict.NOT_PROVEN


@pytest.mark.parametrize("spoil", [lambda file: file[:-2] + bytes([file[-2] ^ 1]) + file[-1:], lambda file: file[:50]])
def test_a_spoiled_card_security_is_forged(spoil: object) -> None:
    draft = drafted(kind="pace-cam")
    assert callable(spoil)
    judgement = judged(draft, **mapping_alone(draft, spoil(draft.card_security)))
    assert (judgement.verdict, judgement.reasons) == (Verdict.FORGED, ("chip.check.card_security_wrong",))


# -- time


def test_a_clock_before_the_card_was_made_is_doubted_and_nobody_accused() -> None:
    judgement = judged(drafted(), today=date(2012, 1, 1))
    assert (judgement.verdict, judgement.reasons) == (Verdict.ISSUER_NOT_TRUSTED, ("chip.check.clock_doubtful",))
    assert judgement.checks[CheckName.VALIDITY].state is NOT_DONE


def test_a_country_certificate_out_of_date_is_said() -> None:
    judgement = judged(drafted(citizen=3), today=date(2046, 1, 1))
    assert (judgement.verdict, judgement.reasons) == (Verdict.ISSUER_NOT_TRUSTED, ("chip.check.issuer_out_of_date",))


def test_a_signer_out_of_date_still_holds_for_cards_of_its_time() -> None:
    assert judged(drafted(citizen=3), today=date(2044, 7, 1)).verdict is Verdict.AUTHENTIC


def test_a_file_that_was_not_read_counts_neither_way() -> None:
    draft = drafted()
    files = {name: file for name, file in evidence_of(draft).files.items() if name != "DG2"}
    assert judged(draft, files=files).verdict is Verdict.AUTHENTIC
    without_text = {name: file for name, file in files.items() if name != "DG1"}
    assert judged(draft, files=without_text).verdict is Verdict.NOT_PROVEN


def test_a_file_that_is_not_even_a_data_object_is_not_the_signed_one() -> None:
    draft = drafted()
    files = {name: file for name, file in evidence_of(draft).files.items() if name != "DG14"}
    spoiled = judged(draft, files=files, missing_files={"DG14": "chip.malformed: DG14: ends before its length"})
    assert (spoiled.verdict, spoiled.reasons) == (Verdict.FORGED, ("chip.check.file_malformed",))
    lost = judged(draft, files=files, missing_files={"DG14": "chip.protocol_broken: session"})
    assert lost.verdict is Verdict.AUTHENTIC
    assert lost.checks[CheckName.CHIP_AUTHENTICATION].reason == "chip.check.key_not_signed"


def test_a_security_object_that_is_not_even_a_data_object_is_forged() -> None:
    draft = drafted()
    files = {name: file for name, file in evidence_of(draft).files.items() if name != "SOD"}
    judgement = judged(draft, files=files, missing_files={"SOD": "chip.malformed: SOD: ends before its length"})
    assert (judgement.verdict, judgement.reasons) == (Verdict.FORGED, ("chip.check.security_object_malformed",))


def test_a_security_object_with_indefinite_lengths_is_neither_believed_nor_called_forged() -> None:
    draft = drafted()
    files = evidence_of(draft).files
    message = tlv.parse_first(files["SOD"]).value
    loose = b"\x30\x80" + tlv.parse_first(message).value + bytes(2)
    judgement = judged(draft, files={**files, "SOD": tlv.encode(0x77, loose)})
    assert (judgement.verdict, judgement.reasons[0]) == (Verdict.NOT_PROVEN, "chip.check.algorithm_unsupported")


def test_padding_behind_a_file_does_not_matter() -> None:
    draft = drafted()
    padded = {name: file + bytes(7) for name, file in evidence_of(draft).files.items()}
    assert judged(draft, files=padded).verdict is Verdict.AUTHENTIC
