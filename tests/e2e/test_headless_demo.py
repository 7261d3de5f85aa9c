"""The whole main job as a newcomer sees it: one command, no screen, no environment variable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

VISITS = 3


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    out = tmp_path_factory.mktemp("demo")
    bare = {"PATH": os.environ["PATH"], "HOME": str(out)}
    command = [sys.executable, "-m", "kiosk.app.cli", "demo", "--headless", "--out", str(out)]
    return subprocess.run(command, env=bare, capture_output=True, text=True, timeout=90, check=False), out


def summary(out: Path) -> dict[str, object]:
    return json.loads((out / "summary.json").read_text("utf-8"))


def test_it_ends_well(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    process, out = played
    assert process.returncode == 0, process.stderr + (out / "summary.json").read_text("utf-8")


def test_every_visit_ends_with_a_number_a_next_step_and_paper(
    played: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    visits = summary(played[1])["visits"]
    assert [visit["label"] for visit in visits] == ["A001", "A002", "A003"]
    assert all(visit["next_step"] and visit["printed"] for visit in visits)
    assert [visit["outcome"] for visit in visits][:2] == ["ok", "fix_input"]


def test_the_first_patients_card_is_read_and_genuine(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    assert [visit["chip"] for visit in summary(played[1])["visits"]] == ["authentic", None, None]


def test_the_first_ticket_is_called_on_the_board(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    assert summary(played[1])["called"] == "A001"


def test_every_ticket_left_a_picture_and_its_bytes_and_its_code_can_be_read(
    played: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    tickets = sorted((played[1] / "tickets").glob("*.png"))
    assert len(tickets) == VISITS
    for ticket in tickets:
        (code,) = zxingcpp.read_barcodes(Image.open(ticket).convert("L"))
        assert code.text.startswith("TD:")
        assert ticket.with_suffix(".bin").stat().st_size > 1000


def test_there_is_a_picture_of_every_step(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    names = "\n".join(path.name for path in (played[1] / "pictures").glob("*.png"))
    for step in (
        "welcome",
        "present",
        "confirm",
        "choose_service",
        "ticket",
        "enter_number",
        "paper-out",
        "board-call",
    ):
        assert step in names


def test_nothing_personal_is_told_on_the_way(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    process, _ = played
    told = process.stdout + process.stderr
    assert all(word not in told for word in ("Nguyễn", "001090123456", "password", "token="))
