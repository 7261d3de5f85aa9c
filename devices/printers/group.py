"""Several printers of one kiosk as one: a slip nobody has sent yet goes to the next that works, one sent never does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from devices.contract import (
    DeviceEvent,
    DeviceState,
    DeviceStatus,
    EventSink,
    PrinterCondition,
    PrintJobChanged,
    PrintState,
)
from devices.printers.document import PrintDocument


class GroupedPrinter(Protocol):
    """What is needed of a printer's driver."""

    name: str

    def submit(self, job_id: str, document: PrintDocument) -> None:
        """Queue one job; `PrintJobChanged` events tell how it goes."""
        ...


@dataclass(kw_only=True)
class _Offered:
    """A slip nobody has sent. `refused_by` are the printers that could not."""

    document: PrintDocument
    submitted_s: float
    refused_by: set[str] = field(default_factory=set)


class PrinterGroup:
    """Built before its printers, which get `on_device_event` as their sink and are added in the order of preference.
    Thread-safe; what it passes on to `sink` is what one printer would tell. `max_job_age_s` is when a slip has lost its
    patient and is offered to nobody any more."""

    def __init__(
        self, sink: EventSink, *, max_job_age_s: float = 30.0, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._sink = sink
        self._max_job_age_s = max_job_age_s
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._printers: dict[str, GroupedPrinter] = {}
        self._unusable: set[str] = set()
        self._offered: dict[str, _Offered] = {}

    def add(self, printer: GroupedPrinter) -> None:
        self._printers[printer.name] = printer

    def submit(self, job_id: str, document: PrintDocument) -> None:
        """Queue one slip at the first printer that works, or at the first of all. At least one has been added."""
        with self._lock:
            offered = _Offered(document=document, submitted_s=self._clock_s())
            self._offered[job_id] = offered
            printer = self._next(offered)
        assert printer is not None, "a group without printers"
        printer.submit(job_id, document)

    def on_device_event(self, event: DeviceEvent) -> None:
        """The sink of every printer in the group."""
        match event:
            case PrintJobChanged():
                self._changed(event)
                return
            case PrinterCondition(device=device):
                self._mark(device, unusable=event.blocking_code is not None or event.elsewhere)
            case DeviceStatus(device=device, state=state):
                self._mark(device, unusable=state is not DeviceState.READY)
        self._sink(event)

    def _mark(self, device: str, *, unusable: bool) -> None:
        with self._lock:
            (self._unusable.add if unusable else self._unusable.discard)(device)

    def _changed(self, event: PrintJobChanged) -> None:
        with self._lock:
            offered = self._offered.get(event.job_id)
            if offered is not None and event.state is PrintState.QUEUED and offered.refused_by:
                return  # told when the first printer got it
            heir = None
            if offered is not None and event.state is PrintState.FAILED:
                offered.refused_by.add(event.device)
                heir = self._next(offered)
            if heir is None and event.state is not PrintState.QUEUED:
                self._offered.pop(event.job_id, None)  # sent: it is this printer's for good
        if heir is not None and offered is not None:
            heir.submit(event.job_id, offered.document)
        else:
            self._sink(event)

    def _next(self, offered: _Offered) -> GroupedPrinter | None:
        if self._clock_s() - offered.submitted_s > self._max_job_age_s:
            return None
        left = [printer for name, printer in self._printers.items() if name not in offered.refused_by]
        working = [printer for printer in left if printer.name not in self._unusable]
        return next(iter([*working, *left]), None)
