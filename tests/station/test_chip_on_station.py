"""The chip in a running station: cards on readers, read by real threads, through the visit."""

from __future__ import annotations

import logging
import time

import pytest
from chip_bench import CAN, GateCard, chip_of, running, scanned, trusting
from keeping_hub import TODAY

from devices.card_readers.apdu_reader import ApduReader, ApduReaderOptions
from devices.card_readers.virtual_reader import VirtualReader
from devices.chip.errors import ProtocolBroken
from devices.contract import CardPresent, MrzSeen
from kiosk.domain.identity.values import Assurance
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import ChipState, ChipVerdict, PrintedKey
from kiosk.domain.visit.effects import ReadChip
from kiosk.domain.visit.state import Step
from kiosk.station.devices_bridge.card_places import CardPlaces
from kiosk.station.devices_bridge.chip_readings import ChipReadings

NAME = "Nguyễn Văn An"


def notice(bench) -> str | None:
    return None if bench.visit.notice is None else bench.visit.notice.code


def test_code_and_card_make_a_person_whose_chip_is_genuine_with_a_photo(tmp_path):
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of())
        bench.post(scanned())
        assert bench.visit.step is Step.CONFIRM, "nobody waits for the chip"
        bench.until(lambda: bench.visit.chip.photo is not None)
        assert bench.visit.identity.assurance is Assurance.CHIP_AUTHENTIC
        assert bench.visit.chip.photo.startswith(b"\x89PNG")
        assert len(bench.visit.chip.photo) < 300_000
        assert len(bench.hub.asked) == 1, "the same person is asked about once"
        fractions = [visit.chip.fraction for visit in bench.shown if visit.chip.state is ChipState.READING]
        assert fractions == sorted(fractions)


def test_without_country_certificates_a_good_chip_is_read(tmp_path):
    with running(trusting(tmp_path, country_certificates=None)) as bench:
        bench.post(scanned())
        bench.lay(chip_of())
        bench.until(lambda: bench.visit.chip.state is ChipState.DONE)
        assert bench.visit.chip.verdict is ChipVerdict.ISSUER_NOT_TRUSTED
        assert bench.visit.identity.assurance is Assurance.CHIP_READ


def test_six_digits_tell_who_it_is(tmp_path):
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of())
        bench.post(ev.TypeCanChosen(), ev.CanTyped(digits=CAN))
        bench.until(lambda: bench.visit.step is Step.CONFIRM)
        assert bench.visit.identity.name == NAME
        bench.until(lambda: bench.visit.identity.assurance is Assurance.CHIP_AUTHENTIC)


def test_wrong_digits_can_be_typed_again(tmp_path):
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of())
        bench.post(ev.TypeCanChosen(), ev.CanTyped(digits="000000"))
        bench.until(lambda: notice(bench) == "notice.chip_key_refused")
        assert bench.visit.step is Step.ENTER_CAN
        bench.post(ev.CanTyped(digits=CAN))
        bench.until(lambda: bench.visit.step is Step.CONFIRM)


def test_the_lines_seen_by_the_camera_open_a_card_without_pace(tmp_path):
    lines = ("I" * 30, "I" * 30, "I" * 30)
    seen = MrzSeen(
        device="camera",
        document_number="090123456",
        birth="900101",
        expiry="300101",
        number=None,
        lines=lines,
        complete=True,
    )
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of(profile="bac"))
        bench.bridge.on_device_event(seen)
        bench.until(lambda: bench.visit.step is Step.CONFIRM)
        assert bench.visit.identity.number == "001090123456"


def test_a_card_with_bac_only_opens_by_the_expiry_the_law_gives(tmp_path):
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of(profile="bac"))
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.state is ChipState.DONE)
        assert bench.visit.chip.verdict is ChipVerdict.AUTHENTIC


def test_a_card_pulled_in_mid_read_is_told_within_a_second_and_the_next_reads_clean(tmp_path):
    with running(trusting(tmp_path)) as bench:
        pulled = GateCard(chip_of(), at=9)
        bench.lay(pulled)
        bench.post(scanned())
        assert pulled.reached.wait(10)
        bench.readers[0].take()
        taken_s = time.monotonic()
        pulled.go.set()
        bench.until(lambda: notice(bench) == "notice.chip_lifted", within_s=1.0)
        assert time.monotonic() - taken_s < 1.0
        assert bench.visit.identity.assurance is Assurance.CODE_READ
        bench.lay(chip_of())
        bench.until(lambda: bench.visit.chip.verdict is ChipVerdict.AUTHENTIC)


def test_a_reader_pulled_in_mid_read_leaves_the_code_and_comes_back(tmp_path, allowed_warnings):
    allowed_warnings.append("tiepdon.devices: .*")
    with running(trusting(tmp_path)) as bench:
        gate = GateCard(chip_of(), at=9)
        bench.lay(gate)
        bench.post(scanned())
        assert gate.reached.wait(10)
        bench.readers[0].unplug()
        gate.go.set()
        bench.until(lambda: bench.visit.chip.state is not ChipState.READING)
        assert bench.visit.step is Step.CONFIRM
        bench.readers[0].replug()
        bench.until(lambda: bench.visit.chip.verdict is ChipVerdict.AUTHENTIC)


