"""Key codes of Linux input events to the ASCII bytes a keyboard-wedge scanner means, by the US layout.

Such scanners type as a US keyboard unless they are set otherwise. A keyboard has no letters with marks: what they send
of a Vietnamese name is what is left of it without them, so a text that was typed is never certain.

Key codes: `include/uapi/linux/input-event-codes.h`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEY_ENTER, KEY_KEYPAD_ENTER, KEY_TAB = 28, 96, 15
_SHIFTS = frozenset({42, 54})
_CHORDS = frozenset({29, 97, 56, 100, 125, 126})
"""Control, Alt and Meta, left and right: a key with one of them held is a command, never a character."""

_ROWS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        2: ("1234567890-=", "!@#$%^&*()_+"),
        16: ("qwertyuiop[]", "QWERTYUIOP{}"),
        30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
        43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
        57: (" ", " "),
    }
)
_KEYPAD = {
    71: "7",
    72: "8",
    73: "9",
    74: "-",
    75: "4",
    76: "5",
    77: "6",
    78: "+",
    79: "1",
    80: "2",
    81: "3",
    82: "0",
    83: ".",
    55: "*",
    98: "/",
}


def _layout(shifted: int) -> Mapping[int, str]:
    return {first + place: char for first, row in _ROWS.items() for place, char in enumerate(row[shifted])} | _KEYPAD


class UsKeyboard:
    """Feed it key presses and releases in order; it answers the bytes they type."""

    def __init__(self) -> None:
        self._plain = _layout(0)
        self._shifted = _layout(1)
        self._held: set[int] = set()

    def reset(self) -> None:
        """Forget which keys are held (the device was opened anew, or events were lost)."""
        self._held.clear()

    def press(self, key: int) -> bytes:
        """A key goes down: the byte it types, CR for Enter, Tab for Tab, nothing for a command or a bare modifier."""
        if key in _SHIFTS or key in _CHORDS:
            self._held.add(key)
            return b""
        if self._held & _CHORDS:
            return b""
        if key in (KEY_ENTER, KEY_KEYPAD_ENTER):
            return b"\r"
        if key == KEY_TAB:
            return b"\t"
        layout = self._shifted if self._held & _SHIFTS else self._plain
        return layout.get(key, "").encode("ascii")

    def release(self, key: int) -> None:
        """A key comes up."""
        self._held.discard(key)


def keys_for(text: str) -> list[tuple[int, bool]]:
    """The keys a wedge scanner would press for `text`, each with whether Shift is held; characters that the layout
    lacks are left out, as such scanners do. Line ends become Enter."""
    keys = {char: (key, shifted) for shifted in (True, False) for key, char in _layout(shifted).items()}
    keys |= {"\r": (KEY_ENTER, False), "\n": (KEY_ENTER, False), "\t": (KEY_TAB, False)}
    return [keys[char] for char in text if char in keys]
