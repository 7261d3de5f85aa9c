"""Whole readings: text first, budgets, cards that misbehave, and cards that are taken away."""

import itertools
from dataclasses import replace

import pytest
from support.chip_readings import CITIZEN, EXTENDED, SHORT, TODAY, card_of, issuer_of, read, trust_in

from devices.chip.errors import ChipError, MalformedData
from devices.chip.judge import Judge
from devices.chip.reader import ReadOptions, read_chip
from devices.chip.trust_store import TrustStore
from devices.chip.values import CheckName, CheckState, Progress, Stage, TextRead, Verdict
from devices.emulators.chip.algorithms import ActiveAuthenticationKind, RsaKind
from devices.emulators.chip.variants import PROFILES


@pytest.mark.parametrize("profile", sorted(set(PROFILES) - {"rsa"}))  # its keys take seconds to make
@pytest.mark.parametrize("limits", [SHORT, EXTENDED], ids=["short", "extended"])
def test_reads_every_kind_of_card_to_the_verdict_within_its_commands(profile, limits, tmp_path):
    issuer = issuer_of(PROFILES[profile].signing)
    record = read(card_of(profile, issuer=issuer), trust=trust_in(issuer, tmp_path), **limits)
    assert record.judgement.verdict is (Verdict.NOT_PROVEN if profile == "unproven" else Verdict.AUTHENTIC)
    assert (record.citizen.number, record.citizen.name) == (CITIZEN.number, CITIZEN.name)
    assert len(record.photo) >= PROFILES[profile].photo_bytes * 0.9
    if profile != "big-photo":
        assert record.apdus <= (30 if limits and profile != "short-only" else 100)


def test_counts_what_it_cost():
    card = card_of()
    record = read(card)
    assert record.apdus == len(card.apdus)
    assert record.bytes_read == sum(len(answer) for answer in card.answers)
    assert record.elapsed_s > 0


def test_the_person_is_told_before_anything_is_proven_and_progress_never_goes_back():
    told = []
    record = read(card_of(), listener=told.append)
    text = next(at for at, event in enumerate(told) if isinstance(event, TextRead))
    assert told[text].citizen == record.citizen
    stages = [event.stage for event in told if isinstance(event, Progress)]
    assert list(dict.fromkeys(stages)) == list(Stage)
    assert {event.stage for event in told[:text]} == {Stage.CONNECTING, Stage.OPENING, Stage.TEXT}
    fractions = [event.fraction for event in told if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)


def test_without_the_photo_it_is_not_read():
    card = card_of()
    record = read(card, photo=False)
    assert record.photo is None
    assert "DG2" not in record.missing_files
    assert record.apdus < 40


@pytest.mark.parametrize(
    ("fault", "missing"),
    [("dg13-empty", "DG13"), ("dg1-empty", "DG1"), ("dg2-empty", "DG2"), ("sod-missing", "SOD"), ("dg2-huge", "DG2")],
)
def test_a_file_that_does_not_come_is_noted_and_the_rest_is_read(fault, missing):
    record = read(card_of("citizen", fault))
    assert set(record.missing_files) == {missing}
    assert record.citizen.number == CITIZEN.number
    assert record.citizen.name_has_marks == (missing != "DG13")
    assert (record.photo is None) == (missing == "DG2")


def test_a_card_that_tells_neither_name_nor_number_is_no_reading():
    with pytest.raises(MalformedData):
        read(card_of("citizen", "dg1-ones", "dg13-ones"))


def test_what_there_is_of_a_spoiled_file_is_judged():
    assert read(card_of("citizen", "dg13-cut")).judgement.verdict is Verdict.FORGED


@pytest.mark.parametrize("status", ["6A82", "6982", "6988", "6700", "6D00"])
@pytest.mark.parametrize("at", [9, 12, 30])
def test_a_session_dropped_once_is_opened_anew(status, at):
    card = card_of()
    dropping = _DropsOnce(card, at, bytes.fromhex(status))
    record = read(dropping)
    assert dropping.dropped
    assert record.citizen.number == CITIZEN.number
    if status not in ("6A82", "6982"):
        assert not record.missing_files


