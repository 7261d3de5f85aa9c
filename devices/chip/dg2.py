"""DG2: the face (ICAO 9303-10, 4.7.2), in the record of ISO/IEC 19794-5:2005 that holds a JPEG or JPEG 2000 picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from devices.chip import tlv
from devices.chip.errors import MalformedData
from devices.chip.tlv import Tlv

_TAG = 0x75
_GROUP_TEMPLATE = 0x7F61
_TEMPLATE = 0x7F60
_RECORD_TAGS = (0x5F2E, 0x7F2E)
_RECORD_BEGIN = b"FAC\x00"
_RECORD_HEADER_SIZE = 14
_FACE_HEADER_SIZE = 20
_FEATURE_POINT_SIZE = 8
_IMAGE_HEADER_SIZE = 12
_MAX_TEMPLATES = 8
MAX_PICTURE_BYTES = 512 * 1024


class PictureFormat(StrEnum):
    JPEG = "jpeg"
    JPEG_2000 = "jpeg2000"


_BEGINNINGS = {
    b"\xff\xd8\xff": PictureFormat.JPEG,
    b"\x00\x00\x00\x0cjP  \r\n\x87\n": PictureFormat.JPEG_2000,  # the JP2 box file
    b"\xff\x4f\xff\x51": PictureFormat.JPEG_2000,  # the bare codestream
}


@dataclass(frozen=True, kw_only=True, repr=False)
class FacePicture:
    """The picture as the chip holds it, not decoded. Never printed by `repr`."""

    data: bytes
    format: PictureFormat


def parse_dg2(file: bytes) -> FacePicture:
    """The first face. Raises `MalformedData`, also for pictures of another kind or beyond `MAX_PICTURE_BYTES`."""
    outer = tlv.parse_first(file)
    if outer.tag != _TAG:
        raise MalformedData("dg2: tag")
    record = next(_records(outer), None)
    if record is None:
        raise MalformedData("dg2: no face record")
    return _picture(_image_of(record) if record.startswith(_RECORD_BEGIN) else record)


def _records(outer: Tlv) -> Iterator[bytes]:
    for template in outer.child(_GROUP_TEMPLATE).children()[:_MAX_TEMPLATES]:
        if template.tag == _TEMPLATE:
            yield from (each.value for each in template.children() if each.tag in _RECORD_TAGS)


def _image_of(record: bytes) -> bytes:
    """From where the headers say the picture begins up to where they say the face ends."""
    if len(record) < _RECORD_HEADER_SIZE + _FACE_HEADER_SIZE:
        raise MalformedData("dg2: record cut short")
    face = record[_RECORD_HEADER_SIZE:]
    face_size = int.from_bytes(face[0:4], "big")
    points = int.from_bytes(face[4:6], "big")
    begin = _FACE_HEADER_SIZE + points * _FEATURE_POINT_SIZE + _IMAGE_HEADER_SIZE
    end = face_size if begin < face_size <= len(face) else len(face)  # some issuers count it wrongly
    image = face[begin:end]
    return image if _format(image) else face


def _picture(image: bytes) -> FacePicture:
    """The picture `image` begins with, or holds somewhere: newer records (ISO/IEC 39794-5) wrap it otherwise."""
    places = sorted(place for place in map(image.find, _BEGINNINGS) if place >= 0)
    if not places:
        raise MalformedData("dg2: neither JPEG nor JPEG 2000")
    data = image[places[0] :]
    form = _format(data)
    if form is None or len(data) > MAX_PICTURE_BYTES:
        raise MalformedData("dg2: picture beyond the cap")
    return FacePicture(data=data, format=form)


def _format(data: bytes) -> PictureFormat | None:
    return next((form for beginning, form in _BEGINNINGS.items() if data.startswith(beginning)), None)
