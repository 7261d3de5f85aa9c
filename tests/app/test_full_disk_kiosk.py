"""The real kiosk, as a process of its own, with its outbox on a real disk that turns full or read-only."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.hub_process import HubProcess
from support.small_disk import EXT4, SmallDisk, why_not

from devices.emulators.printer import PrinterEmulator
from kiosk.app.prove_site import Heard, read_told

WITHIN_S = 30.0
NUMBER_WITHIN_S = 3.0
EVERY_S = 0.2


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    with SmallDisk(tmp_path, size_mb=8) as disk:
        yield disk


@pytest.fixture
def breakable_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    if (reason := why_not(EXT4)) is not None:
        pytest.skip(reason)
    with SmallDisk(tmp_path, size_mb=16, kind=EXT4) as disk:
        yield disk


def breathe() -> None:
    """The emulated printer runs in this very process."""
    threading.Event().wait(0.1)


class Lobby:
    """A hub on the machine's disk, a printer, and the kiosk K2 with its outbox on `disk`; use as a context."""

    def __init__(self, disk: SmallDisk, root: Path) -> None:
        self._disk = disk
        self.hub = HubProcess(root / "hub")
        self.printer = PrinterEmulator()
        self._port = 0
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self._kiosk: subprocess.Popen[str] | None = None
        self.shown: list[str] = []
        self._refs: dict[str, set[str]] = {}
        self.waits_s: list[float] = []

    def __enter__(self) -> Lobby:
        with ExitStack() as stack:
            stack.enter_context(self.printer)
            self._port = self.printer.serve_tcp()
            self.hub.start()
            stack.callback(self.hub.stop)
            stack.callback(self.end_kiosk)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_kiosk(self) -> None:
        command = [sys.executable, "-m", "kiosk.app.prove_kiosk", "--hub", self.hub.url, "--kiosk", "K2"]
        command += ["--printer", str(self._port), "--data", str(self._disk.path / "kiosk"), "--every-s", str(EVERY_S)]
        self._kiosk = subprocess.Popen(
            [*self._disk.inside, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=read_told, args=(self._kiosk, 1, 1, self._heard), name="kiosk-told")
        self._reader.start()
        self.hear(lambda said: "ready" in said)

    def kill_kiosk(self) -> None:
        assert self._kiosk is not None
        self._kiosk.send_signal(signal.SIGKILL)
        self.end_kiosk()

    def end_kiosk(self) -> None:
        kiosk, self._kiosk = self._kiosk, None
        if kiosk is not None:
            assert kiosk.stdin is not None
            assert kiosk.stdout is not None
            kiosk.stdin.close()
            kiosk.wait(15)
            self._reader.join()
            kiosk.stdout.close()

    def numbers(self, count: int) -> list[str]:
        """The labels the next `count` patients see."""
        before = len(self.shown)
        for _ in range(count):
            self.hear(lambda said: "shown" in said)
        return self.shown[before:]

    def catch_up(self) -> None:
        """What was shown until now is old news."""
        while not self._heard.empty():
            self.hear(lambda _: True)

    def rest(self) -> None:
        """Nobody comes any more, and the hub has heard everything."""
        assert self._kiosk is not None
        assert self._kiosk.stdin is not None
        self._kiosk.stdin.write("rest\n")
        self._kiosk.stdin.flush()
        quiet, deadline_s = 0, time.monotonic() + WITHIN_S
        while quiet < 6:
            said = self.hear(lambda said: "open" in said)
            assert time.monotonic() < deadline_s, said
            quiet = quiet + 1 if said["at_rest"] and not said["open"] else 0

    def hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline_s = time.monotonic() + WITHIN_S
        while True:
            said: dict[str, Any] = self._heard.get(timeout=max(0.1, deadline_s - time.monotonic())).said
            if "shown" in said:
                self.shown.append(said["shown"])
                self._refs.setdefault(said["shown"], set()).add(said["ref"])
                self.waits_s += [said["wait_s"]] if said["wait_s"] is not None else []
            if wanted(said):
                return said

    def alerts(self) -> list[str]:
        alerts: Any = self.hub.get("/v1/alerts")["alerts"]
        return [alert["code"] for alert in alerts if alert["kiosk"] == "K2"]

    def until_told(self, code: str) -> None:
        deadline_s = time.monotonic() + WITHIN_S
        while code not in self.alerts():
            assert time.monotonic() < deadline_s
            breathe()

    def until_on_disk(self, label: str) -> None:
        """The outbox's file on the disk knows of `label`."""
        deadline_s, folder = time.monotonic() + WITHIN_S, self._disk.seen / "kiosk"
        while not any(label.encode() in path.read_bytes() for path in folder.glob("outbox.sqlite3*")):
            assert time.monotonic() < deadline_s
            breathe()

    def no_number_is_given_twice(self) -> None:
        """One that was shown, not printed and shown again after a restart is the same number of the same patient."""
        assert {label: refs for label, refs in self._refs.items() if len(refs) > 1} == {}

    def everything_is_told_once(self) -> None:
        """Every number seen is one ticket of the hub with one paper, and there are no others."""
        tickets: Any = self.hub.get("/v1/tickets")["tickets"]
        labels = [ticket["label"] for ticket in tickets if ticket["state"] != "cancelled"]
        assert sorted(labels) == sorted(set(self.shown))
        self.no_number_is_given_twice()
        papers = {ticket["label"]: ticket["paper"] for ticket in tickets if ticket["label"] in self.shown}
        assert {paper["state"] for paper in papers.values()} == {"confirmed"}, papers
        assert len(self.printer.tickets) == len(labels)
        assert max(self.waits_s) < NUMBER_WITHIN_S


def test_patients_get_numbers_while_the_disk_is_full_with_and_without_the_hub_and_the_outbox_goes_back(
    disk: SmallDisk, tmp_path: Path
) -> None:
    with Lobby(disk, tmp_path) as lobby:
        lobby.start_kiosk()
        lobby.numbers(1)
        disk.fill()
        lobby.numbers(2)
        lobby.until_told("outbox.unwritable")
        lobby.hub.kill()
        without_hub = lobby.numbers(2)[-1:]
        disk.clear()
        lobby.until_on_disk(without_hub[-1])
        lobby.catch_up()
        own = lobby.numbers(2)
        lobby.hub.start()
        lobby.rest()
        lobby.everything_is_told_once()
    assert all(label.startswith("K2-") and len(label) > len("K2-001") for label in without_hub), without_hub
    assert own[-1].startswith("K2-0"), "the series on disk goes on"


@pytest.mark.long
def test_killed_with_its_disk_full_a_kiosk_gives_no_number_twice(disk: SmallDisk, tmp_path: Path) -> None:
    with Lobby(disk, tmp_path) as lobby:
        lobby.start_kiosk()
        lobby.numbers(2)
        lobby.hub.kill()
        lobby.numbers(2)
        disk.fill()
        lobby.numbers(3)
        lobby.kill_kiosk()
        lobby.start_kiosk()  # on the full disk
        again = lobby.numbers(2)
        disk.clear()
        lobby.until_on_disk(again[-1])
        lobby.catch_up()
        own = lobby.numbers(2)
        lobby.hub.start()
        lobby.until_told("outbox.unwritable")
        lobby.rest()
        assert own[-1].startswith("K2-0"), own
        lobby.no_number_is_given_twice()


@pytest.mark.long
def test_a_broken_disk_keeps_no_patient_waiting_and_what_was_on_it_is_told_after_the_repair(
    breakable_disk: SmallDisk, tmp_path: Path
) -> None:
    disk = breakable_disk
    with Lobby(disk, tmp_path) as lobby:
        lobby.start_kiosk()
        lobby.numbers(2)
        lobby.hub.kill()
        lobby.numbers(2)
        disk.break_journal()
        lobby.numbers(2)
        lobby.hub.start()
        lobby.until_told("outbox.unwritable")
        lobby.numbers(2)
        disk.unplug()
        disk.plug_in()
        lobby.until_on_disk(lobby.shown[-1])
        lobby.rest()
        lobby.everything_is_told_once()
