"""A slip's sentences set on 80 mm paper."""

from __future__ import annotations

from devices.printers.document import Align, Block, Gap, PrintDocument, Qr, Rule, Text, TwoColumns
from kiosk.domain.slip import Slip
from kiosk.station.slip_text import SlipText

LABEL_HEIGHT_PX = 200
SECOND_NAME_HEIGHT_PX = 26
MARK_HEIGHT_PX = 36


def job_id_of(slip: Slip) -> str:
    """A print job's id: the ticket's and which of its papers it is."""
    return f"{slip.ticket_id}#{slip.reprint}"


def slip_document(text: SlipText) -> PrintDocument:
    """The slip on 80 mm paper: the number readable at arm's length, then where to go, then the rest."""
    return PrintDocument(blocks=(*_head(text), *_place(text), *_details(text), *_foot(text)))


def _head(text: SlipText) -> tuple[Block, ...]:
    marks = [mark for mark in (text.reprint, text.priority) if mark]
    return (
        Text(text=text.hospital, height_px=30, bold=True, align=Align.CENTER),
        Gap(height_px=8),
        *(Text(text=mark, height_px=MARK_HEIGHT_PX, bold=True, align=Align.CENTER, inverted=True) for mark in marks),
        Gap(height_px=4),
        *_centred(text.caption, 28),
        Text(text=text.label, height_px=LABEL_HEIGHT_PX, bold=True, align=Align.CENTER, max_lines=1, tight=True),
        Gap(height_px=12),
    )


def _place(text: SlipText) -> tuple[Block, ...]:
    return (
        *_named(text.service, 34),
        *_named(text.room, 44),
        *_centred(text.directions, 28),
        *_line(),
    )


def _details(text: SlipText) -> tuple[Block, ...]:
    return (
        *(TwoColumns(left=caption, right=value, height_px=26) for caption, value in text.facts),
        *_line(),
        *_centred(text.coverage, 26),
        *_centred(text.next_step, 30, bold=True),
    )


def _foot(text: SlipText) -> tuple[Block, ...]:
    return (
        Gap(height_px=12),
        Qr(payload=text.code),
        Gap(height_px=8),
        *(block for line in text.footer for block in _centred(line, 24)),
    )


def _line() -> tuple[Block, ...]:
    return (Gap(height_px=8), Rule(dashed=True), Gap(height_px=8))


def _named(names: tuple[str, ...], height_px: int) -> tuple[Block, ...]:
    others = (block for name in names[1:] for block in _centred(name, SECOND_NAME_HEIGHT_PX))
    return (*(block for name in names[:1] for block in _centred(name, height_px, bold=True)), *others)


def _centred(text: str, height_px: int, *, bold: bool = False) -> tuple[Block, ...]:
    return (Text(text=text, height_px=height_px, bold=bold, align=Align.CENTER),) if text else ()
