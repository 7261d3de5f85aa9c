"""The wheel: what is in it, and that it lives alone in its environment although its names are generic."""

from __future__ import annotations

import csv
import subprocess
from importlib.metadata import Distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from support.fresh_environment import make_environment, run_time_distributions

OURS = ("kiosk", "devices", "ui", "config")


def names_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_our_packages_is_in_the_wheel(wheel: Path, repository: Path) -> None:
    here = {
        path.relative_to(repository).as_posix()
        for package in OURS
        for path in (repository / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert here - names_in(wheel) == set()
    assert {Path(name).suffix for name in here} >= {".py", ".toml", ".sql", ".qml"}


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names_in(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(OURS)


def test_the_wheel_can_not_be_published_by_mistake(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        assert "Classifier: Private :: Do Not Upload" in archive.read(metadata).decode()


def test_our_folders_that_are_no_packages_stay_unimportable(repository: Path) -> None:
    """`packaging/__init__.py` would shadow PyPI's packaging; `tests/ui/__init__.py` would shadow our ui in tests."""
    unwanted = [repository / "packaging", *(repository / "tests" / name for name in (*OURS, "packaging"))]
    assert [folder for folder in unwanted if (folder / "__init__.py").exists()] == []


def owned_names(record: str) -> set[str]:
    """Top-level names a distribution's RECORD lists, without folders of metadata and files outside site-packages."""
    tops = {path.split("/")[0] for path, *_ in csv.reader(record.splitlines())}
    return {top.removesuffix(".py") for top in tops if not top.endswith((".dist-info", ".data")) and top != ".."}


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_environment(tmp_path_factory.mktemp("environment"), wheel, ["hub", "kiosk"])


def test_no_other_distribution_owns_our_names(environment: Path) -> None:
    (packages,) = environment.parents[1].glob("lib/python*/site-packages")
    owners = {
        str(info.name).split("-")[0]: owned_names((info / "RECORD").read_text(encoding="utf-8"))
        for info in packages.glob("*.dist-info")
    }
    assert owners.pop("tiepdon") == set(OURS)
    assert len(owners) > 30, "the environment does not hold our dependencies"
    assert {name: tops & set(OURS) for name, tops in owners.items() if tops & set(OURS)} == {}


def test_the_environment_is_the_whole_and_consistent(environment: Path, tmp_path: Path) -> None:
    """Started away from the sources, so that what runs is what was installed."""
    command = [str(environment.with_name("tiepdon")), "--help"]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60)
    assert "hub" in told.stdout
    whence = "import kiosk, devices, ui, config; print(*(m.__file__ for m in (kiosk, devices, ui, config)), sep='\\n')"
    told = subprocess.run(
        [str(environment), "-P", "-c", whence], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
    )
    assert all("site-packages" in line for line in told.stdout.splitlines())


IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, '__path__', []), name + "."):
        importlib.import_module(module.name)
"""


@pytest.mark.parametrize(
    ("extra", "packages", "absent"),
    [
        ("hub", ["kiosk.hub", "kiosk.services", "kiosk.storage", "kiosk.insurance", "kiosk.app.hub"], "PySide6"),
        ("kiosk", ["ui", "devices", "kiosk.station", "kiosk.domain", "kiosk.storage.outbox"], "litestar"),
    ],
)
def test_hub_and_kiosk_each_run_without_the_parts_of_the_other(
    wheel: Path, tmp_path: Path, extra: str, packages: list[str], absent: str
) -> None:
    python = make_environment(tmp_path / "environment", wheel, [extra])
    missing = subprocess.run([str(python), "-c", f"import {absent}"], capture_output=True, check=False, timeout=60)
    assert b"ModuleNotFoundError" in missing.stderr
    told = subprocess.run(
        [str(python), "-P", "-c", IMPORT_ALL, *packages],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
    )
    assert told.returncode == 0, told.stderr


def test_the_closure_of_dependencies_is_really_walked() -> None:
    def names(*extras: str) -> set[str]:
        return {needed.name.lower() for needed in run_time_distributions(extras)}

    assert {"litestar", "msgspec", "attrs"} <= names("hub")
    assert "pyside6_essentials" not in names("hub")
    assert "pytest" not in names("hub", "kiosk")
    assert all(isinstance(needed, Distribution) for needed in run_time_distributions(["kiosk"]))
