"""Benches of a real driver, a real wire and an emulated printer."""

import pytest
from support.printer_bench import PATIENT, WIRES, Bench

from devices.contract import DeviceStatus


@pytest.fixture
def bench_of(tmp_path, inbox):
    """Builds one bench that is not started; it is stopped in time at the end."""
    built = []

    def build(kind, **changes):
        built.append(Bench(kind, tmp_path, inbox, **changes))
        return built[-1]

    yield build
    for bench in built:
        assert bench.stop() < 2.0
    assert not [e for e in inbox.drain() if isinstance(e, DeviceStatus) and e.code == "device.driver_failed"]


@pytest.fixture(params=WIRES, ids=lambda kind: kind.value)
def bench(request, tmp_path, inbox):
    """A started printer on each wire; a test's `faults_from_the_start` are there before the driver is."""
    built = Bench(request.param, tmp_path, inbox, **PATIENT)
    for fault in getattr(request.function, "faults_from_the_start", ()):
        setattr(built.printer.faults, fault, True)
    built.start()
    yield built
    assert built.stop() < 2.0
    assert not [e for e in inbox.drain() if isinstance(e, DeviceStatus) and e.code == "device.driver_failed"]
