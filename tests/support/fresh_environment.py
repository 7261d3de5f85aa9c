"""New environments that hold our wheel and its locked dependencies, made without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


def run_time_distributions(extras: Iterable[str]) -> Iterator[Distribution]:
    """The installed distributions our wheel needs with `extras`, and those they need, without ourselves."""
    ours = distribution("tiepdon")
    waiting = [Requirement(text) for text in ours.requires or ()]
    wanted = {"", *extras}
    seen: set[tuple[str, frozenset[str]]] = set()
    found: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        if requirement.marker is not None and not any(requirement.marker.evaluate({"extra": e}) for e in wanted):
            continue
        asked = (requirement.name.lower(), frozenset(requirement.extras))
        if asked in seen:
            continue
        seen.add(asked)
        needed = distribution(requirement.name)
        for text in needed.requires or ():
            inner = Requirement(text)
            if inner.marker is None or any(inner.marker.evaluate({"extra": e}) for e in {"", *requirement.extras}):
                inner.marker = None
                waiting.append(inner)
        if needed.name not in found:
            found.add(needed.name)
            yield needed


def make_environment(folder: Path, wheel: Path, extras: Iterable[str]) -> Path:
    """A new environment in `folder` with our wheel and what those extras need; answers its Python.

    The dependencies are the locked, installed ones, put there file by file as their RECORDs list them; the wheel is
    installed by pip as on a hospital's machine.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    python = folder / "bin" / "python"
    (packages,) = (folder / "lib").glob("python*/site-packages")
    for needed in run_time_distributions(extras):
        for file in needed.files or ():
            if ".." not in file.parts and file.suffix != ".pyc":
                target = packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                _place(Path(str(file.locate())), target)
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return python


def _place(source: Path, target: Path) -> None:
    """A hard link where the file system allows it: the environment weighs some 500 MB."""
    try:
        os.link(source, target)
    except OSError:
        target.symlink_to(source)
