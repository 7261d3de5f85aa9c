"""The site a proof is made on: a hub, kiosks with their printers and cables, and a counter, on this machine."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devices.emulators.network import TcpProxy
from devices.emulators.printer import PrinterEmulator
from kiosk.app.hub_child import HubChild
from kiosk.app.prove_account import CalledOut
from kiosk.domain.faults import Refusal
from kiosk.domain.ticket import TicketAction
from kiosk.station.hub_client import HubClient, StaffNote
from kiosk.station.hub_port import HubUnreachable

STOP_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the kiosk of that number told, in its `life`-th run (from 1)."""

    kiosk: int
    life: int
    said: dict[str, Any]


class KioskSpot:
    """One kiosk's place: its cable to the hub, its printer with whatever came out of it, and its process, which may be
    killed and started again. `name` is the kiosk's id."""

    def __init__(self, number: int, hub_port: int, root: Path, every_s: float) -> None:
        self.number = number
        self.name = f"K{number}"
        self.cable = TcpProxy(hub_port)
        self.printer = PrinterEmulator()
        self.life = 0
        self._data = root / self.name
        self._data.mkdir(parents=True)
        self._printer_port = self.printer.serve_tcp()
        self._orders = ["--every-s", str(every_s)]
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._resting = False

    def start(self, heard: queue.SimpleQueue[Heard]) -> None:
        """Start its process, as after a power cut."""
        self.life += 1
        command = [sys.executable, "-m", "kiosk.app.prove_kiosk", "--hub", self.cable.url, "--kiosk", self.name]
        command += ["--printer", str(self._printer_port), "--data", str(self._data), *self._orders]
        with (self._data / "log").open("a") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, process_group=0
            )
        arguments = (self._process, self.number, self.life, heard)
        self._reader = threading.Thread(target=read_told, args=arguments, name=f"{self.name}-told", daemon=True)
        self._reader.start()
        if self._resting:
            self.rest()

    def kill(self) -> None:
        """Kill -9; everything it had told before is heard."""
        process = self._process
        assert process is not None
        process.kill()
        self._ended(process)

    def rest(self) -> None:
        """Let no more patients come, also after a restart."""
        self._resting = True
        process = self._process
        if process is not None and process.stdin is not None:
            try:
                process.stdin.write("rest\n")
                process.stdin.flush()
            except OSError:  # it is dead; the next one is told again
                return

    def stop(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._ended(self._process)
        self.cable.close()
        self.printer.stop()

    def _ended(self, process: subprocess.Popen[str]) -> None:
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_S)
        if self._reader is not None:
            self._reader.join(STOP_S)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None and not pipe.closed:
                _close(pipe)
        self._process = None


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:  # what was not read any more
        return


def read_told(process: subprocess.Popen[str], kiosk: int, life: int, heard: queue.SimpleQueue[Heard]) -> None:
    """Hear what a kiosk's process tells until it ends."""
    assert process.stdout is not None
    for line in process.stdout:
        try:
            said = json.loads(line)
        except ValueError:  # cut off by a kill: nobody saw it
            continue
        heard.put(Heard(kiosk=kiosk, life=life, said=said))


@dataclass(kw_only=True)
class Counter:
    """Staff who call and finish one patient after the other straight at the hub, from the first second on and as fast
    as they come: `idle_s` is how long they wait where nobody does. The quicker they are, the sooner a number is called
    that nobody has seen."""

    hub: HubChild
    idle_s: float = 0.02
    counter: str = "1"
    called: list[CalledOut] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _nobody_waits: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="proof-counter", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(STOP_S)

    def call_the_last(self, within_s: float) -> bool:
        """Wait until nobody is left to call; false where that does not come about."""
        self._nobody_waits.clear()
        return self._nobody_waits.wait(within_s)

    def _run(self) -> None:
        client = HubClient(self.hub.url)
        while not self._stopping.is_set():
            try:
                is_idle = not self._called(client)
                if is_idle:
                    self._nobody_waits.set()
            except (HubUnreachable, Refusal):
                is_idle = True
            if is_idle:
                self._stopping.wait(self.idle_s)
        client.close()

    def _called(self, client: HubClient) -> bool:
        ticket = client.call_next(self.counter, "proof")
        if ticket is None:
            return False
        self.called.append(CalledOut(ticket=ticket.id, label=ticket.label, at_s=time.monotonic(), flags=ticket.flags))
        client.change(ticket.id, TicketAction.FINISH, StaffNote(counter=self.counter, by="proof"))
        return True
