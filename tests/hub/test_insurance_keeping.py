"""What is kept of a look-up: sealed, bound to its place, and purged when its time is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
from support.receptions import Clock, issue, open_reception

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import AnsweredCard
from kiosk.domain.identity.reference import question_reference
from kiosk.domain.insurance_work import LookupState
from kiosk.insurance.consulted import Consulted
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.desk_options import DeskOptions
from kiosk.insurance.downtime import Downtimes, read_window
from kiosk.insurance.port import PortalAnswer
from kiosk.services.eligibility import Keeping, keep_late_answer
from kiosk.services.insurance_office import InsuranceOffice
from kiosk.services.insurance_work import Staff
from kiosk.services.reception import Reception
from kiosk.storage.database import FILE_NAME
from kiosk.storage.faults import StorageFault
from kiosk.storage.sealing import Sealer

QUESTION = EligibilityQuestion(card="DN4010000777001", name="Chim Hoàng Yến", birth="17/03/1990")
SEALER = Sealer(b"k" * 32)
KEEPING = Keeping(sealer=SEALER, raw_for=timedelta(days=30))
WRONG_NAME = PortalAnswer(fields=AnsweredCard(code="060", note="Sai họ tên"), code="060", raw=b'{"maKetQua":"060"}')
DOWN = PortalAnswer(failure=OutcomeClass.PORTAL_ERR, detail="portal.http_502", raw=b"<html>")


class FullDisk:
    """A reception that cannot write while `is_full`; `refused` is set by an answer it turned away."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self.is_full = False
        self.refused = threading.Event()

    def write(self, use_case: Callable[[Any], Any]) -> Any:
        if self.is_full:
            if threading.current_thread().name != "insurance-tidy":
                self.refused.set()
            raise StorageFault("storage.full", "test")
        return self._reception.write(use_case)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reception, name)


class LateAnswer:
    """An insurer that answers once it may."""

    def __init__(self, answer: PortalAnswer) -> None:
        self._answer = answer
        self.may_answer = threading.Event()
        self.closed = threading.Event()

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> PortalAnswer:
        self.may_answer.wait(deadline_s)
        return self._answer

    def close(self) -> None:
        self.may_answer.set()
        self.closed.set()


class OneAnswer:
    """An insurer that always says the same."""

    def __init__(self, answer: PortalAnswer) -> None:
        self._answer = answer

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> PortalAnswer:
        return self._answer

    def close(self) -> None:
        pass


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reception(tmp_path: Path, clock: Clock) -> Iterator[Reception]:
    with open_reception(tmp_path, clock=clock) as opened:
        yield opened


@pytest.fixture
def office_of(reception: Reception, clock: Clock) -> Iterator[Callable[..., InsuranceOffice]]:
    made: list[InsuranceOffice] = []

    def make(answer: PortalAnswer | LateAnswer, *, budget_s: float = 5.0, **changes: Any) -> InsuranceOffice:
        site = reception.site
        office = InsuranceOffice(
            **{"reception": reception} | changes,
            open_desk=lambda late: InsuranceDesk(
                OneAnswer(answer) if isinstance(answer, PortalAnswer) else answer,
                patient_key=b"key",
                today=lambda: site.day_of(clock()),
                new_id=lambda: f"id-{len(made)}-{clock().timestamp()}",
                on_answer=late,
                options=DeskOptions(budget_s=budget_s, retry_after_s=3600, retry_longest_s=3600, failures_to_open=99),
            ),
            keeping=KEEPING,
            downtimes=Downtimes((), time_zone=site.time_zone, now=clock),
        )
        made.append(office)
        return office

    yield make
    for office in made:
        office.close()


@pytest.mark.allowed_warnings("insurance.late_answer_not_kept|insurance.tidy_failed")
def test_an_answer_that_came_while_the_disk_was_full_is_fetched_again(
    office_of: Callable[..., InsuranceOffice], reception: Reception
) -> None:
    disk, insurer = FullDisk(reception), LateAnswer(WRONG_NAME)
    office = office_of(insurer, budget_s=0.05, reception=disk, tidy_every_s=0.05)
    waiting = office.ask(QUESTION)
    assert waiting.pending
    disk.is_full = True
    insurer.may_answer.set()
    assert disk.refused.wait(5)
    disk.is_full = False

    def kept() -> Any:
        return reception.read(lambda context: context.records.eligibility(waiting.id))

    end_s = time.monotonic() + 5
    while kept().pending and time.monotonic() < end_s:
        insurer.closed.wait(0.02)
    assert (kept().code, kept().pending) == ("060", False)


