"""`tiepdon prove` as a hospital runs it, small; and that it says no to a hub with a bug."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import support.mutated_hub

from config.catalogue import Catalogue, load_catalogue
from devices.emulators.printer import PrinterEmulator
from devices.printers.driver import PrinterDriver
from devices.printers.options import PrinterKind, PrinterOptions
from devices.worker import DeviceWorker
from kiosk.app.prove import Size, prove, told
from kiosk.app.prove_paper import PaperReader, ref_of
from kiosk.app.start import CannotStart
from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import Priority
from kiosk.station.devices_bridge.slip_document import job_id_of, slip_document
from kiosk.station.slip_text import slip_text

FIGURES = {
    "issued",
    "confirmed",
    "unconfirmed",
    "offline",
    "lost",
    "duplicates",
    "phantoms",
    "gaps",
    "kills",
    "worst_s",
}
BROKEN = [
    pytest.param("numbers_left_out", "gaps", 12, 8.0, id="numbers_left_out"),
    pytest.param("called_and_still_waiting", "duplicates", 12, 8.0, marks=pytest.mark.long, id="called_and_waiting"),
    pytest.param("odd_numbers_never_called", "lost", 12, 8.0, id="odd_numbers_never_called"),
    pytest.param("printed_label_ignored", "lost", 60, 40.0, marks=pytest.mark.long, id="printed_label_ignored"),
    pytest.param("keys_forgotten", "duplicates", 40, 40.0, marks=pytest.mark.long, id="keys_forgotten"),
]


def test_a_small_proof_holds_and_ends_with_one_object(tmp_path: Path) -> None:
    size = ["--tickets", "12", "--kiosks", "2", "--seconds", "12", "--seed", "3"]
    command = [sys.executable, "-m", "kiosk.app.cli", "prove", "--json", "--keep", str(tmp_path / "proof"), *size]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == "", "a proof that holds has nothing to warn of"
    figures = json.loads(done.stdout)
    assert set(figures) == FIGURES
    assert figures["issued"] > 0
    assert [figures[name] for name in ("lost", "duplicates", "phantoms", "gaps")] == [0, 0, 0, 0]


@pytest.mark.parametrize("kept", ["something", "a file"])
def test_a_folder_that_is_not_empty_is_refused_in_words(kept: str, tmp_path: Path) -> None:
    folder = tmp_path / "proof"
    if kept == "something":
        (folder / "hub").mkdir(parents=True)
    else:
        folder.write_text("x")
    command = [sys.executable, "-m", "kiosk.app.cli", "prove", "--keep", str(folder), "--seconds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 2
    assert "--keep" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_proof_without_a_number_proves_nothing(tmp_path: Path) -> None:
    size = Size(tickets=1, kiosks=1, seconds=0.01, seed=1)
    proof = prove(size, tmp_path / "proof", load_catalogue())
    assert (proof.account.issued, proof.account.is_clean, proof.holds) == (0, True, False)
    assert "--seconds" in told(proof, size, load_catalogue())


def test_a_hub_that_will_not_start_is_heard(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program = (sys.executable, "-c", "raise SystemExit('no disk')")
    with pytest.raises(CannotStart, match="hub_child_failed"):
        prove(Size(tickets=1, kiosks=1, seconds=1.0, seed=1), tmp_path, load_catalogue(), program)
    assert "no disk" in capfd.readouterr().err


@pytest.mark.allowed_warnings(".*")
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("bug", "kind", "tickets", "seconds"), BROKEN)
def test_a_hub_with_a_bug_is_not_proven(bug: str, kind: str, tickets: int, seconds: float, tmp_path: Path) -> None:
    size = Size(tickets=tickets, kiosks=3, seconds=seconds, seed=5)
    program = (sys.executable, support.mutated_hub.__file__, bug)
    proof = prove(size, tmp_path / "proof", load_catalogue(), program)
    assert not proof.holds
    assert getattr(proof.account, kind)
    assert "!" in told(proof, size, load_catalogue())


SLIP = Slip(
    hospital=LocalizedText(vi="Bệnh viện Mẫu", en="Sample Hospital"),
    ticket_id="key-7",
    label="K2-007",
    service_name=LocalizedText(vi="Khám nhi", en="Children"),
    room=LocalizedText(vi="Phòng 105", en="Room 105"),
    directions=LocalizedText(vi="Tầng 1", en="Floor 1"),
    issued_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    people_ahead=3,
    estimate=None,
    priority=Priority.NORMAL,
    masked_name=None,
    coverage=None,
    next_step="next_step.wait_for_call",
    kiosk_id="K2",
    language=Language.VI,
    own_number=True,
)


def test_a_number_is_read_off_a_paper_and_no_other_is() -> None:
    texts = load_catalogue()
    with PrinterEmulator() as printer:
        options = PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", port=printer.serve_tcp())
        driver = PrinterDriver("printer", options, lambda event: None)
        worker = DeviceWorker(driver, lambda event: None)
        worker.start()
        try:
            for copy in (0, 1):
                _submit(driver, replace(SLIP, reprint=copy), texts, printer)
        finally:
            worker.stop()
        plain, marked = printer.tickets
    reader = PaperReader(options, texts)
    assert reader.labels_on(plain.image, ("K2-001", "K2-007", "K2-0071", "A007")) == ("K2-007",)
    assert (reader.is_marked(plain.image), reader.is_marked(marked.image)) == (False, True)
    assert ref_of(plain) == "key-7"


def _submit(driver: PrinterDriver, slip: Slip, texts: Catalogue, printer: PrinterEmulator) -> None:
    document = slip_document(slip_text(slip, texts, UTC))
    deadline_s = time.monotonic() + 10.0
    while len(printer.tickets) == slip.reprint and time.monotonic() < deadline_s:
        driver.submit(job_id_of(slip), document)  # refused until the printer is found
        try:
            printer.wait_for_ticket(slip.reprint + 1, 1.0)
        except TimeoutError:
            continue
