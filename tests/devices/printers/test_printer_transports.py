"""Connections to printers on real sockets and ttys: every call has an end, every loss a code."""

import os
import pty
import socket
import time
import tty

import pytest

from devices.contract import DeviceLost
from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.transports import open_transport

SOON_S = 1.0
FILES = [PrinterKind.SERIAL, PrinterKind.USB_FILE]


@pytest.fixture
def line():
    """A raw tty: its master end and the path of the other."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    ends = [master, slave]
    yield ends, os.ttyname(slave)
    for end in ends:
        os.close(end)


@pytest.fixture
def peer():
    """A TCP transport and the socket at its other end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = open_transport(PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", port=server.getsockname()[1]))
        connection, _ = server.accept()
        with connection:
            yield transport, connection
        transport.close()


def fill(transport):
    """Write until nothing more is taken; the number of bytes taken and how long the refusing call took."""
    total = 0
    while True:
        started = time.monotonic()
        taken = transport.write(bytes(4096), 0.1)
        if not taken:
            return total, time.monotonic() - started
        total += taken


@pytest.mark.parametrize("kind", FILES)
def test_bytes_go_both_ways_over_a_tty(line, kind):
    (master, _), path = line
    transport = open_transport(PrinterOptions(kind=kind, path=path))
    everything = bytes(range(256))
    assert transport.write(everything, SOON_S) == 256
    assert os.read(master, 1024) == everything
    os.write(master, everything)
    assert transport.read(SOON_S) == everything
    assert transport.read(0.0) == b""
    transport.close()


@pytest.mark.parametrize("kind", FILES)
def test_a_tty_nobody_drains_holds_a_write_only_for_its_time(line, kind):
    transport = open_transport(PrinterOptions(kind=kind, path=line[1]))
    total, took_s = fill(transport)
    assert total > 0
    assert took_s < SOON_S
    transport.close()


@pytest.mark.parametrize("kind", FILES)
def test_a_pulled_cable_is_a_loss_on_read_and_on_write(line, kind):
    ends, path = line
    transport = open_transport(PrinterOptions(kind=kind, path=path))
    while ends:
        os.close(ends.pop())
    with pytest.raises(DeviceLost) as read:
        transport.read(SOON_S)
    with pytest.raises(DeviceLost) as write:
        transport.write(b"x", SOON_S)
    assert (read.value.code, write.value.code) == ("printer.lost", "printer.lost")
    transport.close()


def test_a_tcp_printer_that_takes_nothing_holds_a_write_only_for_its_time(peer):
    total, took_s = fill(peer[0])
    assert total > 0
    assert took_s < SOON_S


def test_a_tcp_printer_that_hangs_up_is_a_loss(peer):
    transport, connection = peer
    connection.close()
    with pytest.raises(DeviceLost) as lost:
        transport.read(SOON_S)
    assert lost.value.code == "printer.lost"


def test_a_closed_transport_is_lost_and_may_be_closed_again(peer):
    transport, _ = peer
    transport.close()
    transport.close()
    with pytest.raises(DeviceLost):
        transport.read(0.0)
    with pytest.raises(DeviceLost):
        transport.write(b"x", 0.0)


def test_nobody_listening_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(DeviceLost) as lost:
        open_transport(PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", port=port))
    assert lost.value.code == "printer.unreachable"


@pytest.mark.parametrize("kind", FILES)
def test_a_missing_device_file_is_missing(tmp_path, kind):
    with pytest.raises(DeviceLost) as lost:
        open_transport(PrinterOptions(kind=kind, path=str(tmp_path / "lp0")))
    assert lost.value.code == "printer.port_missing"


def test_a_serial_line_in_use_is_busy(line):
    options = PrinterOptions(kind=PrinterKind.SERIAL, path=line[1])
    first = open_transport(options)
    with pytest.raises(DeviceLost) as lost:
        open_transport(options)
    assert lost.value.code == "printer.port_busy"
    first.close()