@pytest.mark.parametrize("fault", ["tampered-name", "cloned", "sod-signature-spoiled"])
def test_a_forged_chip_sends_the_patient_to_the_counter_with_the_code(tmp_path, fault):
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of(1, fault))
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.flag is not None)
        assert bench.visit.identity.assurance is Assurance.CODE_READ
        assert bench.visit.identity.name == NAME
        assert bench.visit.chip.photo is None


def test_another_persons_card_is_refused_and_the_code_stays(tmp_path):
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of(2))
        bench.post(scanned())
        bench.until(lambda: notice(bench) == "notice.chip_not_opened")
        assert bench.visit.identity.name == NAME


def test_leaving_ends_the_reading_before_the_next_apdu_and_forgets_it(tmp_path):
    with running(trusting(tmp_path)) as bench:
        gate = GateCard(chip_of(), at=9)
        bench.lay(gate)
        bench.post(scanned())
        assert gate.reached.wait(10)
        bench.post(ev.CancelTapped())
        gate.go.set()
        bench.post(ev.Started(), scanned())
        bench.until(lambda: bench.visit.chip.state is ChipState.DONE)
        told = [visit for visit in bench.shown if visit.step is Step.WELCOME]
        assert all(visit.chip.photo is None and visit.identity is None for visit in told)


def test_of_two_readers_the_one_with_the_card_is_read(tmp_path):
    with running(trusting(tmp_path), readers=2) as bench:
        bench.lay(chip_of(), reader=1)
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.state is ChipState.DONE)


def test_of_two_cards_the_one_laid_down_last_is_read_and_taking_the_other_changes_nothing(tmp_path):
    with running(trusting(tmp_path), readers=2) as bench:
        bench.lay(chip_of(2), reader=0)
        bench.readers[1].lay(chip_of())
        bench.until(lambda: sum(isinstance(event, CardPresent) for event in bench.heard) == 2)
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.state is ChipState.DONE)
        bench.readers[0].take()
        bench.readers[1].take()
        bench.until(lambda: not bench.visit.card_on_reader)


class Garbled:
    """A card one of whose answers is garbled on its way."""

    def __init__(self, card, at):
        self._card, self._at, self.apdus = card, at, 0

    @property
    def atr(self):
        return self._card.atr

    def reset(self):
        self._card.reset()

    def transmit(self, command):
        self.apdus += 1
        answer = self._card.transmit(command)
        return bytes(len(answer)) if self.apdus == self._at else answer


@pytest.mark.parametrize("at", [3, 5, 7, 8])
def test_one_garbled_answer_costs_a_moment_and_nothing_else(tmp_path, at):
    with running(trusting(tmp_path)) as bench:
        bench.lay(Garbled(chip_of(), at))
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.state not in (ChipState.READING, ChipState.KEY_WANTED))
        assert bench.visit.chip.state is ChipState.DONE


def test_without_a_photo_wanted_none_is_decoded(tmp_path):
    with running(trusting(tmp_path, photo=False)) as bench:
        bench.lay(chip_of())
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.state is ChipState.DONE)
        assert bench.visit.chip.photo is None


def test_nothing_personal_is_logged_whatever_happens(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with running(trusting(tmp_path)) as bench:
        bench.lay(chip_of())
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.photo is not None)
        bench.post(ev.CancelTapped(), ev.Started(), ev.TypeCanChosen(), ev.CanTyped(digits="000000"))
        bench.until(lambda: notice(bench) == "notice.chip_key_refused")
        bench.readers[0].take()
        bench.lay(chip_of(1, "dg1-deep"))
        bench.post(scanned())
        bench.until(lambda: bench.visit.chip.state is not ChipState.READING)
    logged = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "chip read: authentic" in logged
    for personal in ("001090123456", "090123456", CAN, "Nguyễn", "NGUYEN", "900101", "1990", "Phường"):
        assert personal not in logged


@pytest.mark.allowed_warnings(".*reading a chip failed: ValueError")
def test_a_bug_in_reading_is_told_without_what_it_read_and_the_next_reading_goes_on(tmp_path, caplog):
    posted = []
    cards = CardPlaces()
    virtual = VirtualReader()
    virtual.lay(chip_of())
    reader = ApduReader("reader", virtual, lambda _: None, ApduReaderOptions())
    reader.open()
    cards.add(reader)
    cards.laid("reader")
    errors = iter([ValueError("Nguyễn Văn An"), ProtocolBroken("x"), ProtocolBroken("x")])

    def breaks(channel, keys, listener):
        raise next(errors)

    readings = ChipReadings(
        post=posted.append,
        connect=cards.connect,
        make_read_card=lambda: breaks,
        photos=None,
        today=lambda: TODAY,
    )
    readings.start()
    key = PrintedKey(document_number="1", birth="900101", expiry="300101")
    try:
        for number in (1, 2):
            readings.read(ReadChip(reading=number, keys=(key,)))
            end_s = time.monotonic() + 5
            while len(posted) < number and time.monotonic() < end_s:
                virtual.wait_for_change(virtual.view.changes, 0.02)
    finally:
        readings.stop()
    assert [event.code for event in posted] == ["chip.failed", "chip.protocol_broken"]
    assert "Nguyễn" not in caplog.text


def test_a_lost_reader_frees_its_place():
    cards = CardPlaces()
    cards.laid("a")
    cards.laid("b")
    assert not cards.emptied("a")
    assert cards.emptied("b")
    assert not cards.emptied("b")
