"""`tiepdon` with a disk whose every flush takes longer: slow_disk_hub.py MILLISECONDS hub --data … (see issue.py)."""

from __future__ import annotations

import sys
import time

import apsw

from kiosk.app.cli import main


class SlowFlushFile(apsw.VFSFile):
    """A file whose sync waits `flush_s` besides flushing for real."""

    flush_s = 0.0

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        time.sleep(self.flush_s)


class SlowFlushDisk(apsw.VFS):
    """The machine's own disk with slow flushes, as SQLite's default."""

    def __init__(self) -> None:
        super().__init__("slow-flush", base="unix", makedefault=True)

    def xOpen(self, name: object, flags: list[int]) -> SlowFlushFile:
        return SlowFlushFile("unix", name, flags)


if __name__ == "__main__":
    flush_ms = float(sys.argv[1])
    if flush_ms:
        SlowFlushFile.flush_s = flush_ms / 1000
        disk = SlowFlushDisk()
    sys.exit(main(sys.argv[2:]))
