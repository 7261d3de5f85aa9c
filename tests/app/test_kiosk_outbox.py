"""Where a kiosk keeps its outbox, and that no trouble with it takes the kiosk down."""

from __future__ import annotations

import stat
from contextlib import closing
from pathlib import Path

import pytest
from support.keepings import AtOnce

from config.problems import SettingsError
from kiosk.app.kiosk_outbox import KEY_FILE, OutboxSettings, keeping_of, state_folder
from kiosk.app.kiosk_outbox import open_kiosk_outbox as open_outbox_of
from kiosk.app.kiosk_settings import load_kiosk_settings
from kiosk.storage.lasting_outbox import LastingOutbox
from kiosk.storage.outbox_file import FILE_NAME


def opened_by(settings: OutboxSettings, kiosk_id: str) -> LastingOutbox:
    return open_outbox_of(settings, kiosk_id, tell_staff=lambda _code: None)


@pytest.mark.parametrize(
    ("given", "kiosk_id", "prefix"),
    [
        (None, "K2", "K2"),
        (None, "Hall A - 3", "HallA3"),
        (None, "–", "K"),
        ("Q", "K2", "Q"),
        (None, "a" * 20, "a" * 12),
    ],
)
def test_own_numbers_bear_the_kiosks_name_in_plain_letters(given: str | None, kiosk_id: str, prefix: str) -> None:
    assert OutboxSettings(prefix=given).prefix_of(kiosk_id) == prefix


def test_a_prefix_nobody_could_read_out_is_refused_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[outbox]\nprefix = "K-2"\n', encoding="utf-8")
    with pytest.raises(SettingsError):
        load_kiosk_settings(file)


def test_the_outbox_lies_where_the_system_keeps_a_programs_state() -> None:
    assert state_folder({"STATE_DIRECTORY": "/var/lib/t:/x", "HOME": "/h"}, "K2") == Path("/var/lib/t/kiosk-K2")
    assert state_folder({"XDG_STATE_HOME": "/s", "HOME": "/h"}, "K2") == Path("/s/tiepdon/kiosk-K2")
    assert state_folder({"HOME": "/h"}, "../K2") == Path("/h/.local/state/tiepdon/kiosk-K2")


def test_the_key_is_the_kiosks_alone_and_stays(tmp_path: Path) -> None:
    settings = OutboxSettings(folder=tmp_path / "state")
    keys = []
    for _ in range(2):
        with closing(opened_by(settings, "K2")) as opened:
            assert (opened.fault, opened.is_on_disk) == (None, True)
        key = tmp_path / "state" / KEY_FILE
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        keys.append(key.read_bytes())
    assert keys[0] == keys[1]
    assert len(keys[0]) == 32


def test_without_a_folder_nothing_lasts_and_no_own_numbers_are_given() -> None:
    settings = OutboxSettings()
    with closing(opened_by(settings, "K2")) as opened:
        assert opened.fault is None
        assert not keeping_of(opened, settings, AtOnce()).own_numbers


@pytest.mark.allowed_warnings("the outbox cannot be used")
def test_a_second_program_on_the_same_folder_works_without_own_numbers_and_says_so(tmp_path: Path) -> None:
    settings = OutboxSettings(folder=tmp_path)
    with closing(opened_by(settings, "K2")) as first, closing(opened_by(settings, "K2")) as second:
        assert first.is_on_disk
        assert (second.is_on_disk, second.fault) == (False, "outbox.unwritable")
        assert keeping_of(first, settings, AtOnce()).own_numbers
        assert not keeping_of(second, settings, AtOnce()).own_numbers


@pytest.mark.allowed_warnings("the outbox cannot be used")
@pytest.mark.parametrize("trouble", ["a file in the way", "a key cut short"])
def test_a_folder_that_cannot_be_used_stops_nobody(tmp_path: Path, trouble: str) -> None:
    folder = tmp_path / "state"
    if trouble == "a file in the way":
        folder.write_text("")
    else:
        folder.mkdir()
        (folder / KEY_FILE).write_bytes(b"short")
    with closing(opened_by(OutboxSettings(folder=folder), "K2")) as opened:
        assert (opened.is_on_disk, opened.fault) == (False, "outbox.unwritable")


def test_a_damaged_outbox_is_put_aside_and_staff_are_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database" * 1000)
    with closing(opened_by(OutboxSettings(folder=tmp_path), "K2")) as opened:
        assert (opened.is_on_disk, opened.fault) == (True, "outbox.moved_aside")
