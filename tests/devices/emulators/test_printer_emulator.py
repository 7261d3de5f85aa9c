"""The emulated printer on its real wires: sockets and ttys."""

import os
import select
import socket
import threading
import time

import pytest
import serial
from PIL import Image

from devices.emulators.printer import PrinterEmulator

WAIT_S = 10.0
QUIET_S = 0.15
CUT = b"\x1dV\x00"
TAG = b"\x1d(H\x06\x0000abcd"
TAG_ANSWER = b'7"abcd\x00'
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
STRIPES = b"\x1dv0\x00\x48\x00\xc8\x00" + (b"\xaa" * 72 + b"\x55" * 72) * 100
STRIPES_TICKET = b"\x1b@" + STRIPES + CUT


@pytest.fixture
def printer(tmp_path):
    with PrinterEmulator(tmp_path / "out") as emulator:
        yield emulator


class Host:
    """A kiosk's end of a TCP line."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)

    def send(self, data):
        self.socket.sendall(data)

    def receive(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionResetError("closed by the printer")
            data += more
        return data

    def ask(self, command, count=1):
        self.send(command)
        return self.receive(count)

    def status(self):
        return self.ask(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04", 4)

    def hears_nothing(self):
        return not select.select([self.socket], [], [], QUIET_S)[0]

    def wait_for_status(self, kind, wanted):
        deadline = time.monotonic() + WAIT_S
        while self.ask(bytes((0x10, 0x04, kind))) != bytes([wanted]):
            assert time.monotonic() < deadline


@pytest.fixture
def host(printer):
    line = Host(printer.serve_tcp())
    yield line
    line.socket.close()


def test_a_ticket_is_kept_as_picture_and_bytes(printer, host, tmp_path):
    host.send(STRIPES_TICKET)
    ticket = printer.wait_for_ticket(1, WAIT_S)
    assert ticket.raw == STRIPES_TICKET == (tmp_path / "out" / "ticket-001.bin").read_bytes()
    assert ticket.png_path == tmp_path / "out" / "ticket-001.png"
    with Image.open(ticket.png_path) as saved:
        assert saved.tobytes() == ticket.image.tobytes()
    assert ticket.image.tobytes() == bytes(byte ^ 0xFF for byte in STRIPES[8:])
    assert printer.tickets == (ticket,)
    assert not printer.unknown


def test_the_codes_of_a_ticket_are_what_a_scanner_reads_on_it(printer, host):
    for payload in (b"A012", "B7|Nội".encode()):
        host.send(
            b"\x1d(k\x03\x001C\x05\x1d(k" + bytes([len(payload) + 3]) + b"\x001P0" + payload + b"\x1d(k\x03\x001Q0"
        )
        host.send(b"\x1bd\x03")
    host.send(CUT)
    assert printer.wait_for_ticket(1, WAIT_S).codes == ("A012", "B7|Nội")


def test_on_ticket_is_told_of_every_ticket(tmp_path):
    told = []
    with PrinterEmulator(on_ticket=told.append) as printer:
        host = Host(printer.serve_tcp())
        host.send(b"A\n" + CUT + b"B\n" + CUT)
        assert host.ask(TAG, 7) == TAG_ANSWER
        host.socket.close()
        assert tuple(told) == printer.tickets
        assert [ticket.png_path for ticket in told] == [None, None]


def test_waiting_for_a_ticket_that_does_not_come_times_out(printer):
    with pytest.raises(TimeoutError):
        printer.wait_for_ticket(1, 0.05)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (None, b"\x12\x12\x12\x12"),
        ("paper_near_end", b"\x12\x12\x12\x1e"),
        ("paper_out", b"\x1a\x32\x12\x7e"),
        ("cover_open", b"\x1a\x16\x12\x12"),
        ("cutter_error", b"\x1a\x52\x1a\x12"),
        ("unrecoverable_error", b"\x1a\x52\x32\x12"),
        ("auto_recoverable_error", b"\x1a\x52\x52\x12"),
        ("offline", b"\x1a\x12\x12\x12"),
    ],
)
def test_each_fault_shows_in_its_status_bits(printer, host, fault, status):
    if fault:
        setattr(printer.faults, fault, True)
    assert host.status() == status


def test_a_fault_that_does_not_exist_cannot_be_set(printer):
    with pytest.raises(AttributeError):
        printer.faults.paper_empty = True


@pytest.mark.parametrize(("fault", "paper"), [(None, 0x00), ("paper_near_end", 0x03)])
def test_queued_status_tells_of_the_paper(printer, host, fault, paper):
    if fault:
        setattr(printer.faults, fault, True)
    assert host.ask(b"\x1dr\x01") == bytes([paper])


def test_queued_status_is_not_answered_while_off_line(printer, host):
    printer.faults.paper_out = True
    host.send(b"\x1dr\x01")
    assert host.hears_nothing()
    printer.faults.paper_out = False
    assert host.receive(1) == b"\x00"


def test_the_job_tag_is_answered_after_the_ticket_is_printed(printer, host):
    assert host.ask(STRIPES_TICKET + TAG, 7) == TAG_ANSWER
    assert len(printer.tickets) == 1


def test_a_clone_without_job_tags_prints_and_says_nothing(printer, host):
    printer.faults.no_job_tag = True
    host.send(STRIPES_TICKET + TAG)
    printer.wait_for_ticket(1, WAIT_S)
    assert host.ask(b"\x1dr\x01") == b"\x00"


def test_paper_out_within_a_ticket_holds_it_and_new_paper_finishes_it(printer, host):
    printer.faults.paper_out_after_bytes = 12_000
    host.send(STRIPES_TICKET + TAG)
    host.wait_for_status(4, 0x7E)
    assert printer.tickets == ()
    assert printer.buffered_bytes > 0
    printer.faults.paper_out = False
    assert host.receive(7) == TAG_ANSWER
    assert printer.tickets[0].image.tobytes() == bytes(byte ^ 0xFF for byte in STRIPES[8:])


@pytest.mark.parametrize("fault", ["cover_open", "cutter_error", "offline"])
def test_a_stopped_printer_keeps_the_ticket_until_the_fault_is_gone(printer, host, fault):
    setattr(printer.faults, fault, True)
    host.send(b"A\n" + CUT + TAG)
    assert host.hears_nothing()
    assert printer.tickets == ()
    setattr(printer.faults, fault, False)
    assert host.receive(7) == TAG_ANSWER
    assert len(printer.tickets) == 1


def test_real_time_status_is_answered_inside_raster_data_which_stays_whole(printer, host):
    dots = bytearray(STRIPES[8:])
    dots[5_000:5_003] = b"\x10\x04\x01"
    host.send(STRIPES[:8] + dots[:6_000])
    assert host.receive(1) == b"\x12"
    host.send(dots[6_000:] + CUT)
    assert printer.wait_for_ticket(1, WAIT_S).image.tobytes() == bytes(byte ^ 0xFF for byte in dots)


def test_a_full_printer_answers_real_time_status_as_often_as_asked(printer, host):
    printer.faults.paper_out = True
    host.send(b"x" * 4_096)
    for _ in range(50):
        assert host.status() == b"\x1a\x32\x12\x7e"


def test_a_full_printer_takes_no_more(printer, host):
    printer.faults.paper_out = True
    host.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8_192)
    host.socket.settimeout(QUIET_S)
    with pytest.raises(TimeoutError):
        host.send(b"x" * 8_000_000)
    assert 4_096 <= printer.buffered_bytes <= 4_096 + 64


def test_a_question_behind_more_than_the_printer_takes_waits_for_new_paper(printer, host):
    printer.faults.paper_out_after_bytes = 100
    host.send(STRIPES_TICKET + TAG + b"\x10\x04\x01")
    assert host.hears_nothing()
    printer.faults.paper_out = False
    assert sorted(host.receive(8)) == sorted(TAG_ANSWER + b"\x12")  # the real-time answer may overtake the tag's


def test_clearing_the_buffer_forgets_the_ticket_that_waits(printer, host):
    printer.faults.cover_open = True
    host.send(b"never\n" + CUT)
    assert host.ask(CLEAR, 3) == b"\x37\x25\x00"
    host.send(b"new\n" + CUT + TAG)
    printer.faults.cover_open = False
    assert host.receive(7) == TAG_ANSWER
    assert [ticket.raw for ticket in printer.tickets] == [b"new\n" + CUT]


def test_a_silent_printer_prints_and_answers_nothing(printer, host):
    printer.faults.silent = True
    host.send(b"\x10\x04\x01A\n" + CUT + TAG)
    printer.wait_for_ticket(1, WAIT_S)
    assert host.hears_nothing()


def test_late_answers_come_late(printer, host):
    printer.faults.answer_delay_s = 0.2
    asked = time.monotonic()
    assert host.ask(b"\x10\x04\x01") == b"\x12"
    assert time.monotonic() - asked >= 0.2


def test_a_slow_printer_takes_its_time(printer, host):
    printer.faults.bytes_per_s = 2_000.0
    asked = time.monotonic()
    assert host.ask(b"A" * 400 + b"\n" + CUT + TAG, 7) == TAG_ANSWER
    assert time.monotonic() - asked >= 0.2


def test_automatic_status_is_sent_when_asked_for_and_on_every_change(printer, host):
    assert host.ask(b"\x1da\xff", 4) == b"\x10\x00\x00\x00"
    printer.faults.paper_out = True
    assert host.receive(4) == b"\x18\x00\x0f\x00"
    printer.faults.paper_out = False
    assert host.receive(4) == b"\x10\x00\x00\x00"


def test_unasked_automatic_status_stands_before_answers_and_comes_with_changes(printer, host):
    printer.faults.automatic_status = True
    assert host.ask(b"\x10\x04\x01", 5) == b"\x10\x00\x00\x00\x12"
    printer.faults.cover_open = True
    assert host.receive(4) == b"\x38\x00\x00\x00"


def test_a_dying_printer_drops_the_line_and_half_a_ticket_hangs_out_of_it(printer, host):
    port = host.socket.getpeername()[1]
    printer.faults.die_after_bytes = 9_000
    with pytest.raises(OSError):
        host.ask(STRIPES_TICKET + TAG, 7)
    again = Host(port)
    assert again.ask(b"A\n" + CUT + TAG, 7) == TAG_ANSWER
    again.socket.close()
    (ticket,) = printer.tickets
    assert ticket.raw.startswith(STRIPES_TICKET[:8_900])
    assert ticket.raw.endswith(b"A\n" + CUT)
    assert ticket.image.height > 9_000 // 72


def test_a_printer_dying_after_the_cut_has_printed_the_ticket(printer, host):
    printer.faults.die_after_bytes = len(STRIPES_TICKET)
    with pytest.raises(OSError):
        host.ask(STRIPES_TICKET + TAG, 7)
    assert len(printer.tickets) == 1


def test_a_second_host_waits_until_the_first_is_gone(printer, host):
    assert host.status() == b"\x12\x12\x12\x12"
    second = Host(host.socket.getpeername()[1])
    second.send(b"\x10\x04\x01")
    assert second.hears_nothing()
    host.socket.close()
    assert second.receive(1) == b"\x12"
    second.socket.close()


def test_a_printer_finishes_what_it_has_when_its_host_is_gone(printer, host):
    printer.faults.paper_out = True
    host.send(b"A\n" + CUT)
    host.wait_for_status(4, 0x7E)
    host.socket.close()
    printer.faults.paper_out = False
    assert printer.wait_for_ticket(1, WAIT_S).raw.startswith(b"A\n" + CUT)


def test_a_serial_printer_prints_and_answers(printer, tmp_path):
    printer.serve_pty(tmp_path / "printer")
    with serial.Serial(str(tmp_path / "printer"), 115_200, timeout=WAIT_S, write_timeout=WAIT_S) as line:
        line.write(b"\x10\x04\x01")
        assert line.read(1) == b"\x12"
        line.write(STRIPES_TICKET + TAG)
        assert line.read(7) == TAG_ANSWER
    assert printer.tickets[0].image.tobytes() == bytes(byte ^ 0xFF for byte in STRIPES[8:])


def test_a_serial_printer_that_dies_comes_back_behind_the_same_path(printer, tmp_path):
    link = tmp_path / "printer"
    printer.serve_pty(link)
    printer.faults.die_after_bytes = 3
    first_tty = link.readlink()
    with serial.Serial(str(link), timeout=WAIT_S) as line:
        line.write(b"abc")
        with pytest.raises(OSError):
            line.read(1)
    assert link.readlink() != first_tty
    with serial.Serial(str(link), timeout=WAIT_S) as line:
        line.write(b"\x10\x04\x01")
        assert line.read(1) == b"\x12"


def test_a_usb_device_file_prints_and_answers_without_blocking(printer, tmp_path):
    printer.serve_usb_file(tmp_path / "lp0")
    device = os.open(tmp_path / "lp0", os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        with pytest.raises(BlockingIOError):
            os.read(device, 16)
        os.write(device, b"A\n" + CUT + TAG)
        answer = b""
        while len(answer) < 7:
            assert select.select([device], [], [], WAIT_S)[0]
            answer += os.read(device, 16)
    finally:
        os.close(device)
    assert answer == TAG_ANSWER


@pytest.mark.allowed_warnings("the printer emulator failed")
def test_a_failing_listener_does_not_stop_the_printer():
    def fail(ticket):
        raise RuntimeError("listener")

    with PrinterEmulator(on_ticket=fail) as printer:
        host = Host(printer.serve_tcp())
        for count in (1, 2):
            host.send(b"A\n" + CUT)
            printer.wait_for_ticket(count, WAIT_S)
        host.socket.close()


def test_stopping_ends_every_thread_and_takes_every_wire_away(tmp_path):
    before = set(threading.enumerate())
    printer = PrinterEmulator()
    port = printer.serve_tcp()
    printer.serve_pty(tmp_path / "printer")
    printer.serve_usb_file(tmp_path / "lp0")
    printer.faults.paper_out = True
    host = Host(port)
    host.send(b"kept\n")
    started = time.monotonic()
    printer.stop()
    printer.stop()
    assert time.monotonic() - started < 2.0
    assert set(threading.enumerate()) == before
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConnectionRefusedError):
        Host(port)
    host.socket.close()
