"""An emulated chip with nothing personal on it, for tests that only need a card to lie there and answer."""

from devices.emulators.chip.algorithms import PaceKind
from devices.emulators.chip.application import CONTACTLESS_ATR, EmulatedChip
from devices.emulators.chip.card_image import EF_CARD_ACCESS, CardImage
from devices.emulators.chip.security_info_files import card_access

CARD_ACCESS = card_access([PaceKind()])
SELECT_CARD_ACCESS = bytes.fromhex("00A4020C02011C")
OK = b"\x90\x00"


class PlainCard(EmulatedChip):
    """Has an EF.CardAccess, and an application without files."""

    def __init__(self, atr: bytes = CONTACTLESS_ATR) -> None:
        super().__init__(CardImage(master_files={EF_CARD_ACCESS: CARD_ACCESS}, application_files={}), atr=atr)
