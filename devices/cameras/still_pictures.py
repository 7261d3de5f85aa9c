"""Loads a picture file as grey pixels for decoding: upright, on white, 8 bits, and never a decompression bomb."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from devices.cameras.preparation import Grey

MAX_PICTURE_PX = 60_000_000
"""A 50-megapixel phone picture passes; a file that would unpack to gigabytes does not."""


class PictureRefused(Exception):
    """A file cannot be decoded. `code`: `picture.missing`, `picture.unreadable` or `picture.too_large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def load_grey(path: Path) -> Grey:
    """The first frame of a picture file, height × width, turned as its EXIF says. Raises `PictureRefused`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures Pillow warns; we refuse them ourselves
            with Image.open(path) as picture:
                if picture.width * picture.height > MAX_PICTURE_PX:
                    raise PictureRefused("picture.too_large")
                return _grey(ImageOps.exif_transpose(picture))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise PictureRefused("picture.missing") from error
    except Image.DecompressionBombError as error:
        raise PictureRefused("picture.too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        # Pillow raises any of these for a damaged file, by format
        raise PictureRefused("picture.unreadable") from error


def _grey(picture: Image.Image) -> Grey:
    if picture.mode.startswith(("I", "F")):
        return _stretched(np.asarray(picture, dtype=np.float64))
    if picture.has_transparency_data:
        flat = Image.new("RGBA", picture.size, "white")
        flat.alpha_composite(picture.convert("RGBA"))
        picture = flat
    return np.asarray(picture.convert("RGB").convert("L"), dtype=np.uint8)


def _stretched(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Grey:
    """Pictures of more than 8 bits, from their darkest to their lightest point."""
    darkest, lightest = float(values.min()), float(values.max())
    spread = max(lightest - darkest, 1.0)
    return np.asarray((values - darkest) * (255 / spread), dtype=np.uint8)
