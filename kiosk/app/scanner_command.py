"""`tiepdon scanner test` shows how a scanner is set and what to change; `tiepdon scanner setup` draws its page."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from config.catalogue import Catalogue
from devices.contract import DeviceEvent, DeviceLost, DeviceStatus
from devices.scanners.observed import ObservedScan, Observer
from devices.scanners.serial_scanner import PortOpener, SerialScanner, SerialScannerOptions, open_serial_port
from devices.scanners.setup_codes import MODELS
from devices.scanners.wedge_scanner import SourceOpener, WedgeScanner, WedgeScannerOptions, open_keyboard
from devices.worker import Driver
from kiosk.app.scanner_advice import advice, shown_terminator
from kiosk.app.scanner_page import save_setup_page
from kiosk.app.start import EXIT_FAILED, EXIT_OK, CannotStart, load_texts, utc_now
from kiosk.domain.identity.own_codes import NO_OWN_CODES
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.localized import Language

MakeScanner = Callable[[Callable[[DeviceEvent], None], Observer], Driver]


def run(args: argparse.Namespace) -> int:
    """Run the action the arguments name. Raises `CannotStart`."""
    if args.scanner_action == "setup":
        return _setup(args)
    languages = tuple(Language) if args.lang == "both" else (Language(args.lang),)
    session = ScannerTest(scanner_of(args), load_texts(), languages, show=args.show)
    try:
        return session.run(args.seconds)
    except DeviceLost as lost:
        raise CannotStart(f"scanner.lost.{lost.code.removeprefix('scanner.')}", place=_place(args)) from lost


def scanner_of(
    args: argparse.Namespace, *, open_port: PortOpener = open_serial_port, open_source: SourceOpener = open_keyboard
) -> MakeScanner:
    """Maker of the scanner that the arguments name; ports and keyboards are opened by what is given here."""

    def make(sink: Callable[[DeviceEvent], None], observe: Observer) -> Driver:
        if args.wedge is not None:
            wedge = WedgeScannerOptions(device=args.wedge)
            return WedgeScanner("scanner", wedge, sink, open_source=open_source, observe=observe)
        serial = SerialScannerOptions(port=args.port, baud=args.baud)
        return SerialScanner("scanner", serial, sink, open_port=open_port, observe=observe)

    return make


def _place(args: argparse.Namespace) -> str:
    return str(args.wedge if args.wedge is not None else args.port)


class ScannerTest:
    """Listens to one scanner and tells of every scan. Everything runs on the caller's thread."""

    def __init__(
        self,
        make: MakeScanner,
        texts: Catalogue,
        languages: Sequence[Language],
        *,
        show: bool,
        say: Callable[[str], None] = print,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._texts = texts
        self._languages = languages
        self._show = show
        self._say = say
        self._clock_s = clock_s
        self._scans = 0
        self._driver = make(self._on_event, self._on_scan)

    def run(self, seconds: float) -> int:
        """Listen for `seconds`; 0 if anything readable was scanned, else 1. Raises `DeviceLost`."""
        end_s = self._clock_s() + seconds
        self._driver.open()
        try:
            self._tell("scanner.test.listening", seconds=int(seconds))
            while self._clock_s() < end_s:
                self._driver.step()
        except KeyboardInterrupt:
            self._say("")
        finally:
            self._driver.close()
        self._tell("scanner.test.heard" if self._scans else "scanner.test.nothing", count=self._scans)
        return EXIT_OK if self._scans else EXIT_FAILED

    def _on_event(self, event: DeviceEvent) -> None:
        if isinstance(event, DeviceStatus) and event.code is not None:
            self._tell(f"scanner.test.{event.code.removeprefix('scanner.')}")

    def _on_scan(self, scan: ObservedScan) -> None:
        self._scans += 1
        for language in self._languages:
            self._say(self._described(scan, language))
            for key in advice(scan):
                self._say("   → " + self._texts.text(f"scanner.advice.{key}", language, baud=scan.baud or 0))

    def _described(self, scan: ObservedScan, language: Language) -> str:
        def word(key: str, **params: str | int) -> str:
            return self._texts.text(f"scanner.test.{key}", language, **params)

        code = recognise(scan.text, certain=scan.certain, today=utc_now().date(), own=NO_OWN_CODES)
        return word(
            "scan",
            number=self._scans,
            kind=self._texts.text(f"scanner.kind.{code.kind}", language),
            content=scan.text if self._show else word("hidden", count=len(scan.text)),
            certain=word("certain" if scan.certain else "uncertain"),
            encoding=scan.encoding,
            terminator=shown_terminator(scan.terminator) or word("silence"),
            baud=scan.baud or "–",
        )

    def _tell(self, key: str, **params: str | int) -> None:
        for language in self._languages:
            self._say(self._texts.text(key, language, **params))


def _setup(args: argparse.Namespace) -> int:
    model = MODELS.get(args.model)
    if model is None:
        raise CannotStart("scanner.setup.model_unknown", model=args.model, known=", ".join(MODELS))
    try:
        save_setup_page(model, load_texts(), args.out)
    except OSError as error:
        raise CannotStart("scanner.setup.not_written", path=str(args.out), detail=error.strerror or "") from error
    for language in Language:
        print(load_texts().text("scanner.setup.written", language, path=str(args.out)))
    return EXIT_OK
