"""Every result code of the insurer, and every way of getting none: what kiosk, slip, counter and report say of it, in
both languages. The table says what is meant to be; the sentences are looked up on the way they really go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from config.catalogue import load_catalogue
from kiosk.domain.eligibility import Coverage, EligibilityQuestion, OutcomeClass, StaffAction
from kiosk.domain.eligibility_codes import CODE_ROWS
from kiosk.domain.eligibility_judge import AnsweredCard, Judgement, judge, judge_failure
from kiosk.domain.identity.values import Assurance, BirthDate, CodeKind, Identity, NumberKind, RecognisedCode
from kiosk.domain.insurance_report import LookupCount, LookupKind, report_of
from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.ticket import Priority, TicketState, TicketView
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import AskEligibility, Effect, IssueTicket
from kiosk.domain.visit.machine import step
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Surroundings, VisitOptions
from kiosk.hub.insurance_page import insurance_page
from kiosk.insurance.consulted import verdict_of
from kiosk.station.slip_text import slip_text
from ui.counter.wording import Wording as CounterWording
from ui.kiosk import presentation

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TEXTS = load_catalogue()
BOTH = LocalizedText(vi="Phòng 1", en="Room 1")
QUESTION = EligibilityQuestion(card="DN4010000000001", name="Nguyễn Văn An", birth="01/01/1990")
MONEY = ("miễn phí", "100%", "đồng", "chi trả", "hoàn tiền", "free of charge", "no charge", "reimburse", "covered")
BLAME = ("lỗi của", "do quý khách", "your fault", "your mistake", "you entered wrong")


@dataclass(frozen=True, kw_only=True)
class Meant:
    """Keys without their area. `kiosk` is what the confirmation shows: `good`, `counter`, or `repair`, where one more
    try is offered; `counter` the short word in the counter's list."""

    outcome: str
    kiosk: str
    coverage: str
    next_step: str
    staff: str
    pending: bool = False


VALID = Meant(outcome="ok", kiosk="good", coverage="valid", next_step="wait_for_call", staff="none")
BY_EYE = Meant(
    outcome="ok_manual",
    kiosk="counter",
    coverage="show_document",
    next_step="show_document_at_counter",
    staff="check_document",
)
NEW_CARD = Meant(
    outcome="ok_manual",
    kiosk="counter",
    coverage="new_card",
    next_step="show_document_at_counter",
    staff="confirm_new_card",
)
NUMBER = Meant(
    outcome="fix_input",
    kiosk="repair",
    coverage="number_not_found",
    next_step="correct_details_at_counter",
    staff="try_other_number",
)
NAME = replace(NUMBER, coverage="name_differs", staff="correct_name")
BIRTH = replace(NUMBER, coverage="birth_differs", staff="correct_birth")
ENDED = Meant(
    outcome="deny_card",
    kiosk="counter",
    coverage="card_ended",
    next_step="counter_or_paid_service",
    staff="contact_insurer",
)
ENDED_NEW = replace(ENDED, staff="ask_new_card")
EXPIRED = replace(ENDED, coverage="expired", staff="ask_renewed_card")
CHILD = Meant(
    outcome="ok_manual",
    kiosk="counter",
    coverage="child",
    next_step="child_papers_at_counter",
    staff="child_temporary_number",
)
ASKING_ON = Meant(
    outcome="portal_err",
    kiosk="counter",
    coverage="still_checking",
    next_step="check_at_counter",
    staff="ask_again",
    pending=True,
)
OFFICER = Meant(
    outcome="config",
    kiosk="counter",
    coverage="checked_at_counter",
    next_step="check_at_counter",
    staff="register_officer",
    pending=True,
)
ACCOUNT = replace(OFFICER, outcome="auth", staff="check_account")
OURS = replace(OFFICER, outcome="bug", staff="tell_it", pending=False)
UNCLEAR = replace(OFFICER, outcome="unknown", staff="read_note", pending=False)

