"""The devices a kiosk's settings name: each is opened once as the kiosk would, asked how it is, and let go.

Imported only when there are settings to check: it needs the kiosk's part of the program.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from devices.cameras.camera_scanner import CameraKind, CameraScannerOptions, make_frame_source
from devices.card_readers.pcsc_reader import choose_reader, reader_names
from devices.contract import DeviceEvent, DeviceLost, PrinterCondition
from devices.printers.driver import PrinterDriver
from devices.printers.options import PrinterKind, PrinterOptions
from devices.scanners.serial_scanner import SerialScanner, SerialScannerOptions
from kiosk.app.card_reader_settings import CardReaderKind, CardReaderSettings
from kiosk.app.doctor_chip import chip_checks
from kiosk.app.doctor_findings import Check, Finding, missing, ok, skipped, warn
from kiosk.app.doctor_machine import Account, DeviceFile, check_access
from kiosk.app.kiosk_settings import KioskSettings

ANSWER_S = 2.0
"""How long a device is asked; the rest of a check's three seconds is for opening and closing it."""

_PRINTER_CURES = {
    "printer.unreachable": "reach_network_printer",
    "printer.port_missing": "plug_printer",
    "printer.port_denied": "see_access",
    "printer.port_busy": "free_device",
    "printer.font_unreadable": "check_fonts_setting",
    "printer.lost": "restart_printer",
    "printer.stalled": "restart_printer",
    "printer.paper_out": "refill_paper",
    "printer.cover_open": "close_cover",
    "printer.cutter_error": "free_cutter",
    "printer.unrecoverable_error": "restart_printer",
    "printer.offline": "wake_printer",
    "printer.recoverable_error": "free_cutter",
    "printer.overheated": "cool_printer",
    "printer.garbled": "check_line_speed",
}
_SCANNER_CURES = {
    "scanner.port_missing": "plug_scanner",
    "scanner.port_busy": "free_device",
    "scanner.port_denied": "see_access",
}


_PN532_CURES = {
    "card_reader.missing": "plug_pn532",
    "card_reader.port_busy": "free_device",
    "card_reader.port_denied": "see_access",
}
_PN532_FOUND = {"card_reader.missing": "card_reader.pn532_missing"}


def device_checks(settings: KioskSettings) -> list[Check]:
    """One check for each kind of device; a device the settings do not name is told as such."""
    files = tuple(device_files(settings))
    checks = [
        Check(name="printer", look=lambda: check_printers(settings.printers)),
        Check(name="scanner", look=lambda: check_scanner(settings.scanner)),
        Check(name="camera", look=lambda: check_camera(settings.camera)),
        Check(name="card_reader", look=lambda: check_card_readers(settings.card_readers)),
        *chip_checks(settings),
    ]
    if files:
        checks.append(Check(name="access", look=lambda: check_access(files, Account.current())))
    return checks


def device_files(settings: KioskSettings) -> Iterator[DeviceFile]:
    """The device files that somebody must be allowed to open."""
    scanner, camera = settings.scanner, settings.camera
    for printer in settings.printers:
        if printer.kind is not PrinterKind.TCP:
            group = "lp" if printer.kind is PrinterKind.USB_FILE else "dialout"
            yield DeviceFile(path=Path(printer.path), group=group)
    if scanner is not None and "://" not in scanner.port:
        yield DeviceFile(path=Path(scanner.port), group="dialout")
    if settings.wedge_scanner is not None and "/" in settings.wedge_scanner.device:
        yield DeviceFile(path=Path(settings.wedge_scanner.device), group="input")
    for reader in settings.card_readers:
        if reader.kind is CardReaderKind.PN532 and "://" not in reader.port:
            yield DeviceFile(path=Path(reader.port), group="dialout")
    if camera is not None and camera.kind is CameraKind.DEVICE:
        place = f"/dev/video{camera.place}" if camera.place.isdecimal() else camera.place
        yield DeviceFile(path=Path(place), group="video")


def check_printers(printers: Sequence[PrinterOptions]) -> Sequence[Finding]:
    """Is every printer there that the settings name, and can it print?"""
    if not printers:
        return skipped("device.not_named", table="printer")
    return tuple(finding for options in printers for finding in (*_check_printer(options), *_slow_line(options)))


def _slow_line(options: PrinterOptions) -> Sequence[Finding]:
    """A line on which a patient waits long for a slip: allowed, and told."""
    slip_s = options.slow_slip_s
    if slip_s is None:
        return ()
    return warn("printer.line_slow", "raise_line_speed", place=options.path, baud=options.baud, seconds=slip_s)


