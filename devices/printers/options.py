"""Settings of one ticket printer, checked when built."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from devices.printers.document import PaperWidth
from devices.printers.models import ConfirmBy, PrinterModel, QrForm, printer_models

SLOW_BAUD = 38400
"""A raster ticket has about 50 kB: 52 s at 9,600 baud, 13 s at 38,400, 4.3 s at 115,200. Slower lines are told."""
SLIP_BYTES = 50_000
_BITS_PER_BYTE = 10  # 8N1: a start bit and a stop bit
_BAUD_RATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)


LONGEST_ROLL_M = 1000
_TIMES_S = (
    "status_timeout_s",
    "poll_every_s",
    "confirm_timeout_s",
    "silent_confirm_timeout_s",
    "stall_timeout_s",
    "max_job_age_s",
)


class PrinterKind(StrEnum):
    TCP = "tcp"
    SERIAL = "serial"
    USB_FILE = "usb_file"


class FlowControl(StrEnum):
    NONE = "none"
    RTS_CTS = "rts_cts"
    DSR_DTR = "dsr_dtr"
    XON_XOFF = "xon_xoff"


@dataclass(frozen=True, kw_only=True)
class PrinterOptions:
    """Where the printer is and how it is used. Raises `ValueError(code, key, allowed)`.

    `tcp` uses host and port; `serial` path, baud and flow_control (115,200 8N1 with DSR/DTR is the usual setting);
    `usb_file` path, the kernel's `/dev/usb/lpN` or a udev link to it. `model` names what the printer can do
    (`models.toml`); paper_width, qr_form, confirm_by and answers stand above it where they are given. `answers` says
    whether the printer answers status questions: true, and a silent one gets nothing; false, and it is printed on
    unheard; None and an unknown model: a network printer has to answer (silent, it serves another host), a cable's not.
    Fonts are TrueType files with Vietnamese letters; None takes Be Vietnam Pro from its package.

    `confirm_timeout_s` is how long to wait after the last byte for the printer's own word that the job is done,
    `silent_confirm_timeout_s` the same for a printer that never answers. `stall_timeout_s` is how long a printer may
    take nothing before a job counts as stalled. `max_job_age_s` is when a slip has lost its patient: no longer begun,
    and what the printer still keeps of it is thrown away.

    `roll_length_m` is what a new roll holds, 0 foretells nothing; `paper_file` is where what was used of it is kept.
    """

    kind: PrinterKind
    host: str = ""
    port: int = 9100
    path: str = ""
    baud: int = 115200
    flow_control: FlowControl = FlowControl.NONE
    model: str = "generic-80"
    paper_width: PaperWidth | None = None
    qr_form: QrForm | None = None
    confirm_by: ConfirmBy | None = None
    answers: bool | None = None
    font_regular: Path | None = None
    font_bold: Path | None = None
    status_timeout_s: float = 0.5
    poll_every_s: float = 2.0
    stall_timeout_s: float = 5.0
    confirm_timeout_s: float = 10.0
    silent_confirm_timeout_s: float = 2.0
    max_waiting_jobs: int = 4
    max_job_age_s: float = 30.0
    roll_length_m: float = 50.0
    paper_file: Path | None = None

    def __post_init__(self) -> None:
        if self.kind is PrinterKind.TCP and not self.host:
            raise ValueError("printer.host_missing", "host", '"192.168.1.50"')
        if self.kind is not PrinterKind.TCP and not self.path:
            raise ValueError("printer.path_missing", "path", '"/dev/kiosk/printer"')
        if not 1 <= self.port <= 65535:
            raise ValueError("printer.port_illegal", "port", "1 … 65535")
        if self.kind is PrinterKind.SERIAL and self.baud not in _BAUD_RATES:
            raise ValueError("printer.baud_unknown", "baud", ", ".join(map(str, _BAUD_RATES)))
        if (self.font_regular is None) != (self.font_bold is None):
            lone, other = ("font_regular", "font_bold") if self.font_bold is None else ("font_bold", "font_regular")
            raise ValueError("printer.fonts_incomplete", lone, f"{lone} + {other}")
        if self.model not in printer_models():
            raise ValueError("printer.model_unknown", "model", ", ".join(printer_models()))
        if not 0 <= self.roll_length_m <= LONGEST_ROLL_M:
            raise ValueError("printer.roll_length_illegal", "roll_length_m", f"0 … {LONGEST_ROLL_M}")
        for name in _TIMES_S:
            if not getattr(self, name) > 0:
                raise ValueError("printer.timeout_illegal", name, "> 0")
        if self.max_waiting_jobs < 1:
            raise ValueError("printer.max_waiting_jobs_illegal", "max_waiting_jobs", "≥ 1")

    @property
    def slow_slip_s(self) -> int | None:
        """About how long a slip takes over a serial line that is too slow for it; null where it is fast enough."""
        if self.kind is not PrinterKind.SERIAL or self.baud >= SLOW_BAUD:
            return None
        return SLIP_BYTES * _BITS_PER_BYTE // self.baud

    @property
    def capabilities(self) -> PrinterModel:
        """What the model can do, with what the settings say instead."""
        model = printer_models()[self.model]
        return replace(
            model,
            width_px=model.width_px if self.paper_width is None else int(self.paper_width),
            qr=self.qr_form or model.qr,
            confirm_by=self.confirm_by or model.confirm_by,
            answers=model.answers if self.answers is None else self.answers,
        )

    @property
    def surely_answers_in_order(self) -> bool:
        """Whether the model is known to answer what stands in a slip, so that no answer is a fault."""
        return printer_models()[self.model].answers is True

    @property
    def must_answer(self) -> bool:
        """Whether a silent printer gets nothing: what it takes unheard might come out for nobody, hours later."""
        answers = self.capabilities.answers
        return self.kind is PrinterKind.TCP if answers is None else answers
