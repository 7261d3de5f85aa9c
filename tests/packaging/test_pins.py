"""The pins that keep us from known traps, and that the lock holds what pyproject.toml asks for."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version


def pyproject(repository: Path) -> dict[str, dict[str, object]]:
    with (repository / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def wanted(repository: Path) -> list[Requirement]:
    tables = pyproject(repository)
    lists = [tables["project"]["dependencies"], *tables["project"]["optional-dependencies"].values()]
    return [Requirement(text) for texts in [*lists, tables["dependency-groups"]["dev"]] for text in texts]


def locked(repository: Path) -> dict[str, Version]:
    text = (repository / "requirements.lock").read_text(encoding="utf-8")
    return {name.lower(): Version(given) for name, given in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def test_the_lock_holds_a_fitting_version_of_all_we_ask_for(repository: Path) -> None:
    lock = locked(repository)
    unmet = [str(r) for r in wanted(repository) if lock.get(r.name.lower()) not in r.specifier]
    assert unmet == [], "run packaging/lock.sh"


def test_the_lock_names_no_registry_and_no_path(repository: Path) -> None:
    text = (repository / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"^\s*-.*(?:index|find-links|file:|http).*$|\bfile://|https?://", text, re.MULTILINE) == []


def test_every_locked_package_has_hashes(repository: Path) -> None:
    text = (repository / "requirements.lock").read_text(encoding="utf-8")
    assert len(re.findall(r"^[\w.-]+==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)) == len(locked(repository))


def test_pyside6_stays_below_the_version_that_aborts_python_3_11(repository: Path) -> None:
    (pin,) = (r for r in wanted(repository) if r.name == "PySide6-Essentials")
    assert "6.12.0" not in pin.specifier
    assert Version(version("PySide6-Essentials")) in pin.specifier


EMIT = """
import sys
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rung = Signal(bool)
bell = Bell()
before = sys.getrefcount(True), sys.getrefcount(None)
for _ in range(10_000):
    bell.rung.emit(True)
    bell.setObjectName("x")
lost = max(before[0] - sys.getrefcount(True), before[1] - sys.getrefcount(None))
sys.exit(lost > 100)
"""


def test_ten_thousand_signals_leave_true_and_none_alone() -> None:
    told = subprocess.run([sys.executable, "-c", EMIT], capture_output=True, text=True, check=False, timeout=60)
    assert told.returncode == 0, told.stderr


def test_only_one_opencv_is_locked(repository: Path) -> None:
    """opencv-python brings a second Qt into the process."""
    assert [name for name in locked(repository) if name.startswith("opencv")] == ["opencv-python-headless"]


def test_every_dependency_has_its_reason_written_down(repository: Path) -> None:
    rows = (repository / "docs" / "dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| ([\w.-]+) \|", rows, re.MULTILINE)) - {"package", "---"}
    assert named == {requirement.name for requirement in wanted(repository)}
