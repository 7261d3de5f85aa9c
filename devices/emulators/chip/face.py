"""A drawn face, encoded to a wanted size: what DG2 holds is a picture of nobody."""

from __future__ import annotations

import io
from enum import StrEnum

from PIL import Image, ImageDraw

WIDTH_PX, HEIGHT_PX = 300, 400
_MAX_COMMENT = 65_533
_JPEG_COMMENT = b"\xff\xfe"


class FaceFormat(StrEnum):
    JPEG = "jpeg"
    JPEG_2000 = "jp2"
    JPEG_2000_STREAM = "j2k"  # without the boxes of a file


def draw_face(seed: int, kind: FaceFormat, size_bytes: int | None = None) -> bytes:
    """A face in 300 × 400 pixels. Padded to `size_bytes` where the format has room for padding and it is smaller."""
    picture = _drawing(seed)
    out = io.BytesIO()
    if kind is FaceFormat.JPEG:
        picture.save(out, "JPEG", quality=80)
        return _padded_jpeg(out.getvalue(), size_bytes or 0)
    stream = kind is FaceFormat.JPEG_2000_STREAM
    picture.save(out, "JPEG2000", no_jp2=stream, quality_mode="rates", quality_layers=[24], irreversible=True)
    return out.getvalue() if stream else _padded_jp2(out.getvalue(), size_bytes or 0)


def _drawing(seed: int) -> Image.Image:
    skin = (224 - seed % 30, 186 - seed % 40, 158 - seed % 25)
    picture = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (206, 222, 238))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((110, 280, 190, 350), fill=skin)
    pen.ellipse((20, 320, 280, 520), fill=(60, 70 + seed % 80, 110))
    pen.ellipse((70, 70, 230, 310), fill=skin)
    pen.pieslice((60, 50, 240, 260), 180, 360, fill=(30, 24, 20))
    for x in (120, 180):
        pen.ellipse((x - 14, 175, x + 14, 190), fill="white")
        pen.ellipse((x - 6, 176, x + 6, 189), fill=(40, 26, 18))
        pen.line((x - 18, 160, x + 18, 158), fill=(30, 24, 20), width=5)
    pen.line((150, 190, 142, 232, 158, 234), fill=(170, 128, 104), width=3)
    pen.arc((120, 225, 180, 275), 20, 160, fill=(160, 70, 70), width=5)
    return picture


def _padded_jpeg(data: bytes, size: int) -> bytes:
    comments = b""
    while (missing := size - len(data) - len(comments)) > 4:
        length = min(missing - 4, _MAX_COMMENT)
        comments += _JPEG_COMMENT + (length + 2).to_bytes(2, "big") + bytes(length)
    after_header = 4 + int.from_bytes(data[4:6], "big")  # JFIF's own segment comes first, nothing before it
    return data[:after_header] + comments + data[after_header:]


def _padded_jp2(data: bytes, size: int) -> bytes:
    """With a free box behind (ISO/IEC 15444-1, I.7 lets readers skip unknown boxes)."""
    missing = size - len(data)
    return data if missing < 8 else data + missing.to_bytes(4, "big") + b"free" + bytes(missing - 8)
