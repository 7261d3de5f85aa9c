"""Many simulated days at once, and what came of them.

    python tests/simulation/simulate_days.py [--seeds 20000] [--first 0] [--jobs 2]

Prints the sums every 500 days and at the end, every finding with its seed before. Exit code 1 where there is any.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

CHUNK = 25


@dataclass(frozen=True, kw_only=True)
class Days:
    """Sums over simulated days; `findings` as "seed 7: lost: …". `told` are numbers that nobody has seen and of which
    staff were told so."""

    days: int = 0
    papers: int = 0
    offline: int = 0
    tickets: int = 0
    kills: int = 0
    told: int = 0
    worst_s: float = 0.0
    findings: tuple[str, ...] = ()

    def plus(self, other: Days) -> Days:
        return Days(
            days=self.days + other.days,
            papers=self.papers + other.papers,
            offline=self.offline + other.offline,
            tickets=self.tickets + other.tickets,
            kills=self.kills + other.kills,
            told=self.told + other.told,
            worst_s=max(self.worst_s, other.worst_s),
            findings=(*self.findings, *other.findings),
        )


def simulate(first: int, count: int) -> Days:
    """The days of seeds `first` … in this process."""
    from sim_world import run_world

    logging.disable(logging.CRITICAL)
    days = Days()
    for seed in range(first, first + count):
        outcome = run_world(seed)
        days = days.plus(
            Days(
                days=1,
                papers=outcome.papers,
                offline=outcome.offline,
                tickets=outcome.tickets,
                kills=outcome.kills,
                told=outcome.told,
                worst_s=outcome.worst_s,
                findings=tuple(f"seed {seed}: {finding}" for finding in outcome.findings),
            )
        )
    return days


def simulated(first: int, seeds: int, jobs: int) -> Iterator[Days]:
    """The same in `jobs` processes, as they are done."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        starts = range(first, first + seeds, CHUNK)
        counts = (min(CHUNK, first + seeds - start) for start in starts)
        yield from pool.map(simulate, starts, counts)


def summed(parts: Iterable[Days]) -> Days:
    total = Days()
    for part in parts:
        total = total.plus(part)
    return total


def said(total: Days) -> str:
    return (
        f"{total.days} days: {total.tickets} tickets, {total.papers} papers, {total.offline} given without the hub,"
        f" {total.kills} kills, longest wait {total.worst_s:.2f} s, {total.told} numbers that nobody saw and staff were"
        f" told of ({1000 * total.told / total.days:.0f} in 1,000 days), {len(total.findings)} findings"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    begun_s = time.monotonic()
    total = Days()
    for part in simulated(args.first, args.seeds, args.jobs):
        total = total.plus(part)
        for finding in part.findings:
            sys.stdout.write(finding + "\n")
        if total.days % 500 < CHUNK or total.days == args.seeds:
            sys.stdout.write(f"{said(total)}, {time.monotonic() - begun_s:.0f} s\n")
            sys.stdout.flush()
    return 1 if total.findings else 0


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1])]
    sys.exit(main())
