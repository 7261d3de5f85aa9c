"""The file of changes beside a whole copy: a record per take, each bringing the copy from one commit to a later one.

A record is its head, the page numbers and pages compressed, and a CRC-32 over both. What a power cut or a full disk
tore off ends the log: everything before it is whole commits.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kiosk.storage.wal_tap import NO_CHANGES, Changes

_MAGIC = b"TDC1"
_HEAD = struct.Struct(">4sQQIIII")
_CRC = struct.Struct(">I")
_FAST = 1


@dataclass(frozen=True, kw_only=True)
class Record:
    """`at_us`: microseconds of UTC up to which the copy is complete; `last_seq`: the newest event then."""

    at_us: int
    last_seq: int
    changes: Changes


def append(file: BinaryIO, record: Record) -> None:
    """Add a record durably. Raises `OSError`."""
    changes = record.changes
    numbers = struct.pack(f">{len(changes.pages)}I", *changes.pages)
    payload = zlib.compress(numbers + b"".join(changes.pages.values()), _FAST)
    head = _HEAD.pack(
        _MAGIC,
        record.at_us,
        record.last_seq,
        changes.page_bytes,
        changes.size_pages,
        len(changes.pages),
        len(payload),
    )
    file.write(head + payload + _CRC.pack(zlib.crc32(head + payload)))
    file.flush()
    os.fsync(file.fileno())


def records(path: Path, *, with_pages: bool = True) -> Iterator[Record]:
    """All whole records, oldest first. `with_pages=False` leaves the pages out, for who wants the moments only."""
    with path.open("rb") as file:
        while record := _next_record(file, with_pages=with_pages):
            yield record


def _next_record(file: BinaryIO, *, with_pages: bool) -> Record | None:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        return None
    _, at_us, last_seq, page_bytes, size_pages, count, length = _HEAD.unpack(head)
    if not with_pages and file.tell() + length + _CRC.size < os.fstat(file.fileno()).st_size:
        file.seek(length + _CRC.size, os.SEEK_CUR)  # not the last one: what follows proves that it was written whole
        return Record(at_us=at_us, last_seq=last_seq, changes=NO_CHANGES)
    payload, crc = file.read(length), file.read(_CRC.size)
    if len(crc) < _CRC.size or _CRC.unpack(crc)[0] != zlib.crc32(head + payload):
        return None
    pages = _pages(zlib.decompress(payload), count, page_bytes) if with_pages else {}
    return Record(
        at_us=at_us, last_seq=last_seq, changes=Changes(page_bytes=page_bytes, size_pages=size_pages, pages=pages)
    )


def _pages(plain: bytes, count: int, page_bytes: int) -> dict[int, bytes]:
    numbers = struct.unpack_from(f">{count}I", plain)
    start = 4 * count
    return {number: plain[start + i * page_bytes : start + (i + 1) * page_bytes] for i, number in enumerate(numbers)}


def replay(base: BinaryIO, log: Path) -> Record | None:
    """Bring the open whole copy `base` to the newest record; that record, or null for a log without any."""
    last = None
    for last in records(log):
        for number, page in last.changes.pages.items():
            base.seek((number - 1) * last.changes.page_bytes)
            base.write(page)
        if last.changes.size_pages:
            base.truncate(last.changes.size_pages * last.changes.page_bytes)
    return last
