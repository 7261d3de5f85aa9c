"""packaging/set-up.sh: installs only what is missing, says what an administrator has to do, and then stays quiet."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPTS = ("run", "test", ".ci/run", "packaging/set-up.sh", "packaging/lock.sh")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_sound_shell(repository: Path, script: str) -> None:
    subprocess.run(["bash", "-n", str(repository / script)], check=True, timeout=10)


@pytest.mark.parametrize("script", [s for s in SCRIPTS if not s.endswith("set-up.sh")])
def test_a_script_can_be_called(repository: Path, script: str) -> None:
    assert os.access(repository / script, os.X_OK)


class Machine:
    """A repository of three files and a machine that has only what it is told to have."""

    def __init__(self, folder: Path, repository: Path) -> None:
        self.root = folder / "root"
        self.programs = folder / "bin"
        self.calls = folder / "calls"
        (self.root / "packaging").mkdir(parents=True)
        self.programs.mkdir()
        self.calls.touch()
        shutil.copy(repository / "packaging" / "set-up.sh", self.root / "packaging")
        (self.root / "packaging" / "debian-packages.txt").write_text("# group\ngcc\n\nswig # build\n", encoding="utf-8")
        (self.root / "requirements.lock").write_text("six==1.17.0\n", encoding="utf-8")
        (self.root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")

    def give(self, program: str, script: str = "") -> None:
        """Put a program on the PATH that notes its call and does `script`."""
        path = self.programs / program
        path.write_text(f'#!/bin/sh\necho "{program} $*" >>"{self.calls}"\n{script}\n', encoding="utf-8")
        path.chmod(0o755)

    def has_packages(self, *packages: str) -> None:
        self.give("dpkg-query", "\n".join(f"echo 'installed {package}'" for package in packages))

    def do(self, function: str, user_id: int = 0) -> subprocess.CompletedProcess[str]:
        self.give("id", f"echo {user_id}")
        for program in ("bash", "sed", "sort", "comm", "xargs", "cat", "sha256sum", "cut", "rm", "env", "sh", "echo"):
            if not (self.programs / program).exists():
                (self.programs / program).symlink_to(str(shutil.which(program)))
        script = f'set -euo pipefail; . "$root/packaging/set-up.sh"; python_packages() {{ :; }}; {function}'
        return subprocess.run(
            ["bash", "-c", script],
            env={"PATH": str(self.programs), "root": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def called(self, program: str) -> list[str]:
        lines = self.calls.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith(f"{program} ")]


@pytest.fixture
def machine(tmp_path: Path, repository: Path) -> Machine:
    return Machine(tmp_path, repository)


def test_nothing_is_installed_when_nothing_is_missing(machine: Machine) -> None:
    machine.has_packages("gcc", "swig")
    machine.give("apt-get")
    assert machine.do("install_debian_packages").returncode == 0
    assert machine.called("apt-get") == []


def test_only_missing_packages_are_installed(machine: Machine) -> None:
    machine.has_packages("gcc")
    machine.give("apt-get")
    told = machine.do("install_debian_packages")
    assert told.returncode == 0, told.stderr
    assert [call.split()[1:] for call in machine.called("apt-get")] == [
        ["-q", "update"],
        ["-q", "-y", "install", "--no-install-recommends", "swig"],
    ]


def test_without_root_sudo_is_asked(machine: Machine) -> None:
    machine.has_packages("gcc")
    machine.give("apt-get")
    machine.give("sudo", '"$@"')
    assert machine.do("install_debian_packages", user_id=1000).returncode == 0
    assert any("install" in call and call.endswith(" swig") for call in machine.called("apt-get"))
    assert len(machine.called("sudo")) == 2


def test_without_root_and_sudo_the_administrators_line_is_told(machine: Machine) -> None:
    machine.has_packages()
    machine.give("apt-get")
    told = machine.do("install_debian_packages", user_id=1000)
    assert told.returncode == 1
    assert "apt-get install --no-install-recommends gcc swig\n" in told.stderr


def test_on_another_system_than_debian_the_reason_is_told(machine: Machine) -> None:
    told = machine.do("install_debian_packages")
    assert told.returncode == 1
    assert "Debian 12" in told.stderr


def test_without_a_network_the_old_package_lists_are_tried(machine: Machine) -> None:
    machine.has_packages("gcc")
    machine.give("apt-get", '[ "$2" != update ]')
    told = machine.do("install_debian_packages")
    assert told.returncode == 0
    assert "update failed" in told.stderr


def test_a_failed_installation_ends_the_set_up(machine: Machine) -> None:
    machine.has_packages("gcc")
    machine.give("apt-get", "exit 100")
    told = machine.do("install_debian_packages")
    assert told.returncode == 1
    assert "again" in told.stderr


PYTHON = """
case "$*" in
*sys.version_info*) exit 0 ;;
*sys.version,*) echo 3.11 ;;
"-m venv "*) mkdir -p "$root/.venv/bin" && cp "$0" "$root/.venv/bin/python" ;;
*--editable*) : >"$root/.venv/bin/tiepdon" && chmod +x "$root/.venv/bin/tiepdon" ;;
esac
"""


def test_python_packages_are_installed_once_and_again_only_after_a_change(machine: Machine) -> None:
    machine.give("python3.11", PYTHON)
    for program in ("mkdir", "cp", "chmod"):
        (machine.programs / program).symlink_to(str(shutil.which(program)))

    def installs() -> int:
        told = machine.do("install_python_packages")
        assert told.returncode == 0, told.stderr
        return sum("--require-hashes" in call for call in machine.calls.read_text(encoding="utf-8").splitlines())

    assert installs() == 1
    assert installs() == 1
    (machine.root / "requirements.lock").write_text("six==1.18.0\n", encoding="utf-8")
    assert installs() == 2


def test_without_a_fitting_python_the_reason_is_told(machine: Machine) -> None:
    machine.give("python3.11", "exit 1")
    told = machine.do("find_python() { :; }; install_python_packages")
    assert told.returncode == 1
    assert "Debian 12" in told.stderr
