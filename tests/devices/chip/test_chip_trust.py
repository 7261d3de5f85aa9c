"""Country certificates from folders, and signers against them; made by `cryptography`, not by our emulator."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from devices.chip.certificates import Certificate, parse_certificate, parse_revocation_list
from devices.chip.errors import MalformedData, Unsupported
from devices.chip.passive_authentication import check_issuer
from devices.chip.public_keys import parse_public_key
from devices.chip.signatures import scheme_of
from devices.chip.tlv import encode
from devices.chip.trust_files import LoadedTrust, load_trust
from devices.chip.trust_store import IssuerSearch, TrustStore
from devices.chip.values import CheckState
from devices.emulators.chip.issuer import Issuer

TODAY = date(2026, 11, 22)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def name_of(text: str, country: str = "VN") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


class Country:
    """A country signer; another one of the same name is its next, or a false one."""

    def __init__(self, name: str = "Made-up CSCA", key: Key | None = None, *, key_ids: bool = True) -> None:
        self.name = name_of(name)
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.key_ids = key_ids

    def made(
        self,
        subject: x509.Name,
        key: Key,
        *,
        authority: bool = False,
        serial: int = 1,
        begin: int = 2020,
        end: int = 2035,
        purpose: x509.ObjectIdentifier | None = None,
        signed_by: Key | None = None,
        constraints: bool = True,
        usages: bool = True,
        demand: str | None = None,
    ) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(serial)
            .not_valid_before(datetime(begin, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(end, 1, 1, tzinfo=UTC))
        )
        if usages:
            builder = builder.add_extension(usage(authority), critical=True)
        if demand is not None:
            unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier(demand), b"\x05\x00")
            builder = builder.add_extension(unknown, critical=True)
        if authority and constraints:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        if purpose is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        if self.key_ids:
            builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
            builder = builder.add_extension(own, critical=False)
        return builder.sign(signed_by or self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def certificate(self, begin: int = 2019, end: int = 2036, **how: bool) -> bytes:
        return self.made(self.name, self.key, authority=True, begin=begin, end=end, **how)  # type: ignore[arg-type]

    def signer(self, serial: int = 7, **how: object) -> Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        return parse_certificate(self.made(name_of("Signer"), key, serial=serial, **how))  # type: ignore[arg-type]

    def crl(self, *serials: int) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(datetime(2026, 1, 1, tzinfo=UTC))
            .next_update(datetime(2027, 1, 1, tzinfo=UTC))
        )
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            builder = builder.add_revoked_certificate(entry.revocation_date(datetime(2026, 1, 1, tzinfo=UTC)).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def usage(authority: bool) -> x509.KeyUsage:
    bits = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    return x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **bits)


def store_of(*certificates: bytes, lists: tuple[bytes, ...] = ()) -> TrustStore:
    return TrustStore(map(parse_certificate, certificates), map(parse_revocation_list, lists))


def verdict_on(signer: Certificate, store: TrustStore, today: date = TODAY, issued: date | None = None) -> str:
    return check_issuer(signer, store, today=today, card_issued=issued).reason


# -- signers against the store


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        ec.generate_private_key(ec.BrainpoolP384R1()),
    ],
    ids=["rsa", "p384", "p521", "brainpool384"],
)
def test_a_signer_of_a_known_country_is_trusted(key: Key) -> None:
    country = Country(key=key)
    assert verdict_on(country.signer(), store_of(country.certificate())) == "chip.check.issuer_trusted"


def test_a_country_signing_by_pss_is_trusted() -> None:
    country = Country(key=rsa.generate_private_key(65537, 2048))
    signer_key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(name_of("Signer"))
        .issuer_name(country.name)
        .public_key(signer_key.public_key())
        .serial_number(9)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2035, 1, 1, tzinfo=UTC))
    )
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 20)
    made = builder.sign(country.key, hashes.SHA384(), rsa_padding=pss).public_bytes(serialization.Encoding.DER)
    assert verdict_on(parse_certificate(made), store_of(country.certificate())) == "chip.check.issuer_trusted"


def test_of_keys_under_one_name_the_right_one_is_chosen() -> None:
    old, new = Country(), Country()
    ders = old.certificate(), new.certificate()
    found = [store_of(*ders).issuer_of(country.signer()).certificate for country in (old, new)]
    assert found == [parse_certificate(der) for der in ders]


def test_of_keys_without_identifiers_the_signature_chooses() -> None:
    old, new = Country(key_ids=False), Country(key_ids=False)
    store = store_of(old.certificate(), new.certificate())
    assert store.issuer_of(new.signer()).search is IssuerSearch.FOUND
    assert store.issuer_of(Country(key_ids=False).signer()).search is IssuerSearch.SIGNATURE_WRONG


def test_a_newer_key_of_a_known_country_is_unknown_and_no_forgery() -> None:
    search = store_of(Country().certificate()).issuer_of(Country().signer()).search
    assert search is IssuerSearch.KEY_UNKNOWN


def test_a_link_certificate_brings_the_new_key() -> None:
    old, new = Country("Made-up CSCA 1"), Country("Made-up CSCA 2")
    link = old.made(new.name, new.key, authority=True, begin=2019, end=2036)
    assert verdict_on(new.signer(), store_of(link)) == "chip.check.issuer_trusted"


def test_names_are_compared_without_case_and_string_type() -> None:
    country, shouting = Country("Made-up  CSCA", key_ids=False), Country("MADE-UP CSCA", key_ids=False)
    shouting.key = country.key
    assert verdict_on(shouting.signer(), store_of(country.certificate())) == "chip.check.issuer_trusted"


def test_a_claimed_key_that_did_not_sign_is_a_forgery() -> None:
    country = Country()
    forged = country.signer(signed_by=ec.generate_private_key(ec.SECP256R1()))
    check = check_issuer(forged, store_of(country.certificate()), today=TODAY, card_issued=None)
    assert (check.state, check.reason) == (CheckState.FAILED, "chip.check.issuer_signature_wrong")


def test_a_signer_nobody_vouches_for_is_unknown() -> None:
    lonely = Country("Lonely")
    own = parse_certificate(lonely.made(lonely.name, lonely.key))
    assert verdict_on(own, store_of(own.der, Country().certificate())) == "chip.check.issuer_unknown"


@pytest.mark.parametrize(
    ("how", "today", "issued", "reason"),
    [
        ({"end": 2025}, TODAY, None, "chip.check.signer_out_of_date"),
        ({"end": 2025}, TODAY, date(2024, 6, 1), "chip.check.issuer_trusted"),
        ({"end": 2025}, TODAY, date(2025, 6, 1), "chip.check.signer_out_of_date"),
        ({"begin": 2018}, TODAY, None, "chip.check.issuer_out_of_date"),
        ({}, date(2037, 1, 1), date(2030, 1, 1), "chip.check.issuer_out_of_date"),
        ({}, date(2019, 6, 1), None, "chip.check.clock_doubtful"),
        ({}, date(2024, 6, 1), date(2025, 1, 1), "chip.check.clock_doubtful"),
        ({"authority": True}, TODAY, None, "chip.check.signer_not_allowed"),
        ({"purpose": ExtendedKeyUsageOID.SERVER_AUTH}, TODAY, None, "chip.check.signer_not_allowed"),
    ],
)
def test_signers_and_countries_hold_in_their_time_and_for_their_purpose(
    how: dict[str, object], today: date, issued: date | None, reason: str
) -> None:
    country = Country()
    assert verdict_on(country.signer(**how), store_of(country.certificate()), today, issued) == reason  # type: ignore[arg-type]


def test_a_revoked_signer_is_told_and_only_by_its_own_country() -> None:
    country, other = Country(), Country("Other")
    revoked, fine = country.signer(serial=66), country.signer(serial=67)
    store = store_of(country.certificate(), other.certificate(), lists=(country.crl(66), other.crl(67)))
    assert verdict_on(revoked, store) == "chip.check.signer_revoked"
    assert verdict_on(fine, store) == "chip.check.issuer_trusted"


def test_a_list_signed_by_nobody_known_revokes_nobody() -> None:
    country, false = Country(), Country()
    store = store_of(country.certificate(), lists=(false.crl(66),))
    assert len(store.orphaned) == 1
    assert verdict_on(country.signer(serial=66), store) == "chip.check.issuer_trusted"


# -- explicit curves


def test_explicit_curves_are_only_those_with_a_name() -> None:
    explicit = parse_certificate(Issuer().country_certificate)  # brainpoolP512r1 spelled out
    assert explicit.public_key().group.name == "brainpoolP512r1"  # type: ignore[union-attr]
    other_b = explicit.public_key_info.replace(explicit.public_key_info[-300:-290], bytes(10))
    with pytest.raises((MalformedData, Unsupported)):
        parse_public_key(other_b)


def test_a_negative_pss_salt_is_malformed() -> None:
    """Found by fuzzing: `cryptography` trips over it."""
    parameters = encode(0x30, encode(0xA2, encode(0x02, b"\xff")))
    algorithm = encode(0x30, bytes.fromhex("06092a864886f70d01010a"), parameters)
    with pytest.raises(MalformedData):
        scheme_of(SignedDigestAlgorithm.load(algorithm))


# -- folders


def pem(der: bytes, kind: str = "CERTIFICATE") -> bytes:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(der).decode()}-----END {kind}-----\n".encode()


def ldif(attribute: str, der: bytes) -> bytes:
    text = base64.b64encode(der).decode()
    folded = "\n ".join(text[at : at + 60] for at in range(0, len(text), 60))
    return f"dn: c=VN,dc=made-up\nobjectClass: top\n{attribute}:: {folded}\n\n".encode()


def problems(loaded: LoadedTrust) -> list[tuple[str, str]]:
    return [(problem.file, problem.code.removeprefix("chip.trust.")) for problem in loaded.problems]


def bag(*certificates: bytes) -> bytes:
    return pkcs7.serialize_certificates([x509.load_der_x509_certificate(c) for c in certificates],
                                        serialization.Encoding.DER)  # fmt: skip


def test_every_form_a_hospital_may_be_given_is_read(tmp_path: Path) -> None:
    countries = [Country(f"CSCA {number}") for number in range(8)]
    ders = [country.certificate() for country in countries]
    (tmp_path / "one.cer").write_bytes(ders[0])
    (tmp_path / "two.pem").write_bytes(b"some words\n" + pem(ders[1]) + pem(ders[2]))
    (tmp_path / "glued.der").write_bytes(ders[3] + ders[4])
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "bag.p7b").write_bytes(bag(ders[5], ders[6]))
    (tmp_path / "directory.ldif").write_bytes(ldif("userCertificate;binary", ders[7]))
    (tmp_path / "list.crl").write_bytes(countries[0].crl(66))
    (tmp_path / "list.pem").write_bytes(pem(countries[1].crl(66), "X509 CRL"))
    (tmp_path / "more.ldif").write_bytes(ldif("certificateRevocationList;binary", countries[2].crl(66)))
    (tmp_path / ".hidden").write_bytes(b"nothing")
    loaded = load_trust(tmp_path)
    assert loaded.problems == ()
    assert len(loaded.store.countries) == 8
    assert loaded.files == 8
    for country in countries[:3]:
        assert verdict_on(country.signer(serial=66), loaded.store) == "chip.check.signer_revoked"
    for country in countries:
        assert verdict_on(country.signer(), loaded.store) == "chip.check.issuer_trusted"


def test_a_master_list_gives_all_its_countries(tmp_path: Path) -> None:
    issuer, others = Issuer(), [Country(f"CSCA {number}").certificate() for number in range(5)]
    (tmp_path / "countries.ml").write_bytes(issuer.master_list(*others))
    (tmp_path / "directory.ldif").write_bytes(ldif("pkdMasterListContent", issuer.master_list()))
    loaded = load_trust(tmp_path)
    assert loaded.problems == ()
    assert len(loaded.store.countries) == 6


def test_a_master_list_whose_signature_is_wrong_is_told_and_still_used(tmp_path: Path) -> None:
    spoiled = bytearray(Issuer().master_list())
    spoiled[-2] ^= 1
    (tmp_path / "countries.ml").write_bytes(spoiled)
    loaded = load_trust(tmp_path)
    assert problems(loaded) == [("countries.ml", "master_list_signature_wrong")]
    assert len(loaded.store.countries) == 1


def test_bad_files_are_told_and_spoil_nothing(tmp_path: Path) -> None:
    country = Country()
    good = country.certificate()
    (tmp_path / "a-good.cer").write_bytes(good)
    (tmp_path / "b-cut.cer").write_bytes(good[:200])
    (tmp_path / "c-text.txt").write_bytes(b"no certificate at all")
    (tmp_path / "d-empty").write_bytes(b"")
    spoiled = bytearray(good)
    spoiled[-1] ^= 1
    (tmp_path / "e-spoiled.cer").write_bytes(spoiled)
    (tmp_path / "f-server.cer").write_bytes(country.signer(purpose=ExtendedKeyUsageOID.SERVER_AUTH).der)
    (tmp_path / "g-foreign.crl").write_bytes(Country("Other").crl(1))
    edwards = bytes.fromhex("302a300506032b6570032100") + bytes(32)
    (tmp_path / "h-key.der").write_bytes(edwards)
    (tmp_path / "i-bad.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n")
    loaded = load_trust(tmp_path)
    assert sorted(problems(loaded)) == [
        ("b-cut.cer", "not_understood"),
        ("c-text.txt", "nothing_in_it"),
        ("d-empty", "nothing_in_it"),
        ("e-spoiled.cer", "own_signature_wrong"),
        ("f-server.cer", "not_a_country"),
        ("g-foreign.crl", "list_not_signed"),
        ("h-key.der", "not_understood"),
        ("i-bad.pem", "not_understood"),
    ]
    assert len(loaded.store.countries) == 1


@pytest.mark.parametrize("key_ids", [True, False])
@pytest.mark.parametrize("usages", [True, False])
def test_a_country_certificate_may_leave_out_that_it_is_an_authority(
    tmp_path: Path, *, key_ids: bool, usages: bool
) -> None:
    country = Country(key_ids=key_ids)
    (tmp_path / "old.cer").write_bytes(country.certificate(constraints=False, usages=usages))
    loaded = load_trust(tmp_path)
    assert loaded.problems == ()
    assert loaded.store.signers == ()
    assert verdict_on(country.signer(), loaded.store) == "chip.check.issuer_trusted"


def test_a_signer_that_does_not_tell_is_no_country() -> None:
    signer = Country().signer(usages=False)
    assert signer.may_sign_documents
    assert not signer.may_sign_certificates


def test_a_signer_with_a_critical_extension_not_known_is_not_allowed() -> None:
    country = Country()
    told = verdict_on(country.signer(demand="1.2.3.4"), store_of(country.certificate()))
    assert told == "chip.check.signer_not_allowed"


def test_one_file_may_be_named_instead_of_a_folder(tmp_path: Path) -> None:
    country = Country()
    (tmp_path / "country.cer").write_bytes(country.certificate())
    assert verdict_on(country.signer(), load_trust(tmp_path / "country.cer").store) == "chip.check.issuer_trusted"


def test_nothing_there_trusts_nobody_and_says_so(tmp_path: Path) -> None:
    assert problems(load_trust(tmp_path)) == [(tmp_path.name, "no_country")]
    missing = load_trust(tmp_path / "missing")
    assert ("missing", "not_readable") in problems(missing)
    assert missing.store.countries == ()
