"""What can go wrong with an emulated PN532, its line and the card in its field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(kw_only=True)
class Pn532Faults:
    """Settable from any thread while the chip runs. Numbers count down to 0 or None as they act."""

    garbage: bytes = b""  # on the line before every frame of the chip
    byte_by_byte: bool = False  # every byte in a write of its own
    lost_acknowledgements: int = 0
    lost_answers: int = 0
    nacked_commands: int = 0  # not carried out
    damaged_answers: int = 0  # wrong checksum; sent again whole when the host asks
    refused_commands: int = 0  # syntax error frame
    silent: bool = False  # hears everything, says nothing
    exchange_status: int | None = None  # the next InDataExchange fails with this status byte
    take_after_exchanges: int | None = None  # the card is lifted in the middle of that exchange
    reset_after_exchanges: int | None = None  # the chip loses power for a moment: asleep and without settings
    no_type_b: bool = False
    only_basics: bool = False  # a clone that knows neither settings nor higher bit rates, and looks for cards for ever
    fails_at_higher_rates: bool = False  # the card, once InPSL raised the bit rate

    def act(self, name: str) -> bool:
        """Count one of the counting faults down; whether it acts now."""
        left: int | None = getattr(self, name)
        if left is None or (left <= 0 and not name.endswith("_exchanges")):
            return False
        if name.endswith("_exchanges"):
            setattr(self, name, left - 1 if left > 1 else None)
            return left <= 1
        setattr(self, name, left - 1)
        return True