@pytest.mark.parametrize("instruction", [0x22, 0x86, 0x88])
def test_a_session_dropped_over_one_proof_leaves_it_open_and_the_rest_is_read(instruction):
    record = read(_DropsOnce(card_of(), 9, b"\x69\x88", instructions=(instruction,)))
    assert record.judgement.verdict is Verdict.NOT_PROVEN
    assert record.judgement.reasons[0] == "chip.check.proof_refused"
    assert not record.missing_files
    assert record.photo is not None


def test_a_signature_too_long_for_the_reader_is_no_forgery():
    rsa = ActiveAuthenticationKind(key=RsaKind(bits=2048))
    card = card_of(replace(PROFILES["bac"], chip_authentication=(), active_authentication=rsa))
    record = read(_DropsOnce(card, 9, b"\x67\x00", instructions=(0x88,)))
    check = record.judgement.checks[CheckName.ACTIVE_AUTHENTICATION]
    assert (check.state, check.reason) == (CheckState.NOT_DONE, "chip.check.answer_too_long")
    assert record.judgement.verdict is Verdict.NOT_PROVEN
    assert record.photo is not None


def test_a_chip_that_dawdles_is_judged_by_what_came_in_time():
    card, now_s = card_of(), itertools.count(0, 0.4)
    judge = Judge(TrustStore(), TODAY).judge
    options = ReadOptions(today=TODAY, max_s=18.0)
    record = read_chip(card, [CITIZEN.can], options, judge, clock=lambda: float(next(now_s)))
    assert len(card.apdus) < 50
    assert record.citizen.number == CITIZEN.number
    assert record.photo is None
    assert record.judgement.verdict is Verdict.ISSUER_NOT_TRUSTED


class _DropsOnce:
    """Answers one command with a bare status, which ends the card's session too."""

    def __init__(self, card, at, status, instructions=(0xB0,)):
        self._card, self._at, self._status, self._count, self.dropped = card, at, status, 0, False
        self._instructions = instructions

    def __call__(self, apdu):
        self._count += 1
        if self._count == self._at and apdu[0] & 0x0C and apdu[1] in self._instructions:
            self.dropped = True
            self._card.card.transmit(bytes.fromhex("00B0000001"))
            return self._status
        if self._count == self._at:
            self._at += 1
        return self._card(apdu)


@pytest.mark.parametrize(
    "fault",
    [
        "session-wrong-mac",
        "session-mac-missing",
        "session-replayed",
        "session-plain",
        "session-garbage",
        "session-status-differs",
        "session-session-lost",
        "session-stale-counter",
    ],
)
def test_a_chip_that_breaks_every_session_is_never_authentic_and_soon_left(fault):
    card = card_of("citizen", fault)
    try:
        record = read(card)
    except ChipError:
        record = None
    assert len(card.apdus) < 120
    assert record is None or record.judgement.verdict in (Verdict.NOT_PROVEN, Verdict.FORGED)


class CardTaken(Exception):
    """What a transport raises."""


@pytest.mark.parametrize("at", [1, 2, 5, 8, 9, 11, 14, 18, 20, 22, 40, 80])
def test_a_card_taken_away_is_the_transports_to_tell_at_once(at):
    card = card_of()
    card.raises[at] = CardTaken()
    with pytest.raises(CardTaken):
        read(card)
    assert len(card.apdus) == at


def test_the_next_card_reads_clean_after_one_was_taken_away():
    card = card_of()
    card.raises[25] = CardTaken()
    with pytest.raises(CardTaken):
        read(card)
    assert read(card).judgement.verdict is Verdict.ISSUER_NOT_TRUSTED


def test_nothing_personal_stands_in_what_can_be_logged():
    record = read(card_of("citizen", "dg13-empty"))
    printed = f"{record!r} {record.missing_files} {record.judgement!r} {record.protocol}"
    assert CITIZEN.number not in printed
    assert CITIZEN.name not in printed
