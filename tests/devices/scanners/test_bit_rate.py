"""Finding the bit rate. A pseudo-terminal has none, so the port is one that garbles what comes at another rate."""

import threading

import pytest

from devices.contract import DeviceState, DeviceStatus, Scanned
from devices.scanners.bit_rate import CANDIDATES, BitRateSearch, is_readable
from devices.scanners.serial_scanner import SerialScanner, SerialScannerOptions

CARD = "001090123456||Nguyễn Văn An|01011990|Nam|Số 1, Hà Nội|15042021"


class Uart:
    """A port whose scanner sends at `sent_at`; at any other rate its bytes are garbage."""

    def __init__(self, sent_at, baudrate):
        self.sent_at = sent_at
        self.baudrate = baudrate
        self.timeout = 0.0
        self.waiting = b""
        self.closed = threading.Event()

    @property
    def in_waiting(self):
        return len(self.waiting)

    def read(self, size=1, /):
        taken, self.waiting = self.waiting[:size], self.waiting[size:]
        return taken if self.baudrate == self.sent_at else bytes(byte * 37 % 256 & 0xF1 for byte in taken)

    def cancel_read(self):
        self.closed.set()

    def close(self):
        self.closed.set()


@pytest.mark.parametrize("sent_at", CANDIDATES)
def test_each_unreadable_scan_tries_the_next_rate_until_one_is_readable(sent_at, inbox):
    ports, seen, now_s = [], [], iter(range(0, 10_000, 1))

    def opener(options):
        ports.append(Uart(sent_at, options.baud))
        return ports[-1]

    scanner = SerialScanner(
        "scanner",
        SerialScannerOptions(port="any", baud=0),
        inbox,
        open_port=opener,
        clock_s=lambda: float(next(now_s)),
        observe=seen.append,
    )
    scanner.open()
    for _ in range(len(CANDIDATES)):
        ports[-1].waiting = CARD.encode() + b"\r"
        for _ in range(4):
            scanner.step()
    scanner.close()
    scans = [event for event in inbox.drain() if isinstance(event, Scanned)]
    assert scans[0] == Scanned(device="scanner", text=CARD)
    assert len(scans) == len(CANDIDATES) - CANDIDATES.index(sent_at)
    assert {scan.baud for scan in seen} == {sent_at}


def test_with_a_given_rate_nothing_is_searched(inbox):
    port = Uart(9600, 115_200)
    scanner = SerialScanner("scanner", SerialScannerOptions(port="any"), inbox, open_port=lambda _: port)
    scanner.open()
    port.waiting = b"\x01\x02\x03\r"
    scanner.step()
    scanner.close()
    assert port.baudrate == 115_200
    assert BitRateSearch(9600).heard(b"\x00\xff")


def test_an_unreadable_scan_is_told_and_names_no_content(inbox):
    port = Uart(9600, 115_200)
    scanner = SerialScanner("scanner", SerialScannerOptions(port="any", baud=0), inbox, open_port=lambda _: port)
    scanner.open()
    port.waiting = b"\xc0\xc1\r"
    scanner.step()
    port.waiting = b"001090123456\r"
    scanner.step()
    scanner.step()
    scanner.close()
    told = [event for event in inbox.drain() if isinstance(event, DeviceStatus)]
    assert all((event.state, event.code) == (DeviceState.READY, "scanner.unreadable") for event in told)
    assert not any("001090" in event.detail for event in told)


@pytest.mark.parametrize(
    "data",
    [
        b"001090123456",
        CARD.encode(),
        b"\x02abcd\x03",
        b"]Q1001090123456",
        "Nguyễn".encode(),
        b"Nguy\xea\xden V\xe3n An",
    ],
)
def test_text_of_any_code_page_is_readable(data):
    assert is_readable(data)


@pytest.mark.parametrize("data", [b"\x00\x00\xf8", b"\xff\xfe\xe0\x80", b"ab\x7f", b"\x1b@abc", bytes(range(128, 160))])
def test_garbage_is_not(data):
    assert not is_readable(data)


def test_a_negative_rate_is_refused():
    with pytest.raises(ValueError, match=r"scanner\.baud_negative"):
        SerialScannerOptions(port="x", baud=-1)
