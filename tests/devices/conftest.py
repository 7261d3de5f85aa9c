"""Shared by the tests of all drivers."""

import queue
import time

import pytest

from devices.contract import DeviceStatus, Scanned

WAIT_S = 10.0


class Inbox:
    """Collects a driver's events; every wait has a deadline."""

    def __init__(self):
        self.events = queue.Queue()

    def __call__(self, event):
        self.events.put(event)

    def next(self, kind):
        deadline = time.monotonic() + WAIT_S
        while True:
            event = self.events.get(timeout=max(0.0, deadline - time.monotonic()))
            if isinstance(event, kind):
                return event

    def state(self, state):
        while (status := self.next(DeviceStatus)).state is not state:
            pass
        return status

    def text(self):
        return self.next(Scanned).text

    def drain(self):
        """The events that are there already."""
        events = []
        while not self.events.empty():
            events.append(self.events.get_nowait())
        return events


@pytest.fixture
def inbox():
    return Inbox()
