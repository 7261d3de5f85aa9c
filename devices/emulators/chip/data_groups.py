"""The files of the eMRTD application that hold data: EF.COM, DG1, DG2, DG3, DG13 (ICAO 9303-10, 4.6 and 4.7)."""

from __future__ import annotations

from collections.abc import Iterable

from devices.chip.tlv import encode
from devices.emulators.chip import der
from devices.emulators.chip.citizen import EmulatedCitizen
from devices.emulators.chip.face import HEIGHT_PX, WIDTH_PX, FaceFormat

TAGS = {
    1: 0x61, 2: 0x75, 3: 0x63, 4: 0x76, 5: 0x65, 6: 0x66, 7: 0x67, 8: 0x68,
    9: 0x69, 10: 0x6A, 11: 0x6B, 12: 0x6C, 13: 0x6D, 14: 0x6E, 15: 0x6F, 16: 0x70,
}  # fmt: skip
"""The tag each data group's file starts with."""
_LDS_VERSION, _UNICODE_VERSION = b"0107", b"040000"
_BIOMETRIC_HEADER = encode(
    0xA1, bytes.fromhex("810102"), bytes.fromhex("820100"), bytes.fromhex("87020101"), bytes.fromhex("88020008")
)


def common_file(groups: Iterable[int]) -> bytes:
    """EF.COM: which data groups there are."""
    tags = bytes(TAGS[number] for number in sorted(groups))
    return encode(0x60, encode(0x5F01, _LDS_VERSION), encode(0x5F36, _UNICODE_VERSION), encode(0x5C, tags))


def mrz_file(lines: Iterable[str]) -> bytes:
    """DG1."""
    return encode(0x61, encode(0x5F1F, "".join(lines).encode("ascii")))


def face_file(picture: bytes, kind: FaceFormat) -> bytes:
    """DG2: one biometric template with one face record."""
    template = encode(0x7F60, _BIOMETRIC_HEADER, encode(0x5F2E, face_record(picture, kind)))
    return encode(0x75, encode(0x7F61, b"\x02\x01\x01", template))


def face_record(picture: bytes, kind: FaceFormat) -> bytes:
    """ISO/IEC 19794-5:2005, 5: facial record header, facial information without feature points, image information."""
    data_type = 0 if kind is FaceFormat.JPEG else 1
    image = bytes([1, data_type]) + WIDTH_PX.to_bytes(2, "big") + HEIGHT_PX.to_bytes(2, "big")
    image += bytes([1, 2]) + bytes(2) + bytes(2)
    block_size = 20 + len(image) + len(picture)
    information = block_size.to_bytes(4, "big") + bytes(16)
    whole_size = 14 + block_size
    return b"FAC\x00010\x00" + whole_size.to_bytes(4, "big") + b"\x00\x01" + information + image + picture


def finger_file() -> bytes:
    """DG3: never readable here, so that what is in it does not matter."""
    return encode(0x63, encode(0x7F61, b"\x02\x01\x00"))


def vietnamese_file(citizen: EmulatedCitizen) -> bytes:
    """DG13: numbered fields as citizen cards hold them; the 2024 card leaves many of them empty."""
    fields = [_field(number, value) for number, value in _values(citizen).items()]
    parents = der.sequence(der.utf8("Nguyễn Văn Cha"), der.utf8("Trần Thị Mẹ"))
    fields[12:12] = [der.sequence(der.integer(13), parents)]
    return encode(0x6D, der.sequence(encode(0x31, *fields)))


def _field(number: int, value: str) -> bytes:
    plain = value.isascii() and value.replace("/", "").isalnum()
    return der.sequence(der.integer(number), der.printable(value) if plain else der.utf8(value))


def _values(citizen: EmulatedCitizen) -> dict[int, str]:
    old_only = "" if citizen.is_2024_card else "Nốt ruồi C:1cm dưới trước mép trái"
    return {
        1: citizen.number,
        2: citizen.name,
        3: citizen.birth,
        4: citizen.sex,
        5: "Việt Nam",
        6: "Kinh",
        7: "Không",
        8: "Phường Mẫu, Hà Nội",
        9: citizen.residence,
        10: old_only,
        11: f"{citizen.issued:%d/%m/%Y}",
        12: f"{citizen.expires:%d/%m/%Y}" if citizen.expires else "Không thời hạn",
        14: "",
        15: citizen.old_number or "",
        16: "",
    }
