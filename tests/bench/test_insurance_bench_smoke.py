"""The insurance bench runs, and finds no redundant question and no token too many."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).with_name("insurance.py")


def test_the_insurance_bench_measures_and_finds_nothing_redundant() -> None:
    command = [sys.executable, str(BENCH), "--lookups", "200", "--people", "60", "--kiosks", "5"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "look-ups at 5 kiosks" in result.stdout
    assert "1.000 questions each" in result.stdout
