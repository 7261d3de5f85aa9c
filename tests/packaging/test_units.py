"""Units, users and device rules, checked by systemd's and udev's own tools."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

MOST_EXPOSURE = 3.0


@pytest.fixture
def units(repository: Path, tmp_path: Path) -> Path:
    """The units with programs that exist here, since neither we nor the compositor are installed at their places."""
    (tmp_path / "seatd.service").write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    for unit in (repository / "packaging" / "systemd").glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        text = re.sub(r"/opt/tiepdon/\.venv/bin/tiepdon|/usr/bin/cage", "/bin/true", text)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8", **environment},
    )


@pytest.mark.parametrize("unit", ["tiepdon-hub.service", "tiepdon-kiosk.service"])
def test_systemd_finds_nothing_wrong_with_a_unit(units: Path, unit: str) -> None:
    told = run("systemd-analyze", "verify", "--man=no", units / unit, SYSTEMD_UNIT_PATH=f"{units}:")
    assert (told.returncode, told.stdout) == (0, "")


def test_systemd_finds_a_mistake_in_a_unit(units: Path) -> None:
    unit = units / "tiepdon-hub.service"
    unit.write_text(unit.read_text(encoding="utf-8").replace("WatchdogSec=30", "WatchdogSek=30"), encoding="utf-8")
    told = run("systemd-analyze", "verify", "--man=no", unit, SYSTEMD_UNIT_PATH=f"{units}:")
    assert "WatchdogSek" in told.stdout


@pytest.mark.parametrize("unit", ["tiepdon-hub.service", "tiepdon-kiosk.service"])
def test_a_units_sandbox_leaves_little_exposed(units: Path, unit: str) -> None:
    told = run("systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSURE * 10:.0f}", units / unit)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("unit", ["tiepdon-hub.service", "tiepdon-kiosk.service"])
def test_a_unit_is_watched_and_always_comes_back(repository: Path, unit: str) -> None:
    text = (repository / "packaging" / "systemd" / unit).read_text(encoding="utf-8")
    for line in ("Type=notify", "Restart=always", "StartLimitIntervalSec=0"):
        assert f"\n{line}\n" in text
    assert re.search(r"^WatchdogSec=\d+$", text, re.MULTILINE)


def test_the_kiosk_can_reach_systemd_from_inside_the_compositor(repository: Path) -> None:
    text = (repository / "packaging" / "systemd" / "tiepdon-kiosk.service").read_text(encoding="utf-8")
    assert "\nNotifyAccess=all\n" in text
    assert not re.search(r"^PAMName=", text, re.MULTILINE), "a login session cuts the way to systemd"


@pytest.mark.parametrize("unit", ["tiepdon-hub.service", "tiepdon-kiosk.service"])
def test_the_command_of_a_unit_exists(repository: Path, unit: str) -> None:
    text = (repository / "packaging" / "systemd" / unit).read_text(encoding="utf-8")
    found = re.search(r"^ExecStart=.*/tiepdon (\w+) (.*)$", text, re.MULTILINE)
    assert found is not None
    told = run(repository / ".venv" / "bin" / "tiepdon", found[1], "--help")
    assert told.returncode == 0, told.stdout
    for option in re.findall(r"--[a-z-]+", found[2]):
        assert option in told.stdout


def test_users_and_folders_are_understood(repository: Path, tmp_path: Path) -> None:
    folder = repository / "packaging" / "systemd"
    told = run("systemd-sysusers", "--dry-run", f"--root={tmp_path}", folder / "tiepdon.sysusers.conf")
    assert told.returncode == 0, told.stdout
    assert "Creating user 'tiepdon'" in told.stdout
    assert "Creating user 'kiosk'" in told.stdout
    told = run("systemd-tmpfiles", "--create", f"--root={tmp_path}", folder / "tiepdon.tmpfiles.conf")
    assert told.returncode == 0, told.stdout
    assert (tmp_path / "etc" / "tiepdon").is_dir()


# udevadm of Debian 12 has no `verify`: `test` reads all rules and tells which lines it does not understand. It reads
# fixed folders, so it runs in a mount namespace with a /run of its own.
READ_RULES = 'mount -t tmpfs none /run && mkdir -p /run/udev/rules.d && cp "$1" /run/udev/rules.d/ && udevadm test "$2"'


def complaints_about(rules: Path) -> list[str]:
    told = run("unshare", "--mount", "sh", "-c", READ_RULES, "sh", rules, "/sys/class/mem/null")
    assert f"Reading rules file: /run/udev/rules.d/{rules.name}" in told.stdout, told.stdout
    return re.findall(rf"/{re.escape(rules.name)}:\d+ .*", told.stdout)


def can_have_a_run_folder_of_its_own() -> bool:
    """Root outside a chroot: a mount namespace needs both."""
    return Path("/sys/class/mem/null").exists() and run("unshare", "--mount", "true").returncode == 0


def test_udev_understands_every_device_rule(repository: Path, tmp_path: Path) -> None:
    if not can_have_a_run_folder_of_its_own():
        pytest.skip("needs root, /sys and no chroot")
    assert complaints_about(repository / "packaging" / "udev" / "70-tiepdon.rules") == []
    wrong = tmp_path / "70-wrong.rules"
    wrong.write_text('SUBSYSTEM=="tty", SYMLNIK+="kiosk/scanner"\n', encoding="utf-8")
    assert len(complaints_about(wrong)) == 1
