"""`[outbox]`: where a kiosk keeps its wishes for numbers, and the series of its own numbers."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from config.problems import Misfit
from kiosk.app.start import boot_id, utc_now
from kiosk.domain.outbox import Instant, OutboxFault
from kiosk.station.keeping import Keeping
from kiosk.storage.faults import StorageFault
from kiosk.storage.lasting_outbox import LastingOutbox, OnDisk
from kiosk.storage.lock import FolderLock
from kiosk.storage.outbox import Outbox
from kiosk.storage.outbox_file import FILE_NAME, opened_anew_if_damaged
from kiosk.storage.sealing import KEY_BYTES, Sealer
from kiosk.storage.whole_file import write_whole

KEY_FILE = "outbox.key"
LOCK_FILE = "outbox.lock"
_FOLDER = "kiosk-"
_PREFIX = re.compile("[0-9A-Za-z]{1,12}")


@dataclass(frozen=True, kw_only=True)
class OutboxSettings:
    """`folder` holds the outbox (null: the system's place for a program's state); `prefix` stands before the numbers
    this kiosk gives while the hub is away (null: the kiosk's id, letters and digits only) and must be another on every
    kiosk of a hospital. `own_numbers` off: without the hub the kiosk sends patients to the desk."""

    folder: Path | None = None
    prefix: str | None = None
    own_numbers: bool = True

    def __post_init__(self) -> None:
        if self.prefix is not None and not _PREFIX.fullmatch(self.prefix):
            raise Misfit("settings.not_allowed", '1 … 12 × A-Z a-z 0-9, "K2"', key="prefix")

    def prefix_of(self, kiosk_id: str) -> str:
        """What stands before the numbers of the kiosk `kiosk_id`."""
        return self.prefix or "".join(_PREFIX.findall(kiosk_id))[:12] or "K"


def state_folder(environ: Mapping[str, str], kiosk_id: str) -> Path:
    """Where a kiosk's outbox lies unless its settings say: systemd's StateDirectory, else the account's own state."""
    return _state_of_kiosks(environ) / f"{_FOLDER}{''.join(_PREFIX.findall(kiosk_id)) or 'K'}"


def id_of_last_run(environ: Mapping[str, str], default: str) -> str:
    """The id of the one kiosk that has kept its state on this machine; `default` without one, or among several."""
    try:
        names = [each.name for each in _state_of_kiosks(environ).glob(f"{_FOLDER}*") if each.is_dir()]
    except OSError:
        return default
    known = names[0].removeprefix(_FOLDER) if len(names) == 1 else ""
    return known if _PREFIX.fullmatch(known) else default


def _state_of_kiosks(environ: Mapping[str, str]) -> Path:
    if environ.get("STATE_DIRECTORY"):
        return Path(environ["STATE_DIRECTORY"].split(":")[0])
    home = environ.get("XDG_STATE_HOME") or str(Path(environ.get("HOME") or "/") / ".local" / "state")
    return Path(home) / "tiepdon"


def open_kiosk_outbox(
    settings: OutboxSettings,
    kiosk_id: str,
    *,
    tell_staff: Callable[[str], None],
    clock_s: Callable[[], float] = time.monotonic,
) -> LastingOutbox:
    """The outbox of `settings.folder`; in memory without one, or as long as it cannot be used: the kiosk works all the
    same, only not without the hub."""
    prefix = settings.prefix_of(kiosk_id)

    def in_memory() -> Outbox:
        return Outbox(None, Sealer(secrets.token_bytes(KEY_BYTES)), prefix)

    if settings.folder is None:
        return LastingOutbox(None, in_memory, tell_staff=tell_staff, clock_s=clock_s)
    on_disk = partial(_on_disk, settings.folder, prefix)
    return LastingOutbox(on_disk, in_memory, tell_staff=tell_staff, clock_s=clock_s)


def keeping_of(opened: LastingOutbox, settings: OutboxSettings, disk: Executor) -> Keeping:
    """An open outbox as the station uses it: numbers of the kiosk's own only where they outlive the program."""
    own_numbers = settings.own_numbers and opened.is_on_disk
    return Keeping(outbox=opened, disk=disk, instant=machine_instant(), own_numbers=own_numbers)


def _on_disk(folder: Path, prefix: str) -> OnDisk:
    """Raises `OutboxFault`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FolderLock(folder / LOCK_FILE)
    except (OSError, StorageFault) as error:
        raise OutboxFault("outbox.unusable", str(error)) from error
    aside: list[Path] = []
    try:
        sealer = Sealer(_key(folder / KEY_FILE))
        outbox = opened_anew_if_damaged(folder / FILE_NAME, lambda path: Outbox(path, sealer, prefix), aside.append)
    except (OSError, ValueError) as error:
        lock.close()
        raise OutboxFault("outbox.unusable", str(error)) from error
    except OutboxFault:
        lock.close()
        raise
    return OnDisk(outbox=outbox, release=lock.close, fresh=bool(aside))


def machine_instant() -> Callable[[], Instant]:
    """Now, by both clocks of the machine."""
    boot = boot_id()

    def now() -> Instant:
        since_boot = timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))
        return Instant(at=utc_now(), boot=boot, since_boot=since_boot)

    return now


def _key(path: Path) -> bytes:
    """The kiosk's key, made at the first start and readable by the kiosk alone; on disk before anything is sealed."""
    if not path.exists():
        write_whole(path, secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()
