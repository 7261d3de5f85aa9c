"""No number is given twice, however often a database comes back from the same copy and whatever is left of the old."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

from support.copied_hub import damage_beyond_reading, hub_with_copies, make_older, numbers, put_back, tiepdon
from support.copied_hub import wait_for_copy as wait
from support.hub_process import HubProcess

from kiosk.storage.database import FILE_NAME


def test_an_old_image_of_the_machine_does_not_hide_how_long_numbers_were_given_after_the_copy(tmp_path: Path) -> None:
    data, place, image, kept = (tmp_path / name for name in ("data", "place", "image", "kept"))
    place.mkdir()
    hub = hub_with_copies(data, place)
    given = numbers(hub, 45, "first")
    hub.stop()
    shutil.copytree(data, image)
    hub.start()
    given += numbers(hub, 5, "then")
    wait(hub)
    shutil.copytree(place, kept)
    given += numbers(hub, 190, "lost")
    hub.kill()
    for lost in data.glob(f"{FILE_NAME}*"):
        lost.unlink()
    shutil.copy(image / FILE_NAME, data)
    os.utime(data / FILE_NAME, (1_700_000_000, 1_700_000_000))
    put_back(kept, place)
    make_older(place, timedelta(minutes=4))
    hub.start()
    try:
        assert not set(given) & set(numbers(hub, 3, "new"))
    finally:
        hub.stop()


def test_three_restores_from_one_copy_never_give_a_number_twice(tmp_path: Path) -> None:
    data, place, kept = (tmp_path / name for name in ("data", "place", "kept"))
    place.mkdir()
    hub = hub_with_copies(data, place)
    given = numbers(hub, 20, "first")
    wait(hub)
    shutil.copytree(place, kept)
    for life in range(3):
        hub.kill()
        put_back(kept, place)  # what was copied since did not arrive
        damage_beyond_reading(data)
        hub.start()
        fresh = numbers(hub, 60, f"life-{life}")
        assert min(fresh) > max(given), life
        given += fresh
    assert hub.get("/healthz")["seq"] > 3_000_000, "nor does an event bear the number of a lost one"
    hub.stop()


def test_copies_that_outlive_two_machines_remember_the_first_restore(tmp_path: Path) -> None:
    place, kept = tmp_path / "place", tmp_path / "kept"
    place.mkdir()
    hub = hub_with_copies(tmp_path / "data", place)
    given = numbers(hub, 20, "first")
    wait(hub)
    shutil.copytree(place, kept)
    for life in range(2):
        hub.kill()
        shutil.rmtree(tmp_path / ("data" if life == 0 else "machine-0"))
        if life == 1:
            shutil.copy(place / "restores.json", kept)
        put_back(kept, place)  # the new machine had no time for a copy of its own
        done = tiepdon("restore", "--from", place, "--data", tmp_path / f"machine-{life}")
        assert done.returncode == 0, done.stderr
        hub = HubProcess(tmp_path / f"machine-{life}").start()
        fresh = numbers(hub, 60, f"life-{life}")
        assert min(fresh) > max(given), life
        given += fresh
    hub.stop()
