"""The hub's continuous back-up: a whole copy, then every few seconds what was committed since.

The writer is asked only to hand over pages it has in memory or in its log; all writing to the second place happens on
this thread, so a slow or hanging place delays no ticket. A place that refuses is told to staff once, and tried again.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from kiosk.domain.alert import HUB, AlertKind
from kiosk.domain.backup import BackupCondition, BackupState
from kiosk.services.alerts import raise_alert, settle_fault
from kiosk.services.backup_watch import BackupWatch
from kiosk.services.context import WriteContext
from kiosk.services.reception import Reception
from kiosk.storage.backup.change_log import Record, append
from kiosk.storage.backup.generations import (
    Generation,
    assemble,
    claim,
    copy_whole,
    new_generation,
    prune,
    remove,
    remove_unfinished,
)
from kiosk.storage.backup.place_faults import PLACE_ERRORS, code_of, technical
from kiosk.storage.backup.remembered import remember, remembered
from kiosk.storage.backup.source import Source
from kiosk.storage.database import DAMAGE, FILE_NAME
from kiosk.storage.moments import from_stored, to_stored
from kiosk.storage.wal_tap import NO_CHANGES

log = logging.getLogger("tiepdon.backup")

STOP_S = 2.0
WRITER_S = 30.0
LOG_LIMIT_BYTES = 256 * 1024 * 1024
LONGEST_PAUSE_S = 300.0


@dataclass(frozen=True, kw_only=True)
class BackupPlan:
    """`folder` must exist when `second_place` (a disk that is not plugged in must not be mistaken for an empty one).
    `owner` marks the folder as this hub's. `beside` are small files of the data folder that are copied along;
    `spare_bytes` stay free on the disk."""

    folder: Path
    owner: str
    second_place: bool
    every_s: float
    whole_every: timedelta
    keep: int
    beside: tuple[Path, ...] = ()
    spare_bytes: int = 0


class FollowingBroken(Exception):
    """Some change was not kept: a whole copy is needed."""


class _Stopping(Exception):
    """The hub ends while a copy is being made."""


class BackupWork:
    """Runs `step()` on a thread of its own from `start()` to `close()`, watched by another; tests call `step()`
    themselves."""

    def __init__(self, *, reception: Reception, data: Path, plan: BackupPlan, now: Callable[[], datetime]) -> None:
        self._reception = reception
        self._database = data / FILE_NAME
        self._plan = plan
        self._now = now
        self._stop = threading.Event()
        self._logs: list[BinaryIO] = []
        self._began: datetime | None = None
        self._failures = 0
        self._state = BackupState(condition=BackupCondition.STARTING, second_place=plan.second_place)
        self._thread = threading.Thread(target=self._run, name="backup", daemon=True)
        self._watch = BackupWatch(reception, lambda: self._state)

    @property
    def state(self) -> BackupState:
        return self._state

    def start(self) -> None:
        self._thread.start()
        self._watch.start()

    def close(self) -> None:
        """Take over what is there and end. A place that hangs is left behind."""
        self._stop.set()
        self._watch.close()
        if self._thread.ident is None:
            self._give_up()
        else:
            self._thread.join(STOP_S)

    def step(self) -> float:
        """One turn; how many seconds to wait for the next."""
        try:
            self._copy_or_follow()
        except FollowingBroken:
            log.info("the back-up begins a whole copy: more was written than could wait")
            self._give_up()
            return 0.0
        except _Stopping:
            self._give_up()
            return 0.0
        except PLACE_ERRORS as error:
            return self._failed(error)
        self._worked()
        return self._plan.every_s

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                pause_s = self.step()
            except Exception:
                # The edge of this thread: a bug in the back-up must not end it for good, nor touch the tickets.
                log.exception("a turn of the back-up failed")
                pause_s = LONGEST_PAUSE_S
            self._stop.wait(pause_s)
        if self._logs:
            with suppress(*PLACE_ERRORS, FollowingBroken):
                self._follow()
        self._give_up()

    def _copy_or_follow(self) -> None:
        if self._began is None or self._is_whole_due(self._began):
            self._copy_whole()
        else:
            self._follow()

    def _is_whole_due(self, began: datetime) -> bool:
        return self._now() - began >= self._plan.whole_every or self._logs[-1].tell() > LOG_LIMIT_BYTES

    # -- a whole copy -----------------------------------------------------------------------------------------------

    def _copy_whole(self) -> None:
        self._prepare_place()
        generation = new_generation(self._plan.folder, self._now())
        try:
            with closing(Source(self._database)) as source:
                moment = self._begin(source, generation)
                copy_whole(source.connection, generation, self._between_pages())
            self._prove(generation)
        except BaseException:
            remove(generation)
            raise
        for old in self._logs[:-1]:
            old.close()
        self._logs, self._began = self._logs[-1:], moment
        self._state = replace(self._state, complete_until=moment)
        self._copy_beside()
        prune(self._plan.folder, self._plan.keep)

    def _begin(self, source: Source, generation: Generation) -> datetime:
        """On the writer's thread, between two commits: the copy shows this moment, and changes count from it."""
        tap = self._reception.tap

        def mark(context: WriteContext) -> Record | None:
            last = self._taken(context) if self._logs else None
            if self._logs and last is None:
                return None
            source.hold()
            tap.begin()
            return last or self._taken(context)

        record = self._whole(self._reception.write(mark).result(WRITER_S))
        for old in self._logs:
            append(old, record)
        self._logs.append(generation.log.open("ab"))
        append(self._logs[-1], replace(record, changes=NO_CHANGES))
        return from_stored(record.at_us)

    def _between_pages(self) -> Callable[[], None]:
        """Goes on following while a long copy is made, so that the generation before stays complete too."""
        waited_since = self._now()

        def pause() -> None:
            nonlocal waited_since
            if self._stop.is_set():
                raise _Stopping
            if self._now() - waited_since >= timedelta(seconds=self._plan.every_s):
                self._follow()
                waited_since = self._now()

        return pause

    def _prepare_place(self) -> None:
        if not self._plan.second_place:
            self._plan.folder.mkdir(mode=0o750, exist_ok=True)
        claim(self._plan.folder, self._plan.owner)
        if earlier := remembered((self._database.parent,)):
            remember(self._plan.folder, earlier)
        remove_unfinished(self._plan.folder)
        # twice: the copy, and the proof that it can be restored
        needed = 2 * self._database.stat().st_size + self._plan.spare_bytes
        if shutil.disk_usage(self._plan.folder).free < needed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _prove(self, generation: Generation) -> None:
        """Restore it for a try. Raises `StorageFault`."""
        trial = generation.folder / "trial.sqlite3"
        try:
            assemble(generation, trial)
        finally:
            trial.unlink(missing_ok=True)

    def _copy_beside(self) -> None:
        for path in self._plan.beside:
            if path.exists():
                shutil.copyfile(path, self._plan.folder / path.name)

    # -- following --------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        record = self._whole(self._reception.write(self._taken).result(WRITER_S))
        for file in self._logs:
            append(file, record)
        if self._began is not None:
            self._state = replace(self._state, complete_until=from_stored(record.at_us))

    def _taken(self, context: WriteContext) -> Record | None:
        # Before what is being written in this very group: the tap knows commits only.
        changes = self._reception.tap.take()
        if changes is None:
            return None
        return Record(at_us=to_stored(context.now), last_seq=context.records.last_seq(), changes=changes)

    @staticmethod
    def _whole(record: Record | None) -> Record:
        if record is None:
            raise FollowingBroken
        return record

    # -- how it is doing --------------------------------------------------------------------------------------------

    def _worked(self) -> None:
        if self._state.condition is BackupCondition.FAILING:
            log.warning("the back-up works again")
            self._tell(None)
        self._failures = 0
        self._state = replace(self._state, condition=BackupCondition.WORKING, code=None)

    def _failed(self, error: Exception) -> float:
        self._give_up()
        self._blame_source(error)
        code = code_of(error)
        if self._state.code != code:
            log.error("back-up failed: %s (%s)", code, technical(error))
            self._tell(code)
        self._state = replace(self._state, condition=BackupCondition.FAILING, code=code)
        self._failures += 1
        return float(min(self._plan.every_s * 2 ** min(self._failures, 10), LONGEST_PAUSE_S))

    def _blame_source(self, error: Exception) -> None:
        """A copy that is of no use may be a true copy of a damaged database, found nowhere else: nobody is called by an
        index that lacks him."""
        if not isinstance(error, DAMAGE) and code_of(error) != "backup.unusable":
            return
        with suppress(OSError), closing(Source(self._database)) as source:
            if (damage := source.damage()) is not None:
                self._reception.damaged(damage)

    def _tell(self, code: str | None) -> None:
        """One alert at a time to every counter; it goes by itself when the back-up works again."""
        earlier = self._state.code

        def change(context: WriteContext) -> None:
            if earlier is not None:
                settle_fault(context, HUB, earlier)
            if code is not None:
                raise_alert(context, HUB, AlertKind.FAULT, code)

        # While the hub's own disk refuses there is nobody to tell; the log and `/healthz` say it.
        self._reception.write(change)

    def _give_up(self) -> None:
        for file in self._logs:
            with suppress(OSError):
                file.close()
        self._logs, self._began = [], None
        self._reception.write(lambda _: self._reception.tap.end())
