"""Security objects made by OpenSSL's command line: another hand than ours wrote and signed them."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.chip.certificates import parse_certificate
from devices.chip.passive_authentication import check_hashes, check_issuer, check_signature
from devices.chip.security_object import parse_security_object
from devices.chip.tlv import encode
from devices.chip.trust_files import load_trust
from devices.chip.trust_store import TrustStore

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs OpenSSL's command line")
TODAY = datetime.now(UTC).date()  # OpenSSL dates what it makes by the machine's clock
DG1 = encode(0x61, encode(0x5F1F, b"<" * 90))
LDS_SECURITY_OBJECT = encode(
    0x30,
    encode(0x02, b"\x00"),
    encode(0x30, bytes.fromhex("0609608648016503040201")),  # SHA-256
    encode(0x30, encode(0x30, encode(0x02, b"\x01"), encode(0x04, hashlib.sha256(DG1).digest()))),
)
SETTINGS = """
[req]
distinguished_name = name
prompt = no
[name]
C = VN
CN = Made-up CSCA
[country]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[signer]
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")


def curve(name: str, encoding: str) -> tuple[str, ...]:
    return ("-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{name}", "-pkeyopt", f"ec_param_enc:{encoding}")


KEYS = {
    "rsa": RSA,
    "p256 named": curve("prime256v1", "named_curve"),
    "p224 explicit": curve("secp224r1", "explicit"),
    "brainpool 320 named": curve("brainpoolP320r1", "named_curve"),
    "brainpool 512 explicit": curve("brainpoolP512r1", "explicit"),
}
SIGNINGS = {
    "plain": (),
    "key identifier": ("-keyid",),
    "no attributes": ("-noattr",),
    "sha1": ("-md", "sha1"),
    "sha512": ("-md", "sha512"),
    "pss": ("-keyopt", "rsa_padding_mode:pss"),
    "pss, salt of 20": ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20", "-md", "sha384"),
}


@pytest.fixture(scope="module")
def countries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each kind of key, with a country and a signer in it."""
    return {kind: made_country(tmp_path_factory.mktemp("country"), key) for kind, key in KEYS.items()}


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=30)


def made_country(folder: Path, key: tuple[str, ...]) -> Path:
    (folder / "settings").write_text(SETTINGS)
    (folder / "lds").write_bytes(LDS_SECURITY_OBJECT)
    for who in ("country", "signer"):
        openssl(folder, "genpkey", *key, "-out", f"{who}.key")
    country = ("-key", "country.key", "-config", "settings", "-extensions", "country", "-days", "4000", "-sha512")
    openssl(folder, "req", "-x509", "-new", *country, "-out", "country.pem")
    openssl(folder, "req", "-new", "-key", "signer.key", "-subj", "/C=vn/CN=Made-up signer", "-out", "signer.csr")
    signer = ("-in", "signer.csr", "-CA", "country.pem", "-CAkey", "country.key", "-set_serial", "7", "-days", "3900")
    openssl(folder, "x509", "-req", *signer, "-extfile", "settings", "-extensions", "signer", "-out", "signer.pem")
    return folder


def signed(folder: Path, *options: str) -> bytes:
    made = ("-sign", "-binary", "-nodetach", "-outform", "DER", "-econtent_type", "2.23.136.1.1.1", "-in", "lds")
    openssl(folder, "cms", *made, "-signer", "signer.pem", "-inkey", "signer.key", "-out", "sod", *options)
    return encode(0x77, (folder / "sod").read_bytes())


def told(file: bytes, trust: TrustStore) -> tuple[str, str, str]:
    listed = parse_security_object(file)
    signature = check_signature(listed.message, trust)
    issuer = "none"
    if signature.signer is not None:
        issuer = check_issuer(signature.signer, trust, today=TODAY, card_issued=None).reason
    return check_hashes(listed, {"DG1": DG1}).reason, signature.check.reason, issuer


@pytest.mark.parametrize(
    ("key", "signing"),
    [(key, signing) for key in KEYS for signing in SIGNINGS if key == "rsa" or not signing.startswith("pss")],
)
def test_what_openssl_signed_is_believed_and_one_changed_bit_is_not(
    key: str, signing: str, countries: dict[str, Path]
) -> None:
    folder = countries[key]
    trust = load_trust(folder / "country.pem")
    assert trust.problems == ()
    file = signed(folder, *SIGNINGS[signing])
    good = ("chip.check.hashes_match", "chip.check.signature_holds", "chip.check.issuer_trusted")
    assert told(file, trust.store) == good
    at = file.index(hashlib.sha256(DG1).digest())
    changed = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
    assert told(changed, trust.store) == ("chip.check.hash_differs", "chip.check.signature_wrong", "none")


def test_a_list_of_openssl_revokes(countries: dict[str, Path]) -> None:
    folder = countries["p256 named"]
    (folder / "index").write_text("")
    (folder / "number").write_text("01\n")
    (folder / "ca").write_text(
        "[ca]\ndefault_ca = own\n[own]\ndatabase = index\ncrlnumber = number\ndefault_md = sha256\n"
    )
    own = ("-config", "ca", "-cert", "country.pem", "-keyfile", "country.key")
    openssl(folder, "ca", *own, "-revoke", "signer.pem")
    openssl(folder, "ca", *own, "-gencrl", "-crldays", "30", "-out", "country.crl")
    trusted = folder / "trusted"
    trusted.mkdir()
    for name in ("country.pem", "country.crl"):
        shutil.copy(folder / name, trusted)
    loaded = load_trust(trusted)
    assert loaded.problems == ()
    openssl(folder, "x509", "-in", "signer.pem", "-outform", "DER", "-out", "signer.der")
    signer = parse_certificate((folder / "signer.der").read_bytes())
    assert check_issuer(signer, loaded.store, today=TODAY, card_issued=None).reason == "chip.check.signer_revoked"
