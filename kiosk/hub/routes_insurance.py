"""Routes of insurance for staff and IT: worklist, one look-up, ask again, correct, decide, health, planned downtime."""

from __future__ import annotations

from datetime import timedelta

from litestar import get, post
from litestar.params import JSONBody

from kiosk.domain.eligibility import Eligibility, OutcomeClass
from kiosk.domain.insurance_work import FINE, InsuranceHealth, WorkDetail
from kiosk.hub.contract import CHANGE, READ, READ_ONE, WRITE, OptionalBody, refusals
from kiosk.hub.dependencies import TheInsurance, TheSentences
from kiosk.hub.routes_tickets import TicketId
from kiosk.hub.wire import CorrectionBody, DecisionBody, DowntimeBody, DowntimeView, StaffBody, Worklist
from kiosk.services.insurance_work import Staff


@get("/v1/insurance/worklist", summary="Look-ups that wait or failed", tags=["insurance"], responses=refusals(READ))
async def worklist(insurance: TheInsurance) -> Worklist:
    """Live tickets of today whose look-up is pending or has failed, with reason and age, longest waiting first."""
    return Worklist(items=await insurance.for_staff(lambda office: office.worklist()))


@get(
    "/v1/tickets/{ticket_id:str}/insurance",
    summary="A ticket's insurance look-up",
    tags=["insurance"],
    responses=refusals(READ_ONE),
)
async def detail(insurance: TheInsurance, ticket_id: TicketId) -> WorkDetail:
    """For staff only: what was sent to the insurer (to compare with the card in hand) and the insurer's own note."""
    return await insurance.for_staff(lambda office: office.detail(ticket_id))


@post(
    "/v1/tickets/{ticket_id:str}/insurance/retry",
    summary="Ask the insurer again",
    tags=["insurance"],
    status_code=200,
    operation_class=OptionalBody,
    responses=refusals(CHANGE),
)
async def retry(insurance: TheInsurance, ticket_id: TicketId, data: JSONBody[StaffBody | None] = None) -> Eligibility:
    """Answers like `POST /v1/eligibility`, within its budget; the ticket and every counter learn of it too."""
    staff = _staff(data or StaffBody())
    return await insurance.for_staff(lambda office: office.retry(ticket_id, staff))


@post(
    "/v1/tickets/{ticket_id:str}/insurance/correct",
    summary="Correct what is asked, and ask again",
    tags=["insurance"],
    status_code=200,
    responses=refusals(CHANGE),
)
async def correct(insurance: TheInsurance, ticket_id: TicketId, data: JSONBody[CorrectionBody]) -> Eligibility:
    """The same with number, name and birth date as staff read them off the card."""
    question, staff = data.question(), _staff(data)
    return await insurance.for_staff(lambda office: office.correct_and_retry(ticket_id, question, staff))


@post(
    "/v1/tickets/{ticket_id:str}/insurance/decide",
    summary="Decide by hand",
    tags=["insurance"],
    status_code=200,
    responses=refusals(CHANGE),
)
async def decide(insurance: TheInsurance, ticket_id: TicketId, data: JSONBody[DecisionBody]) -> Eligibility:
    """Staff saw the card or spoke to the insurer: their class holds, with their name and reason in the audit trail."""
    staff = Staff(by=data.by, counter=data.counter, reason=data.reason)
    outcome = OutcomeClass(data.outcome)
    return await insurance.for_staff(lambda office: office.decide_by_hand(ticket_id, outcome, staff))


@get("/v1/insurance/health", summary="How the insurer's source is doing", tags=["insurance"], responses=refusals(READ))
async def health(insurance: TheInsurance, sentences: TheSentences) -> InsuranceHealth:
    """One state in words with its cure, and what waits. `requests` counts since the hub started."""
    now = await insurance.for_staff(lambda office: office.health())
    state = now.source.state
    return InsuranceHealth(
        state=state,
        fine=state in FINE,
        detail=now.source.detail,
        since=now.source.since,
        sentence=sentences.both(f"insurance.health.{state.value}"),
        cure=None if state in FINE else sentences.both(f"insurance.cure.{state.value}"),
        pending=now.pending,
        breaker_open=now.breaker_open,
        downtime_until=now.downtime_until,
        requests=now.requests,
    )


@post(
    "/v1/insurance/downtime",
    summary="Planned downtime of the insurer",
    tags=["insurance"],
    status_code=200,
    responses=refusals(WRITE),
)
async def downtime(insurance: TheInsurance, data: JSONBody[DowntimeBody]) -> DowntimeView:
    """While it lasts nobody is asked about: every look-up is answered at once as pending, and asked when it is over.
    0 minutes ends one that was switched on here."""
    staff = Staff(by=data.by, reason=data.reason)
    duration = timedelta(minutes=data.minutes)
    return DowntimeView(until=await insurance.for_staff(lambda office: office.switch_downtime(duration, staff)))


def _staff(body: StaffBody) -> Staff:
    return Staff(by=body.by, counter=body.counter, reason=body.reason)


HANDLERS = [worklist, detail, retry, correct, decide, health, downtime]
