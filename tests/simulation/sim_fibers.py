"""Functions that wait in the middle: real threads of which one at a time runs, so that a seed decides all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Abandoned(BaseException):
    """The process this function ran in is dead; no `Exception`, so that nobody catches it."""


class _Turns:
    """A thread that does one function after the other, each when its owner gives it the turn."""

    def __init__(self) -> None:
        self.mine = threading.Lock()
        self.owners = threading.Lock()
        self.mine.acquire()
        self.owners.acquire()
        self.work: Callable[[], None] | None = None
        self.thread = threading.Thread(target=self._run, name="simulated", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while True:
            self.mine.acquire()
            if self.work is None:
                return
            self.work()
            self.owners.release()


class Fibers:
    """Threads to be used again, since starting one costs more than what it does here."""

    def __init__(self) -> None:
        self._idle: list[_Turns] = []
        self._all: list[_Turns] = []

    def take(self) -> _Turns:
        if self._idle:
            return self._idle.pop()
        turns = _Turns()
        self._all.append(turns)
        return turns

    def give_back(self, turns: _Turns) -> None:
        self._idle.append(turns)

    def close(self) -> None:
        for turns in self._all:
            turns.work = None
            turns.mine.release()
            turns.thread.join()


class Fiber:
    """One function that takes turns with its owner."""

    def __init__(self, fibers: Fibers, function: Callable[[], None]) -> None:
        self._fibers = fibers
        self._function = function
        self._turns = fibers.take()
        self._turns.work = self._run
        self._given: Any = None
        self.error: BaseException | None = None
        self.is_over = False

    def go_on(self, given: Any = None) -> None:
        """Let it run until it waits or is over. Raises what it raised."""
        self._given = given
        self._turns.mine.release()
        self._turns.owners.acquire()
        if self.is_over:
            self._fibers.give_back(self._turns)
            if self.error is not None:
                raise self.error

    def wait(self) -> Any:
        """From inside: until the owner goes on with it. An exception that is given is raised."""
        self._turns.owners.release()
        self._turns.mine.acquire()
        if isinstance(self._given, BaseException):
            raise self._given
        return self._given

    def _run(self) -> None:
        try:
            self._function()
        except Abandoned:
            pass
        except BaseException as error:  # noqa: BLE001 - the owner raises it
            self.error = error
        finally:
            self.is_over = True
