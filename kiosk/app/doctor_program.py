"""Is the program whole: its parts, Qt with its system libraries, the fonts, the time zones, a screen?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, distribution, requires
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.app.doctor_findings import Check, Finding, missing, ok, warn

QT_LIMIT_S = 8.0
"""Qt's first start from a slow disk takes several seconds; the other checks wait for nothing longer than 3 s."""
FONT_PACKAGE = "fontpkg_be_vietnam_pro"
FONT_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold", "ExtraBold")
DEFAULT_ZONE = "Asia/Ho_Chi_Minh"

_TRUETYPE_HEAD = b"\x00\x01\x00\x00"
_REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)[^;]*(?:;.*extra == [\"'](?P<extra>[a-z]+)[\"'])?")
_LIBRARY = re.compile(r"(lib[\w.+-]+\.so(?:\.\d+)*)")
_DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon.so.0": "libxkbcommon0",
}


def program_checks(*, kiosk: bool, hub: bool) -> list[Check]:
    """What every command needs, and what the screen faces and the hub need."""
    groups = [name for name, wanted in (("kiosk", kiosk), ("hub", hub)) if wanted]
    checks = [
        Check(name="parts", look=lambda: check_parts(groups)),
        Check(name="time_zone", look=check_time_zone),
    ]
    if kiosk:
        checks += [
            Check(name="qt", look=check_qt, limit_s=QT_LIMIT_S),
            Check(name="fonts", look=check_fonts),
        ]
    return checks


def check_parts(
    groups: Sequence[str], requirements: Callable[[], Sequence[str]] = lambda: requires("tiepdon") or ()
) -> Sequence[Finding]:
    """Every distribution that the program's own metadata names for `groups` is installed."""
    lacking = [name for name in _wanted(requirements(), groups) if not _installed(name)]
    if lacking:
        return missing("part.missing", "set_up", parts=", ".join(lacking))
    return ok("part.complete", python=".".join(map(str, sys.version_info[:3])), groups=" + ".join(["base", *groups]))


def _wanted(requirements: Sequence[str], groups: Sequence[str]) -> list[str]:
    matches = [match for line in requirements if (match := _REQUIREMENT.match(line))]
    return [match["name"] for match in matches if match["extra"] is None or match["extra"] in groups]


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def check_time_zone(zone: str = DEFAULT_ZONE) -> Sequence[Finding]:
    """The hospital's day needs the time zone tables of the system."""
    try:
        offset = datetime(2025, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return missing("time_zone.missing", "install", zone=zone, packages="tzdata")
    return ok("time_zone.there", zone=zone, hours=int((offset or timedelta()).total_seconds() // 3600))


def check_fonts(folder: Traversable | None = None) -> Sequence[Finding]:
    """The type face of screens and tickets; another one may lack Vietnamese letters."""
    source = files(FONT_PACKAGE).joinpath("files") if folder is None else folder
    lacking = [weight for weight in FONT_WEIGHTS if not _is_font(source.joinpath(f"BeVietnamPro-{weight}.ttf"))]
    if lacking:
        return missing("fonts.missing", "set_up", weights=", ".join(lacking))
    return ok("fonts.there", count=len(FONT_WEIGHTS))


def _is_font(file: Traversable) -> bool:
    try:
        with file.open("rb") as content:
            return content.read(len(_TRUETYPE_HEAD)) == _TRUETYPE_HEAD
    except OSError:
        return False


def check_qt() -> Sequence[Finding]:
    """Qt starts without a screen: its libraries and ours are whole."""
    ran = _probe(os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    return ok("qt.starts") if ran.returncode == 0 else _qt_missing("qt", ran)


def check_screen(
    environ: Mapping[str, str] | None = None, *, needed: bool, graphics: Path = Path("/dev/dri")
) -> Sequence[Finding]:
    """Windows can be opened where DISPLAY or WAYLAND_DISPLAY says. `needed`: a kiosk's screen; the demo can do
    without. In a session without screen (ssh) a graphics device is told: the service brings its own compositor."""
    given = dict(os.environ if environ is None else environ)
    if not given.get("DISPLAY") and not given.get("WAYLAND_DISPLAY"):
        if not needed:
            return warn("screen.none", "demo_headless")
        if next(graphics.glob("card*"), None) is not None:
            return warn("screen.only_graphics", "start_screen")
        return missing("screen.none", "start_screen")
    if given.get("QT_QPA_PLATFORM") == "offscreen":
        del given["QT_QPA_PLATFORM"]  # the question is whether the real screen can be used
    ran = _probe(given)
    if ran.returncode == 0:
        return ok("screen.there", size=ran.stdout.strip().splitlines()[-1])
    return _qt_missing("screen", ran)


def _probe(environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "ui.probe"]
    try:
        return subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=QT_LIMIT_S - 0.5, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "time-out")


def _qt_missing(subject: str, ran: subprocess.CompletedProcess[str]) -> Sequence[Finding]:
    """A library's absence by its name and Debian package, else Qt's last words."""
    library = _LIBRARY.search(ran.stderr)
    if library and "cannot open shared object" in ran.stderr:
        package = _DEBIAN_PACKAGES.get(library[1])
        cure = "install" if package else "set_up"
        return missing("qt.library_missing", cure, library=library[1], packages=package or "")
    words = ran.stderr.strip().splitlines()
    return missing(
        f"{subject}.fails", "set_up" if subject == "qt" else "check_screen", detail=words[-1] if words else ""
    )
