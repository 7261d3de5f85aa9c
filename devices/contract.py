"""What every driver offers, and the events drivers deliver. Knows nothing of hospitals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class DeviceState(StrEnum):
    STOPPED = "stopped"
    CONNECTING = "connecting"
    READY = "ready"
    LOST = "lost"  # was there or should be there; being reconnected with back-off


@dataclass(frozen=True, kw_only=True)
class DeviceStatus:
    """State of one device. `code` says why in a dotted code (`scanner.port_missing`, `printer.paper_out`), `detail`
    is technical text for logs and the doctor, never shown to patients and never personal."""

    device: str
    state: DeviceState
    code: str | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """One code from a scanner or camera. `text` is NFC; `certain` is false when the bytes were not plain UTF-8."""

    device: str
    text: str
    certain: bool = True


@dataclass(frozen=True, kw_only=True)
class CardPresent:
    """A card lies on the reader; `atr` is its answer to reset."""

    device: str
    atr: bytes


@dataclass(frozen=True, kw_only=True)
class CardRemoved:
    device: str


DeviceEvent = DeviceStatus | Scanned | CardPresent | CardRemoved
EventSink = Callable[[DeviceEvent], None]
"""Called on the driver's own thread; receivers hand over to theirs and return at once."""


class DeviceLost(Exception):
    """The device went away or cannot be opened; the worker reconnects. `code` as in `DeviceStatus`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