TABLE: dict[str, Meant] = {
    "000": VALID, "001": BY_EYE, "002": BY_EYE, "003": NEW_CARD, "003.1": NEW_CARD, "004": VALID, "010": EXPIRED,
    "050": NUMBER, "051": NUMBER, "052": NUMBER, "053": NUMBER, "054": OFFICER, "055": OFFICER,
    "060": NAME, "061": NAME, "070": BIRTH, "080": UNCLEAR, "090": UNCLEAR, "100": ASKING_ON, "101": ASKING_ON,
    "110": ENDED, "120": ENDED, "121": ENDED_NEW, "122": ENDED_NEW, "123": ENDED_NEW, "124": ENDED, "130": CHILD,
    "205": OURS, "401": ACCOUNT, "403": ACCOUNT, "500": ASKING_ON, "501": ACCOUNT, "999": UNCLEAR, "X1": UNCLEAR,
}  # fmt: skip
WITHOUT_ANSWER: dict[OutcomeClass, Meant] = {
    OutcomeClass.TIMEOUT: replace(ASKING_ON, outcome="timeout"),
    OutcomeClass.PORTAL_ERR: ASKING_ON,
    OutcomeClass.AUTH: ACCOUNT,
    OutcomeClass.CONFIG: replace(ACCOUNT, outcome="config"),
    OutcomeClass.BUG: OURS,
    OutcomeClass.UNKNOWN: UNCLEAR,
}

every_language = pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
every_case = pytest.mark.parametrize(
    ("case", "meant"),
    [*TABLE.items(), *WITHOUT_ANSWER.items()],
    ids=[*TABLE, *(outcome.value for outcome in WITHOUT_ANSWER)],
)


def judged(case: str | OutcomeClass) -> Judgement:
    if isinstance(case, OutcomeClass):
        return judge_failure(case, QUESTION, today=TODAY)
    answer = AnsweredCard(
        code=case,
        card=QUESTION.card,
        name=QUESTION.name,
        birth=QUESTION.birth,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        facility="01043",
    )
    return judge(answer, QUESTION, today=TODAY, accepted_facilities=("01043",))


class OneOfEach:
    def request_id(self) -> str:
        return "r1"

    def question_number(self) -> int:
        return 1

    def reading_number(self) -> int:
        return 1


class Kiosk:
    """One visit, from the card to the number, as the machine has it."""

    def __init__(self, language: Language) -> None:
        service = ServiceView(
            id="noi",
            prefix="A",
            name=BOTH,
            room=BOTH,
            directions=BOTH,
            availability=Availability.OPEN,
            opens_at=None,
            waiting=0,
            for_insured=True,
            for_uninsured=True,
        )
        self.visit = Visit(services=(service,), language=language)
        self.effects: list[Effect] = []

    def on(self, event: ev.Event) -> None:
        at = Surroundings(now_s=1.0, today=TODAY, options=VisitOptions(), ids=OneOfEach())
        self.visit, effects = step(self.visit, event, at)
        self.effects += effects

    def answered(self, case: str | OutcomeClass) -> None:
        identity = Identity(
            number=QUESTION.card,
            number_kind=NumberKind.INSURANCE_CARD,
            assurance=Assurance.CODE_READ,
            name=QUESTION.name,
            birth=BirthDate(year=1990, month=1, day=1),
        )
        self.on(ev.CodeScanned(code=RecognisedCode(kind=CodeKind.INSURANCE_CARD, identity=identity)))
        asked = next(effect for effect in self.effects if isinstance(effect, AskEligibility))
        answer = judged(case)
        told = verdict_of(answer, verdict_id="e1", patient_ref="p1", pending=answer.retry)
        self.on(ev.EligibilityAnswered(request=asked.request, eligibility=told))

    def to_ticket(self) -> None:
        self.on(ev.Confirmed())
        if self.visit.step is Step.REPAIR:
            self.on(ev.RepairDeclined())
        self.on(ev.ServiceChosen(service="noi"))
        request = next(effect for effect in self.effects if isinstance(effect, IssueTicket))
        self.on(ev.TicketIssued(request_id=request.request_id, ticket=counter_ticket(None, None)))


def counter_ticket(coverage: str | None, staff_action: str | None) -> TicketView:
    return TicketView(
        id="t1",
        number=1,
        label="A001",
        service="noi",
        state=TicketState.WAITING,
        priority=Priority.NORMAL,
        people_ahead=0,
        estimate=None,
        counter=None,
        issued_at=NOW,
        coverage=coverage,
        staff_action=staff_action,
    )


def test_the_table_has_every_known_code_and_two_unknown_ones() -> None:
    assert {row.code for row in CODE_ROWS} == set(TABLE) - {"999", "X1"}


