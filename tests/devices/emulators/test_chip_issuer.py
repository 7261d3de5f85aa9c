"""The made-up country: its certificates, lists and security objects stand before tools that are not ours."""

import pytest
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from devices.chip.groups import curve_named
from devices.chip.tlv import parse
from devices.chip.trust_files import load_trust
from devices.emulators.chip.algorithms import CurveKind, HashName, RsaKind, SignatureScheme
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.issuer import CRL_FILE, MASTER_LIST_FILE, Issuer, SigningProfile
from devices.emulators.chip.personalisation import draft_card
from devices.emulators.chip.signing_keys import CURVES, CurveSigningKey, forged_key, make_key
from devices.emulators.chip.variants import PROFILES

NAMED = CurveKind(curve="brainpoolP256r1")
SIGNINGS = {
    "ecdsa": SigningProfile(country_key=NAMED, signer_key=NAMED),
    "ecdsa p-521": SigningProfile(
        country_key=CurveKind(curve="secp521r1"), signer_key=CurveKind(curve="secp521r1"), hash=HashName.SHA512
    ),
    "pkcs1": SigningProfile(country_key=RsaKind(bits=2048), signer_key=RsaKind(bits=1024)),
    "pss": SigningProfile(
        country_key=RsaKind(bits=2048),
        signer_key=RsaKind(bits=1024),
        country_scheme=SignatureScheme.PSS,
        signer_scheme=SignatureScheme.PSS,
        country_hash=HashName.SHA256,
    ),
}


@pytest.fixture(params=SIGNINGS)
def issuer(request):
    return Issuer(SIGNINGS[request.param])


def loaded(der):
    return x509.load_der_x509_certificate(der)


def test_the_country_certifies_itself_and_its_signer(issuer):
    country, signer = loaded(issuer.country_certificate), loaded(issuer.signer.certificate)
    country.verify_directly_issued_by(country)
    signer.verify_directly_issued_by(country)
    assert country.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert country.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    assert signer.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    identifier = signer.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert identifier == country.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def test_the_revocation_list_is_signed_and_names_the_revoked(issuer):
    country = loaded(issuer.country_certificate)
    revocations = x509.load_der_x509_crl(issuer.crl(0x1001, 7))
    assert revocations.is_signature_valid(country.public_key())
    assert {entry.serial_number for entry in revocations} == {0x1001, 7}
    assert len(x509.load_der_x509_crl(issuer.crl())) == 0


def test_a_link_certificate_certifies_the_new_key_by_the_old_one():
    older, newer = Issuer(SIGNINGS["ecdsa"], seed="older"), Issuer(SIGNINGS["ecdsa"], seed="newer")
    link = loaded(newer.link_certificate(older))
    link.verify_directly_issued_by(loaded(older.country_certificate))
    assert link.public_key() == loaded(newer.country_certificate).public_key()


def test_the_same_seed_makes_the_same_country_and_another_one_an_impostor():
    same, again, other = (Issuer(SIGNINGS["ecdsa"], seed=seed) for seed in ("one", "one", "two"))
    assert same.country_certificate == again.country_certificate
    assert same.country_certificate != other.country_certificate
    assert same.name == other.name


def test_the_security_object_is_signed_by_the_signer(issuer):
    profile = PROFILES["citizen"]
    draft = draft_card(CITIZENS[0], profile, issuer)
    signed = cms.ContentInfo.load(parse(draft.security_object).value)["content"]
    info = signed["signer_infos"][0]
    attributes = info["signed_attrs"]
    content = bytes(signed["encap_content_info"]["content"].contents)
    hashed = hashes.Hash(getattr(hashes, issuer.profile.hash.upper())())
    hashed.update(content)
    said = {each["type"].native: each["values"][0].native for each in attributes}
    assert said["message_digest"] == hashed.finalize()
    verify(issuer, info["signature"].native, core.SetOf.load(b"\x31" + attributes.dump()[1:]).dump())


def verify(issuer, signature, data):
    key = loaded(issuer.signer.certificate).public_key()
    name = getattr(hashes, issuer.profile.hash.upper())()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(name))
    elif issuer.profile.signer_scheme is SignatureScheme.PSS:
        key.verify(signature, data, padding.PSS(padding.MGF1(name), name.digest_size), name)
    else:
        key.verify(signature, data, padding.PKCS1v15(), name)


def test_the_trust_folder_and_the_master_list_load_without_complaint(issuer, tmp_path):
    issuer.write_trust_folder(tmp_path, revoked=(5,))
    assert (tmp_path / CRL_FILE).is_file()
    other = Issuer(SIGNINGS["ecdsa"], seed="neighbour", name="Neighbouring CSCA")
    (tmp_path / MASTER_LIST_FILE).write_bytes(issuer.master_list(other.country_certificate))
    found = load_trust(tmp_path)
    assert found.problems == ()
    assert len(found.store.countries) == 2


@pytest.mark.parametrize("curve", CURVES)
def test_a_forged_generator_makes_the_victims_public_key_and_signatures_of_its_own(curve):
    victim = make_key(CurveKind(curve=curve), "victim")
    assert isinstance(victim, CurveSigningKey)
    forged = forged_key(victim, "forger")
    assert forged.public == victim.public
    assert forged.private != victim.private
    assert forged.group.public_of(1) != curve_named(curve).public_of(1)
    assert forged.sign(b"data", SignatureScheme.ECDSA, HashName.SHA256)


@pytest.mark.parametrize("bits", [1024, 1280])
def test_rsa_keys_follow_from_their_seed(bits):
    one, again, other = (make_key(RsaKind(bits=bits), seed).public_key_info() for seed in ("a", "a", "b"))
    assert one == again != other
