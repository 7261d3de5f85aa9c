"""A small disk of its own, mounted where no other process of the machine sees it: it can be full, or read-only.

A helper process holds the mount namespace and carries out the orders. Programs under test are started inside it; the
test looks in from outside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

TMPFS = "tmpfs"
EXT4 = "ext4"
_BALLAST = "ballast"
_CHUNK = 64 * 1024


def why_not(kind: str = TMPFS) -> str | None:
    """Why this machine mounts no disk of that kind for a test; null where it does."""
    if kind == EXT4 and os.geteuid() != 0:
        return "an image as a disk needs root"
    missing = [
        tool for tool in ("unshare", "mount", *(["mkfs.ext4"] if kind == EXT4 else [])) if not shutil.which(tool)
    ]
    if missing:
        return f"{', '.join(missing)}: not installed"
    probe = [*_private(), "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    made = subprocess.run(probe, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return f"no mount namespaces here: {made.stderr.strip()}"
    if kind == EXT4:
        found = subprocess.run(["losetup", "--find"], capture_output=True, text=True, check=False)
        return None if found.returncode == 0 else f"no loop device: {found.stderr.strip()}"
    return None


class SmallDisk:
    """`path` is where programs inside find it, `seen` where the test does, `inside` what a command begins with to be
    run inside. `under`: a folder for what it needs. Use as a context; what is on it is gone afterwards."""

    def __init__(self, under: Path, *, size_mb: int = 4, kind: str = TMPFS) -> None:
        self._kind = kind
        self.path = under / "disk"
        self._image = under / "disk.img"
        self.path.mkdir(parents=True)
        self._holder = subprocess.Popen(
            [*_private(), "sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._order("true")  # it is in its namespace from here on
        # SQLite follows links of /proc by name, and would find the folder below the mount
        self.seen = Path(f"/proc/{self._holder.pid}/root{self.path}")
        self.inside = _entering(self._holder.pid)
        if kind == TMPFS:
            self._order(f"mount -t tmpfs -o size={size_mb}m,mode=700 tmpfs {self.path}")
        else:
            self._order(f"truncate -s {size_mb}M {self._image} && mkfs.ext4 -q -m 0 {self._image}")
            self.plug_in()

    def __enter__(self) -> SmallDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.communicate(timeout=10)

    @property
    def free_bytes(self) -> int:
        return shutil.disk_usage(self.seen).free

    def fill(self, *, but_bytes: int = 0) -> None:
        """Another file takes the space that is left, all but `but_bytes`."""
        with (self.seen / _BALLAST).open("ab", buffering=0) as ballast:
            while (left := self.free_bytes - but_bytes) > 0:
                try:
                    ballast.write(bytes(min(_CHUNK, left)))
                except OSError:
                    return

    def clear(self) -> None:
        """That file is gone."""
        (self.seen / _BALLAST).unlink()

    def set_read_only(self, read_only: bool) -> None:
        """Of a tmpfs. The kernel refuses this while a file on it is open for writing."""
        self._order(f"mount --options-mode ignore -o remount,{'ro' if read_only else 'rw'} tmpfs {self.path}")

    def break_journal(self) -> None:
        """What ext4 does with `errors=remount-ro` on a bad block: read-only, also for who has files open, until it is
        unplugged."""
        self._order(f"mount -o remount,abort {self.path}")

    def unplug(self) -> None:
        """As soon as nobody has a file on it open."""
        self._order(f"for _ in $(seq 50); do said=$(umount {self.path} 2>&1) && exit; sleep 0.1; done; echo $said")

    def plug_in(self) -> None:
        self._order(f"mount -o loop {self._image} {self.path}")

    def _order(self, command: str) -> None:
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        self._holder.stdin.write(f"({command}) 2>&1 | tr '\\n' ' '; echo\n")
        self._holder.stdin.flush()
        said = self._holder.stdout.readline().strip()
        assert not said, f"{command}: {said}"


def _private() -> list[str]:
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", "--mount", *as_root]


def _entering(pid: int) -> tuple[str, ...]:
    as_root = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")
    return ("nsenter", f"--target={pid}", "--mount", *as_root, f"--wd={Path.cwd()}", "--")
