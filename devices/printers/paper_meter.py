"""Counts what was cut off a roll, to tell of its end before the printer's own sensor sees it."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from devices.contract import PrinterCondition
from devices.printers.options import PrinterOptions

WARN_AT_TICKETS = (40, 20, 10, 5)
SHORTEST_ROLL_MM = 5_000.0
"""A roll that ends earlier was not new, or only a strip: nothing is learned of it."""
LEAST_MM = 0.1
MOST_MM = 10_000_000.0
MOST_TICKETS = 1_000_000
"""A file that says less of a slip or more of a roll is none of ours."""


@dataclass(frozen=True, kw_only=True)
class RollUse:
    """What has gone from the roll that is in. `since_new`: its beginning was seen. `learned_mm` is how much the last
    roll that was seen from beginning to end held. `begun`: a slip was begun and has not ended."""

    used_mm: float = 0.0
    tickets: int = 0
    since_new: bool = False
    learned_mm: float | None = None
    begun: bool = False


class RollStore(Protocol):
    """Where the use is kept over a restart."""

    def load(self) -> RollUse:
        """What was saved last; an unused roll where nothing readable is."""
        ...

    def save(self, use: RollUse) -> None: ...

    def take_word_of_new_roll(self) -> bool:
        """Whether somebody has left word of a new roll; it is taken away."""
        ...


class RollMemory:
    """Keeps the use only while the program runs."""

    def __init__(self) -> None:
        self._use = RollUse()

    def load(self) -> RollUse:
        return self._use

    def save(self, use: RollUse) -> None:
        self._use = use

    def take_word_of_new_roll(self) -> bool:
        return False


class RollFile:
    """A small JSON file, replaced whole at each change. A disk that is full loses the forecast, not a slip."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> RollUse:
        try:
            use = RollUse(**json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, RecursionError):
            return RollUse()
        return use if _is_possible(use) else RollUse()

    def save(self, use: RollUse) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        with contextlib.suppress(OSError):
            fresh.write_text(json.dumps(asdict(use)), encoding="utf-8")
            fresh.replace(self._path)

    def leave_word_of_new_roll(self) -> Path:
        """Called by another process: the file that goes away when the printer's driver has taken notice. `OSError`."""
        word = self._word
        word.touch()
        return word

    def take_word_of_new_roll(self) -> bool:
        try:
            self._word.unlink()
        except OSError:
            return False
        return True

    @property
    def _word(self) -> Path:
        return self._path.with_name(self._path.name + ".changed")


def _is_possible(use: RollUse) -> bool:
    """Whether a file's values can be a roll's; JSON may hold any type, infinite numbers too."""
    counted = type(use.tickets) is int and 0 <= use.tickets <= MOST_TICKETS and _is_length(use.used_mm)
    flags = type(use.since_new) is bool and type(use.begun) is bool
    learned = use.learned_mm is None or (_is_length(use.learned_mm) and use.learned_mm > 0)
    return counted and flags and learned and (use.used_mm > 0 or not use.tickets)


def _is_length(value: Any) -> bool:
    return type(value) in (int, float) and (value == 0 or LEAST_MM <= value <= MOST_MM)


class PaperMeter:
    """One printer's roll, for one thread. `roll_mm` is what a new roll holds, 0 foretells nothing."""

    def __init__(self, store: RollStore, roll_mm: float) -> None:
        self._store = store
        self._roll_mm = roll_mm
        self._use = store.load()
        self.died_in_a_slip = self._use.begun
        """The program before this one did not live to the end of a slip: half of it may hang out of the printer."""
        self._was_out: bool | None = None
        self._was_near_end: bool | None = None
        self._has_run_out = False
        self._was_taken_out = False
        self._was_opened_thin = False
        self._told_at: int | None = None

    @property
    def tickets_left(self) -> int | None:
        """About how many slips as long as those before still fit; None where that cannot be said."""
        use = self._use
        if not self._roll_mm or not use.tickets or not use.used_mm:
            return None
        left_mm = (use.learned_mm or self._roll_mm) - use.used_mm
        return max(0, int(left_mm * use.tickets / use.used_mm))

    def begin(self) -> None:
        """A slip is about to be sent."""
        self._keep(replace(self._use, begun=True))

    def give_up(self) -> None:
        """The slip begun will not be cut."""
        self._keep(replace(self._use, begun=False))

    def cut(self, length_mm: float) -> int | None:
        """A slip was cut; the tickets left when one of `WARN_AT_TICKETS` is reached, once each."""
        use = self._use
        self._keep(replace(use, used_mm=use.used_mm + length_mm, tickets=use.tickets + 1, begun=False))
        left = self.tickets_left
        if left is None:
            return None
        reached = min((step for step in WARN_AT_TICKETS if left <= step), default=None)
        if reached is None or (self._told_at is not None and reached >= self._told_at):
            return None
        self._told_at = reached
        return left

    def look_for_word(self) -> None:
        """Staff may have left word of a new roll."""
        if self._store.take_word_of_new_roll():
            self.new_roll()

    def saw(self, condition: PrinterCondition) -> None:
        """A new roll is paper after the end of the last, a thick roll where a thin one was when the cover was opened
        (the sensor flutters), or paper again after it was taken out under an open cover when few tickets were left:
        who frees a jam takes a good roll out as well."""
        out, near_end = condition.paper_out, condition.paper_near_end
        if condition.cover_open:
            self._was_taken_out = self._was_taken_out or bool(out)
            self._was_opened_thin = self._was_opened_thin or bool(near_end or self._was_near_end)
        elif out:
            if self._was_out is False:
                self._learn()
            self._has_run_out = True
        elif (out, near_end) != (None, None):
            self._closed_with_paper(near_end)
        self._was_out = self._was_out if out is None else out
        self._was_near_end = self._was_near_end if near_end is None else near_end

    def new_roll(self) -> None:
        """Staff have put in a new roll."""
        self._told_at = None
        self._forget_changing()
        self._keep(RollUse(since_new=True, learned_mm=self._use.learned_mm, begun=self._use.begun))

    def _closed_with_paper(self, near_end: bool | None) -> None:
        left = self.tickets_left
        few_left = left is not None and left <= WARN_AT_TICKETS[0]
        thicker = near_end is False and self._was_opened_thin
        changed = self._was_taken_out and few_left and not near_end
        if self._has_run_out or thicker or changed:
            self.new_roll()
        self._forget_changing()

    def _forget_changing(self) -> None:
        self._has_run_out = self._was_taken_out = self._was_opened_thin = False

    def _learn(self) -> None:
        if self._use.since_new and self._use.used_mm >= SHORTEST_ROLL_MM:
            self._keep(replace(self._use, learned_mm=self._use.used_mm))

    def _keep(self, use: RollUse) -> None:
        self._use = use
        self._store.save(use)


def paper_meter(options: PrinterOptions) -> PaperMeter:
    """The meter the settings ask for."""
    store = RollMemory() if options.paper_file is None else RollFile(options.paper_file)
    return PaperMeter(store, options.roll_length_m * 1000)
