"""A kiosk with a bad settings file works with the rest of it, gives no doubtful numbers and tells the staff."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from config.settling import Settled
from kiosk.app.kiosk_settings import KioskSettings, settle_kiosk_settings
from kiosk.app.settings_word import SettingsWord, settings_alert
from kiosk.domain.alert import require_sound_params
from kiosk.station.hub_client import HubClient
from kiosk.station.hub_port import HubUnreachable


def settle(folder: Path, text: str, environ: dict[str, str] | None = None) -> tuple[KioskSettings, Settled]:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return settle_kiosk_settings(path, environ or {"HOME": str(folder)})


BAD = [
    '[printer]\nkind="tcp"\nhost="10.0.0.9"\nroll_length_m=-3',
    '[printer]\nkind="tcp"\nhost="10.0.0.9"\nmodel="foo"',
    "[screen]\nfulscreen=true",
    '[visit]\nidle_s="sixty"',
    "[visit]\nidle_s=5",
    '[outbox]\nprefix="K-2"',
    '[kiosk]\ntime_zone="Asia/Saigon2"',
    '[camera]\nindex="abc"',
    "[foo]\na=1",
    '[kiosk]\nid="Quầy 1"',
    '[codes]\npatient=["*"]',
    "[chip]\nlimit_s=900",
    '[card_reader]\nkind="pn532"',
    '[card_reader]\nport="/dev/x"',
    '[scanner]\nport="/dev/x"\nbaud=-1',
    '[wedge_scanner]\ndevice=" "',
]


@pytest.mark.parametrize("text", BAD)
def test_every_mistake_is_told_with_a_place_and_the_rest_is_used(tmp_path: Path, text: str) -> None:
    settings, settled = settle(tmp_path, text + '\n[screen.desk]\nvi="Bàn 1"\nen="Desk 1"\n')
    assert settings.screen.desk.vi == "Bàn 1"
    (problem,) = settled.problems
    assert problem.instead is not None
    told = problem.sentence(load_catalogue(), "vi")
    assert problem.place in told
    assert problem.code not in ("settings.value_refused",), "prose of a programmer"
    code, params = settings_alert(settled) or ("", {})
    require_sound_params(params)
    assert (code, params["count"]) == ("settings.refused", 1)
    sentence = load_catalogue().text(f"staff.{code}", "vi", **params)
    assert str(params["keys"]) in sentence


@pytest.mark.parametrize(
    "text",
    [
        '[outbox]\nprefix="K-2"',
        '[kiosk]\nid="Quầy"',
        "[outbx]\na=1",
        "[kiosk",
        "[kiosk]\nidd='K'",
        'id="K7"',
        '[quay]\nid="K7"',
    ],
)
def test_a_kiosk_that_may_have_lost_its_name_or_series_gives_no_numbers_of_its_own(tmp_path: Path, text: str) -> None:
    assert not settle(tmp_path, text)[0].outbox.own_numbers


@pytest.mark.parametrize(
    "text", ["", "[screen]\nfoo=1", "[kiosk]\nhospitl=1", '[kiosk]\ntime_zone="x"', '[foo]\na=1\n[kiosk]\nid="K7"']
)
def test_other_mistakes_leave_the_own_numbers(tmp_path: Path, text: str) -> None:
    assert settle(tmp_path, text)[0].outbox.own_numbers


@pytest.mark.parametrize("name", ["a.b", "a[0]", ""])
def test_an_unknown_table_of_any_name_takes_nothing_else_along(tmp_path: Path, name: str) -> None:
    settings, settled = settle(tmp_path, f'["{name}"]\na=1\n[kiosk]\nid="K7"\n')
    assert settings.kiosk.id == "K7"
    assert [problem.code for problem in settled.problems] == ["settings.unknown_table"]


def test_an_unreadable_file_leaves_the_kiosk_the_name_its_own_folder_bears(tmp_path: Path) -> None:
    environ = {"STATE_DIRECTORY": str(tmp_path)}
    (tmp_path / "kiosk-K7").mkdir()
    assert settle(tmp_path, "[kiosk", environ)[0].kiosk.id == "K7"
    (tmp_path / "kiosk-K8").mkdir()
    assert settle(tmp_path, "[kiosk", environ)[0].kiosk.id == "K1"


def test_many_mistakes_make_one_short_alert(tmp_path: Path) -> None:
    _, settled = settle(
        tmp_path, "".join(f'[[more_printers]]\n"đèn{n}"=1\n' for n in range(20)) + "[t123456789012]\na=1\n"
    )
    alert = settings_alert(settled)
    assert alert is not None
    require_sound_params(alert[1])
    assert "more_printers.0" in str(alert[1]["keys"])


def test_a_right_file_makes_no_alert(tmp_path: Path) -> None:
    assert settings_alert(settle(tmp_path, "")[1]) is None


class SlowHub(HubClient):
    """Unreachable once, then there."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked: list[tuple[str, str]] = []
        self.told = threading.Event()

    def report_fault(self, kiosk_id: str, code: str, params: object = None) -> None:
        self.asked.append((kiosk_id, code))
        if len(self.asked) == 1:
            raise HubUnreachable("no")
        self.told.set()


def test_a_board_tells_the_staff_as_soon_as_the_hub_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.app.settings_word.FIRST_RETRY_S", 0.01)
    hubs: list[SlowHub] = []

    def client(url: str) -> SlowHub:
        hubs.append(SlowHub(url))
        return hubs[-1]

    word = SettingsWord("http://127.0.0.1:9", "board", settle(tmp_path, "[foo]\na=1")[1], client=client)
    word.start()
    assert hubs[0].told.wait(10)
    word.stop()
    assert hubs[0].asked == [("board", "settings.refused")] * 2


@pytest.mark.parametrize("face", [["kiosk"], ["board", "--windowed"]], ids=lambda face: face[0])
def test_a_face_with_a_bad_file_runs(face: list[str], tmp_path: Path) -> None:
    path = tmp_path / "face.toml"
    path.write_text("[foo]\na = 1\n[screen", encoding="utf-8")
    environ = dict(os.environ) | {"QT_QPA_PLATFORM": "offscreen", "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "kiosk.app.cli", *face, "--hub", "http://127.0.0.1:9", "--settings", str(path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as program:
        assert program.stderr is not None
        try:
            assert "settings.syntax" in program.stderr.readline() + program.stderr.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                program.wait(2)
        finally:
            program.kill()
