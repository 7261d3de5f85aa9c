"""Everything a demo needs around the faces, on one machine: hub, portal, network, printer, scanner, card reader.

All of it speaks the real protocols; only the far ends are emulated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from devices.card_readers.apdu_reader import ApduReader, ApduReaderOptions
from devices.card_readers.channel import CardReader
from devices.card_readers.virtual_reader import VirtualReader
from devices.contract import EventSink
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.variants import PROFILES
from devices.emulators.network import TcpProxy
from devices.emulators.printer import PrinterEmulator
from devices.emulators.scanner import ScannerEmulator
from devices.printers.options import PrinterKind, PrinterOptions
from devices.scanners.serial_scanner import SerialScannerOptions
from kiosk.app.emulated_card_choice import CardChoice
from kiosk.app.hub_child import HubChild
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.app.start import HUB_SETTINGS_FILE
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.options import PortalOptions

CARD_PROFILE = "citizen"


@dataclass(frozen=True, kw_only=True)
class DemoFolders:
    """Where a demo keeps its things: `data` is the hub's, `tickets` gets a PNG and the raw bytes of each ticket,
    `country` holds the certificate of the made-up country that issues the cards, `outbox` is the kiosk's."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "hub"

    @property
    def tickets(self) -> Path:
        return self.root / "tickets"

    @property
    def country(self) -> Path:
        return self.root / "country"

    @property
    def outbox(self) -> Path:
        return self.root / "kiosk"

    @property
    def scanner_port(self) -> Path:
        return self.root / "scanner"


class DemoWorld:
    """Starts and stops the surroundings of a demo. `kiosk_url` leads to the hub through the emulated cable, `hub_url`
    straight."""

    def __init__(self, root: Path) -> None:
        self.folders = DemoFolders(root=root)
        for folder in (self.folders.data, self.folders.tickets, self.folders.country):
            folder.mkdir(parents=True, exist_ok=True)
        self.portal = PortalEmulator()
        _write_hub_settings(self.folders.data, self.portal.client_options(self.portal.start()))
        self.printer = PrinterEmulator(self.folders.tickets)
        self._printer_port = self.printer.serve_tcp()
        self.scanner = ScannerEmulator(self.folders.scanner_port)
        self.reader = VirtualReader()
        Issuer(PROFILES[CARD_PROFILE].signing).write_trust_folder(self.folders.country)
        self.hub = HubChild(self.folders.data)
        self.hub.start()
        self.cable = TcpProxy(self.hub.port)

    @property
    def hub_url(self) -> str:
        return self.hub.url

    @property
    def kiosk_url(self) -> str:
        return self.cable.url

    def kiosk_settings(self, settings: KioskSettings) -> KioskSettings:
        """`settings` with the demo's printer and scanner, trusting the country of the demo's cards."""
        return replace(
            settings,
            printer=PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", port=self._printer_port),
            scanner=SerialScannerOptions(port=str(self.folders.scanner_port)),
            chip=replace(settings.chip, country_certificates=self.folders.country),
            outbox=replace(settings.outbox, folder=self.folders.outbox),
        )

    def lay_card_of(self, person: int) -> None:
        """Lay the citizen card of the portal's person of that number, from 1."""
        self.reader.lay(CardChoice(person=person, profile=CARD_PROFILE).make().card)

    def make_card_reader(self, sink: EventSink) -> CardReader:
        """The emulated reader at the APDU interface: a desktop user may not start pcscd."""
        return ApduReader("card_reader", self.reader, sink, ApduReaderOptions())

    def stop(self) -> None:
        self.cable.close()
        self.hub.stop()
        self.scanner.unplug()
        self.printer.stop()
        self.portal.stop()


def _write_hub_settings(data: Path, options: PortalOptions) -> None:
    """The hub's settings file as an administrator would write it, secrets in files of their own."""
    secrets = {"password": options.password, "officer_number": options.officer_number}
    for name, secret in secrets.items():
        path = data / f"{name}.secret"
        path.touch(mode=0o600)
        path.write_text(secret, encoding="utf-8")
    facilities = ", ".join(f'"{facility}"' for facility in options.accepted_facilities)
    lines = [
        "[insurance]",
        f'base_url = "{options.base_url}"',
        f'username = "{options.username}"',
        f'officer_name = "{options.officer_name}"',
        f'md5_case = "{options.md5_case.value}"',
        f"accepted_facilities = [{facilities}]",
        *(f'{name} = {{ file = "{name}.secret" }}' for name in secrets),
    ]
    (data / HUB_SETTINGS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
