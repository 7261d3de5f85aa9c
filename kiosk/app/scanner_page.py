"""Draws a page with the configuration barcodes of one scanner model, for printing or for showing on a screen."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from config.catalogue import Catalogue
from devices.printers.typesetting import FONT_PACKAGE
from devices.scanners.setup_codes import SetupModel, setup_picture
from kiosk.domain.localized import Language

PAGE_PX = (1240, 1754)
"""A4 at 150 dots to the inch."""

MODULE_PX = 8
_MARGIN_PX, _COLUMNS, _CELL_PX, _FIRST_ROW_PX = 90, 2, (530, 440), 330


def save_setup_page(model: SetupModel, texts: Catalogue, path: Path) -> None:
    """Write the page as PNG. Raises `OSError` where it cannot be written."""
    draw_setup_page(model, texts).save(path, format="PNG", dpi=(150, 150))


def draw_setup_page(model: SetupModel, texts: Catalogue) -> Image.Image:
    """The page: heading in both languages, then the codes in the order in which they are scanned."""
    page = Image.new("L", PAGE_PX, 255)
    pen = ImageDraw.Draw(page)
    small, large = _font("Medium", 24), _font("Bold", 40)
    y = _MARGIN_PX
    for language in Language:
        pen.text((_MARGIN_PX, y), texts.text("scanner.page.title", language, model=model.name), 0, small)
        pen.text((_MARGIN_PX, y + 34), texts.text("scanner.page.how", language), 0, small)
        y += 90
    for place, (step, code) in enumerate(model.codes):
        row, column = divmod(place, _COLUMNS)
        left, top = _MARGIN_PX + column * _CELL_PX[0], _FIRST_ROW_PX + row * _CELL_PX[1]
        pen.text((left, top), str(place + 1), 0, large)
        for line, language in enumerate(Language):
            pen.text((left + 60, top + line * 32), texts.text(f"scanner.page.step.{step}", language), 0, small)
        picture = setup_picture(code, module_px=MODULE_PX)
        page.paste(Image.frombytes("L", (picture.width, picture.height), picture.pixels), (left + 60, top + 80))
        pen.text((left + 60, top + 90 + picture.height), code, 0, small)
    pen.text((_MARGIN_PX, PAGE_PX[1] - _MARGIN_PX), model.source, 0, _font("Medium", 18))
    return page


def _font(weight: str, size_px: int) -> ImageFont.FreeTypeFont:
    folder = Path(str(importlib.resources.files(FONT_PACKAGE))) / "files"
    return ImageFont.truetype(str(folder / f"BeVietnamPro-{weight}.ttf"), size_px)
