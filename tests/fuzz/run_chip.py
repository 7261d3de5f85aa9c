"""Fuzzes the parsers of chips by mutation: `python tests/fuzz/run_chip.py [PARSER …] --inputs 100000`.

An exception that is no `ChipError`, a promise broken, or an input that takes longer than the limit is printed with the
input (all inputs are made up), and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]  # as pytest has them; a script has only its own folder

from fuzz.chip_inputs import inputs, seeds  # noqa: E402
from fuzz.chip_parsers import CHIP_PARSERS, feed  # noqa: E402

LIMIT_MS = 50.0
_RETRIES = 5


@dataclass
class Outcome:
    """What one run found. Times are the processor's; `slowest_ms` is the best of several tries."""

    parser: str
    inputs: int = 0
    taken: int = 0
    failures: list[str] = field(default_factory=list)
    slowest_ms: float = 0.0
    slowest_bytes: int = 0
    total_s: float = 0.0


def run(parser: str, count: int, seed: int, *, limit_ms: float = LIMIT_MS) -> Outcome:
    """Give `count` inputs to one parser."""
    outcome = Outcome(parser=parser)
    for data in islice(inputs(parser, seed), count):
        outcome.inputs += 1
        _try(outcome, data, limit_ms)
    return outcome


def _try(outcome: Outcome, data: bytes, limit_ms: float) -> None:
    try:
        taken, took_ms = _timed(outcome.parser, data)
        outcome.taken += taken
        outcome.total_s += took_ms / 1000
        if took_ms <= outcome.slowest_ms:
            return
        took_ms = min(took_ms, *(_timed(outcome.parser, data)[1] for _ in range(_RETRIES)))
    except Exception as error:  # noqa: BLE001 - finding any is what this is for
        outcome.failures.append(f"{outcome.parser}: {type(error).__name__}: {error} for {data.hex()}")
        return
    if took_ms > outcome.slowest_ms:
        outcome.slowest_ms, outcome.slowest_bytes = took_ms, len(data)
        if took_ms > limit_ms:
            outcome.failures.append(f"{outcome.parser}: {took_ms:.2f} ms for {data.hex()}")


def _timed(parser: str, data: bytes) -> tuple[bool, float]:
    begun = time.thread_time()  # of the processor: what others do on the machine is no fault of a parser
    taken = feed(parser, data)
    return taken, (time.thread_time() - begun) * 1000


def row(outcome: Outcome) -> str:
    mean_us = outcome.total_s / max(1, outcome.inputs) * 1e6
    return (
        f"{outcome.parser:<16} {outcome.inputs:>9,} {outcome.taken:>9,} {mean_us:>9.1f} {outcome.slowest_ms:>9.2f} "
        f"{outcome.slowest_bytes:>7,} {len(outcome.failures):>8}"
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parsers", nargs="*", metavar="PARSER", help=", ".join(CHIP_PARSERS))
    arguments.add_argument("--inputs", type=int, default=100_000, help="how many to each (%(default)s)")
    arguments.add_argument("--seed", type=int, default=20261122, help="of the generator (%(default)s)")
    args = arguments.parse_args()
    failures = []
    sys.stdout.write("parser              inputs     taken   mean µs  worst ms   bytes failures\n")
    for parser in args.parsers or CHIP_PARSERS:
        seeds(parser)
        outcome = run(parser, args.inputs, args.seed)
        failures += outcome.failures
        sys.stdout.write(f"{row(outcome)}\n")
        sys.stdout.flush()
    sys.stderr.writelines(f"{failure[:2000]}\n" for failure in failures[:20])
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
