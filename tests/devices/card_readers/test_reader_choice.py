"""Which of several PC/SC readers is meant by part of a name."""

import itertools

import pytest

from devices.card_readers.pcsc_reader import choose_reader

ACS = ["ACS ACR1252 1S CL Reader [ACR1252 1S CL Reader SAM] 01 00", "ACS ACR1252 1S CL Reader [ACR1252 PICC] 00 00"]
TWINS = [
    "HID OMNIKEY 5422 Smartcard Reader 00 00",
    "HID OMNIKEY 5422 Smartcard Reader 01 00",
    "HID OMNIKEY 5422CL 02 00",
]


@pytest.mark.parametrize(
    ("names", "wanted", "chosen"),
    [
        (ACS, "", ACS[1]),
        (ACS, "acr1252", ACS[1]),
        (ACS, "Reader SAM", ACS[0]),
        (TWINS, "omnikey", TWINS[0]),
        (TWINS, "5422cl", TWINS[2]),
        (TWINS, TWINS[1].upper(), TWINS[1]),
        (ACS + TWINS, "", ACS[1]),
        (["Samsung reader 00 00", "Zeta 00 00"], "", "Samsung reader 00 00"),
        (ACS, "cherry", None),
        ([], "", None),
    ],
)
def test_the_same_reader_is_chosen_in_whatever_order_they_are_listed(names, wanted, chosen):
    for order in itertools.permutations(names):
        assert choose_reader(order, wanted) == chosen