@every_case
def test_class_and_whether_the_hub_goes_on_asking(case: str | OutcomeClass, meant: Meant) -> None:
    answer = judged(case)
    assert (answer.outcome.value, answer.retry) == (meant.outcome, meant.pending)


def test_a_replaced_card_found_under_its_new_number_is_valid_and_staff_confirm_the_number() -> None:
    answer = AnsweredCard(
        code="000",
        card=QUESTION.card,
        name=QUESTION.name,
        birth=QUESTION.birth,
        valid_from=date(2026, 1, 1),
        facility="01043",
    )
    found = judge(answer, QUESTION, today=TODAY, accepted_facilities=("01043",), replaced=True)
    assert (found.coverage, found.staff_action) == (Coverage.VALID, StaffAction.CONFIRM_NEW_CARD)


@every_language
@every_case
def test_what_the_kiosk_shows(case: str | OutcomeClass, meant: Meant, language: Language) -> None:
    kiosk = Kiosk(language)
    kiosk.answered(case)
    wording = presentation.Wording(texts=TEXTS, language=language)
    shown = presentation.insurance(kiosk.visit, wording)
    coverage = TEXTS.text(f"coverage.{meant.coverage}", language)
    more = {
        "good": "",
        "counter": " " + TEXTS.text("kiosk.confirm.insurance_counter", language),
        "repair": " " + TEXTS.text("kiosk.confirm.insurance_repair", language),
    }[meant.kiosk]
    assert shown == {"state": "good" if meant.kiosk == "good" else "counter", "text": coverage + more}
    kiosk.on(ev.Confirmed())
    assert (kiosk.visit.step is Step.REPAIR) == (meant.kiosk == "repair")
    assert bool(presentation.repair(kiosk.visit, wording)["title"]) == (meant.kiosk == "repair")


@every_language
@every_case
def test_what_screen_and_slip_say_with_the_number(case: str | OutcomeClass, meant: Meant, language: Language) -> None:
    kiosk = Kiosk(language)
    kiosk.answered(case)
    kiosk.to_ticket()
    assert kiosk.visit.step is Step.TICKET, "everybody gets a number"
    assert kiosk.visit.slip is not None
    paper = slip_text(kiosk.visit.slip, TEXTS, ZONE)
    next_step = TEXTS.text(f"next_step.{meant.next_step}", language)
    assert (paper.coverage, paper.next_step) == (TEXTS.text(f"coverage.{meant.coverage}", language), next_step)
    screen = presentation.ticket(kiosk.visit, presentation.Wording(texts=TEXTS, language=language))
    assert screen["nextStep"] == next_step
    for words in (paper.coverage, paper.next_step):
        assert not [word for word in (*MONEY, *BLAME) if word in words.lower()]


@every_language
@every_case
def test_what_the_counter_shows(case: str | OutcomeClass, meant: Meant, language: Language) -> None:
    answer = judged(case)
    shown = counter_ticket(answer.coverage.value, answer.staff_action.value)
    wording = CounterWording(texts=TEXTS, language=language)
    assert wording.cover(shown) == TEXTS.text(f"counter.cover.{meant.coverage}", language)
    to_do = [] if meant.staff == "none" else [TEXTS.text(f"staff_action.{meant.staff}", language)]
    assert wording.checks(shown) == to_do


@every_language
@every_case
def test_what_the_report_shows(case: str | OutcomeClass, meant: Meant, language: Language) -> None:
    code = "" if isinstance(case, OutcomeClass) else case
    count = LookupCount(
        hour=NOW.replace(minute=0),
        kiosk="K1",
        kind=LookupKind.FIRST,
        outcome=OutcomeClass(meant.outcome),
        code=code,
        lookups=3,
        late=0,
        latency_ms_sum=900,
        latency_ms_max=500,
    )
    report = report_of([count], first_day=TODAY, last_day=TODAY, time_zone=str(ZONE), pending=0)
    word = TEXTS.text(f"outcome.{meant.outcome}", language)
    row = f"<td>{word} ({code})</td>" if code else f"<td>{word}</td>"
    assert row in insurance_page(report, TEXTS, language)
    assert report.hits == (3 if meant.outcome in ("ok", "ok_manual", "requery") else 0)
