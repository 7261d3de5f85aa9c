"""Telex: every syllable that can be spelled can be typed, in both habits of typing."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest

from ui.telex import TONES, compose, compose_text

INITIALS = [
    "", "b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "nh", "ph", "r", "s", "t", "th", "tr", "v", "x",
]  # fmt: skip
RIMES = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng", "ăp",
    "ăt", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "oa", "oac", "oai", "oan", "oang", "oanh", "oat", "oay",
    "oăn", "oe", "oen", "o", "oc", "oi", "om", "on", "ong", "op", "ot", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp",
    "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "u", "uc", "ui", "um", "un", "ung", "up", "ut", "uôc", "uôi", "uôm",
    "uôn", "uông", "uôt", "ua", "uân", "uât", "uây", "uê", "uy", "uya", "uyên", "uyêt", "uynh", "uyt", "ư", "ưa",
    "ưc", "ưi", "ưng", "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu",
]  # fmt: skip
FRONT_RIMES = [
    "e", "ec", "em", "en", "eng", "eo", "ep", "et", "ê", "êch", "ên", "ênh", "êp", "êt", "êu", "i", "ia", "ich",
    "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu", "im", "in", "inh", "ip", "it", "iu", "y",
]  # fmt: skip
OTHERS = [
    "gia", "giang", "giao", "giap", "giâu", "giêng", "gi", "gio", "giơ", "giương", "qua", "quan", "quang", "quân",
    "quê", "quôc", "quy", "quyên", "quyêt", "quynh", "quât", "nghia", "nghiêm", "nga", "ngân", "ngoc", "nguyên",
    "nguyêt", "ngươi", "yên", "yêt", "yêu", "y", "kiên", "ky", "kha", "ghi", "huơ", "thuơ",
]  # fmt: skip
MARKS = ["", *TONES.values()]
_KEY_OF_MARK = {mark: key for key, mark in TONES.items()}
_KEYS_OF_LETTER = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}


def with_tone(syllable: str, mark: str) -> str:
    """The syllable with a tone by the rules of `ui.telex` seen from the other side: only the place is ours to know."""
    return compose(syllable + _KEY_OF_MARK[mark]) if mark else syllable


def late_keys(word: str) -> str:
    """Keys when the tone is typed last: `nguyeenx`."""
    letters, tone = "", ""
    for sign in unicodedata.normalize("NFD", word):
        if sign in _KEY_OF_MARK:
            tone = _KEY_OF_MARK[sign]
        else:
            letters += sign
    return "".join(_KEYS_OF_LETTER.get(x, x) for x in unicodedata.normalize("NFC", letters)) + tone


def early_keys(word: str) -> str:
    """Keys when each mark follows its letter: `nguyeexn`."""
    typed = ""
    for letter in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(_KEY_OF_MARK[part] for part in parts if part in _KEY_OF_MARK)
        plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _KEY_OF_MARK))
        typed += _KEYS_OF_LETTER.get(plain, plain) + tones
    return typed


def _syllables() -> list[str]:
    plain = [a + b for a, b in product(INITIALS, RIMES)]
    plain += [a + b for a, b in product([*INITIALS[:2], *INITIALS[3:], "k", "ngh", "gh"], FRONT_RIMES)]
    return [with_tone(syllable, mark) for syllable in [*plain, *OTHERS] for mark in MARKS]


def test_every_syllable_can_be_typed_with_the_tone_last_or_in_place() -> None:
    syllables = set(_syllables())
    assert len(syllables) > 15_000
    missed = [s for s in syllables if compose(late_keys(s)) != s or compose(early_keys(s)) != s]
    assert missed == []


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("nguyeenx", "nguyễn"), ("traanf", "trần"), ("lee", "lê"), ("phamj", "phạm"), ("hoangf", "hoàng"),
        ("huynhf", "huỳnh"), ("phan", "phan"), ("vux", "vũ"), ("vox", "võ"), ("ddawngj", "đặng"), ("buif", "bùi"),
        ("ddoox", "đỗ"), ("hoof", "hồ"), ("ngoo", "ngô"), ("duwowng", "dương"), ("lys", "lý"), ("ddaof", "đào"),
        ("ddoanf", "đoàn"), ("vuwowng", "vương"), ("trinhj", "trịnh"), ("truwowng", "trương"), ("ddinh", "đinh"),
        ("laam", "lâm"), ("phungf", "phùng"), ("mai", "mai"), ("too", "tô"), ("haf", "hà"), ("taj", "tạ"),
        ("thij", "thị"), ("vawn", "văn"), ("ddwcs", "đức"), ("dduwcs", "đức"), ("quoocs", "quốc"),
        ("quyeenf", "quyền"), ("giangr", "giảng"), ("giaf", "già"), ("thuys", "thúy"), ("thuyr", "thủy"),
        ("hoaf", "hòa"), ("hoef", "hòe"), ("hoaif", "hoài"), ("khoar", "khỏa"), ("nguyeetj", "nguyệt"),
        ("huowng", "hương"), ("huwowng", "hương"), ("luuw", "lưu"), ("luwu", "lưu"), ("tuaans", "tuấn"),
        ("tuana", "tuân"), ("dongdo", "đông"), ("ngocj", "ngọc"), ("baor", "bảo"), ("yeens", "yến"), ("uyeen", "uyên"),
        ("NGUYEENX", "NGUYỄN"), ("DDawngj", "Đặng"), ("y", "y"), ("krongf", "kròng"), ("H", "H"),
    ],
)  # fmt: skip
def test_common_names_are_typed_as_people_type_them(keys: str, name: str) -> None:
    assert compose(keys) == name


@pytest.mark.parametrize(("keys", "plain"), [("ass", "as"), ("aaa", "aa"), ("ddd", "dd"), ("uww", "uw"), ("asz", "a")])
def test_a_key_typed_twice_gives_the_letter_back(keys: str, plain: str) -> None:
    assert compose(keys) == plain


def test_letters_with_their_own_key_mix_with_telex() -> None:
    assert compose_text("LÊ HỒNG ĐƯCS") == "LÊ HỒNG ĐỨC"


def test_the_result_is_precomposed() -> None:
    text = compose_text("nguyeenx thij phuwowng")
    assert text == unicodedata.normalize("NFC", text) == "nguyễn thị phương"
