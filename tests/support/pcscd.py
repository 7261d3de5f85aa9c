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
