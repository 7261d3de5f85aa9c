"""The bench runs, measures and checks its own numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).with_name("issue.py")


def test_the_issue_bench_prints_rates_beside_the_flush_rate_and_finds_no_gap(tmp_path: Path) -> None:
    command = [sys.executable, str(BENCH), "--seconds", "0.3", "--flush-ms", "1", "--folder", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("flush rate of this disk: ")
    rows = [line.split() for line in lines[2:5]]
    assert [int(row[0]) for row in rows] == [1, 8, 32]
    assert all(float(row[1].replace(",", "")) > 0 for row in rows)
    assert lines[5].endswith("tickets: no duplicate, no gap")
