"""Settings of one ticket printer, checked when built."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from devices.printers.document import PaperWidth

MIN_RASTER_BAUD = 38400
"""A raster ticket has about 50 kB: 52 s at 9,600 baud, 13 s at 38,400, 4.3 s at 115,200."""


class PrinterKind(StrEnum):
    TCP = "tcp"
    SERIAL = "serial"
    USB_FILE = "usb_file"


class FlowControl(StrEnum):
    NONE = "none"
    RTS_CTS = "rts_cts"
    DSR_DTR = "dsr_dtr"
    XON_XOFF = "xon_xoff"


class QrForm(StrEnum):
    """Native: the printer draws the code from its text. Raster: for models that have no QR command."""

    NATIVE = "native"
    RASTER = "raster"


class ConfirmBy(StrEnum):
    """What is taken for the printer's word that a slip is printed. Job tag: GS ( H, said after printing, by Epson
    TM-T20, T82, T88IV and later. Status request: GS r behind the cut, weaker, for models that do not know the tag."""

    JOB_TAG = "job_tag"
    STATUS_REQUEST = "status_request"


@dataclass(frozen=True, kw_only=True)
class PrinterOptions:
    """Where the printer is and how it is used. Raises ValueError with a dotted code.

    `tcp` uses host and port; `serial` path, baud and flow_control (115,200 8N1 with DSR/DTR is the usual setting);
    `usb_file` path, the kernel's `/dev/usb/lpN` or a udev link to it. Fonts are TrueType files with Vietnamese
    letters; None takes Be Vietnam Pro from its package. `confirm_timeout_s` is how long to wait after the last byte for
    the printer's own word that the job is done, `silent_confirm_timeout_s` the same for a printer that never answers.
    `stall_timeout_s` is how long a printer may take nothing before a job counts as stalled, `max_stall_s` how long the
    rest of it is still offered.
    """

    kind: PrinterKind
    host: str = ""
    port: int = 9100
    path: str = ""
    baud: int = 115200
    flow_control: FlowControl = FlowControl.NONE
    paper_width: PaperWidth = PaperWidth.MM_80
    qr_form: QrForm = QrForm.NATIVE
    confirm_by: ConfirmBy = ConfirmBy.JOB_TAG
    font_regular: Path | None = None
    font_bold: Path | None = None
    status_timeout_s: float = 0.5
    poll_every_s: float = 2.0
    stall_timeout_s: float = 5.0
    max_stall_s: float = 300.0
    confirm_timeout_s: float = 10.0
    silent_confirm_timeout_s: float = 2.0
    max_waiting_jobs: int = 4
    max_job_age_s: float = 20.0

    def __post_init__(self) -> None:
        if self.kind is PrinterKind.TCP and not self.host:
            raise ValueError("printer.host_missing")
        if self.kind is not PrinterKind.TCP and not self.path:
            raise ValueError("printer.path_missing")
        if not 1 <= self.port <= 65535:
            raise ValueError("printer.port_illegal")
        if self.kind is PrinterKind.SERIAL and self.baud < MIN_RASTER_BAUD:
            raise ValueError("printer.baud_too_slow")
        if (self.font_regular is None) != (self.font_bold is None):
            raise ValueError("printer.fonts_incomplete")
        if min(self._times_s()) <= 0:
            raise ValueError("printer.timeout_illegal")
        if self.max_waiting_jobs < 1:
            raise ValueError("printer.max_waiting_jobs_illegal")

    def _times_s(self) -> tuple[float, ...]:
        waits_s = (self.status_timeout_s, self.poll_every_s, self.confirm_timeout_s, self.silent_confirm_timeout_s)
        return (*waits_s, self.stall_timeout_s, self.max_stall_s, self.max_job_age_s)
