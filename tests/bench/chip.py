"""How long a chip takes to read, and where the time goes.

    tests/bench/chip.py [--runs N] [--profile NAME] [--link NAME]

Reads an emulated citizen card (photo of 15 kB) whole and judges it: at once, and behind a modelled link that is really
waited for. Prints Markdown: for each link and APDU form the commands, bytes and times, then the same by step. The
emulated card computes in this process too: "card" is its share, "link" what was waited, "reader" the rest.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from devices.chip.judge import Judge
from devices.chip.reader import ReadOptions, read_chip
from devices.chip.trust_files import load_trust
from devices.chip.trust_store import TrustStore
from devices.chip.values import Progress, ReadingEvent, Stage, TextRead, Verdict
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.link_models import LinkSpeed, SlowCard
from devices.emulators.chip.personalisation import draft_card, image_of
from devices.emulators.chip.variants import PROFILES

TODAY = date(2026, 6, 15)
FORMS = {"short": {}, "extended": {"max_command_bytes": 65_544, "max_answer_bytes": 65_538}}
LINKS = {
    "instant": None,
    "10 ms + 424 kbit/s": LinkSpeed(bit_rate_kbit_s=424),
    "10 ms + 106 kbit/s": LinkSpeed(bit_rate_kbit_s=106),
}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Where a reading stood when a step began."""

    name: str
    at_s: float
    apdus: int
    sent_bytes: int
    card_s: float
    link_s: float


class Meter:
    """Stands between reader and card: counts, times, and notes the steps it is told of."""

    def __init__(self, chip: EmulatedChip, speed: LinkSpeed | None) -> None:
        self._chip = chip
        self._card = chip if speed is None else SlowCard(chip, speed, self._wait)
        self._apdus = self._bytes = 0
        self._inside_s = self._link_s = 0.0
        self.marks: list[Mark] = []

    def transmit(self, command: bytes) -> bytes:
        begun = time.perf_counter()
        answer = self._card.transmit(command)
        self._inside_s += time.perf_counter() - begun
        self._apdus += 1
        self._bytes += len(command) + len(answer)
        return answer

    def listen(self, event: ReadingEvent) -> None:
        if isinstance(event, TextRead):
            self.mark("text told")
        elif isinstance(event, Progress) and (not self.marks or self.marks[-1].name != event.stage):
            known = {mark.name for mark in self.marks}
            if event.stage not in known:
                self.mark(event.stage)

    def mark(self, name: str) -> None:
        self.marks.append(
            Mark(
                name=name,
                at_s=time.perf_counter(),
                apdus=self._apdus,
                sent_bytes=self._bytes,
                card_s=self._inside_s - self._link_s,
                link_s=self._link_s,
            )
        )

    def _wait(self, seconds: float) -> None:
        begun = time.perf_counter()
        time.sleep(seconds)
        self._link_s += time.perf_counter() - begun


def measure(profile: str, link: str, form: str, trust: TrustStore, issuer: Issuer) -> list[Mark]:
    """The marks of one reading, `start` first and `done` last."""
    citizen = CITIZENS[0]
    draft = draft_card(citizen, PROFILES[profile], issuer)
    meter = Meter(EmulatedChip(image_of(draft), draft.manners), LINKS[link])
    meter.mark("start")
    options = ReadOptions(today=TODAY, **FORMS[form])
    keys = (citizen.can, citizen.mrz_key)
    record = read_chip(meter.transmit, keys, options, Judge(trust, TODAY).judge, meter.listen)
    assert record.judgement.verdict is Verdict.AUTHENTIC
    if meter.marks[-1].name != Stage.DONE:
        meter.mark(Stage.DONE)
    return meter.marks


def median_run(runs: Sequence[list[Mark]]) -> list[Mark]:
    """The run whose whole time is the median."""
    return sorted(runs, key=_whole_s)[len(runs) // 2]


def _whole_s(marks: Sequence[Mark]) -> float:
    return marks[-1].at_s - marks[0].at_s


def print_totals(found: dict[tuple[str, str], list[list[Mark]]]) -> None:
    print("| link | APDUs | commands | bytes | text told s | whole s | slowest s | card s | link s | reader s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for (link, form), runs in found.items():
        marks = median_run(runs)
        start, end = marks[0], marks[-1]
        text = next(mark for mark in marks if mark.name == "text told")
        whole = _whole_s(marks)
        parts = [end.card_s, end.link_s, whole - end.card_s - end.link_s]
        slowest = max(map(_whole_s, runs))
        times = [text.at_s - start.at_s, whole, slowest, *parts]
        print(f"| {link} | {form} | {end.apdus} | {end.sent_bytes:,} | {' | '.join(f'{t:.3f}' for t in times)} |")


def print_steps(found: dict[tuple[str, str], list[list[Mark]]]) -> None:
    print("| link | APDUs | step | commands | bytes | s | card s | link s | reader s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for (link, form), runs in found.items():
        marks = median_run(runs)
        for begun, ended in itertools.pairwise(marks):
            if ended.apdus == begun.apdus:
                continue
            whole, card, waited = (
                ended.at_s - begun.at_s,
                ended.card_s - begun.card_s,
                ended.link_s - begun.link_s,
            )
            counted = f"{ended.apdus - begun.apdus} | {ended.sent_bytes - begun.sent_bytes:,}"
            times = " | ".join(f"{value:.3f}" for value in (whole, card, waited, whole - card - waited))
            print(f"| {link} | {form} | {begun.name} | {counted} | {times} |")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="readings of each kind (%(default)s)")
    parser.add_argument("--profile", default="citizen", choices=PROFILES, metavar="NAME", help="(%(default)s)")
    parser.add_argument("--link", action="append", choices=LINKS, metavar="NAME", help="which links (all)")
    args = parser.parse_args(arguments)
    issuer = Issuer(PROFILES[args.profile].signing)
    with tempfile.TemporaryDirectory() as folder:
        issuer.write_trust_folder(Path(folder))
        trust = load_trust(Path(folder)).store
    found = {
        (link, form): [measure(args.profile, link, form, trust, issuer) for _ in range(args.runs)]
        for link in args.link or LINKS
        for form in FORMS
    }
    print_totals(found)
    print()
    print_steps(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
