"""Vietnamese in the one-byte code pages of before Unicode: CP1258 of Windows and TCVN3 ("ABC", TCVN 5712:1993).

Nothing in the bytes says which of the two they are. Both are read, and the one that gives more Vietnamese syllables is
taken; CP1258 when they are even. What comes out is never certain.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TCVN3_HIGH = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệì"
    "ỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
"""The letters of the bytes 0xA1 to 0xFF."""
_TCVN3_FIRST_HIGH = 0xA1
_TONES = frozenset("\u0300\u0309\u0303\u0301\u0323")
_WORD = re.compile(r"[^\W\d_]+")
_ONSET = "ngh|ng|nh|n|gh|gi|g|ch|c|kh|k|ph|p|qu|th|tr|t|b|d|đ|h|l|m|r|s|v|x"
_NUCLEUS = (
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iêu|iu|oa|oă|oe|oi|oai|oay|oao|oeo|ôi|ơi|ua|uâ|uây|uê|ui|uô|"
    "uôi|uơ|ưa|ưi|ươ|ươi|ươu|ưu|uy|uya|uyê|uyu|yê|yêu|oo"
)
_SYLLABLE = re.compile(rf"^(?:{_ONSET})?(?:{_NUCLEUS})(?:ch|c|m|ng|nh|n|p|t)?$")


@dataclass(frozen=True, kw_only=True)
class LegacyText:
    """NFC text and the code page it was read as: `cp1258` or `tcvn3`."""

    text: str
    code_page: str


def decode_legacy(data: bytes) -> LegacyText | None:
    """Text of `data` in the likelier of both code pages; null where it can be neither."""
    readings = [
        LegacyText(text=text, code_page=code_page)
        for code_page, text in (("cp1258", _cp1258(data)), ("tcvn3", _tcvn3(data)))
        if text is not None
    ]
    return max(readings, key=lambda reading: _syllables(reading.text), default=None)


def _cp1258(data: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _tcvn3(data: bytes) -> str | None:
    """Capital letters with marks mostly have no code of their own: fonts draw them, so they come as small letters."""
    if any(0x80 <= byte < _TCVN3_FIRST_HIGH for byte in data):
        return None
    letters = (chr(byte) if byte < _TCVN3_FIRST_HIGH else TCVN3_HIGH[byte - _TCVN3_FIRST_HIGH] for byte in data)
    return _WORD.sub(_capitals, unicodedata.normalize("NFC", "".join(letters)))


def _capitals(word: re.Match[str]) -> str:
    plain = [char for char in word.group() if char.isascii()]
    return word.group().upper() if len(plain) > 1 and all(char.isupper() for char in plain) else word.group()


def _syllables(text: str) -> int:
    """How many words with Vietnamese letters are syllables of the language, less those that are not."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    strange = sum(1 for char in text if not char.isascii() and not char.isalpha())
    return sum(1 if _is_syllable(word) else -1 for word in words) - strange


def _is_syllable(word: str) -> bool:
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = sum(char in _TONES for char in decomposed)
    toneless = unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in _TONES))
    return tones <= 1 and _SYLLABLE.match(toneless) is not None
