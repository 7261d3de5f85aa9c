"""Fuzzes every parser of payloads: `python tests/fuzz/run.py --inputs 1000000`.

Every input goes to every parser. An exception that a parser does not declare, a promise that it breaks, or an input
that takes it longer than the limit is printed with the input (all inputs are made up), and the exit code is 1.
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

from fuzz.mutations import inputs  # noqa: E402
from fuzz.parsers import PARSERS  # noqa: E402

LIMIT_MS = 5.0
_RETRIES = 5


@dataclass
class Outcome:
    """What one run found. `slowest_ms` by parser is the best of several tries: this process also waits for others."""

    inputs: int = 0
    failures: list[str] = field(default_factory=list)
    slowest_ms: dict[str, float] = field(default_factory=dict)
    slowest_input: dict[str, bytes] = field(default_factory=dict)
    total_s: dict[str, float] = field(default_factory=dict)


def run(count: int, seed: int, *, limit_ms: float = LIMIT_MS) -> Outcome:
    """Give `count` inputs to every parser."""
    outcome = Outcome(slowest_ms=dict.fromkeys(PARSERS, 0.0), total_s=dict.fromkeys(PARSERS, 0.0))
    for data in islice(inputs(seed), count):
        outcome.inputs += 1
        for name in PARSERS:
            _try(outcome, name, data, limit_ms)
    return outcome


def _try(outcome: Outcome, name: str, data: bytes, limit_ms: float) -> None:
    try:
        took_ms = _took_ms(name, data)
        outcome.total_s[name] += took_ms / 1000
        if took_ms <= outcome.slowest_ms[name]:
            return
        took_ms = min(took_ms, *(_took_ms(name, data) for _ in range(_RETRIES)))
    except Exception as error:  # noqa: BLE001 - finding any is what this is for
        outcome.failures.append(f"{name}: {type(error).__name__}: {error} for {data!r}")
        return
    if took_ms > outcome.slowest_ms[name]:
        outcome.slowest_ms[name], outcome.slowest_input[name] = took_ms, data
        if took_ms > limit_ms:
            outcome.failures.append(f"{name}: {took_ms:.2f} ms for {data!r}")


def _took_ms(name: str, data: bytes) -> float:
    begun = time.perf_counter()
    PARSERS[name](data)
    return (time.perf_counter() - begun) * 1000


def report(outcome: Outcome, seed: int, took_s: float) -> str:
    """The run as a table."""
    lines = [
        f"{outcome.inputs:,} inputs to each of {len(PARSERS)} parsers, seed {seed}, {took_s:.0f} s: "
        f"{len(outcome.failures)} failures",
        "parser             mean µs   worst ms   worst input, bytes",
    ]
    for name, slowest_ms in outcome.slowest_ms.items():
        mean_us = outcome.total_s[name] / max(1, outcome.inputs) * 1e6
        lines.append(f"{name:<18} {mean_us:>7.1f} {slowest_ms:>10.3f} {len(outcome.slowest_input.get(name, b'')):>20}")
    return "\n".join([*lines, ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=20261122, help="of the generator (%(default)s)")
    args = parser.parse_args()
    begun = time.perf_counter()
    outcome = run(args.inputs, args.seed)
    sys.stdout.write(report(outcome, args.seed, time.perf_counter() - begun))
    sys.stderr.writelines(f"{failure[:600]}\n" for failure in outcome.failures[:20])
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
