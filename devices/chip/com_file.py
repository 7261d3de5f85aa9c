"""EF.COM: which files a chip says it holds (ICAO 9303-10, 4.6.1). Unsigned: a hint where to look, never a proof."""

from __future__ import annotations

from devices.chip import tlv
from devices.chip.errors import MalformedData

_TAG = 0x60
_TAG_LIST = 0x5C
NAME_OF_TAG = {
    0x61: "DG1",
    0x75: "DG2",
    0x63: "DG3",
    0x76: "DG4",
    0x65: "DG5",
    0x66: "DG6",
    0x67: "DG7",
    0x68: "DG8",
    0x69: "DG9",
    0x6A: "DG10",
    0x6B: "DG11",
    0x6C: "DG12",
    0x6D: "DG13",
    0x6E: "DG14",
    0x6F: "DG15",
    0x70: "DG16",
    0x77: "SOD",
}
"""Files by the tag they begin with (9303-10, table 36)."""


def parse_com(file: bytes) -> tuple[str, ...]:
    """Names of the files listed, in order, unknown tags left out. Raises `MalformedData`."""
    outer = tlv.parse_first(file)
    if outer.tag != _TAG:
        raise MalformedData("com: tag")
    tags = outer.child(_TAG_LIST).value
    return tuple(dict.fromkeys(NAME_OF_TAG[tag] for tag in tags if tag in NAME_OF_TAG))
