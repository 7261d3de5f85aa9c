"""A pcscd of our own with vsmartcard's virtual reader, for the tests marked `pcscd`.

The daemon's socket path is compiled in, so a machine has one pcscd: the tests take turns by a lock file, refuse to
start beside a foreign daemon and never stop one.
"""

import fcntl
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from smartcard import scard

from devices.card_readers.apdu_reader import ApduReader, ApduReaderOptions
from devices.card_readers.pcsc_reader import PcscReader, PcscReaderOptions
from devices.card_readers.pn532 import Pn532Reader, Pn532ReaderOptions
from devices.card_readers.virtual_reader import VirtualReader
from devices.emulators.card import EmulatedCard
from devices.emulators.card_vpcd import VpcdCard
from devices.emulators.pn532 import Pn532Emulator
from devices.worker import DeviceWorker

VPCD_PORT = 0x6A63  # below the ephemeral range, unlike the packaged 35963
SOCKET = "/run/pcscd/pcscd.comm"
READER_NAME = "Tiep Don Test Reader"
START_S = 10.0
LOCK_S = 60.0


def wait_until(answers, deadline_s=START_S):
    pause, end_s = threading.Event(), time.monotonic() + deadline_s
    while not answers():
        if time.monotonic() > end_s:
            return False
        pause.wait(0.02)
    return True


def pcscd_answers():
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(SOCKET) == 0


def readers_listed():
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if code:
        return None
    readers = scard.SCardListReaders(context, [])[1]
    scard.SCardReleaseContext(context)
    return readers


def card_present():
    readers = readers_listed()
    if not readers:
        return False
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _, states = scard.SCardGetStatusChange(context, 0, [(readers[0], scard.SCARD_STATE_UNAWARE)])
    scard.SCardReleaseContext(context)
    return bool(states[0][1] & scard.SCARD_STATE_PRESENT)


class Pcscd:
    """One daemon process; started with the virtual reader or without any."""

    def __init__(self, folder):
        self._folder = folder
        self._process = None

    def start(self, with_reader=True):
        config = self._folder / ("with" if with_reader else "without")
        config.mkdir(exist_ok=True)
        if with_reader:
            (config / "vpcd").write_text(self._reader_config())
        with (self._folder / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "pcscd", "--foreground", "--config", str(config)],
                stdout=log,
                stderr=log,
            )
        if not wait_until(
            lambda: (
                self._process.poll() is not None
                or bool(readers_listed()) is with_reader is True
                or (not with_reader and readers_listed() is not None)
            )
        ):
            pytest.fail("pcscd did not show its reader:\n" + self.log())
        if self._process.poll() is not None:
            pytest.fail("pcscd ended by itself (root needed for /run/pcscd?):\n" + self.log())

    def kill(self):
        """kill -9, as a crash."""
        self._end(subprocess.Popen.kill)

    def stop(self):
        self._end(subprocess.Popen.terminate)

    def log(self):
        return (self._folder / "pcscd.log").read_text(errors="replace")

    def _end(self, how):
        process, self._process = self._process, None
        if process is None:
            return
        how(process)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)

    @staticmethod
    def _reader_config():
        library = next(Path("/usr/lib").glob("**/pcsc/drivers/serial/libifdvpcd.so"), None)
        if library is None:
            pytest.fail("vpcd is not installed: apt-get install vsmartcard-vpcd")
        return (
            f'FRIENDLYNAME "{READER_NAME}"\nDEVICENAME /dev/null:{VPCD_PORT:#06X}\n'
            f"LIBPATH {library}\nCHANNELID {VPCD_PORT:#06X}\n"
        ).replace("0X", "0x")


@pytest.fixture(scope="session")
def _pcscd_turn():
    """Wait for other test runs on this machine, then make sure that no foreign daemon runs."""
    if shutil.which("pcscd") is None:
        pytest.fail("pcscd is not installed: apt-get install pcscd vsmartcard-vpcd")
    with (Path(tempfile.gettempdir()) / "tiepdon-tests-pcscd.lock").open("w") as lock:

        def locked():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        if not wait_until(locked, LOCK_S):
            pytest.fail("another test run holds this machine's one pcscd")
        if pcscd_answers():
            pytest.fail(f"a pcscd that is not ours serves {SOCKET}; stop it (systemctl stop pcscd.socket pcscd)")
        yield


@pytest.fixture(scope="session")
def _pcscd_of_session(_pcscd_turn, tmp_path_factory):
    daemon = Pcscd(tmp_path_factory.mktemp("pcscd"))
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()


@pytest.fixture
def pcscd(_pcscd_of_session):
    """The running daemon with its virtual reader; restarted when the test before left it down or without reader."""
    if not readers_listed():
        _pcscd_of_session.stop()
        _pcscd_of_session.start()
    return _pcscd_of_session


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
    return EmulatedCard()
