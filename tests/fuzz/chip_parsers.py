"""Every parser of what a chip, or a file beside it, says: each a function of bytes that lets only `ChipError` pass."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from devices.chip.active_authentication import parse_active_authentication_key
from devices.chip.apdu import Command
from devices.chip.certificates import is_signed_by, parse_certificate, parse_revocation_list
from devices.chip.citizen import citizen_of, numbers_agree
from devices.chip.com_file import parse_com
from devices.chip.dg2 import MAX_PICTURE_BYTES, parse_dg2
from devices.chip.dg13 import VietnameseData, parse_dg13
from devices.chip.document_keys import mrz_key_of
from devices.chip.errors import ChipError
from devices.chip.evidence import Evidence
from devices.chip.judge import Judge
from devices.chip.mrz import Mrz, parse_dg1, parse_mrz, parse_td1
from devices.chip.pace import pace_choices
from devices.chip.passive_authentication import check_hashes, check_signature
from devices.chip.public_keys import parse_public_key
from devices.chip.security_infos import parse_security_infos
from devices.chip.security_object import parse_card_security, parse_security_object
from devices.chip.tlv import MAX_DEPTH, Tlv, check_depth, parse_all, parse_first, read_header
from devices.chip.trust_store import TrustStore
from devices.chip.values import Check, CheckState, Verdict

TODAY = date(2026, 11, 22)
NOBODY = TrustStore()
HELD = Check(state=CheckState.PASSED, reason="chip.check.held")
Parser = Callable[[bytes], object]


def check_zone(zone: Mrz) -> None:
    assert zone.name.isascii()
    birth = zone.birth_date(TODAY)
    assert birth is None or 1900 <= birth.year <= 2399
    assert zone.expiry_date is None or zone.expiry_date.year >= 2000
    assert citizen_of(zone, None, today=TODAY).number == (zone.citizen_number or zone.document_number)
    assert mrz_key_of(zone).mrz_information.isascii()


def check_text(data: VietnameseData) -> None:
    for text in (data.number, data.name, data.residence, data.old_number):
        assert text is None or (text and text.isprintable())
    assert data.number is None or data.number.isascii()


def fuzz_tlv(data: bytes) -> None:
    with suppress(ChipError):
        walk(parse_all(data), MAX_DEPTH)
    with suppress(ChipError):
        check_depth(data)
    with suppress(ChipError):
        header = read_header(data)
        assert header.size >= 2
        assert parse_first(data).value == data[header.size : header.size + header.length]


def walk(objects: tuple[Tlv, ...], depth: int) -> None:
    for each in objects:
        if each.constructed and depth:
            with suppress(ChipError):
                walk(each.children(), depth - 1)


def fuzz_apdu(data: bytes) -> None:
    command = Command.decode(data)
    assert Command.decode(command.encode(extended=not command.fits_short)) == command


def fuzz_mrz(data: bytes) -> None:
    text = data.decode("latin-1")
    with suppress(ChipError):
        assert not parse_td1(text).wrong_digits
    check_zone(parse_mrz(text))


def fuzz_dg1(data: bytes) -> None:
    check_zone(parse_dg1(data))


def fuzz_dg2(data: bytes) -> None:
    picture = parse_dg2(data)
    assert picture.data in data
    assert 0 < len(picture.data) <= MAX_PICTURE_BYTES


def fuzz_dg13(data: bytes) -> None:
    check_text(parse_dg13(data))


def fuzz_dg14(data: bytes) -> None:
    assert parse_security_infos(data) is not None


def fuzz_dg15(data: bytes) -> None:
    assert parse_active_authentication_key(data) is not None


def fuzz_card_access(data: bytes) -> None:
    assert len(pace_choices(parse_security_infos(data))) < 4096


def fuzz_com(data: bytes) -> None:
    assert len(parse_com(data)) <= 17


def fuzz_sod(data: bytes) -> None:
    listed = parse_security_object(data)
    assert all(name.startswith("DG") for name in listed.hashes)
    checked = check_signature(listed.message, NOBODY)
    assert (checked.signer is None) == (checked.check.state is not CheckState.PASSED)
    check_hashes(listed, {"DG1": b"\x61\x00", "DG2": data})


def fuzz_card_security(data: bytes) -> None:
    parse_security_infos(parse_card_security(data).content)


def fuzz_certificate(data: bytes) -> None:
    certificate = parse_certificate(data)
    assert certificate.subject_text.isprintable() or certificate.subject_text
    is_signed_by(certificate, certificate)


def fuzz_public_key(data: bytes) -> None:
    assert parse_public_key(data) is not None


def fuzz_revocation_list(data: bytes) -> None:
    listed = parse_revocation_list(data)
    assert TrustStore((), (listed,)).orphaned == (listed,)


def fuzz_judge(data: bytes) -> None:
    """One input for all files at once: nothing of it is ever authentic."""
    files = dict.fromkeys(("SOD", "DG1", "DG2", "DG13", "DG14", "DG15"), data)
    evidence = Evidence(
        files=files, chip_authentication=HELD, active_authentication=HELD, mapping=HELD, card_security=data
    )
    assert Judge(NOBODY, TODAY).judge(evidence).verdict is not Verdict.AUTHENTIC
    with suppress(ChipError):
        numbers_agree(parse_dg1(data), parse_dg13(data))


CHIP_PARSERS: dict[str, Parser] = {
    "tlv": fuzz_tlv,
    "apdu": fuzz_apdu,
    "mrz": fuzz_mrz,
    "dg1": fuzz_dg1,
    "dg2": fuzz_dg2,
    "dg13": fuzz_dg13,
    "dg14": fuzz_dg14,
    "dg15": fuzz_dg15,
    "card_access": fuzz_card_access,
    "com": fuzz_com,
    "sod": fuzz_sod,
    "card_security": fuzz_card_security,
    "certificate": fuzz_certificate,
    "public_key": fuzz_public_key,
    "revocation_list": fuzz_revocation_list,
    "judge": fuzz_judge,
}


def feed(parser: str, data: bytes) -> bool:
    """Give `data` to a parser; whether it took it. Anything but a `ChipError` passes."""
    try:
        CHIP_PARSERS[parser](data)
    except ChipError:
        return False
    return True
