"""The chip bench runs, and the reading keeps to its budget of commands."""

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).with_name("chip.py")
MOST_COMMANDS = {"short": 100, "extended": 30}


def test_the_chip_bench_counts_commands_within_the_budget():
    command = [sys.executable, str(BENCH), "--runs", "1", "--link", "instant"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    totals, steps = (
        [line.strip("| ").split(" | ") for line in part.splitlines()[2:]] for part in result.stdout.split("\n\n")
    )
    assert {row[1] for row in totals} == set(MOST_COMMANDS)
    for row in totals:
        assert int(row[2]) <= MOST_COMMANDS[row[1]]
    for form in MOST_COMMANDS:
        assert sum(int(row[3]) for row in steps if row[1] == form) == int(next(r[2] for r in totals if r[1] == form))
        assert {"opening", "text", "proving", "photo"} <= {row[2] for row in steps if row[1] == form}
