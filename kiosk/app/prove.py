"""`tiepdon prove`: shows on this machine that no ticket is lost, doubled, a phantom or left out, whatever breaks.

A real hub, real kiosks without their windows (processes of their own), emulated printers that keep what came out as
paper. All of them are killed, cut off and left without paper at random; in the end papers and screens are balanced
against the hub's books.
"""

from __future__ import annotations

import argparse
import json
import logging
import queue
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from config.catalogue import Catalogue
from devices.emulators.printer import PrintedTicket
from devices.printers.options import PrinterKind, PrinterOptions
from kiosk.app.hub_child import PROGRAM, HubChild
from kiosk.app.prove_account import Account, Evidence, PaperOut, Shown, account_of
from kiosk.app.prove_paper import PaperReader, ref_of
from kiosk.app.prove_site import Counter, Heard, KioskSpot
from kiosk.app.prove_trouble import Trouble
from kiosk.app.start import EXIT_FAILED, EXIT_OK, CannotStart, load_texts
from kiosk.domain.localized import Language, Texts
from kiosk.storage.books import Books, read_books

STEP_S = 0.1
SETTLING_S = 90.0
LAST_CALLS_S = 30.0
QUIET_ROUNDS = 8
FINDINGS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Size:
    """`tickets` to be given by `kiosks` kiosks, the load ending after `seconds` at the latest."""

    tickets: int
    kiosks: int
    seconds: float
    seed: int


@dataclass(frozen=True, kw_only=True)
class Proof:
    account: Account
    kills: int
    worst_s: float
    settled: bool
    trouble: dict[str, int]

    @property
    def holds(self) -> bool:
        """A proof without a single number proves nothing."""
        return self.account.is_clean and self.settled and self.account.issued > 0

    @property
    def findings(self) -> tuple[str, ...]:
        """What is wrong, a line each."""
        account = self.account
        kinds = {
            "lost": account.lost,
            "duplicate": account.duplicates,
            "phantom": account.phantoms,
            "gap": account.gaps,
        }
        return tuple(f"{kind}: {finding}" for kind, findings in kinds.items() for finding in findings)

    def as_json(self) -> str:
        account = self.account
        figures = {
            "issued": account.issued,
            "confirmed": account.confirmed,
            "unconfirmed": account.unconfirmed,
            "offline": account.offline,
            "lost": len(account.lost),
            "duplicates": len(account.duplicates),
            "phantoms": len(account.phantoms),
            "gaps": len(account.gaps),
            "kills": self.kills,
            "worst_s": self.worst_s,
        }
        return json.dumps(figures)


def run(args: argparse.Namespace) -> int:
    """Prove and say what came of it; 1 unless everything balances."""
    if not args.verbose:
        logging.getLogger("tiepdon").setLevel(logging.CRITICAL)  # what is broken on purpose would fill the screen
    if args.keep is not None:
        _require_empty(args.keep)
    size = Size(tickets=args.tickets, kiosks=args.kiosks, seconds=args.seconds, seed=args.seed)
    texts = load_texts()
    with tempfile.TemporaryDirectory(prefix="tiepdon-prove-") as scratch:
        proof = prove(size, args.keep or Path(scratch), texts)
    print(proof.as_json() if args.json else told(proof, size, texts))
    if args.json:
        print(*proof.findings, sep="\n", end="\n" if proof.findings else "", file=sys.stderr)
    return EXIT_OK if proof.holds else EXIT_FAILED