def rows(tmp_path: Path) -> list[tuple[Any, ...]]:
    connection = apsw.Connection(str(tmp_path / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    found = list(connection.execute("SELECT id, state, question, raw FROM lookup"))
    connection.close()
    return found


# -- sealing ----------------------------------------------------------------------------------------------------------


def test_what_is_sealed_opens_with_its_key_at_its_place_only() -> None:
    sealed = SEALER.seal(b"secret", "case a")
    assert b"secret" not in sealed
    assert SEALER.seal(b"secret", "case a") != sealed
    assert SEALER.open(sealed, "case a") == b"secret"
    assert SEALER.open(sealed, "case b") is None
    assert Sealer(b"x" * 32).open(sealed, "case a") is None
    assert SEALER.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "case a") is None
    assert SEALER.open(b"", "case a") is None


def test_the_same_question_has_one_reference_a_day() -> None:
    def reference(day: int = 5, key: bytes = b"key", **changes: str) -> str:
        given = {"card": QUESTION.card, "name": QUESTION.name, "birth": QUESTION.birth} | changes
        return question_reference(EligibilityQuestion(**given), clock_day.replace(day=day), key)

    clock_day = Clock().now.date()
    assert reference() == reference(name="CHIM  HOÀNG YẾN", card="dn4010000777001")
    others = [reference(day=6), reference(key=b"other"), reference(name="Chim Hoàng Yên"), reference(birth="1990")]
    assert len({reference(), *others}) == 5


# -- keeping and purging ----------------------------------------------------------------------------------------------


def test_a_failed_look_up_is_sealed_until_the_end_of_its_day(
    office_of: Callable[..., InsuranceOffice], clock: Clock, tmp_path: Path
) -> None:
    office = office_of(WRONG_NAME)
    verdict = office.ask(QUESTION, "K1")
    ((lookup_id, state, question, raw),) = rows(tmp_path)
    assert (lookup_id, state) == (verdict.id, LookupState.FAILED)
    assert SEALER.open(raw, f"raw {lookup_id}") == WRONG_NAME.raw
    assert QUESTION.card.encode() in (SEALER.open(question, f"case {lookup_id}") or b"")
    clock.advance(hours=15)  # 23:00 of the same day
    office.tidy()
    assert rows(tmp_path)[0][2] is not None
    clock.advance(hours=2)
    office.tidy()
    assert rows(tmp_path)[0][1:3] == (LookupState.FAILED, None)


def test_nothing_of_it_lies_readable_in_the_folder(office_of: Callable[..., InsuranceOffice], tmp_path: Path) -> None:
    office_of(DOWN).ask(QUESTION)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert not [part for part in (QUESTION.card, QUESTION.name, QUESTION.birth) if part and part.encode() in stored]


def test_a_raw_answer_is_purged_after_its_time(
    office_of: Callable[..., InsuranceOffice], clock: Clock, tmp_path: Path
) -> None:
    office = office_of(WRONG_NAME)
    office.ask(QUESTION)
    clock.advance(days=29)
    office.tidy()
    assert rows(tmp_path)[0][3] is not None
    clock.advance(days=1)
    office.tidy()
    assert rows(tmp_path)[0][3] is None


def test_a_pending_one_ends_with_its_day_and_the_time_settings_give_it(
    office_of: Callable[..., InsuranceOffice], reception: Reception, clock: Clock, tmp_path: Path
) -> None:
    office = office_of(DOWN, keep_question=timedelta(hours=6))
    verdict = office.ask(QUESTION)
    assert verdict.pending
    clock.advance(hours=20)  # 04:00 of the next day
    office.tidy()
    assert rows(tmp_path)[0][1] == LookupState.PENDING
    clock.advance(hours=3)
    office.tidy()
    assert rows(tmp_path)[0][1:3] == (LookupState.EXPIRED, None)
    stored = reception.read(lambda context: context.records.eligibility(verdict.id))
    assert stored is not None
    assert not stored.pending


def test_a_look_up_that_needs_nobody_keeps_no_question(
    office_of: Callable[..., InsuranceOffice], tmp_path: Path
) -> None:
    office_of(PortalAnswer(fields=AnsweredCard(code="001"), code="001", raw=b"{}")).ask(QUESTION)
    assert rows(tmp_path)[0][1:3] == (LookupState.ANSWERED, None)


def test_a_corrected_question_takes_the_wrong_one_away(
    office_of: Callable[..., InsuranceOffice], reception: Reception, tmp_path: Path, clock: Clock
) -> None:
    office = office_of(WRONG_NAME)
    first = office.ask(QUESTION)
    clock.advance(seconds=1)
    office.ask(EligibilityQuestion(card=QUESTION.card, name="Chim Sơn Ca", birth="1990"), repairs=first.id)
    assert {row[0]: row[2] is None for row in rows(tmp_path)}[first.id]
    counts = reception.read(lambda context: context.lookups.counts(context.today, context.today))
    assert sorted(count.kind for count in counts) == ["first", "repaired"]


def test_a_late_answer_does_not_undo_what_staff_decided(
    office_of: Callable[..., InsuranceOffice], reception: Reception
) -> None:
    office = office_of(DOWN)
    verdict = office.ask(QUESTION)
    ticket = issue(reception, "a")
    reception.write(
        lambda context: context.tickets._db.execute("UPDATE ticket SET eligibility = ?", (verdict.id,))
    ).result(5)
    decided = office.decide_by_hand(ticket.id, OutcomeClass.DENY_CARD, Staff(by="Lan", reason="thẻ giả"))
    late = Consulted(verdict=replace(decided, outcome=OutcomeClass.OK), question=QUESTION, key="k")
    reception.write(lambda context: keep_late_answer(context, late, KEEPING)).result(5)
    stored = reception.read(lambda context: context.records.eligibility(verdict.id))
    assert stored == decided


# -- planned downtimes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_window"),
    [
        ("2026-03-02T07:00/2026-03-02T09:00", True),
        ("2026-03-02T09:00/2026-03-02T07:00", False),
        ("2026-03-02T07:00", False),
        ("2026-03-02T07:00Z/2026-03-02T09:00Z", False),
        ("đêm nay", False),
    ],
)
def test_a_window_is_two_local_moments(text: str, is_window: bool) -> None:
    assert (read_window(text) is not None) == is_window


def test_windows_are_the_hospitals_time_and_the_switch_adds_to_them(reception: Reception, clock: Clock) -> None:
    downtimes = Downtimes(
        ("2026-03-02T07:00/2026-03-02T09:00",), time_zone=reception.site.time_zone, now=clock
    )  # now: 08:00
    assert downtimes.left_s() == 3600
    downtimes.switched_until = clock() + timedelta(hours=3)
    assert downtimes.left_s() == 3 * 3600
    clock.advance(hours=4)
    assert (downtimes.left_s(), downtimes.until()) == (0.0, None)
