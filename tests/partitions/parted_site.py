"""A hub in a network namespace of its own, a real cable (veth) between it and a kiosk, and a fault proxy before it."""

from __future__ import annotations

import itertools
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import support.fault_proxy

from config.catalogue import load_catalogue
from devices.emulators.printer import PrinterEmulator
from devices.printers.options import PrinterKind, PrinterOptions
from kiosk.app.hub_child import HubChild
from kiosk.app.prove_account import Account, CalledOut, Evidence, PaperOut, Shown, account_of
from kiosk.app.prove_paper import PaperReader, ref_of
from kiosk.app.prove_site import Heard, read_told
from kiosk.domain.ticket import TicketAction
from kiosk.station.hub_client import HubClient, StaffNote
from kiosk.storage.books import read_books

KIOSK_IP, HUB_IP, PORT = "10.213.7.1", "10.213.7.2", 8080
NOBODYS_MAC = "02:00:00:00:00:99"


def why_not() -> str | None:
    """Why this machine cannot part networks; null where it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "iproute2 (ip) is not installed"
    made = subprocess.run(["ip", "netns", "add", "tdprobe"], capture_output=True, text=True, check=False)
    subprocess.run(["ip", "netns", "del", "tdprobe"], capture_output=True, check=False)
    return None if made.returncode == 0 else f"no network namespaces here: {made.stderr.strip()}"


def _inside(space: str) -> tuple[str, ...]:
    """Before a command: has it run in the namespace `space`. (`ip -n` wants to remount `/`, which a chroot has not.)"""
    return ("nsenter", f"--net=/run/netns/{space}")


def _ip(*words: str, within: str | None = None) -> None:
    where = _inside(within) if within else ()
    subprocess.run([*where, "ip", *words], check=True, capture_output=True, timeout=10)


class PartedSite:
    """`kiosk_end` and `hub_end` name the cable's ends; use as a context."""

    def __init__(self, root: Path) -> None:
        number = os.urandom(3).hex()
        self.space, self.kiosk_end, self.hub_end = f"td{number}", f"tdk{number}", f"tdh{number}"
        self._root = root
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self._shown: list[Shown] = []
        self.waits_s: list[float] = []
        self._stack = ExitStack()

    def __enter__(self) -> PartedSite:
        with ExitStack() as stack:
            self._lay_cable(stack)
            data = self._root / "hub"
            data.mkdir(parents=True)
            self._data = data
            inside = _inside(self.space)
            hub = HubChild(data, (*inside, sys.executable, "-m", "kiosk.app.cli"))
            hub.start()
            stack.callback(hub.stop)
            self._proxy = self._started(
                [*inside, sys.executable, support.fault_proxy.__file__, HUB_IP, str(PORT), str(hub.port)], stack
            )
            assert self._proxy.stdout is not None
            assert self._proxy.stdout.readline() == "ready\n"
            self._printer = stack.enter_context(PrinterEmulator())
            self._start_kiosk(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def proxy(self, fault: str) -> None:
        """Tell the proxy before the hub what to do from now on."""
        assert self._proxy.stdin is not None
        assert self._proxy.stdout is not None
        self._proxy.stdin.write(fault + "\n")
        self._proxy.stdin.flush()
        assert self._proxy.stdout.readline() == "done\n"

    def wait_for_numbers(self, count: int, within_s: float) -> int:
        """How many more patients have seen a number, `count` at most, each within `within_s`."""
        for seen in range(count):
            if not self._hear(lambda said: "shown" in said, within_s):
                return seen
        return count

    def rest(self, within_s: float = 60.0) -> bool:
        """Nobody comes any more; true when the hub has heard everything."""
        assert self._kiosk.stdin is not None
        self._kiosk.stdin.write("rest\n")
        self._kiosk.stdin.flush()
        quiet = 0
        for _ in itertools.count():
            said = self._hear(lambda said: "open" in said, within_s)
            if said is None:
                return False
            quiet = quiet + 1 if said["at_rest"] and not said["open"] else 0
            within_s -= 0.5
            if quiet >= 8 or within_s <= 0:
                return quiet >= 8
        return False

    def account(self) -> Account:
        """Everybody is called, everything is stopped, and papers and screens are held against the books."""
        called = tuple(self._called())
        tickets = self._printer.tickets
        self._stack.close()
        books = read_books(self._data)
        reader = PaperReader(PrinterOptions(kind=PrinterKind.TCP, host="printer"), load_catalogue())
        labels = {ref: ticket.labels for ticket in books.tickets for ref in (ticket.id, *ticket.keys)}
        papers = tuple(
            PaperOut(
                kiosk="K1",
                ref=ref_of(ticket),
                labels=reader.labels_on(ticket.image, labels.get(ref_of(ticket) or "", ())),
                marked=reader.is_marked(ticket.image),
            )
            for ticket in tickets
        )
        return account_of(Evidence(papers=papers, shown=tuple(self._shown), called=called, books=books))

    def _called(self) -> Iterator[CalledOut]:
        client = HubClient(f"http://{HUB_IP}:{PORT}")
        while (ticket := client.call_next("1")) is not None:
            yield CalledOut(ticket=ticket.id, label=ticket.label, at_s=time.monotonic(), flags=ticket.flags)
            client.change(ticket.id, TicketAction.FINISH, StaffNote(counter="1"))
        client.close()

    def _hear(self, wanted: Callable[[dict], bool], within_s: float) -> dict | None:
        while True:
            try:
                said = self._heard.get(timeout=within_s).said
            except queue.Empty:
                return None
            if "shown" in said:
                self._shown.append(
                    Shown(visit=str(said["visit"]), ref=said["ref"], label=said["shown"], at_s=said["at_s"])
                )
                self.waits_s.append(said["wait_s"] or 0.0)
            if wanted(said):
                return said

    def _lay_cable(self, stack: ExitStack) -> None:
        _ip("netns", "add", self.space)
        stack.callback(_ip, "netns", "del", self.space)
        _ip("link", "add", self.kiosk_end, "type", "veth", "peer", "name", self.hub_end, "netns", self.space)
        stack.callback(_ip, "link", "del", self.kiosk_end)  # else it goes some time after its namespace
        _ip("addr", "add", f"{KIOSK_IP}/30", "dev", self.kiosk_end)
        _ip("link", "set", self.kiosk_end, "up")
        _ip("addr", "add", f"{HUB_IP}/30", "dev", self.hub_end, within=self.space)
        _ip("link", "set", self.hub_end, "up", within=self.space)
        _ip("link", "set", "lo", "up", within=self.space)

    def _start_kiosk(self, stack: ExitStack) -> None:
        outbox = self._root / "kiosk"
        outbox.mkdir()
        command = [sys.executable, "-m", "kiosk.app.prove_kiosk", "--hub", f"http://{HUB_IP}:{PORT}", "--kiosk", "K1"]
        command += ["--printer", str(self._printer.serve_tcp()), "--data", str(outbox), "--every-s", "0.1"]
        self._kiosk = self._started(command, stack)
        reader = threading.Thread(target=read_told, args=(self._kiosk, 1, 1, self._heard), name="kiosk-told")
        reader.start()
        stack.callback(reader.join)
        stack.callback(self._end, self._kiosk)
        assert self._hear(lambda said: "ready" in said, 30.0)

    def _started(self, command: list[str], stack: ExitStack) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        stack.enter_context(process)
        stack.callback(self._end, process)
        return process

    @staticmethod
    def _end(process: subprocess.Popen[str]) -> None:
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()
        process.terminate()
        process.wait(10)


class Scenarios:
    """What can part a kiosk and its hub: each by name, how it begins and how it heals."""

    def __init__(self, site: PartedSite) -> None:
        self._site = site

    def begin(self, name: str) -> None:
        kiosk, hub, space = self._site.kiosk_end, self._site.hub_end, self._site.space
        match name:
            case "cable out at the kiosk":
                _ip("link", "set", kiosk, "down")
            case "cable out at the hub":
                _ip("link", "set", hub, "down", within=space)
            case "blackhole":
                self._wrong_neighbour(True, True)
            case "requests swallowed":
                self._wrong_neighbour(True, False)
            case "answers swallowed":
                self._wrong_neighbour(False, True)
            case "no route":
                _ip("route", "add", "unreachable", f"{HUB_IP}/32")
            case "forbidden route":
                _ip("route", "add", "prohibit", f"{HUB_IP}/32")
            case "dropping route":
                _ip("route", "add", "blackhole", f"{KIOSK_IP}/32", within=space)
            case "the hub's address is gone":
                _ip("addr", "del", f"{HUB_IP}/30", "dev", hub, within=space)
            case _:
                self._site.proxy(PROXY_FAULTS[name])

    def heal(self, name: str) -> None:
        kiosk, hub, space = self._site.kiosk_end, self._site.hub_end, self._site.space
        match name:
            case "cable out at the kiosk":
                _ip("link", "set", kiosk, "up")
            case "cable out at the hub":
                _ip("link", "set", hub, "up", within=space)
            case "blackhole" | "requests swallowed" | "answers swallowed":
                _ip("neigh", "flush", "dev", kiosk, "nud", "all")
                _ip("neigh", "flush", "dev", hub, "nud", "all", within=space)
            case "no route":
                _ip("route", "del", "unreachable", f"{HUB_IP}/32")
            case "forbidden route":
                _ip("route", "del", "prohibit", f"{HUB_IP}/32")
            case "dropping route":
                _ip("route", "del", "blackhole", f"{KIOSK_IP}/32", within=space)
            case "the hub's address is gone":
                _ip("addr", "add", f"{HUB_IP}/30", "dev", hub, within=space)
            case _:
                self._site.proxy("normal")

    def _wrong_neighbour(self, at_kiosk: bool, at_hub: bool) -> None:
        """Frames go to nobody: sent, and never received."""
        if at_kiosk:
            _ip("neigh", "replace", HUB_IP, "lladdr", NOBODYS_MAC, "dev", self._site.kiosk_end, "nud", "permanent")
        if at_hub:
            wrong = ("lladdr", NOBODYS_MAC, "dev", self._site.hub_end, "nud", "permanent")
            _ip("neigh", "replace", KIOSK_IP, *wrong, within=self._site.space)


PROXY_FAULTS = {
    "three seconds late": "delay 3",
    "almost too late": "delay 1.2",
    "a byte at a time": "trickle",
    "half the connections reset": "resets",
    "answers lost behind the proxy": "no_answers",
    "refused": "refuse",
}
CUTS = (
    "cable out at the kiosk",
    "cable out at the hub",
    "blackhole",
    "requests swallowed",
    "answers swallowed",
    "no route",
    "forbidden route",
    "dropping route",
    "the hub's address is gone",
)
SCENARIOS = (*CUTS, *PROXY_FAULTS)
