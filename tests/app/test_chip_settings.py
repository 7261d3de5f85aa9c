"""The tables of the kiosk's settings that are about card readers and chips, and what the doctor makes of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.problems import SettingsError
from devices.card_readers.pcsc_reader import PcscReader
from devices.card_readers.pn532 import Pn532Reader
from devices.emulators.chip.issuer import Issuer
from devices.emulators.pn532 import Pn532Emulator
from kiosk.app.card_reader_settings import CardReaderKind, CardReaderSettings
from kiosk.app.doctor_chip import check_certificates, check_photo, chip_checks
from kiosk.app.doctor_devices import check_card_readers
from kiosk.app.doctor_findings import State
from kiosk.app.kiosk_settings import KioskSettings, load_kiosk_settings
from kiosk.domain.visit.chip_values import ExpiryRule

TODAY = date(2026, 11, 22)


def load(folder: Path, text: str) -> KioskSettings:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return load_kiosk_settings(path)


def test_an_empty_table_is_the_first_pcsc_reader_and_chips_are_read(tmp_path):
    settings = load(tmp_path, "[card_reader]\n")
    (reader,) = settings.card_readers
    assert reader.kind is CardReaderKind.PCSC
    assert isinstance(reader.driver("card_reader", lambda _: None), PcscReader)
    assert settings.chip.rules().enabled


def test_several_readers_of_both_kinds_and_every_key_of_the_chip_are_read(tmp_path):
    settings = load(
        tmp_path,
        '[card_reader]\nkind = "pcsc"\nreader_contains = "ACR"\n'
        '[[more_card_readers]]\nkind = "pn532"\nport = "/dev/kiosk/pn532"\npoll_s = 0.3\nbit_rate = 460800\n'
        "[chip]\ncan_from_number = false\nexpiry_rule = 'none'\nmax_key_tries = 2\nlimit_s = 10\nphoto = false\n"
        "mrz_by_camera = false\ncountry_certificates = 'csca'\n",
    )
    assert [reader.place for reader in settings.card_readers] == ["ACR", "/dev/kiosk/pn532"]
    assert isinstance(settings.card_readers[1].driver("card_reader_2", lambda _: None), Pn532Reader)
    rules = settings.chip.rules()
    assert (rules.can_from_number, rules.expiry_rule, rules.max_key_tries) == (False, ExpiryRule.NONE, 2)
    assert settings.chip.country_certificates == tmp_path / "csca"


def test_without_readers_none_is_opened(tmp_path):
    assert load(tmp_path, "").card_readers == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[card_reader]\nkind = "pn532"\n', "port"),
        ('[card_reader]\nport = "/dev/x"\n', "port"),
        ('[card_reader]\nkind = "pn532"\nport = "/dev/x"\nreader_contains = "ACR"\n', "reader_contains"),
        ('[card_reader]\nkind = "pn532"\nport = "/dev/x"\npoll_s = 0.9\n', "poll_s"),
        ("[card_reader]\nkind = 'usb'\n", "pcsc, pn532"),
        ("[chip]\nmax_key_tries = 0\n", "max_key_tries"),
        ("[chip]\nlimit_s = 0.5\n", "limit_s"),
        ("[chip]\nexpiry_rule = 'guess'\n", "law, none"),
    ],
)
def test_a_bad_value_is_told_with_its_key(tmp_path, text, key):
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)
    (problem,) = refused.value.problems
    assert key in f"{problem.key} {problem.detail}"


def test_the_doctor_counts_country_certificates_and_names_files_that_help_nobody(tmp_path):
    Issuer().write_trust_folder(tmp_path)
    (tmp_path / "notes.txt").write_text("nothing")
    found, unhelpful = check_certificates(tmp_path, TODAY)
    assert (found.state, found.params["countries"]) == (State.OK, 1)
    assert (unhelpful.state, unhelpful.params["file"]) == (State.WARN, "notes.txt")


def test_the_doctor_tells_certificates_and_revocation_lists_out_of_date(tmp_path):
    Issuer().write_trust_folder(tmp_path)
    codes = [finding.code for finding in check_certificates(tmp_path, date(2099, 1, 1))]
    assert codes == ["certificates.found", "certificates.expired", "certificates.lists_old"]


def test_the_doctor_tells_an_empty_or_missing_folder(tmp_path):
    assert check_certificates(tmp_path, TODAY)[0].code == "certificates.none_found"
    assert check_certificates(tmp_path / "nothing", TODAY)[0].code == "certificates.path_missing"
    assert check_certificates(None, TODAY)[0].state is State.SKIPPED


def test_the_doctor_has_a_photo_decoded():
    assert check_photo()[0].code == "photo.works"


def test_nothing_is_asked_of_chips_where_none_are_read(tmp_path):
    assert chip_checks(load(tmp_path, "")) == []
    assert chip_checks(load(tmp_path, "[card_reader]\n[chip]\nenabled = false\n")) == []
    assert len(chip_checks(load(tmp_path, "[card_reader]\n[chip]\nphoto = false\n"))) == 1


def test_the_doctor_wakes_a_pn532_or_says_where_it_looked(tmp_path):
    with Pn532Emulator(tmp_path / "reader") as emulator:
        there = CardReaderSettings(kind=CardReaderKind.PN532, port=str(emulator.port))
        gone = CardReaderSettings(kind=CardReaderKind.PN532, port=str(tmp_path / "nothing"))
        assert [finding.code for finding in check_card_readers((there, gone))] == [
            "card_reader.pn532_answers",
            "card_reader.pn532_missing",
        ]
