"""Which files a chip holds, and how they are addressed (ICAO 9303-10, 3.6–3.11 and tables 35, 36)."""

from __future__ import annotations

from dataclasses import dataclass

APPLICATION_ID = bytes.fromhex("A0000002471001")
MASTER_FILE_ID = bytes.fromhex("3F00")


@dataclass(frozen=True, kw_only=True)
class FileId:
    """An elementary file by its identifier of two bytes and its short one of five bits."""

    name: str
    identifier: int
    short: int


CARD_ACCESS = FileId(name="CardAccess", identifier=0x011C, short=0x1C)
CARD_SECURITY = FileId(name="CardSecurity", identifier=0x011D, short=0x1D)
ATR_INFO = FileId(name="ATR/INFO", identifier=0x2F01, short=0x01)
COM = FileId(name="COM", identifier=0x011E, short=0x1E)
SOD = FileId(name="SOD", identifier=0x011D, short=0x1D)
DATA_GROUPS = tuple(FileId(name=f"DG{n}", identifier=0x0100 + n, short=n) for n in range(1, 17))
DG1, DG2, DG13, DG14, DG15 = (DATA_GROUPS[n - 1] for n in (1, 2, 13, 14, 15))
