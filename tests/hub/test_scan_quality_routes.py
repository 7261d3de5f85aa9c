"""Scan quality over real HTTP: told by kiosks, read by IT; wrong bodies refused, days in the hospital's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests
from support.hub_process import HubProcess
from support.hub_thread import HubThread

NOW = datetime.now(UTC)
HOUR = f"{NOW:%Y-%m-%dT%H:00:00Z}"


def tell(hub: HubProcess | HubThread, kiosk: str, hour: str = HOUR, **counts: object) -> requests.Response:
    body = {"kiosk": kiosk, "source": "run-1", "hours": [{"device": "camera", "hour": hour, **counts}]}
    return requests.post(f"{hub.url}/v1/scan-quality", json=body, timeout=10)


def report(hub: HubProcess | HubThread, day: str | None = None) -> dict[str, object]:
    answer = requests.get(f"{hub.url}/v1/reports/scan-quality", params={"day": day} if day else None, timeout=10)
    answer.raise_for_status()
    return answer.json()


def test_what_a_kiosk_tells_stands_in_the_report(own_hub: HubThread) -> None:
    counts = {"read": 30, "unreadable": 10, "formats": [{"format": "qr", "scans": 30}], "tries_sum": 60, "tries_max": 5}
    told = tell(own_hub, "K2", **counts, timed=30, decode_ms_sum=3000, decode_ms_max=400)
    assert (told.status_code, told.json()) == (200, {"kept": 1})
    (row,) = report(own_hub, hospital_day())["hours"]
    assert row == {
        "kiosk": "K2",
        "device": "camera",
        "hour": HOUR,
        "scans": 40,
        "failed": 10,
        "failed_percent": 25.0,
        "decode_ms_mean": 100.0,
        "decode_ms_max": 400,
        "tries_mean": 1.5,
        "tries_max": 5,
        "outcomes": {"read": 30, "uncertain": 0, "torn": 0, "unreadable": 10, "too_long": 0},
        "formats": {"qr": 30},
    }


def test_telling_again_changes_nothing_and_more_replaces_it(own_hub: HubThread) -> None:
    for read in (5, 5, 8, 5):
        assert tell(own_hub, "K1", read=read).status_code == 200
    (row,) = report(own_hub, hospital_day())["hours"]
    assert row["scans"] == 8


def test_the_report_names_who_is_worse_than_usual(own_hub: HubThread) -> None:
    tell(own_hub, "K1", read=50, unreadable=1)
    tell(own_hub, "K2", read=69, unreadable=31)
    (concern,) = report(own_hub, hospital_day())["concerns"]
    assert concern == {
        "kiosk": "K2",
        "device": "camera",
        "kind": "unreadable",
        "since": HOUR,
        "value": 31,
        "usual": 5,
    }


def test_without_a_day_it_is_today_in_the_hospital(hub: HubProcess) -> None:
    today = (datetime.now(UTC) + timedelta(hours=7)).date().isoformat()
    answer = report(hub)
    assert (answer["day"], answer["time_zone"]) == (today, "Asia/Ho_Chi_Minh")


@pytest.mark.parametrize("hour", ["2001-01-01T03:00:00Z", f"{NOW + timedelta(days=2):%Y-%m-%dT%H:00:00Z}"])
def test_hours_of_a_wrong_clock_are_left_out(hub: HubProcess, hour: str) -> None:
    answer = tell(hub, "K9", hour, read=1)
    assert (answer.status_code, answer.json()) == (200, {"kept": 0})


@pytest.mark.parametrize(
    ("kiosk", "hour", "counts"),
    [
        ("K1", "2026-02-31T03:00:00Z", {}),
        ("K1", "2026-02-03T03:17:00Z", {}),
        ("K1", "2026-02-03T03:00:00", {}),
        ("K1", HOUR, {"read": -1}),
        ("K1", HOUR, {"read": "many"}),
        ("K1", HOUR, {"formats": [{"format": "<b>", "scans": 1}]}),
        ("\x1b[31mK1", HOUR, {}),
        ("K" * 21, HOUR, {}),
    ],
)
def test_a_malformed_telling_is_refused(hub: HubProcess, kiosk: str, hour: str, counts: dict[str, object]) -> None:
    refused = tell(hub, kiosk, hour, **counts)
    assert (refused.status_code, refused.json()["code"]) == (400, "request.invalid")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-31", "22/11/2026"])
def test_what_is_no_day_is_refused(hub: HubProcess, day: str) -> None:
    refused = requests.get(f"{hub.url}/v1/reports/scan-quality", params={"day": day}, timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (400, "request.invalid")


def hospital_day() -> str:
    return (NOW + timedelta(hours=7)).date().isoformat()
