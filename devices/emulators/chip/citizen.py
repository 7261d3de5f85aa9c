"""Made-up citizens with what their cards say of them. Nobody here exists."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from devices.chip.keys import CanKey, MrzKey
from devices.chip.mrz import check_digit

_LINE = 30
_NO_EXPIRY_IN_MRZ = "991231"
NEW_CARDS_FROM = date(2024, 7, 1)
"""Cards issued from here on are of the 2024 kind, without finger prints' place and with many empty fields."""


@dataclass(frozen=True, kw_only=True, repr=False)
class EmulatedCitizen:
    """`birth` and the like as `dd/mm/yyyy`; a birth of four digits is a year alone. `expires` None: valid for ever."""

    number: str
    name: str
    birth: str
    sex: str
    issued: date
    expires: date | None
    residence: str = "Số 1, Phường Mẫu, Hà Nội"
    old_number: str | None = None

    @property
    def is_2024_card(self) -> bool:
        return self.issued >= NEW_CARDS_FROM

    @property
    def can(self) -> CanKey:
        """The last six digits of the number, as seen on citizen cards."""
        return CanKey(digits=self.number[-6:])

    @property
    def mrz_key(self) -> MrzKey:
        return MrzKey(document_number=self.number[3:], birth=self.mrz_birth, expiry=self.mrz_expiry)

    @property
    def mrz_birth(self) -> str:
        """yymmdd, fillers for what is not known."""
        parts = self.birth.split("/")
        day, month = (parts[0] if len(parts) == 3 else "<<"), (parts[-2] if len(parts) >= 2 else "<<")
        return parts[-1][2:] + month + day

    @property
    def mrz_expiry(self) -> str:
        return f"{self.expires:%y%m%d}" if self.expires else _NO_EXPIRY_IN_MRZ

    def mrz_lines(self) -> tuple[str, str, str]:
        """The three lines of TD1 (ICAO 9303-5, 4.2): document number of nine digits, the whole number with a
        check digit of its own as optional data."""
        number = self.number[3:]
        first = f"IDVNM{number}{check_digit(number)}{self.number}<<{check_digit(self.number)}"
        sex = "F" if self.sex == "Nữ" else "M"
        birth, expiry = self.mrz_birth, self.mrz_expiry
        second = f"{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}VNM".ljust(_LINE - 1, "<")
        composite = check_digit(first[5:] + second[:7] + second[8:15] + second[18:])
        family, _, given = _transliterated(self.name).partition("<")
        third = f"{family}<<{given}"[:_LINE].ljust(_LINE, "<")
        return first, second + composite, third

    def with_changes(self, **changes: object) -> EmulatedCitizen:
        return replace(self, **changes)  # type: ignore[arg-type]


def _transliterated(name: str) -> str:
    """Capitals without marks, fillers between words (9303-3, 4.6)."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name.upper()) if not unicodedata.combining(c))
    kept = "".join(c if c.isascii() and c.isalpha() else " " for c in bare.replace("Đ", "D").replace("'", ""))
    return "<".join(kept.split())


CITIZENS: tuple[EmulatedCitizen, ...] = (
    EmulatedCitizen(
        number="001090123456",
        name="Nguyễn Văn An",
        birth="01/01/1990",
        sex="Nam",
        issued=date(2021, 4, 15),
        expires=date(2030, 1, 1),
        old_number="012345678",
    ),
    EmulatedCitizen(
        number="001190012345",
        name="Trần Thị Bình",
        birth="02/03/1990",
        sex="Nữ",
        issued=date(2022, 1, 1),
        expires=date(2030, 3, 2),
        residence="Thôn 2, Xã Mẫu, Huyện Mẫu, Hà Nội",
    ),
    EmulatedCitizen(
        number="022205000123",
        name="Lê Minh Châu",
        birth="12/09/2005",
        sex="Nam",
        issued=date(2024, 10, 2),
        expires=date(2030, 9, 12),
    ),
    EmulatedCitizen(
        number="038055000004",
        name="Phạm Văn Dũng",
        birth="1955",
        sex="Nam",
        issued=date(2021, 8, 20),
        expires=None,
        old_number="171234567",
    ),
    EmulatedCitizen(
        number="066160000005",
        name="H'Hen Niê",
        birth="15/07/1960",
        sex="Nữ",
        issued=date(2024, 12, 24),
        expires=None,
    ),
    EmulatedCitizen(
        number="001185000046",
        name="Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên",
        birth="28/02/1985",
        sex="Nữ",
        issued=date(2023, 6, 5),
        expires=date(2045, 2, 28),
        residence="Số 128/12/4B đường Nguyễn Thị Minh Khai nối dài, Khu phố 3, Phường Mẫu, Thành phố Mẫu, Tỉnh Mẫu",
    ),
)