def _require_empty(folder: Path) -> None:
    """Make the folder, where it is missing. Raises `CannotStart`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CannotStart("start.keep_not_empty", path=str(folder))
    except OSError as error:
        raise CannotStart("start.keep_unusable", path=str(folder), detail=error.strerror or str(error)) from None


def prove(size: Size, root: Path, texts: Texts, hub_program: tuple[str, ...] = PROGRAM) -> Proof:
    """Make the proof in the empty folder `root`. Raises `CannotStart` where no hub can be started."""
    return _Proving(size, root, texts, hub_program).run()


@dataclass(kw_only=True)
class _Seen:
    """What kiosks told of their screens so far."""

    shown: list[Shown] = field(default_factory=list)
    refs: set[str] = field(default_factory=set)
    open_calls: dict[int, bool] = field(default_factory=dict)
    worst_s: float = 0.0

    def take(self, heard: Heard) -> None:
        said = heard.said
        if "shown" in said:
            # a number shown again after a restart belongs to whoever it was shown to first
            visit = f"K{heard.kiosk}.{heard.life}.{said['visit'] or said['ref']}"
            self.shown.append(Shown(visit=visit, ref=said["ref"], label=said["shown"], at_s=said["at_s"]))
            self.refs.add(said["ref"])
            self.worst_s = max(self.worst_s, said["wait_s"] or 0.0)
        if "open" in said:
            self.open_calls[heard.kiosk] = bool(said["open"]) or not said["at_rest"]


class _Proving:
    def __init__(self, size: Size, root: Path, texts: Texts, hub_program: tuple[str, ...]) -> None:
        self._size = size
        self._texts = texts
        self._data = root / "hub"
        self._data.mkdir(parents=True)
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self._seen = _Seen()
        self._pause = threading.Event()
        self._hub = self._started_hub(hub_program, root / "hub.log")
        every_s = size.seconds / size.tickets / 2 * size.kiosks
        self._spots = tuple(KioskSpot(n, self._hub.port, root, every_s) for n in range(1, size.kiosks + 1))
        self._counter = Counter(hub=self._hub)
        dice = random.Random(size.seed)  # noqa: S311 - trouble that can be had again
        self._trouble = Trouble(hub=self._hub, spots=self._spots, restart=self._start, dice=dice)

    def run(self) -> Proof:
        try:
            for spot in self._spots:
                self._start(spot)
            self._counter.start()
            self._load()
            settled = self._settle()
        finally:
            self._stop()
        account = account_of(self._evidence(read_books(self._data)))
        return Proof(
            account=account,
            kills=self._trouble.kills,
            worst_s=self._seen.worst_s,
            settled=settled,
            trouble=self._trouble.seen,
        )

    def _started_hub(self, program: tuple[str, ...], log_file: Path) -> HubChild:
        """What it logs is for a kept folder; only why it would not start is said."""
        hub = HubChild(self._data, program, log_file)
        try:
            hub.start()
        except CannotStart:
            sys.stderr.write(log_file.read_text())
            raise
        return hub

    def _start(self, spot: KioskSpot) -> None:
        spot.start(self._heard)

    def _load(self) -> None:
        end_s = time.monotonic() + self._size.seconds
        while len(self._seen.refs) < self._size.tickets and time.monotonic() < end_s:
            self._listen()
            self._trouble.go_on(time.monotonic())

    def _settle(self) -> bool:
        """Everything healed: kiosks tell the hub what it missed. False where that does not come to an end."""
        self._trouble.end()
        for spot in self._spots:
            spot.rest()
        end_s = time.monotonic() + SETTLING_S
        quiet_rounds = 0
        while quiet_rounds < QUIET_ROUNDS:
            if time.monotonic() > end_s:
                return False
            self._seen.open_calls.clear()
            while len(self._seen.open_calls) < len(self._spots) and time.monotonic() < end_s:
                self._listen()
            quiet_rounds = 0 if any(self._seen.open_calls.values()) else quiet_rounds + 1
        return self._counter.call_the_last(LAST_CALLS_S)

    def _listen(self) -> None:
        self._pause.wait(STEP_S)
        while not self._heard.empty():
            self._seen.take(self._heard.get())

    def _stop(self) -> None:
        self._counter.stop()
        for spot in self._spots:
            spot.stop()
        self._hub.stop()
        self._listen()

    def _evidence(self, books: Books) -> Evidence:
        return Evidence(
            papers=tuple(self._papers(books)),
            shown=tuple(self._seen.shown),
            called=tuple(self._counter.called),
            books=books,
        )

    def _papers(self, books: Books) -> list[PaperOut]:
        reader = PaperReader(PrinterOptions(kind=PrinterKind.TCP, host="printer"), self._texts)
        tickets = {ref: ticket for ticket in books.tickets for ref in (ticket.id, *ticket.keys)}
        papers = []
        for spot in self._spots:
            for paper in spot.printer.tickets:
                ref = ref_of(paper)
                if ref is None:
                    papers += self._torn(reader, paper, spot.name)
                    continue
                labels = reader.labels_on(paper.image, tickets[ref].labels if ref in tickets else ())
                marked = reader.is_marked(paper.image)
                papers.append(PaperOut(kiosk=spot.name, ref=ref, labels=labels, marked=marked))
        return papers

    def _torn(self, reader: PaperReader, paper: PrintedTicket, kiosk: str) -> list[PaperOut]:
        """A strip without its QR: the roll ended or the power failed. The number on it, if any, must be good."""
        refs = {shown.label: shown.ref for shown in self._seen.shown if shown.visit.startswith(f"{kiosk}.")}
        return [
            PaperOut(kiosk=kiosk, ref=refs[label], labels=(label,), marked=False, torn=True)
            for label in reader.labels_on(paper.image, refs)
        ]


def told(proof: Proof, size: Size, texts: Catalogue) -> str:
    """The table in both languages, and what was found."""
    return "\n".join([*_table(proof, size, texts, Language.VI), "", *_table(proof, size, texts, Language.EN)])


def _table(proof: Proof, size: Size, texts: Catalogue, language: Language) -> list[str]:
    figures = json.loads(proof.as_json())
    lines = [texts.text("prove.heading", language, kiosks=size.kiosks, kills=proof.kills)]
    names = {name: texts.text(f"prove.figure.{name}", language) for name in figures}
    width = max(len(name) for name in names.values())
    lines += [f"  {names[name]:<{width}}  {figures[name]:>8}" for name in figures]
    lines += [f"  ! {finding}" for finding in proof.findings[:FINDINGS_SHOWN]]
    if not proof.account.issued:
        lines.append(texts.text("prove.nothing_given", language))
    if not proof.settled:
        lines.append(texts.text("prove.not_settled", language))
    return [*lines, texts.text("prove.holds" if proof.holds else "prove.fails", language)]
