"""What is wrong with portal settings, by key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.catalogue import load_catalogue
from kiosk.insurance.options import PortalOptions, problems_of

GOOD = PortalOptions(
    username="01043_BV",
    password="secret",
    officer_name="Lê Thị Mẫu",
    officer_number="001185000999",
    accepted_facilities=("01043",),
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "001090123456"}, "username_is_personal_number"),
        ({"username": "012345678"}, "username_is_personal_number"),
        ({"username": "bv01043"}, "username_shape"),
        ({"username": ""}, "username_shape"),
        ({"password": ""}, "password_missing"),
        ({"officer_name": " "}, "officer_name_missing"),
        ({"officer_number": "123"}, "officer_number_shape"),
        ({"base_url": "egw.baohiemxahoi.gov.vn"}, "base_url"),
        ({"base_url": "http://["}, "base_url"),
        ({"base_url": "https://user:pass@host"}, "base_url"),
        ({"base_url": "http://egw.baohiemxahoi.gov.vn"}, "base_url_unencrypted"),
        ({"accepted_facilities": ("1043",)}, "facility_shape"),
        ({"connect_timeout_s": 0.0}, "deadlines"),
        ({"hub_deadline_s": 5.0}, "deadlines"),
    ],
)
def test_every_mistake_has_its_key_and_text(changes: dict[str, object], code: str) -> None:
    faults = problems_of(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert [fault.code for fault in faults] == [f"insurance.setting.{code}"]
    catalogue = load_catalogue()
    for language in ("vi", "en"):
        assert catalogue.text(faults[0].code, language, **faults[0].params)


@pytest.mark.parametrize("base_url", ["https://daotaoegw.baohiemxahoi.gov.vn", "http://127.0.0.1:8080"])
def test_good_settings_have_no_problem(base_url: str) -> None:
    assert problems_of(replace(GOOD, base_url=base_url)) == ()


def test_secrets_do_not_show_in_print() -> None:
    printed = repr(GOOD)
    assert "secret" not in printed
    assert "001185000999" not in printed


def test_options_default_to_the_production_portal_over_tls() -> None:
    assert PortalOptions().base_url.startswith("https://")
