"""Country certificates and revocation lists from a file or folder, as hospitals get them: DER, PEM, certificate bags,
master lists (ICAO 9303-12, 9) and the LDIF files of the ICAO key directory. One bad file never spoils the others."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import core, parser

from devices.chip.asn1 import guarded, load_large
from devices.chip.certificates import (
    Certificate,
    RevocationList,
    is_signed_by,
    parse_certificate,
    parse_revocation_list,
)
from devices.chip.errors import ChipError, MalformedData
from devices.chip.signed_data import SignedMessage, carried_certificates, parse_large_message, signature_holds
from devices.chip.trust_store import TrustStore

MAX_FILE_BYTES = 32 << 20
_MAX_OBJECTS = 20_000
_MASTER_LIST = "2.23.136.1.1.2"
_SIGNED_DATA_OID = bytes.fromhex("06092a864886f70d010702")
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_LDIF_VALUE = re.compile(
    rb"^(?:userCertificate|cACertificate|certificateRevocationList|CscaMasterListData|pkdMasterListContent)"
    rb"(?:;binary)?:: *([A-Za-z0-9+/=]+)",
    re.IGNORECASE | re.MULTILINE,
)


class _AnySet(core.SetOf):  # type: ignore[misc]
    _child_spec = core.Any


class _MasterList(core.Sequence):  # type: ignore[misc]
    _fields = [("version", core.Integer), ("certificates", _AnySet)]  # noqa: RUF012 asn1crypto wants it so


@dataclass(frozen=True, kw_only=True)
class TrustProblem:
    """One thing in the folder that helps nobody, for IT: the file's name, a code (`chip.trust.…`) and a detail."""

    file: str
    code: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadedTrust:
    """What was found; without any file the store is empty and trusts nobody."""

    store: TrustStore
    problems: tuple[TrustProblem, ...] = ()
    files: int = 0


@dataclass(kw_only=True)
class _Found:
    certificates: list[Certificate] = field(default_factory=list)
    lists: list[tuple[str, RevocationList]] = field(default_factory=list)
    problems: list[TrustProblem] = field(default_factory=list)
    files: int = 0

    def problem(self, file: str, code: str, detail: str = "") -> None:
        self.problems.append(TrustProblem(file=file, code=f"chip.trust.{code}", detail=detail))


def load_trust(path: Path) -> LoadedTrust:
    """Everything in a file, or in a folder and its folders; hidden files are passed over. Raises nothing: what cannot
    be read is among the problems."""
    found = _Found()
    for file in _files(path, found):
        _read_file(file, found)
    store = TrustStore(found.certificates, [each for _, each in found.lists])
    for name, each in found.lists:
        if each in store.orphaned:
            found.problem(name, "list_not_signed")
    if not store.countries:
        found.problem(path.name, "no_country")
    return LoadedTrust(store=store, problems=tuple(found.problems), files=found.files)


def _files(path: Path, found: _Found) -> Iterator[Path]:
    try:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    except OSError as error:
        found.problem(path.name, "not_readable", type(error).__name__)
        return
    yield from (each for each in inside if not each.is_dir() and not each.name.startswith("."))


def _read_file(file: Path, found: _Found) -> None:
    found.files += 1
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            found.problem(file.name, "too_large")
            return
        data = file.read_bytes()
    except OSError as error:
        found.problem(file.name, "not_readable", type(error).__name__)
        return
    objects = 0
    try:
        for der in _objects(data):
            objects += 1
            _take(der, file.name, found)
    except ChipError as error:
        found.problem(file.name, "not_understood", error.detail)
        return
    if not objects:
        found.problem(file.name, "nothing_in_it")


def _objects(data: bytes) -> Iterator[bytes]:
    """The DER objects of a file in any of the forms."""
    if b"-----BEGIN " in data:
        yield from (_unarmoured(body) for _, body in _PEM.findall(data))
    elif data[:1] == b"\x30":
        yield from _one_after_another(data)
    else:
        unfolded = re.sub(rb"\r?\n ", b"", data)  # LDIF goes on after a line break and a space (RFC 2849)
        yield from (_unarmoured(value) for value in _LDIF_VALUE.findall(unfolded))


def _one_after_another(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data) and data[at:].strip(b"\x00\r\n "):
        with guarded("der"):
            length = parser.peek(data[at:])
        yield data[at : at + length]
        at += length


def _unarmoured(body: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        raise MalformedData("base64") from None


def _take(der: bytes, name: str, found: _Found) -> None:
    if len(found.certificates) + len(found.lists) > _MAX_OBJECTS:
        raise MalformedData("too many certificates")
    if _SIGNED_DATA_OID in der[:32]:
        _take_bag(der, name, found)
        return
    try:
        certificate = parse_certificate(der)
    except MalformedData:
        found.lists.append((name, parse_revocation_list(der)))
        return
    _keep(certificate, name, found, check_own_signature=True)


def _take_bag(der: bytes, name: str, found: _Found) -> None:
    """A master list gives the certificates it lists; any other bag the ones it carries."""
    content_type, carried = carried_certificates(der, what="certificate bag")
    is_master_list = content_type == _MASTER_LIST
    if is_master_list:
        message = parse_large_message(der, what="master list")
        listed = load_large(_MasterList, message.content, "master list")
        with guarded("master list"):
            carried = tuple(each.dump() for each in listed["certificates"])
        _check_master_signature(message, name, found)
    for each in carried:
        try:
            _keep(parse_certificate(each), name, found, check_own_signature=not is_master_list)
        except MalformedData as error:
            found.problem(name, "certificate_not_understood", error.detail)


def _check_master_signature(message: SignedMessage, name: str, found: _Found) -> None:
    """Only reported: that the hospital put the list there is the trust in it."""
    named = [each for each in message.certificates if message.names(each)]
    try:
        good = any(signature_holds(message, each) for each in named)
    except ChipError as error:
        found.problem(name, "master_list_not_checked", error.detail)
        return
    if not good:
        found.problem(name, "master_list_signature_wrong")


def _keep(certificate: Certificate, name: str, found: _Found, *, check_own_signature: bool) -> None:
    try:
        certificate.public_key()
        own = is_signed_by(certificate, certificate) if check_own_signature and certificate.names_itself else True
    except ChipError as error:
        found.problem(name, "certificate_unsupported", f"{certificate.subject_text}: {error.detail}")
        return
    if not own:
        found.problem(name, "own_signature_wrong", certificate.subject_text)
    elif not (certificate.may_sign_certificates or certificate.may_sign_documents):
        found.problem(name, "not_a_country", certificate.subject_text)
    else:
        found.certificates.append(certificate)
