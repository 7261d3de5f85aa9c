"""The made-up people the portal emulator knows: at least one for every result code, with numbers that never change.

Nobody here exists. Dates are kept as windows around the day of asking, so that the table stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

HOSPITAL_FACILITY = "01043"
"""First facility of most of these people; the demo hospital counts it as its own."""
OTHER_FACILITY = "79011"


class Window(StrEnum):
    """When a card is valid, seen from the day of asking."""

    CURRENT = "current"
    OPEN_ENDED = "open_ended"
    EXPIRED = "expired"
    JUST_EXPIRED = "just_expired"
    FUTURE = "future"

    def dates(self, today: date) -> tuple[date, date | None]:
        first, last = date(today.year - 1, 1, 1), date(today.year + 1, 12, 31)
        match self:
            case Window.CURRENT:
                return first, last
            case Window.OPEN_ENDED:
                return first, None
            case Window.EXPIRED:
                return date(today.year - 3, 1, 1), date(today.year - 2, 12, 31)
            case Window.JUST_EXPIRED:
                return first, today - timedelta(days=5)
            case Window.FUTURE:
                return today + timedelta(days=30), last


@dataclass(frozen=True, kw_only=True)
class EmulatedPerson:
    """One made-up person. `name` and `birth` are what the card says; `registered_name`/`registered_birth` what the
    portal has instead, where asking with the card's words fails. `known` false: the portal has no such number."""

    citizen: str
    card: str
    name: str
    birth: str
    sex: str
    code: str = "000"
    window: Window = Window.CURRENT
    facility: str = HOSPITAL_FACILITY
    new_card: str | None = None
    new_window: Window = Window.CURRENT
    registered_name: str | None = None
    registered_birth: str | None = None
    known: bool = True

    @property
    def social_number(self) -> str:
        return self.card[-10:]

    def citizen_code(self) -> str:
        """Payload of the QR on this person's citizen card."""
        digits = self.birth.replace("/", "")
        address = "Số 1, Phường Mẫu, Hà Nội"
        return f"{self.citizen}||{self.name}|{digits}|{self.sex}|{address}|15042021"

    def insurance_code(self, today: date) -> str:
        """Payload of the QR on this person's paper insurance card."""
        start, end = self.window.dates(today)
        sex = "1" if self.sex == "Nam" else "2"
        facility = f"{self.facility[:2]} - {self.facility[2:]}"
        until = end.strftime("%d/%m/%Y") if end else "-"
        fields = [self.card, self.name.encode().hex(), self.birth, sex, "Phường Mẫu, Hà Nội".encode().hex(), facility]
        fields += [f"{start:%d/%m/%Y}", until, f"{start:%d/%m/%Y}", "01000000000001", "-", "4", "01/01/2030"]
        return "|".join([*fields, "0123456789abcdef-7102", "$"])


def _person(citizen: str, card: str, name: str, birth: str, code: str = "000", **more: Any) -> EmulatedPerson:
    sex = "Nữ" if int(citizen[3]) % 2 else "Nam"
    return EmulatedPerson(citizen=citizen, card=card, name=name, birth=birth, sex=sex, code=code, **more)


