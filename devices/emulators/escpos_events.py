"""What an ESC/POS byte stream asks of a printer beyond ink on paper."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, kw_only=True)
class TicketCut:
    """GS V: the paper was cut. `raw` is every byte since the last cut, `image` is mode "1"."""

    raw: bytes
    image: Image.Image


@dataclass(frozen=True, kw_only=True)
class JobTagAsked:
    """GS ( H function 48: "tell me `tag` (4 bytes) when the printing before this is completed"."""

    tag: bytes


@dataclass(frozen=True, kw_only=True)
class QueuedStatusAsked:
    """GS r `kind`: 1 paper, 2 drawer; answered when the data before it has been worked off."""

    kind: int


@dataclass(frozen=True, kw_only=True)
class AutomaticStatusSet:
    """GS a: which changes the printer reports by itself; 0 is none."""

    mask: int


PrinterEvent = TicketCut | JobTagAsked | QueuedStatusAsked | AutomaticStatusSet
