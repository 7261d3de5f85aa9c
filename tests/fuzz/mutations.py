"""Inputs for the fuzzing: real forms of every payload, mutated and crossed by one seeded generator."""

from __future__ import annotations

import random
from collections.abc import Iterator

from fuzz.byte_changes import change, span

MAX_INPUT_BYTES = 4200
"""A little more than the scanner's cap and the recogniser's."""

_AN = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Quận Y, Hà Nội|15042021"
_BINH = "001190012345||Trần Thị Bình|02031990|Nữ|Thôn 2, Xã Z, Huyện T, Hà Nội|01012022|001190999999|Lê A|Vũ B"
_CARD = (
    "DN4010000000001|4e677579e1bb856e2056c4836e2041|01/01/1990|1|53e1bb9120312c205068c6b0e1bb9d6e6720582c2048c3a0204ee1"
    "bb9969|01 - 043|01/01/2025|31/12/2025|21/12/2024|01000000000001|-|4|01/01/2030|0123456789abcdef-7102|$"
)
_ANSWER = (
    '{"maKetQua": "000", "ghiChu": "Thẻ còn giá trị", "hoTen": "Nguyễn Văn An", "ngaySinh": "01/01/1990", "maThe": '
    '"DN4010000000001", "gtTheTu": "01/01/2026", "gtTheDen": "20261231", "maDKBD": "01043", "maSoBHXH": 1, "x": [null]}'
)
SEEDS: tuple[bytes, ...] = tuple(
    seed if isinstance(seed, bytes) else seed.encode()
    for seed in (
        _AN,
        _BINH,
        _AN + _BINH,
        "]Q1" + _AN + "\r\n" + _BINH,
        _CARD,
        _CARD + _CARD,
        _CARD.replace("DN4010000000001", "001090123456"),
        _AN.encode().decode("big5", "replace"),
        _AN.encode().decode("latin-1"),
        b"001090123456||Nguy\xea\xden V\xe3n An|01011990|Nam|x|15042021",
        b"001090123456||Nguy\xd4n V\xa8n An|01011990|Nam|x|15042021",
        "001090123456",
        "DN 4 01 00 000 00001",
        "0000000001",
        "012345678",
        "TD:3F2A9XABCDEFGHJKLMNPQRST",
        "BN00012345",
        "HK-2026/11/22",
        "01234a1b2c3d-C",
        "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
        "https://example.org/a?b=c",
        "01/01/1990",
        "1990",
        "H'Hen Niê",
        "1" * 4000,
        "|" * 3000,
        _ANSWER,
        '{"maKetQua": 401}',
        "[" * 500,
    )
)
_TOKENS: tuple[bytes, ...] = (
    *(bytes([control]) for control in range(32)),
    *(
        token.encode()
        for token in ("|", "||", "$", "]Q1", "]C0", "TD:", "000201", "://", "-", "–", "00000000", "9" * 30)
    ),
    *(
        token.encode()
        for token in ("\u202e", "\u200b", "\ufeff", "\u2066", "\u0300", "\u0323", "０", "٣", "𝟎", "А", "😀")
    ),
    *(
        token.encode()
        for token in ("đ", "Ễ", "ữ", "ﾃ", "汉", "\ufffd", "null", "{", "}", "[", "]", '"', "\\u0000", "1e999")
    ),
    *(b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xd2", b"\x1b@", b"\x1dV\x00", b"\r\n"),
)


def inputs(seed: int) -> Iterator[bytes]:
    """An endless run of inputs, the same for the same seed."""
    dice = random.Random(seed)
    yield from SEEDS
    while True:
        data = bytearray(dice.choice(SEEDS))
        for _ in range(dice.choice((1, 1, 2, 3, 5, 9))):
            _mutate(data, dice)
        yield bytes(data[:MAX_INPUT_BYTES])


def _mutate(data: bytearray, dice: random.Random) -> None:
    match dice.randrange(8):
        case 0:
            other = dice.choice(SEEDS)
            data[span(data, dice).start :] = other[dice.randrange(len(other) + 1) :]
        case 1:
            data[span(data, dice)] = dice.choice(_TOKENS) * dice.choice((1, 1, 1, 5, 100))
        case _:
            change(data, dice, _TOKENS, repeats=(1, 2, 3, 20))
