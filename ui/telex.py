"""Telex: Vietnamese letters from a plain A-Z keyboard (`nguyeenx` -> `nguyễn`). Pure functions on one syllable.

The syllable is composed anew from its raw keys at each key press, so erasing a key undoes exactly that key.
Rules: aa ee oo dd -> â ê ô đ; w on a o u -> ă ơ ư; tones s f r x j, z takes the tone away; the same key twice gives
the letter back (`ass` -> `as`). Tone place: the modern style but "oa, oe, uy" as on citizen cards (`Hòa`, `Thúy`).
"""

from __future__ import annotations

import unicodedata

TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
"""Tone key to combining mark: sắc, huyền, hỏi, ngã, nặng."""

_DOUBLED = {"a": "â", "e": "ê", "o": "ô", "d": "đ"}
_HORNED = {"a": "ă", "o": "ơ", "u": "ư"}
_PLAIN = {"â": "a", "ê": "e", "ô": "o", "đ": "d", "ă": "a", "ơ": "o", "ư": "u"}
_VOWELS = frozenset("aăâeêioôơuưy")
_MARKED = frozenset("ăâêôơư")


def compose(keys: str) -> str:
    """The syllable that `keys` (letters as typed, any case, precomposed letters allowed) stands for, NFC."""
    letters: list[str] = []
    tone = ""
    literal = False
    for key in keys:
        low = key.lower()
        if literal:
            letters.append(key)
        elif low in TONES and _has_vowel(letters):
            if tone == low:
                tone, literal = "", True
                letters.append(key)
            else:
                tone = low
        elif low == "z" and tone:
            tone = ""
        elif low == "w":
            literal = not _apply_w(letters, key)
        elif low in _DOUBLED:
            literal = _apply_doubled(letters, key)
        else:
            letters.append(key)
    return _with_tone(letters, tone)


def compose_text(keys: str) -> str:
    """`compose` word by word; spaces are kept."""
    return " ".join(compose(word) for word in keys.split(" "))


def _has_vowel(letters: list[str]) -> bool:
    return any(letter.lower() in _VOWELS for letter in letters)


def _like(model: str, letter: str) -> str:
    """`letter` in the case of `model`."""
    return letter.upper() if model.isupper() else letter


def _apply_doubled(letters: list[str], key: str) -> bool:
    """Handles a, e, o, d: doubles an earlier equal letter of the syllable or stands for itself. True when the key
    was repeated to get the plain letters back."""
    low = key.lower()
    target = _DOUBLED[low]
    for at in range(len(letters) - 1, -1, -1):
        here = letters[at].lower()
        if here == low and _reaches(letters, at, low):
            letters[at] = _like(letters[at], target)
            return False
        if here == target and at == len(letters) - 1:
            letters[at] = _like(letters[at], low)
            letters.append(key)
            return True
    letters.append(key)
    return False


def _reaches(letters: list[str], at: int, low: str) -> bool:
    """Whether a late doubling key may change the letter at `at`: d only the first letter, a vowel only when the same
    vowel group, or final consonants after it, lies between (`tuana` -> `tuân`)."""
    if low == "d":
        return at == 0
    between = [letter.lower() for letter in letters[at + 1 :]]
    vowels_between = [letter for letter in between if letter in _VOWELS]
    return not vowels_between or vowels_between[0] == between[0]


def _apply_w(letters: list[str], key: str) -> bool:
    """Puts horn or breve on the right vowel; alone it is ư. False when `ww` gave the plain letter back."""
    low = [letter.lower() for letter in letters]
    for at in range(len(low) - 1, 0, -1):
        if low[at - 1] == "u" and low[at] in ("o", "ô") and not (at >= 2 and low[at - 2] == "q"):
            letters[at - 1 : at + 1] = [_like(letters[at - 1], "ư"), _like(letters[at], "ơ")]
            return _settle_uo(letters, at)
    for at in range(len(low) - 1, -1, -1):
        plain = _PLAIN.get(low[at], low[at])
        if plain not in _HORNED or (plain == "u" and at and low[at - 1] == "q"):
            continue
        if plain == "a" and at and low[at - 1] == "u" and not (at >= 2 and low[at - 2] == "q") and at == len(low) - 1:
            letters[at - 1] = _like(letters[at - 1], "ư")  # ưa, as in "mưa"
            return True
        if plain == "u" and at and low[at - 1] == "u":
            at -= 1  # ưu, as in "lưu"
        if low[at] == _HORNED[plain]:
            letters[at] = _like(letters[at], plain)
            letters.append(key)
            return False
        letters[at] = _like(letters[at], _HORNED[plain])
        return True
    letters.append(_like(key, "ư"))
    return True


def _settle_uo(letters: list[str], at: int) -> bool:
    """`uơ` stands alone only at the end ("thuở", "huơ"); with a letter after it both are horned ("hương")."""
    if at == len(letters) - 1 and "".join(letters[: at - 1]).lower() in ("h", "th", "kh"):
        letters[at - 1] = _like(letters[at - 1], "u")
    return True


def _with_tone(letters: list[str], tone: str) -> str:
    _spread_horn(letters)
    if tone:
        at = _tone_place([letter.lower() for letter in letters])
        letters[at] += TONES[tone]
    return unicodedata.normalize("NFC", "".join(letters))


def _spread_horn(letters: list[str]) -> None:
    """Once a letter follows, u before ơ is horned as well: `huow` + `ng` -> `hương`."""
    low = [letter.lower() for letter in letters]
    for at in range(1, len(low) - 1):
        if low[at - 1] == "u" and low[at] == "ơ" and not (at >= 2 and low[at - 2] == "q"):
            letters[at - 1] = _like(letters[at - 1], "ư")


def _tone_place(low: list[str]) -> int:
    """Index of the letter that carries the tone."""
    vowels = _nucleus(low)
    marked = [at for at in vowels if low[at] in _MARKED]
    if marked:
        return marked[-1]  # ươ: on ơ
    if len(vowels) == 1:
        return vowels[0]
    if vowels[-1] != len(low) - 1:
        return vowels[-1]  # a consonant ends the syllable: "toán", "hoàng"
    return vowels[1] if len(vowels) == 3 else vowels[0]


def _nucleus(low: list[str]) -> list[int]:
    """Indices of the vowels that can carry the tone: without the u of qu and the i of gi."""
    first = next(at for at, letter in enumerate(low) if letter in _VOWELS)
    group = [first]
    while group[-1] + 1 < len(low) and low[group[-1] + 1] in _VOWELS:
        group.append(group[-1] + 1)
    head = "".join(low[: first + 1])
    if len(group) > 1 and (head == "qu" or (head == "gi")):
        group = group[1:]
    return group
