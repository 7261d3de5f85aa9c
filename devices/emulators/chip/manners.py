"""How a card answers where the standards leave room, and where real cards keep to less than they could."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from devices.emulators.chip.protocol_faults import BasicAccessFault, ChipAuthenticationFault, PaceFault, SessionFault


class TooMuch(StrEnum):
    """What a card says to a READ BINARY for more than it gives at once."""

    SHORTER = "shorter"  # as much as fits, 9000
    WARNED = "6282"  # as much as fits, with the warning
    WRONG_LENGTH = "6700"
    EXACT_LENGTH = "6cxx"  # 6C and how much would be right
    WRONG_OFFSET = "6b00"


class PastEnd(StrEnum):
    """What a card says to a READ BINARY that starts within a file and asks for more than the rest of it."""

    LENIENT = "lenient"  # the rest: 9000 to a Le of zero, else 6282
    WARNED = "6282"  # the rest, always with the warning
    WRONG_LENGTH = "6700"
    WRONG_OFFSET = "6b00"


@dataclass(frozen=True, kw_only=True)
class Manners:
    """Lawful differences first. `max_read_bytes`: the most one READ BINARY gives. `can_tries`: wrong card access
    numbers until it is blocked; None as the standard has it. `session_fault_after`: good protected answers of a
    session before `session_fault` shows."""

    master_file: bool = False
    extended_length: bool = True
    chaining: bool = True
    short_file_ids: bool = True
    odd_read: bool = True
    max_read_bytes: int | None = None
    too_much: TooMuch = TooMuch.SHORTER
    past_end: PastEnd = PastEnd.LENIENT
    can_tries: int | None = None
    basic_access_fault: BasicAccessFault | None = None
    pace_fault: PaceFault | None = None
    chip_authentication_fault: ChipAuthenticationFault | None = None
    session_fault: SessionFault | None = None
    session_fault_after: int = 3
