"""What can go wrong with a chip. Every code is dotted, every detail technical and never personal."""

from __future__ import annotations


class ChipError(Exception):
    """Base of all that this package raises. `code`: dotted, for a catalogue; `detail`: for IT, never personal."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class KeyRefused(ChipError):
    """The chip did not accept the password: a wrong number is a normal answer, not a fault. `chip.key_refused`.

    `tries_left` where the chip counts them (ISO/IEC 7816-4, 63Cx), else None.
    """

    def __init__(self, detail: str = "", tries_left: int | None = None) -> None:
        super().__init__("chip.key_refused", detail)
        self.tries_left = tries_left


class NotAnIdChip(ChipError):
    """The card has no eMRTD application. `chip.not_an_id_chip`."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("chip.not_an_id_chip", detail)


class TransportTooShort(ChipError):
    """The chip opens only with keys longer than a short APDU, and the transport carries no other. Commands in parts are
    no way out: chaining is kept for linking the steps of PACE (ICAO 9303-11, 4.4.4.3). `chip.transport_too_short`."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("chip.transport_too_short", detail)


class ChipRefused(ChipError):
    """The chip answered a command with a status that means no. `chip.refused`; `status` is SW1 SW2 as a number."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__("chip.refused", f"{what}: {status:04X}")
        self.status = status


class ProtocolBroken(ChipError):
    """The chip answered something the protocol does not allow, or its proof of the session is wrong.
    `chip.protocol_broken`; the session is over."""

    def __init__(self, detail: str) -> None:
        super().__init__("chip.protocol_broken", detail)


class MalformedData(ChipError):
    """Bytes that are not what the standard says, or beyond our caps. `chip.malformed`."""

    def __init__(self, detail: str) -> None:
        super().__init__("chip.malformed", detail)


class Unsupported(ChipError):
    """Well-formed, and of a kind not spoken here (an unknown algorithm, a curve without a name). `chip.unsupported`."""

    def __init__(self, detail: str) -> None:
        super().__init__("chip.unsupported", detail)
