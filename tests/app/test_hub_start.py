"""`tiepdon hub` refuses to start with a clear sentence and a code, and stops at once when told to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest
import requests
from support.hub_process import HubProcess

from kiosk.app.sites import site_to_serve
from kiosk.storage.database import FILE_NAME, migrations

STOP_S = 3.0


def start(data: Path, *more: str, listen: str = "127.0.0.1:0") -> subprocess.CompletedProcess:
    """A start that is expected to fail."""
    command = [sys.executable, "-m", "kiosk.app.cli", "hub", "--data", str(data), "--listen", listen, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def assert_refused(result: subprocess.CompletedProcess, code: str, *words: str) -> None:
    assert result.returncode == 2, result.stderr
    told = [line for line in result.stderr.splitlines() if f"[{code}]" in line]
    assert len(told) == 2, f"one sentence in each language: {result.stderr}"
    assert "Traceback" not in result.stderr
    for word in words:
        assert all(word in line for line in told)
    assert result.stdout == ""


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_refused(start(tmp_path / "data", listen=f"127.0.0.1:{port}"), "start.port_in_use", str(port))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "[::]", "hospital.example"])
def test_any_address_but_loopback_is_refused(tmp_path: Path, host: str) -> None:
    assert_refused(start(tmp_path / "data", listen=f"{host}:8080"), "start.address_not_loopback", "127.0.0.1:8080")
    assert not (tmp_path / "data" / FILE_NAME).exists()


@pytest.mark.parametrize(
    "address", ["8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", ":8080", "", "127.0.0.1:²"]
)
def test_a_malformed_address_is_refused(tmp_path: Path, address: str) -> None:
    assert_refused(start(tmp_path / "data", listen=address), "start.address_malformed")


def test_a_file_in_place_of_the_data_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    assert_refused(start(tmp_path / "data"), "start.data_missing", str(tmp_path / "data"))
    assert (tmp_path / "data").read_text() == "not a folder"


def test_a_folder_that_cannot_be_written_is_refused() -> None:
    nobody_can_write_here = Path("/proc")
    assert_refused(start(nobody_can_write_here), "start.data_unreadable", str(nobody_can_write_here))


@pytest.mark.parametrize("content", [b"This is not a database.\n" * 400, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert_refused(start(tmp_path), "start.data_damaged", str(tmp_path))
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_data_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    newer = apsw.Connection(str(tmp_path / FILE_NAME))
    newer.pragma("user_version", migrations()[-1][0] + 1)
    newer.close()
    assert_refused(start(tmp_path), "start.data_newer", str(tmp_path))


def test_a_second_hub_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    first = HubProcess(tmp_path / "data").start()
    try:
        assert_refused(start(tmp_path / "data"), "start.data_in_use", str(tmp_path / "data"))
        assert first.issue("after")["number"] == 1
    finally:
        first.stop()


def test_the_folder_is_free_again_after_a_kill(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "data").start()
    hub.kill()
    hub.start()
    hub.stop()


@pytest.mark.parametrize(
    ("content", "word"),
    [("[insurence]\n", "insurance"), ("[insurance]\nurll = 'https://localhost'\n", "insurance")],
)
def test_a_typo_in_the_settings_is_named_with_its_place(tmp_path: Path, content: str, word: str) -> None:
    (tmp_path / "hub.toml").write_text(content)
    result = start(tmp_path)
    assert result.returncode == 2
    assert "hub.toml" in result.stderr
    assert word in result.stderr
    assert "[settings.unknown_" in result.stderr


def test_a_site_file_that_is_gone_comes_back_as_it_was_last_served(tmp_path: Path) -> None:
    served, _ = site_to_serve(tmp_path)
    path = tmp_path / "site.toml"
    path.write_text(path.read_text("utf-8").replace(served.hospital.vi, "Bệnh viện Khác"), "utf-8")
    site_to_serve(tmp_path)
    path.unlink()
    again, mistakes = site_to_serve(tmp_path)
    assert (again.hospital.vi, mistakes) == ("Bệnh viện Khác", None)


def test_a_typo_in_a_site_file_that_was_never_served_is_answered_with_a_suggestion(tmp_path: Path) -> None:
    HubProcess(tmp_path).start().stop()
    (tmp_path / "site.last-good.toml").unlink()
    site = tmp_path / "site.toml"
    site.write_text(site.read_text("utf-8").replace('prefix = "A"', 'prefixx = "A"'), "utf-8")
    result = start(tmp_path)
    assert result.returncode == 2
    assert "Did you mean “prefix”?" in result.stderr
    assert "[settings.unknown_key]" in result.stderr


def test_a_settings_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = start(tmp_path / "data", "--settings", str(tmp_path / "none.toml"))
    assert (result.returncode, "[settings.file_missing]" in result.stderr) == (2, True)


def test_sigterm_ends_a_hub_with_streaming_boards_within_3_seconds_and_with_exit_code_0(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "data").start()
    process = hub.process
    boards = [requests.get(f"{hub.url}/v1/events", stream=True, timeout=10) for _ in range(5)]
    streams = [board.iter_content(64) for board in boards]
    beginnings = [next(stream) for stream in streams]
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait(timeout=10)
    took = time.monotonic() - began
    for stream in streams:
        b"".join(stream)  # raises ChunkedEncodingError when the stream was broken off instead of ended
    assert (code, took < STOP_S) == (0, True), took
    assert all(beginning.startswith(b"id: ") for beginning in beginnings)


def test_after_a_stop_the_whole_state_is_in_the_database_file(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "data").start()
    hub.issue("one")
    hub.stop()
    assert sorted(p.name for p in (tmp_path / "data").glob(f"{FILE_NAME}*")) == [FILE_NAME]
