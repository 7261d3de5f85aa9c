"""The site file: the shipped example is usable, and a hospital's mistakes in its own are told."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from config.settings import SettingsError
from config.site import HoursOptions, load_site

HOSPITAL = '[hospital]\nname = { vi = "BV", en = "H" }\n'
SERVICE = """
[[services]]
id = "{id}"
prefix = "{prefix}"
name = {{ vi = "a", en = "b" }}
room = {{ vi = "a", en = "b" }}
directions = {{ vi = "a", en = "b" }}
{more}
"""
COUNTER = '[[counters]]\nid = "1"\nname = { vi = "Quầy 1", en = "Counter 1" }\n'


def site_file(folder: Path, *parts: str) -> Path:
    path = folder / "site.toml"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def service(id_: str = "kham", prefix: str = "A", more: str = "") -> str:
    return SERVICE.format(id=id_, prefix=prefix, more=more)


def test_the_shipped_example_has_the_promised_services_and_counters_open_all_day() -> None:
    site = load_site()
    assert [(s.id, s.prefix) for s in site.services] == [
        ("kham-bhyt", "A"),
        ("kham-dich-vu", "B"),
        ("tai-kham", "C"),
        ("nhi", "E"),
        ("vien-phi", "V"),
        ("nha-thuoc", "T"),
    ]
    assert [(c.id, c.name.vi) for c in site.counters] == [("1", "Quầy 1"), ("2", "Quầy 2")]
    assert all(s.hours == () for s in site.services)
    assert site.hospital.time_zone.key == "Asia/Ho_Chi_Minh"


def test_the_shipped_example_offers_something_to_every_patient() -> None:
    assert any(s.for_insured for s in load_site().services)
    assert any(s.for_uninsured for s in load_site().services)


def test_opening_hours_are_read_as_the_examples_comment_says(tmp_path: Path) -> None:
    hours = 'hours = [{ opens = "06:30", closes = "11:00" }, { opens = "13:00", closes = "16:00" }]'
    site = load_site(site_file(tmp_path, HOSPITAL, service(more=hours), COUNTER))
    assert site.services[0].hours == (
        HoursOptions(opens=time(6, 30), closes=time(11)),
        HoursOptions(opens=time(13), closes=time(16)),
    )


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((service("Kham"), COUNTER), 'id "Kham"'),
        ((service(prefix="a"), COUNTER), 'prefix "a"'),
        ((service(more="daily_limit = 0"), COUNTER), "daily_limit"),
        ((service(more="mean_service_min = 0"), COUNTER), "mean_service_min"),
        ((service(more="for_insured = false\nfor_uninsured = false"), COUNTER), "nobody"),
        ((service(more='hours = [{ opens = "11:00", closes = "07:00" }]'), COUNTER), "11:00"),
        ((service(), service("nhi"), COUNTER), "prefix used twice: A"),
        ((service(), service(prefix="B"), COUNTER), "service id used twice: kham"),
        ((service(), COUNTER, COUNTER), "counter id used twice: 1"),
        ((service(), COUNTER, 'services = ["nhi"]'), "unknown services: nhi"),
        ((service(),), "at least one"),
    ],
)
def test_a_mistake_in_a_site_file_is_told(tmp_path: Path, parts: tuple[str, ...], told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_site(site_file(tmp_path, HOSPITAL, *parts))
    assert [p.code for p in caught.value.problems] == ["settings.value_refused"]
    assert told in caught.value.problems[0].detail
