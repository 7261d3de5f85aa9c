"""What the doctor is told of PC/SC: the readers' names, or that nobody serves them."""

import pytest

from devices.card_readers.pcsc_reader import reader_names
from kiosk.app.card_reader_settings import CardReaderSettings
from kiosk.app.doctor_devices import check_card_readers

pytestmark = pytest.mark.pcscd


def test_the_readers_of_a_running_pcscd_are_named(pcscd):
    names = reader_names()  # vpcd has two slots
    [found] = check_card_readers([CardReaderSettings(reader_contains="tiep don")])
    assert (found.code, found.params["name"]) == ("card_reader.found", names[0])
    [other] = check_card_readers([CardReaderSettings(reader_contains="acr1252")])
    assert (other.code, other.params["names"]) == ("card_reader.other_names", ", ".join(names))


def test_a_pcscd_without_readers_is_told(pcscd):
    pcscd.stop()
    pcscd.start(with_reader=False)
    assert reader_names() == ()
    [found] = check_card_readers([CardReaderSettings()])
    assert found.code == "card_reader.none"
    pcscd.stop()
    [found] = check_card_readers([CardReaderSettings()])
    assert found.code == "card_reader.service_missing"
