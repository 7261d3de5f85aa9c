"""Device events become events of the visit, slips become paper, and chips are read on the reader a card lies on.

Everything here may run on a driver's thread and returns at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Protocol

from devices.contract import (
    CameraGuidance,
    CardPresent,
    CardRemoved,
    DeviceEvent,
    DeviceState,
    DeviceStatus,
    MrzSeen,
    PaperForeseen,
    PrinterCondition,
    PrintJobChanged,
    PrintState,
    ScanMeasured,
    Scanned,
)
from devices.printers.document import PrintDocument
from kiosk.domain.faults import Fault
from kiosk.domain.identity.own_codes import NO_OWN_CODES, OwnCodes
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.identity.values import Assurance, CodeFault, CodeKind, RecognisedCode
from kiosk.domain.localized import Texts
from kiosk.domain.scan_quality import Scan, ScanOutcome
from kiosk.domain.slip import Slip
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import PrintedKey
from kiosk.domain.visit.state import PrintProgress
from kiosk.station.camera_view import CameraView
from kiosk.station.camera_watch import CameraWatch
from kiosk.station.devices_bridge.card_places import CardPlaces
from kiosk.station.devices_bridge.slip_document import job_id_of, slip_document
from kiosk.station.hub_port import ReportFault
from kiosk.station.slip_text import slip_text

UNKNOWN_FAULT = "device.other"
_ENDED = frozenset({PrintState.CONFIRMED, PrintState.UNCONFIRMED, PrintState.FAILED})
_CAMERA_TROUBLE = "camera."
"""A camera that is there and sees badly says so while it goes on trying."""


def _no_use(fault: CodeFault) -> ev.CodeScanned:
    return ev.CodeScanned(code=RecognisedCode(kind=CodeKind.UNKNOWN, fault=fault.value))


_PATIENT_EVENTS: Mapping[str, ev.Event] = MappingProxyType(
    {
        "scanner.unreadable": _no_use(CodeFault.TORN),
        "scanner.frame_too_long": _no_use(CodeFault.TOO_LONG),
        "card_reader.card_mute": ev.CardLaid(answers=False),
    }
)
"""What a device that works says of a card or code it could not use."""


class SlipPrinter(Protocol):
    """What is needed of a printer's driver."""

    def submit(self, job_id: str, document: PrintDocument) -> None:
        """Queue one job; `PrintJobChanged` events tell how it goes."""
        ...


class DevicesBridge:
    """`post` and `report_fault` are the station's and thread-safe, so is `measured`, which hears how hard codes were to
    read. Without `use_printer` the kiosk has no printer, without `use_camera` no screen shows what a camera says.
    `cards` is told where cards lie."""

    def __init__(
        self,
        *,
        post: Callable[[ev.Event], None],
        report_fault: ReportFault,
        texts: Texts,
        time_zone: tzinfo,
        today: Callable[[], date],
        own_codes: OwnCodes = NO_OWN_CODES,
        measured: Callable[[Scan], None] = lambda _scan: None,
        cards: CardPlaces | None = None,
    ) -> None:
        self._post = post
        self._report_fault = report_fault
        self._texts = texts
        self._time_zone = time_zone
        self._today = today
        self._own_codes = own_codes
        self._measured = measured
        self._printer: SlipPrinter | None = None
        self._cameras: dict[str, CameraWatch] = {}
        self._condition_codes: dict[str, str | None] = {}
        self._labels: dict[str, str] = {}
        self._cards = cards or CardPlaces()

    def use_printer(self, printer: SlipPrinter) -> None:
        """Print on `printer`; it was built with this bridge's `on_device_event`, so it can only come afterwards."""
        self._printer = printer

    def use_camera(self, device: str, show: Callable[[CameraView], None]) -> None:
        """Tell `show` how the camera named `device` does; it is called on the camera's thread and returns at once."""
        self._cameras[device] = CameraWatch(show)

    def on_device_event(self, event: DeviceEvent) -> None:
        """The sink of every driver."""
        match event:
            case Scanned():
                self._scanned(event)
            case ScanMeasured():
                self._measured(_scan(event))
            case MrzSeen():
                self._post(_mrz_seen(event))
            case CameraGuidance(device=device, hint=hint):
                if device in self._cameras:
                    self._cameras[device].advises(hint.value)
            case CardPresent(device=device):
                self._cards.laid(device)
                self._post(ev.CardLaid())
            case CardRemoved(device=device):
                self._card_gone(device)
            case PrintJobChanged():
                self._print_changed(event)
            case PrinterCondition():
                self._condition(event)
            case PaperForeseen(tickets_left=left):
                self._report_fault("printer.paper_low", {"left": left})
            case DeviceStatus():
                self._status(event)

    def print_slip(self, slip: Slip) -> None:
        """Put a slip on its way; without a printer that is answered at once."""
        if self._printer is None:
            fault, failed = Fault(code="printer.not_configured"), PrintProgress.FAILED
            self._post(ev.PrintChanged(ticket_id=slip.ticket_id, progress=failed, fault=fault, label=slip.label))
            return
        self._labels[job_id_of(slip)] = slip.label
        self._printer.submit(job_id_of(slip), slip_document(slip_text(slip, self._texts, self._time_zone)))

    def _print_changed(self, changed: PrintJobChanged) -> None:
        ended = changed.state in _ENDED
        label = self._labels.pop(changed.job_id, None) if ended else self._labels.get(changed.job_id)
        ticket_id, _, copy = changed.job_id.rpartition("#")
        self._post(
            ev.PrintChanged(
                ticket_id=ticket_id,
                copy=int(copy),
                progress=PrintProgress(changed.state.value),
                fault=None if changed.code is None else Fault(code=changed.code),
                label=label,
            )
        )

    def _scanned(self, scanned: Scanned) -> None:
        code = recognise(
            scanned.text,
            certain=scanned.certain,
            today=self._today(),
            assurance=Assurance.CODE_READ,
            own=self._own_codes,
        )
        self._post(ev.CodeScanned(code=code))

    def _card_gone(self, device: str) -> None:
        """The visit knows of one card, wherever it lies."""
        if self._cards.emptied(device):
            self._post(ev.CardTaken())

    def _condition(self, condition: PrinterCondition) -> None:
        code = condition.code
        if code != self._condition_codes.get(condition.device):
            self._condition_codes[condition.device] = code
            if code is not None:
                self._report_fault(code)

    def _status(self, status: DeviceStatus) -> None:
        self._tell_camera(status)
        if status.state is DeviceState.READY and status.code is not None:
            told = _PATIENT_EVENTS.get(status.code)
            if told is not None:
                self._post(told)
            elif status.code.startswith(_CAMERA_TROUBLE):
                self._report_fault(status.code)
        elif status.state is DeviceState.LOST:
            self._report_fault(status.code or UNKNOWN_FAULT)
            self._card_gone(status.device)

    def _tell_camera(self, status: DeviceStatus) -> None:
        watch = self._cameras.get(status.device)
        if watch is None:
            return
        if status.state is DeviceState.READY:
            watch.works(status.code)
        elif status.state is DeviceState.LOST:
            watch.lost()


def _scan(measured: ScanMeasured) -> Scan:
    return Scan(
        device=measured.device,
        outcome=ScanOutcome(measured.outcome.value),
        format=measured.format,
        decode_ms=measured.decode_ms,
        tries=measured.tries,
    )


def _mrz_seen(seen: MrzSeen) -> ev.MrzSeen:
    key = PrintedKey(document_number=seen.document_number, birth=seen.birth, expiry=seen.expiry)
    return ev.MrzSeen(key=key)
