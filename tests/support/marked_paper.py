"""What the marks of a slip leave on its paper."""

from devices.printers.encoder import BAND_ROWS

MARK_PX = 16


def unmarked(paper, drawn_height):
    """The paper of one picture without what each of its bands ends with: two bytes of dots at the right edge."""
    clean = paper.copy()
    for top in range(0, drawn_height, BAND_ROWS):
        bottom = min(top + BAND_ROWS, drawn_height)
        clean.paste(255, (paper.width - MARK_PX, bottom - 1, paper.width, bottom))
    return clean
