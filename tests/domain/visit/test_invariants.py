"""What holds for every order of events whatsoever, searched by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import inf

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from visit_walk import SERVICES, Walk, bad_scan, person, scan, ticket, verdict

from kiosk.domain.eligibility import OutcomeClass, RepairField
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import Assurance, BirthDate, Identity, NumberKind
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import ChipRules, ChipStage, ChipState, ChipVerdict, PrintedKey
from kiosk.domain.visit.effects import (
    AskEligibility,
    Effect,
    GiveOwnNumber,
    IssueTicket,
    PrintSlip,
    ReadChip,
    WipeTraces,
)
from kiosk.domain.visit.moving import fresh
from kiosk.domain.visit.state import Claim, PrintProgress, Step, Visit

PEOPLE = (
    person(),
    person("001190012345", "Trần Thị Bình", 1945),
    person("022305000123", None, 2005),
    replace(person("DN4010000000001"), number_kind=NumberKind.INSURANCE_CARD, name=None, birth=None),
    replace(person("012345678"), number_kind=NumberKind.OLD_CITIZEN),
)
MRZ = PrintedKey(document_number="090123456", birth="900101", expiry="300101")
CHIP_FAILURES = (
    "chip.key_refused",
    "chip.not_an_id_chip",
    "chip.protocol_broken",
    "card_reader.card_taken",
    "card_reader.lost",
)
TAPS: tuple[ev.Event, ...] = (
    ev.Started(),
    ev.CardLaid(),
    ev.CardTaken(),
    ev.TypeCanChosen(),
    ev.MrzSeen(key=MRZ),
    ev.TypeNumberChosen(),
    ev.NoDocumentChosen(),
    ev.RepairDeclined(),
    ev.Confirmed(),
    ev.Denied(),
    ev.BackTapped(),
    ev.CancelTapped(),
    ev.DoneTapped(),
    ev.ReprintTapped(),
    ev.LanguageToggled(),
    ev.HelpTapped(),
    ev.HelpAnswered(reached=True),
    ev.HelpAnswered(reached=False),
    ev.HelpDismissed(),
    ev.MoreTimeTapped(),
    ev.Touched(),
    ev.Ticked(),
    ev.HubLost(),
    ev.HubBack(),
)
EVENTS = st.one_of(
    st.sampled_from(TAPS),
    st.sampled_from(PEOPLE).map(scan),
    st.sampled_from(["code.torn", "code.payment", "code.link"]).map(bad_scan),
    st.sampled_from(Claim).map(lambda claim: ev.ClaimMade(claim=claim)),
    st.sampled_from(["001090123456", "DN4010000000001", "012345678", "12", "", "٣٤"]).map(
        lambda number: ev.NumberTyped(number=number)
    ),
    st.sampled_from(
        [None, BirthDate(year=1990), BirthDate(year=2022, month=2), BirthDate(year=1990, month=2, day=31)]
    ).map(lambda birth: ev.BirthTyped(birth=birth)),
    st.sampled_from(["123456", "654321", "111111", "12", "١٢٣٤٥٦"]).map(lambda digits: ev.CanTyped(digits=digits)),
    st.sampled_from([None, "", "Lê Hoa", "\x1b@\x1d"]).map(lambda name: ev.NameTyped(name=name)),
    st.sampled_from(["noi", "nhi", "bhyt", "mat", "nowhere"]).map(lambda service: ev.ServiceChosen(service=service)),
    st.builds(
        ev.ServicesLoaded,
        services=st.sampled_from([SERVICES, SERVICES[:1], ()]),
        said=st.sampled_from([None, datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)]),
        age_s=st.sampled_from([0.0, 3600.0, inf]),
    ),
)

ONWARD: dict[Step, tuple[ev.Event, ...]] = {
    Step.WELCOME: (*(scan(someone) for someone in PEOPLE), ev.Started(), ev.HubLost()),
    Step.PRESENT: (
        *(scan(someone) for someone in PEOPLE),
        ev.TypeNumberChosen(),
        ev.NoDocumentChosen(),
        ev.CardLaid(),
        ev.TypeCanChosen(),
        ev.MrzSeen(key=MRZ),
    ),
    Step.ENTER_CAN: (ev.CanTyped(digits="123456"), ev.CanTyped(digits="654321"), ev.CardLaid()),
    Step.READ_CHIP: (ev.CardLaid(), ev.CardTaken(), ev.TypeNumberChosen()),
    Step.NO_DOCUMENT: tuple(ev.ClaimMade(claim=claim) for claim in Claim),
    Step.ENTER_NUMBER: (ev.NumberTyped(number="001090123456"),),
    Step.ENTER_BIRTH: (ev.BirthTyped(birth=None), ev.BirthTyped(birth=BirthDate(year=1940))),
    Step.ENTER_NAME: (ev.NameTyped(name=None), ev.NameTyped(name="Lê Hoa")),
    Step.REPAIR: (
        ev.NumberTyped(number="0100000001"),
        ev.NameTyped(name="Lê Hoa"),
        ev.BirthTyped(birth=BirthDate(year=1940)),
        scan(PEOPLE[3]),
        ev.RepairDeclined(),
        ev.BackTapped(),
    ),
    Step.CONFIRM: (ev.Confirmed(),),
    Step.CHOOSE_SERVICE: (ev.ServiceChosen(service="noi"), ev.ServiceChosen(service="mat"), ev.HubLost()),
    Step.ISSUING: (ev.HubLost(), ev.HubBack()),
    Step.TICKET: (ev.ReprintTapped(), ev.DoneTapped()),
    Step.REFUSED: (ev.ServiceChosen(service="noi"), ev.ServiceChosen(service="nhi")),
    Step.HUB_AWAY: (ev.HubBack(), ev.DoneTapped()),
}
"""What a patient (and the network) would sensibly do on a step: without it chance hardly ever gets to a number."""


class AnyOrderOfEvents(RuleBasedStateMachine):
    """A kiosk that gets events in any order, with a hub that answers, refuses, repeats itself or stays silent."""

    @initialize(own_numbers=st.booleans())
    def switch_on(self, own_numbers: bool) -> None:
        start = Visit(services=SERVICES, own_numbers=own_numbers)
        self.walk = Walk(visit=start, chip=ChipRules(enabled=True))
        self.printable: set[str] = set()
        self.sent: list[IssueTicket] = []
        self.seen = 0

    def feed(self, event: ev.Event) -> None:
        before = self.walk.visit
        self.walk.on(event)
        for effect in self.walk.effects[self.seen :]:
            self.check(effect, event)
        self.seen = len(self.walk.effects)
        if before.issue_sent and before.request_id != self.walk.visit.request_id:
            assert isinstance(event, ev.IssueRefused | ev.Ticked | ev.DoneTapped), "a request was dropped"

    def check(self, effect: Effect, event: ev.Event) -> None:
        visit = self.walk.visit
        if isinstance(effect, IssueTicket):
            assert effect.request_id not in {sent.request_id for sent in self.sent}
            assert visit.ticket is None
            self.sent.append(effect)
        elif isinstance(effect, GiveOwnNumber):
            assert visit.own_numbers
            assert visit.ticket is None
            assert effect.request_id == visit.request_id
        elif isinstance(effect, PrintSlip):
            assert visit.ticket is not None
            assert effect.slip.ticket_id == visit.ticket.id in self.printable
        elif isinstance(effect, ReadChip):
            assert effect.keys
            assert visit.card_on_reader
            assert visit.chip.tries_left > 0
            assert visit.chip.reading == effect.reading
        elif isinstance(effect, WipeTraces) and not isinstance(event, ev.Denied):
            assert visit == fresh(visit)

    @rule(event=EVENTS)
    def anything(self, event: ev.Event) -> None:
        self.feed(event)

    @rule(choice=st.integers(0, 10))
    def on_with_it(self, choice: int) -> None:
        ways = ONWARD[self.walk.visit.step]
        self.feed(ways[choice % len(ways)])

    @rule(choice=st.integers(0, 10))
    def further_on(self, choice: int) -> None:
        self.on_with_it(choice)

    @rule(choice=st.integers(0, 10))
    def still_further(self, choice: int) -> None:
        self.on_with_it(choice)

    @rule(seconds=st.sampled_from([0.3, 3.0, 9.0, 21.0, 100.0]))
    def time_passes(self, seconds: float) -> None:
        self.walk.now_s += seconds
        self.feed(ev.Ticked())

    @rule(
        outcome=st.sampled_from([*OutcomeClass, *[OutcomeClass.FIX_INPUT] * 4, None]),
        repair=st.sampled_from(RepairField),
        back=st.sampled_from([0, 0, 0, 1, 3]),
    )
    def insurance_answers(self, outcome: OutcomeClass | None, repair: RepairField, back: int) -> None:
        asked = [effect for effect in self.walk.effects if isinstance(effect, AskEligibility)]
        if len(asked) > back:
            before = self.walk.visit
            wrong = repair if outcome is OutcomeClass.FIX_INPUT else None
            answer = None if outcome is None else verdict(outcome, repair=wrong)
            self.feed(ev.EligibilityAnswered(request=asked[-1 - back].request, eligibility=answer))
            if asked[-1 - back].request != before.eligibility_request:
                assert self.walk.visit.eligibility is before.eligibility

    @rule(
        person=st.sampled_from([*PEOPLE[:2], PEOPLE[0]]),
        verdict=st.sampled_from(ChipVerdict),
        back=st.sampled_from([0, 0, 0, 1]),
        as_far_as=st.integers(1, 4),
    )
    def chip_tells(self, person: Identity, verdict: ChipVerdict, back: int, as_far_as: int) -> None:
        asked = [effect.reading for effect in self.walk.effects if isinstance(effect, ReadChip)]
        if len(asked) > back:
            number = asked[-1 - back]
            told: tuple[ev.Event, ...] = (
                ev.ChipProgressed(reading=number, stage=ChipStage.TEXT, fraction=0.4),
                ev.ChipTextRead(reading=number, identity=replace(person, assurance=Assurance.CHIP_READ)),
                ev.ChipJudged(reading=number, verdict=verdict),
                ev.ChipPhotoRead(reading=number, png=b"png"),
            )
            for event in told[:as_far_as]:
                self.feed(event)

    @rule(
        code=st.sampled_from(CHIP_FAILURES), back=st.sampled_from([0, 0, 0, 1]), left=st.sampled_from([None, 0, 1, 9])
    )
    def chip_fails(self, code: str, back: int, left: int | None) -> None:
        asked = [effect.reading for effect in self.walk.effects if isinstance(effect, ReadChip)]
        if len(asked) > back:
            self.feed(ev.ChipFailed(reading=asked[-1 - back], code=code, tries_left=left))

    @rule(back=st.sampled_from([0, 0, 0, 1, 2]))
    def hub_commits(self, back: int) -> None:
        if len(self.sent) > back:
            request = self.sent[-1 - back]
            self.printable.add(ticket(request).id)
            self.feed(ev.TicketIssued(request_id=request.request_id, ticket=ticket(request)))

    @rule(back=st.sampled_from([0, 0, 1]), fails=st.sampled_from([False, False, True]))
    def kiosk_gives_a_number_of_its_own(self, back: int, fails: bool) -> None:
        asked = [effect.request_id for effect in self.walk.effects if isinstance(effect, GiveOwnNumber)]
        if len(asked) > back:
            [request] = [sent for sent in self.sent if sent.request_id == asked[-1 - back]]
            own = replace(ticket(request), id=request.request_id, label="K1-001")
            self.printable.add(own.id)
            self.feed(
                ev.OwnNumberFailed(request_id=request.request_id)
                if fails
                else ev.OwnNumberGiven(request_id=request.request_id, ticket=own)
            )

    @rule(back=st.integers(0, 2), code=st.sampled_from(["service.full", "service.closed", "request.invalid"]))
    def hub_refuses(self, back: int, code: str) -> None:
        if len(self.sent) > back:
            self.feed(ev.IssueRefused(request_id=self.sent[-1 - back].request_id, fault=Fault(code=code)))

    @rule(progress=st.sampled_from(PrintProgress), current=st.booleans())
    def paper_moves(self, progress: PrintProgress, current: bool) -> None:
        shown = self.walk.visit.ticket
        ticket_id = shown.id if shown is not None and current else "t-gone"
        self.feed(ev.PrintChanged(ticket_id=ticket_id, progress=progress))

    @invariant()
    def a_number_is_shown_only_where_one_was_committed(self) -> None:
        visit = self.walk.visit
        assert (visit.step is Step.TICKET) == (visit.ticket is not None) == (visit.slip is not None)
        if visit.ticket is not None:
            assert visit.ticket.id in self.printable

    @invariant()
    def every_step_has_what_its_screen_needs(self) -> None:
        visit = self.walk.visit
        if visit.step is Step.CONFIRM:
            assert visit.identity is not None
        if visit.step in (Step.ISSUING, Step.TICKET):
            assert visit.service is not None
            assert visit.request_id is not None
        if visit.step is Step.REFUSED:
            assert visit.notice is not None
        if visit.step is Step.READ_CHIP:
            assert visit.identity is None
            assert visit.chip.state in (ChipState.READING, ChipState.CARD_WANTED)
        assert (visit.step is Step.REPAIR) == (visit.repair is not None)
        if visit.step is Step.REPAIR:
            assert visit.identity is not None
            assert not visit.repair_over, "one more try, not two"
            assert not visit.issue_sent
        assert len(visit.history) <= len(Step)

    @invariant()
    def patience_alone_always_leads_back_to_the_welcome(self) -> None:
        alone = Walk(visit=self.walk.visit, now_s=self.walk.now_s, chip=self.walk.chip)
        for _ in range(12):
            alone.later(100.0)
        alone.on(ev.HubBack()).later(100.0)
        for _ in range(6):
            alone.later(100.0)
        assert alone.visit.step is Step.WELCOME
        kept = self.walk.visit
        chip = alone.visit.chip
        assert chip == chip.forgotten(card_lies_there=kept.card_on_reader)
        services = alone.visit.services  # they open and close by the clock
        assert [service.id for service in services] == [service.id for service in kept.services]
        assert alone.visit == Visit(
            services=services,
            heard=kept.heard,
            card_on_reader=kept.card_on_reader,
            chip=chip,
            own_numbers=kept.own_numbers,
        )

    @invariant()
    def a_chip_is_known_only_of_the_person_shown(self) -> None:
        visit = self.walk.visit
        if visit.identity is None:
            assert visit.chip.photo is None
            assert visit.chip.flag is None
            assert not visit.chip.person_read
        assert (visit.chip.state is ChipState.READING) == (visit.chip.give_up_at_s is not None)
        if visit.step is Step.WELCOME:
            assert visit.chip == visit.chip.forgotten(card_lies_there=visit.card_on_reader)

    @invariant()
    def a_number_asked_for_cannot_be_taken_back(self) -> None:
        visit = self.walk.visit
        if visit.issue_sent:
            for way_back in (ev.CancelTapped(), ev.BackTapped(), ev.Denied(), ev.ServiceChosen(service="nhi")):
                alone = Walk(visit=visit, now_s=self.walk.now_s).on(way_back)
                assert alone.visit.request_id == visit.request_id


AnyOrderOfEvents.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
TestAnyOrderOfEvents = AnyOrderOfEvents.TestCase
