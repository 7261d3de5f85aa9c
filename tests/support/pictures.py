"""Approved pictures of screens: compare with them, or record them anew with `--record-pictures` and look at them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

VISIBLE_STEP = 24
"""A colour channel that differs less cannot be seen."""


def require_same(picture: QImage, approved: Path, request: pytest.FixtureRequest, tmp_path: Path, share: float) -> None:
    """Fail when more than `share` of the pixels differ visibly from the approved picture."""
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    if request.config.getoption("--record-pictures"):
        approved.parent.mkdir(exist_ok=True)
        assert picture.save(str(approved), "PNG", 0)
        return
    wanted = QImage(str(approved)).convertToFormat(QImage.Format.Format_RGB32)
    seen = tmp_path / approved.name
    if picture.size() != wanted.size() or _differing_share(picture, wanted) > share:
        picture.save(str(seen))
        pytest.fail(f"{approved.name} looks different, see {seen}")


def _differing_share(one: QImage, other: QImage) -> float:
    first, second = (
        np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4).astype(np.int16)
        for image in (one, other)
    )
    return float((np.abs(first - second)[..., :3].max(axis=2) > VISIBLE_STEP).mean())
