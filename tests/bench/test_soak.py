"""Soaks: a taste of one in every test, the whole of them with --long."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def ran(script: str, *arguments: str, timeout_s: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False)


def test_a_soak_over_two_short_days_ends_with_every_number_and_a_plot(tmp_path: Path) -> None:
    size = ("--days", "2", "--tickets", "40", "--kiosks", "2", "--boards", "3", "--plot", str(tmp_path / "soak.svg"))
    done = ran("soak.py", *size, "--sample-every", "20", timeout_s=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "soak.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.long
@pytest.mark.timeout(2 * 3600)
def test_ten_days_of_five_thousand_tickets_leave_memory_and_descriptors_flat() -> None:
    done = ran("soak.py", timeout_s=2 * 3600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_thousand_rendered_visits_leave_memory_and_descriptors_flat() -> None:
    done = ran("rendered_visits.py", timeout_s=3600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