def _check_printer(options: PrinterOptions) -> Sequence[Finding]:
    """Connect and read the printer's real-time status (DLE EOT)."""
    place = f"{options.host}:{options.port}" if options.kind is PrinterKind.TCP else options.path
    try:
        condition = _condition_of(options)
    except DeviceLost as lost:
        code = lost.code if lost.code in _PRINTER_CURES else "printer.lost"
        return missing(code, _PRINTER_CURES[code], place=place)
    return _printer_findings(condition, place, options.capabilities.name)


def _condition_of(options: PrinterOptions) -> PrinterCondition | None:
    events: list[DeviceEvent] = []
    driver = PrinterDriver("printer", options, events.append)
    end_s = time.monotonic() + ANSWER_S
    try:
        driver.open()
        while time.monotonic() < end_s:
            conditions = [event for event in events if isinstance(event, PrinterCondition)]
            if conditions and (conditions[-1].answered or conditions[-1].garbled):
                return conditions[-1]
            driver.step()
    finally:
        driver.close()
    return None


def _printer_findings(condition: PrinterCondition | None, place: str, model: str) -> Sequence[Finding]:
    if condition is None:
        return warn("printer.silent", "wake_silent_printer", place=place)  # on a cable such a printer still prints
    if condition.blocking_code is not None:
        return missing(condition.blocking_code, _PRINTER_CURES[condition.blocking_code], place=place)
    if condition.paper_near_end:
        return warn("printer.paper_near_end", "new_roll_ready", place=place)
    return ok("printer.ready", place=place, model=model)


def check_scanner(options: SerialScannerOptions | None) -> Sequence[Finding]:
    """Open the scanner's port as the kiosk does; a scan waiting there is dropped."""
    if options is None:
        return skipped("device.not_named", table="scanner")
    scanner = SerialScanner("scanner", options, sink=lambda _: None)
    try:
        scanner.open()
    except DeviceLost as lost:
        code = lost.code if lost.code in _SCANNER_CURES else "scanner.port_missing"
        return missing(code, _SCANNER_CURES[code], port=options.port, seen=_serial_ports_seen())
    finally:
        scanner.close()
    return ok("scanner.opens", port=options.port)


def _serial_ports_seen(devices: Path = Path("/dev")) -> str:
    """Serial devices plugged in now, best names first, for who has to correct the settings."""
    found = sorted(devices.glob("serial/by-id/*")) or sorted([*devices.glob("ttyACM*"), *devices.glob("ttyUSB*")])
    return ", ".join(map(str, found)) or "–"


def check_camera(options: CameraScannerOptions | None) -> Sequence[Finding]:
    """Open the camera and look at one picture."""
    if options is None:
        return skipped("device.not_named", table="camera")
    source = make_frame_source(options)
    try:
        source.open()
        source.read()
    except DeviceLost as lost:
        return missing(lost.code, "plug_camera", place=options.place)
    finally:
        source.close()
    return ok("camera.opens", place=options.place)


def check_card_readers(readers: Sequence[CardReaderSettings]) -> Sequence[Finding]:
    """Is every reader there that the settings name?"""
    if not readers:
        return skipped("device.not_named", table="card_reader")
    return tuple(finding for reader in readers for finding in _check_card_reader(reader))


def _check_card_reader(reader: CardReaderSettings) -> Sequence[Finding]:
    return _check_pn532(reader) if reader.kind is CardReaderKind.PN532 else _check_pcsc(reader.reader_contains)


def _check_pcsc(wanted: str) -> Sequence[Finding]:
    """Is pcscd there, and does it know the reader?"""
    try:
        names = reader_names()
    except DeviceLost:
        return missing("card_reader.service_missing", "start_pcscd")
    chosen = choose_reader(names, wanted)
    if chosen is not None:
        return ok("card_reader.found", name=chosen, count=len(names))
    if names:
        return missing("card_reader.other_names", "name_reader", wanted=wanted, names=", ".join(names))
    return missing("card_reader.none", "plug_reader")


def _check_pn532(reader: CardReaderSettings) -> Sequence[Finding]:
    """Open the port and wake the PN532 behind it."""
    driver = reader.driver("card_reader", lambda _: None)
    try:
        driver.open()
    except DeviceLost as lost:
        code = lost.code if lost.code in _PN532_CURES else "card_reader.missing"
        return missing(_PN532_FOUND.get(code, code), _PN532_CURES[code], port=reader.port, seen=_serial_ports_seen())
    finally:
        driver.close()
    return ok("card_reader.pn532_answers", port=reader.port)