PEOPLE: tuple[EmulatedPerson, ...] = (
    _person("001090123456", "DN4010000000001", "Nguyễn Văn An", "01/01/1990"),
    _person("001190012345", "GD4010000000002", "Trần Thị Bình", "02/03/1990"),
    _person("022205000123", "SV4220000000003", "Lê Minh Châu", "12/09/2005", facility=OTHER_FACILITY),
    _person("038055000004", "HT3380000000004", "Phạm Văn Dũng", "1955"),
    _person("066160000005", "DT2660000000005", "H'Hen Niê", "15/07/1960"),
    _person("062070000006", "DT2620000000006", "Y Blứk-Kđăm", "08/1970"),
    _person("079085000007", "DN4790000000007", "Võ Hoàng Em", "20/11/1985", window=Window.OPEN_ENDED),
    _person("001319000008", "TE1010000000008", "Đỗ Bảo Ngọc", "05/06/2019"),
    _person("001224000009", "TE1010000000009", "Đỗ Gia Huy", "10/02/2024", "130"),
    _person("001080000010", "QN5010000000010", "Hoàng Quốc Khánh", "30/04/1980", "001"),
    _person("001082000011", "CA5010000000011", "Bùi Đức Long", "22/12/1982", "002"),
    _person("031080000012", "TQ4310000000012", "Ngô Văn Mạnh", "17/08/1980", "001"),
    _person("031083000013", "TA4310000000013", "Dương Văn Nam", "19/08/1983", "002"),
    _person("001175000014", "DN7010000000014", "Lý Thị Oanh", "14/02/1975", "003", new_card="DN4010000000014"),
    _person("001076000015", "HN4010000000015", "Mai Văn Phúc", "09/09/1976", "003", new_card="HN2010000000015"),
    _person("001077000016", "HT5010000000016", "Tạ Đình Quang", "11/11/1977", "003.1", new_card="HT3010000000016"),
    _person("001178000017", "CN6010000000017", "Vũ Thị Quyên", "25/05/1978", "004", new_card="CN3010000000017"),
    _person(
        "001079000018",
        "DN4010000000018",
        "Đặng Văn Sơn",
        "03/03/1979",
        "004",
        new_card="GD4010000000018",
        new_window=Window.FUTURE,
    ),
    _person("001165000019", "GD4010000000019", "Cao Thị Tâm", "07/07/1965", "010", window=Window.EXPIRED),
    _person("001066000020", "GD4010000000020", "Hồ Văn Út", "08/08/1966", window=Window.EXPIRED),
    _person("001167000021", "GD4010000000021", "Đinh Thị Vân", "21/01/1967", window=Window.JUST_EXPIRED),
    _person("001068000022", "GD4010000000022", "Lương Văn Xuân", "22/02/1968", window=Window.FUTURE),
    _person("001191000023", "DN4010000000023", "Phan Thị Yến", "23/03/1991", known=False),
    _person("001092000024", "DN4010000000024", "Trịnh Công Ẩn", "24/04/1992", "051"),
    _person("001193000025", "DN4010000000025", "Quách Thị Ánh", "25/05/1993", "052"),
    _person("001094000026", "DN4010000000026", "Châu Văn Bảo", "26/06/1994", "053"),
    _person("001195000027", "DN4010000000027", "Lâm Thị Cúc", "27/07/1995", "054"),
    _person("001096000028", "DN4010000000028", "Kiều Văn Đạt", "28/08/1996", "055"),
    _person("001197000029", "DN4010000000029", "Thái Thị Én", "29/09/1997", registered_name="Đoàn Thị Én"),
    _person("001098000030", "DN4010000000030", "Nghiêm Văn Giang", "30/10/1998", registered_name="Nghiêm Văn Dang"),
    _person("001199000031", "DN4010000000031", "Tống Thị Hà", "30/11/1999", registered_birth="1999"),
    _person("001200000032", "SV4010000000032", "Ông Văn Khôi", "12/12/2000", "080"),
    _person("001301000033", "SV4010000000033", "Uông Thị Lan", "01/02/2001", "090"),
    _person("001070000034", "GD4010000000034", "La Văn Minh", "02/03/1970", "100"),
    _person("001171000035", "GD4010000000035", "Mạc Thị Nga", "03/04/1971", "101"),
    _person("001072000036", "GD4010000000036", "Nông Văn Phú", "04/05/1972", "110"),
    _person("001173000037", "GD4010000000037", "Giáp Thị Quế", "05/06/1973", "120"),
    _person("001074000038", "GD4010000000038", "Khuất Văn Sáng", "06/07/1974", "121"),
    _person("001175000039", "GD4010000000039", "Tăng Thị Thu", "07/08/1975", "122"),
    _person("001076000040", "GD4010000000040", "Viên Văn Tư", "08/09/1976", "123"),
    _person("001177000041", "GD4010000000041", "Hà Thị Uyên", "09/10/1977", "124"),
    _person("001078000042", "GD4010000000042", "Ứng Văn Vinh", "10/11/1978", "205"),
    _person("001179000043", "GD4010000000043", "Âu Thị Xoan", "11/12/1979", "403"),
    _person("001081000044", "GD4010000000044", "Ân Văn Ý", "12/01/1981", "500"),
    _person("001182000045", "GD4010000000045", "Đàm Thị Nhàn", "13/02/1982", "999"),
)
