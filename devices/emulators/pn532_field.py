"""The RF side of an emulated PN532: a card in its field, as ISO/IEC 14443 has it answer to the reader chip.

Source: ISO/IEC 14443-3 (ATQA, SAK, REQB, ATQB, ATTRIB) and -4 (RATS, ATS, blocks, DESELECT); ICAO 9303-10, 3 (random
UID, AFI E1); PC/SC part 3, 3.1.3.2.3.1 (which bytes of them make up the ATR, used here the other way round).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from devices.card_readers.virtual_reader import VirtualCard

_APDU_CARD, _MEMORY_CARD = 0x20, 0x08
_ATS_INTERFACE_BYTES = bytes.fromhex("338002")  # 212 and 424 kbit/s both ways; answers within 77 ms; takes a CID
_FSCI_256 = 0x78
_EMRTD_APPLICATION_DATA = bytes.fromhex("E1F35E11")  # AFI, CRC_B of the eMRTD's AID, one application
_PROTOCOL_INFO = bytes.fromhex("338185")


@dataclass(frozen=True, kw_only=True)
class TypeA:
    """How a card answers as type A. `ats` None makes one of the card's ATR; with the SAK of a memory card there is
    none. A first UID byte of 08 marks a random one, as passports have it."""

    uid: bytes = bytes.fromhex("08A1B2C3")
    atqa: bytes = b"\x00\x04"
    sak: int = _APDU_CARD
    ats: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class TypeB:
    """How a card answers as type B. None takes from the card's ATR what it says, else what an eMRTD has."""

    pupi: bytes = bytes.fromhex("A1B2C3D4")
    application_data: bytes | None = None
    protocol_info: bytes | None = None
    mbli: int | None = None


MIFARE_CLASSIC = TypeA(uid=bytes.fromhex("C0FFEE01"), sak=_MEMORY_CARD, ats=b"")


@dataclass(frozen=True, kw_only=True)
class LaidCard:
    """A card where it lies."""

    card: VirtualCard
    shape: TypeA | TypeB

    @property
    def knows_apdus(self) -> bool:
        return isinstance(self.shape, TypeB) or bool(self.shape.sak & _APDU_CARD)

    @property
    def ats(self) -> bytes:
        """Empty for type B and memory cards."""
        if not isinstance(self.shape, TypeA) or not self.knows_apdus:
            return b""
        if self.shape.ats is not None:
            return self.shape.ats
        body = bytes([_FSCI_256]) + _ATS_INTERFACE_BYTES + _historical(self.card.atr)
        return bytes([len(body) + 1]) + body

    @property
    def atqb(self) -> bytes:
        """Empty for type A."""
        if not isinstance(self.shape, TypeB):
            return b""
        told = _told_by_atr(self.card.atr)
        application_data = self.shape.application_data or told[:4] or _EMRTD_APPLICATION_DATA
        return b"\x50" + self.shape.pupi + application_data + (self.shape.protocol_info or told[4:7] or _PROTOCOL_INFO)

    @property
    def attrib_answer(self) -> bytes:
        if isinstance(self.shape, TypeB) and self.shape.mbli is not None:
            return bytes([self.shape.mbli << 4])
        return _told_by_atr(self.card.atr)[7:8] or b"\0"


class RfField:
    """The field and what lies in it. Cards are laid and taken from any thread, everything else is the chip's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._laid: LaidCard | None = None
        self._active: LaidCard | None = None
        self.is_on = False

    @property
    def laid(self) -> LaidCard | None:
        with self._lock:
            return self._laid

    @property
    def active(self) -> LaidCard | None:
        """The card that was activated, if it still lies there."""
        with self._lock:
            return self._active if self._active is self._laid else None

    def lay(self, laid: LaidCard | None) -> None:
        """Lay a card instead of the one that lies there; None only takes."""
        with self._lock:
            self._laid = laid
            if self._active is not laid:
                self._active = None

    def switch(self, on: bool) -> None:
        """Without the field a card forgets everything."""
        self.is_on = on
        if not on:
            self.let_go()

    def let_go(self) -> None:
        with self._lock:
            self._active = None

    def activate(self, shape: type[TypeA] | type[TypeB]) -> LaidCard | None:
        """Call for cards of one type; the one that answers starts anew."""
        self.is_on = True
        with self._lock:
            laid = self._laid
            self._active = laid if laid is not None and isinstance(laid.shape, shape) else None
            activated = self._active
        if activated is not None:
            activated.card.reset()
        return activated

    def send_apdu(self, command: bytes) -> bytes | None:
        """What the activated card answers; None when it does not (any more)."""
        talked_to = self.active
        if talked_to is None or not talked_to.knows_apdus:
            return None
        answer = talked_to.card.transmit(command)
        return answer if answer and self.active is talked_to else None

    def send_raw(self, frame: bytes) -> bytes | None:
        """What lies there answers to a frame as it goes over the air, without its CRC."""
        active = self.active
        if frame[:1] == b"\x05" and len(frame) == 3:
            called = self.activate(TypeB)
            return called.atqb if called else None
        if active is None or not frame:
            return None
        if frame[:1] == b"\x1d" and isinstance(active.shape, TypeB):
            return active.attrib_answer
        if frame[:1] == b"\xe0" and active.ats:
            return active.ats
        return self._block(frame) if active.knows_apdus else None

    def _block(self, frame: bytes) -> bytes | None:
        """ISO/IEC 14443-4, 7: one unchained I-block, R(NAK) as presence check, S(DESELECT)."""
        control, has_cid = frame[0], bool(frame[0] & 0x08)
        prologue, data = frame[1:2] if has_cid else b"", frame[2 if has_cid else 1 :]
        if control & 0xF6 == 0xB2:
            return bytes([0xA2 | control & 0x09]) + prologue
        if control & 0xF7 == 0xC2:
            self.let_go()
            return bytes([control]) + prologue
        answer = self.send_apdu(data) if control & 0xF6 == 0x02 else None
        return None if answer is None else bytes([control]) + prologue + answer


def _historical(atr: bytes) -> bytes:
    """Of a contactless card's ATR as PC/SC makes it (`3B 8n 80 01`, n bytes, checksum)."""
    if len(atr) < 5 or atr[2:4] != b"\x80\x01":
        return b""
    return atr[4 : 4 + (atr[1] & 0x0F)]


def _told_by_atr(atr: bytes) -> bytes:
    """The eight bytes a type B card's ATR tells, or none."""
    told = _historical(atr)
    return told if len(told) == 8 else b""
