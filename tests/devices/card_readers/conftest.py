"""Readers of every kind with hands that lay cards on them; those over PC/SC on a real pcscd (`support.pcscd`)."""

import pytest
from support.pcscd import VPCD_PORT, card_present, wait_until
from support.plain_card import PlainCard

from devices.card_readers.apdu_reader import ApduReader, ApduReaderOptions
from devices.card_readers.pcsc_reader import PcscReader, PcscReaderOptions
from devices.card_readers.pn532 import Pn532Reader, Pn532ReaderOptions
from devices.card_readers.virtual_reader import VirtualReader
from devices.contract import DeviceState
from devices.emulators.card_vpcd import VpcdCard
from devices.emulators.pn532 import Pn532Emulator
from devices.worker import DeviceWorker


class ApduRig:
    """The in-process reader and its driver."""

    sees_removal_while_talking = True

    def __init__(self, sink):
        self._virtual = VirtualReader()
        self.reader = ApduReader("card_reader", self._virtual, sink, ApduReaderOptions(poll_s=0.2))
        self.unplug, self.replug = self._virtual.unplug, self._virtual.replug
        self.lay, self.take = self._virtual.lay, self._virtual.take

    def end(self):
        self.take()


class PcscRig:
    """The PC/SC driver on the real pcscd; its reader vanishes by restarting pcscd without it."""

    sees_removal_while_talking = True

    def __init__(self, sink, daemon):
        self._daemon = daemon
        self._link = None
        self.reader = PcscReader("card_reader", PcscReaderOptions(reader_contains="tiep don", poll_s=0.2), sink)

    def lay(self, card):
        self._link = VpcdCard(card, port=VPCD_PORT)
        self._link.lay()

    def take(self):
        if self._link is not None:
            self._link.take()

    def unplug(self):
        self._daemon.stop()
        self._daemon.start(with_reader=False)

    def replug(self):
        self._daemon.stop()
        self._daemon.start()

    def end(self):
        """Take the card and wait until pcscd has noticed, or the next test would meet its ghost."""
        self.take()
        assert wait_until(lambda: not card_present())


class Pn532Rig:
    """The PN532 driver and the emulated chip, joined by a pseudo-terminal."""

    sees_removal_while_talking = False  # looking for the card would end the conversation

    def __init__(self, sink, folder):
        self.chip = Pn532Emulator(folder / "pn532")
        self.reader = self.reader_with(sink)
        self.unplug, self.replug = self.chip.unplug, self.chip.replug
        self.lay, self.take = self.chip.lay, self.chip.take

    def reader_with(self, sink, **options):
        chosen = {"port": str(self.chip.port), "poll_s": 0.1, **options}
        return Pn532Reader("card_reader", Pn532ReaderOptions(**chosen), sink)

    def end(self):
        self.chip.unplug()


@pytest.fixture(params=["apdu", "pn532", pytest.param("pcsc", marks=pytest.mark.pcscd)])
def rig(request, inbox, tmp_path):
    """A reader driver and hands that lay cards on it: the same tests for every kind."""
    makers = {
        "apdu": lambda: ApduRig(inbox),
        "pn532": lambda: Pn532Rig(inbox, tmp_path),
        "pcsc": lambda: PcscRig(inbox, request.getfixturevalue("pcscd")),
    }
    kind = makers[request.param]()
    yield kind
    kind.end()


@pytest.fixture
def pn532_rig(inbox, tmp_path):
    made = Pn532Rig(inbox, tmp_path)
    yield made
    made.end()


@pytest.fixture
def pcsc_rig(pcscd, inbox):
    made = PcscRig(inbox, pcscd)
    yield made
    made.end()


@pytest.fixture
def run():
    """Start a driver in its worker; stopped at the end."""
    workers = []

    def start(driver, sink):
        workers.append(DeviceWorker(driver, sink))
        workers[-1].start()
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture
def card():
    return PlainCard()


@pytest.fixture
def running(pn532_rig, run, inbox):
    run(pn532_rig.reader, inbox)
    inbox.state(DeviceState.READY)
    return pn532_rig
