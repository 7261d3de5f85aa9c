"""What the machine gives the program: access to device files, and somebody who restarts it when it hangs."""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.app.doctor_findings import Finding, missing, ok, skipped, warn

SYSTEMD_IS_RUNNING = Path("/run/systemd/system")
_SYSTEMCTL_TIMEOUT_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who runs this command: the groups count for the device files it may open."""

    name: str
    is_root: bool
    groups: frozenset[str]

    @classmethod
    def current(cls) -> Account:
        uid = os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)
        return cls(name=name, is_root=uid == 0, groups=frozenset(_group_name(gid) for gid in os.getgroups()))


@dataclass(frozen=True, kw_only=True)
class DeviceFile:
    """A device file that the settings name; `group` is who may usually open such files on Debian."""

    path: Path
    group: str


def check_access(
    devices: Sequence[DeviceFile], account: Account, may_use: Callable[[Path], bool] | None = None
) -> Sequence[Finding]:
    """May `account` open the device files that the settings name?"""
    if account.is_root:
        return skipped("access.root")
    usable = may_use or (lambda path: os.access(path, os.R_OK | os.W_OK))
    lacking = [group for device in devices if (group := _lacking_group(device, account, usable)) is not None]
    if not lacking:
        return ok("access.granted", user=account.name)
    groups = ",".join(dict.fromkeys(lacking))
    return missing("access.denied", "join_groups", user=account.name, groups=groups)


def _lacking_group(device: DeviceFile, account: Account, usable: Callable[[Path], bool]) -> str | None:
    """The group that would help; None when there is access (for a device not plugged in: when its group is there)."""
    try:
        owner = _group_name(device.path.stat().st_gid)
    except OSError:
        return None if device.group in account.groups else device.group
    return None if usable(device.path) else owner if owner != "root" else device.group


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def check_watchdog(unit: str, systemd: Path = SYSTEMD_IS_RUNNING) -> Sequence[Finding]:
    """Is the service installed so that systemd restarts it when it ends or hangs?"""
    if not systemd.is_dir():
        return skipped("watchdog.no_systemd", unit=unit)
    told = _unit_properties(unit)
    if told.get("LoadState") != "loaded":
        return warn("watchdog.not_installed", "install_unit", unit=unit)
    if told.get("WatchdogUSec", "0") in ("0", "infinity"):
        return warn("watchdog.off", "install_unit", unit=unit)
    return ok("watchdog.on", unit=unit, seconds=told["WatchdogUSec"], state=told.get("ActiveState", "?"))


def _unit_properties(unit: str) -> dict[str, str]:
    command = ["systemctl", "show", unit, "--property=LoadState,ActiveState,WatchdogUSec"]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_SYSTEMCTL_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return dict(line.split("=", 1) for line in ran.stdout.splitlines() if "=" in line)
