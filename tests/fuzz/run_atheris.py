"""Fuzzes one parser with Atheris, led by coverage: `python tests/fuzz/run_atheris.py sod --runs 1000000`.

Parsers of codes and of chips alike. The corpus begins with sound inputs; what libFuzzer keeps of its own goes into the
folder of `--corpus`, to be gone on from. A finding ends the run with its input in a `crash-…` file and exit code 77,
an input slower than `--limit-s` in a `slow-unit-…` or `timeout-…` file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]  # as pytest has them; a script has only its own folder

with atheris.instrument_imports(include=["devices", "kiosk", "asn1crypto"]):
    from fuzz import mutations
    from fuzz.chip_inputs import MAX_INPUT_BYTES, seeds
    from fuzz.chip_parsers import CHIP_PARSERS, feed
    from fuzz.parsers import PARSERS


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parser", choices=(*CHIP_PARSERS, *PARSERS))
    arguments.add_argument("--runs", type=int, default=100_000, help="how many inputs (%(default)s)")
    arguments.add_argument("--seconds", type=int, default=0, help="at most so long; 0: until done (%(default)s)")
    arguments.add_argument("--seed", type=int, default=20261122, help="of the generator (%(default)s)")
    arguments.add_argument(
        "--limit-s", type=int, default=1, help="an input slower than this is a finding (%(default)s)"
    )
    arguments.add_argument("--corpus", type=Path, help="folder to go on from; else one that is thrown away")
    args = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="corpus-") as throwaway:
        corpus = args.corpus or Path(throwaway)
        corpus.mkdir(parents=True, exist_ok=True)
        sound = seeds(args.parser) if args.parser in CHIP_PARSERS else mutations.SEEDS
        for number, seed in enumerate(sound):
            (corpus / f"sound-{number}").write_bytes(seed)
        options = [
            sys.argv[0],
            f"-runs={args.runs}",
            f"-max_total_time={args.seconds}",
            f"-seed={args.seed}",
            f"-timeout={args.limit_s}",
            f"-max_len={MAX_INPUT_BYTES if args.parser in CHIP_PARSERS else mutations.MAX_INPUT_BYTES}",
            "-print_final_stats=1",
            str(corpus),
        ]
        target = PARSERS.get(args.parser) or (lambda data: feed(args.parser, data))
        atheris.Setup(options, lambda data: (target(data), None)[1])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
