"""Driver of one ESC/POS ticket printer.

How a job goes: status asked first (a printer that cannot print now fails the job, nothing is sent); `SENT` told; bytes
sent in chunks; then waiting for the printer's word that it has printed everything up to the job's tag. Without that
word the job is `UNCONFIRMED` and never repeated by itself: a refilled printer goes on where it stopped, and its late
word turns the job into `CONFIRMED`.

A slip has lost its patient when it is `max_job_age_s` old. What is left of it then is dropped from this machine, the
printer is told to throw away what it keeps (DLE DC4), and the next slip begins with a cut. A printer that can not be
emptied gets no job until it works again, and staff are told what is in it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from devices.contract import DeviceLost, EventSink, PaperForeseen, PrinterCondition, PrintJobChanged, PrintState
from devices.printers.document import PrintDocument
from devices.printers.jobs import TAG_COUNT, KeptSlip, Phase, PrintJob, RunningJob, WaitingJobs, tag_of
from devices.printers.late_words import LateWords
from devices.printers.line import PrinterLine
from devices.printers.models import ConfirmBy
from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.paper_meter import paper_meter
from devices.printers.slip_maker import SlipMaker
from devices.printers.status import (
    AutomaticStatus,
    JobDone,
    PlainStatus,
    Reply,
    condition,
    condition_told,
)
from devices.printers.status_questions import StatusQuestions
from devices.printers.transports import Transport, TransportOpener, open_transport

IDLE_WAIT_S = 0.05
WRITE_WAIT_S = 0.1
WRITES_A_STEP = 16
WATCH_EVERY_S = 1.0
CLOSE_WAIT_S = 1.0
CLEAR_AGAIN_S = 5.0


class PrinterDriver:
    """For `DeviceWorker`; delivers `PrintJobChanged`, `PrinterCondition` and `PaperForeseen`. `open_connection`,
    `clock_s` (monotonic) and `first_tag` are for tests.

    `DeviceLost` codes: `printer.unreachable`, `printer.port_missing`, `printer.port_denied`, `printer.port_busy`,
    `printer.font_unreadable`, `printer.lost`, `printer.stalled`. Codes of failed jobs: these, those of
    `PrinterCondition.blocking_code`, `printer.silent`, `printer.elsewhere`, `printer.busy`, `printer.too_late`; of
    unconfirmed jobs also `printer.no_confirmation`.
    """

    def __init__(
        self,
        name: str,
        options: PrinterOptions,
        sink: EventSink,
        *,
        open_connection: TransportOpener = open_transport,
        clock_s: Callable[[], float] = time.monotonic,
        first_tag: int | None = None,
    ) -> None:
        self.name = name
        self._options = options
        self._model = options.capabilities
        self._must_answer = options.must_answer
        self._sink = sink
        self._paper = paper_meter(options)
        self._clock_s = clock_s
        # not from 0: a tag of the run before this one, answered late, must not confirm a job of this one
        self._next_tag = secrets.randbelow(TAG_COUNT) if first_tag is None else first_tag
        self._waiting = WaitingJobs(options.max_waiting_jobs)
        self._in_use = threading.Lock()
        self._line = PrinterLine(options, open_connection=open_connection, clock_s=clock_s, on_reply=self._on_reply)
        self._maker: SlipMaker | None = None
        self._running: RunningJob | None = None
        self._late = LateWords()
        self._condition: PrinterCondition | None = None
        self._has_answered = False
        self._answered_here = False
        self._has_confirmed = False
        self._torn_slip_hangs_out = self._paper.died_in_a_slip
        self._kept = KeptSlip(tag=b"", due_s=clock_s(), torn=True) if self._paper.died_in_a_slip else None
        self._old_ticket_inside = False
        self._new_roll = threading.Event()
        self._poll_due_s = 0.0
        self._lost_code = "printer.lost"

    def submit(self, job_id: str, document: PrintDocument) -> None:
        """Queue one job, from any thread; at once `FAILED` when the printer is not connected or has too many."""
        self._tell(job_id, PrintState.QUEUED)
        job = PrintJob(job_id=job_id, document=document, submitted_s=self._clock_s())
        refusal = self._waiting.put(job)
        if refusal is not None:
            self._tell(job_id, PrintState.FAILED, refusal)

    @property
    def keeps_nothing(self) -> bool:
        """No slip is being printed, and none of before may still come out."""
        return self._kept is None and self._running is None

    def new_roll(self) -> None:
        """Staff have put in a new roll, where no sensor saw it. Any thread."""
        self._new_roll.set()

    def open(self) -> None:
        """Connect. Raises `DeviceLost`."""
        with self._in_use:
            self._line.unshut()
            try:
                self._maker = self._maker or SlipMaker(self._options)
                self._connect()
            except DeviceLost as lost:
                self._lost_code = lost.code
                raise
            if self._kept is not None and self._kept.torn:
                self._kept.due_s, self._kept.dropped = self._clock_s(), True  # with the connection
            if not self._line.is_shut:
                self._waiting.open()

    def step(self) -> None:
        """One round: send on, watch for the end, begin a job, or listen and poll. Raises `DeviceLost`."""
        with self._in_use:
            try:
                self._do_one_thing(*self._line.ends())
            except DeviceLost as lost:
                self._lost_code = lost.code
                raise

    def close(self) -> None:
        """Disconnect; a job in the printer's hands becomes `UNCONFIRMED`, waiting ones `FAILED`."""
        self._line.shut()
        if not self._in_use.acquire(timeout=CLOSE_WAIT_S):
            return
        try:
            self._line.disconnect(drop=self._is_mid_slip())
            self._end_all_jobs(self._lost_code)
            self._lost_code = "printer.lost"
        finally:
            self._in_use.release()

    def _is_mid_slip(self) -> bool:
        running = self._running
        sending = running is not None and running.phase is Phase.SENDING
        return sending or (self._kept is not None and self._kept.torn)

    def _connect(self) -> None:
        self._condition = None
        self._answered_here = False
        self._late.reconnected()
        self._line.connect()
        self._poll_due_s = self._clock_s()

    def _do_one_thing(self, transport: Transport, questions: StatusQuestions) -> None:
        if self._new_roll.is_set():
            self._new_roll.clear()
            self._paper.new_roll()
        for job in self._waiting.take_older(self._clock_s() - self._options.max_job_age_s):
            self._tell(job.job_id, PrintState.FAILED, "printer.too_late")
        running = self._running
        if running is None:
            self._idle(questions)
        elif running.phase is Phase.SENDING:
            self._send_on(running, transport, questions)
        else:
            self._watch(running, questions)

    def _idle(self, questions: StatusQuestions) -> None:
        if self._kept is not None and self._clock_s() >= self._kept.due_s:
            self._throw_away(self._kept)
            return
        job = self._waiting.take()
        if job is not None:
            self._begin(job, questions)
        elif self._clock_s() >= self._poll_due_s:
            self._ask_condition(questions)
        else:
            questions.listen(IDLE_WAIT_S)

    def _begin(self, job: PrintJob, questions: StatusQuestions) -> None:
        tag = tag_of(self._next_tag)
        self._next_tag += 1
        # running from here on, so that a loss while asking ends it too
        running = RunningJob(job_id=job.job_id, tag=tag, submitted_s=job.submitted_s, moved_s=self._clock_s())
        self._running = running
        refusal = self._refusal(job, questions)
        if refusal is not None:
            self._end(running, PrintState.FAILED, refusal)
            return
        if self._maker is None:
            raise DeviceLost("printer.lost", "not open")
        torn = self._torn_slip_hangs_out
        running.rest, running.paper_mm = self._maker.make(job.document, tag, after_a_torn_slip=torn)
        running.moved_s = self._clock_s()
        self._paper.begin()
        self._tell_running(running, PrintState.SENT)

    def _refusal(self, job: PrintJob, questions: StatusQuestions) -> str | None:
        if self._clock_s() - job.submitted_s > self._options.max_job_age_s:
            return "printer.too_late"
        said = self._ask_condition(questions)
        if said.blocking_code is not None:
            return said.blocking_code
        # one that has spoken before is stuck or off: what it takes now might come out long after the patient has gone
        unheard = not said.answered and (self._has_answered or self._must_answer)
        return said.silent_code if unheard else None

    def _send_on(self, running: RunningJob, transport: Transport, questions: StatusQuestions) -> None:
        for _ in range(WRITES_A_STEP):
            taken = transport.write(running.rest, WRITE_WAIT_S)
            if not taken:
                break
            running.rest = running.rest[taken:]
            running.moved_s = self._clock_s()
            if not running.rest:
                running.phase = Phase.AWAITING
                self._torn_slip_hangs_out = False
                self._poll_due_s = running.moved_s + WATCH_EVERY_S
                return
        questions.listen(0.0)  # no question now: it would become dots of the picture
        self._mind_stall(running)

    def _mind_stall(self, running: RunningJob) -> None:
        stalled_s = self._clock_s() - running.moved_s
        if stalled_s > self._options.stall_timeout_s:
            self._tell_stopped(running, "printer.stalled")
        expired = self._clock_s() - running.submitted_s > self._options.max_job_age_s
        if expired and running.told is PrintState.UNCONFIRMED:
            self._end(running, PrintState.UNCONFIRMED, "printer.stalled")

    def _tell_stopped(self, running: RunningJob, code: str) -> None:
        """The slip has stopped half-way; its rest is still offered until it has lost its patient."""
        self._tell_running(running, PrintState.UNCONFIRMED, code)
        for job in self._waiting.take_all():
            self._tell(job.job_id, PrintState.FAILED, code)

    def _watch(self, running: RunningJob, questions: StatusQuestions) -> None:
        questions.listen(IDLE_WAIT_S)
        if self._running is not None and self._clock_s() >= self._poll_due_s:
            blocking = self._ask_condition(questions, next_in_s=WATCH_EVERY_S).blocking_code
            if blocking is not None and self._running is not None:
                self._end(running, PrintState.UNCONFIRMED, blocking)
        if self._running is not None and self._clock_s() - running.moved_s > self._patience_s():
            spoke = self._condition is not None and self._condition.answered
            code = "printer.no_confirmation" if spoke else "printer.silent"
            self._end(running, PrintState.UNCONFIRMED, code)

    def _throw_away(self, kept: KeptSlip) -> None:
        """Nothing of an expired slip may come out any more: neither from here, nor from the kernel, nor the printer."""
        if self._has_answered and not kept.torn:
            self._forget_kept()  # it works and was given all: the paper came out long ago
            return
        if kept.torn and not kept.dropped:
            self._line.disconnect(drop=True)
            kept.dropped = True
            self._connect()
            self._torn_slip_hangs_out = True
        _, questions = self._line.ends()
        if not self._has_answered:
            self._ask_condition(questions)
        if self._line.clear() or not (kept.torn and self._has_answered):
            self._forget_kept()
            return
        if self._ask_condition(questions).said_blocking_code is None and self._answered_here:
            self._forget_kept()  # it works: what it kept has come out by now and staff know
            return
        kept.due_s = self._clock_s() + CLEAR_AGAIN_S
        self._old_ticket_inside = True
        self._ask_condition(questions)

    def _forget_kept(self) -> None:
        self._kept = None
        self._old_ticket_inside = False

    def _patience_s(self) -> float:
        options = self._options
        return options.confirm_timeout_s if self._has_answered else options.silent_confirm_timeout_s

    def _ask_condition(self, questions: StatusQuestions, *, next_in_s: float | None = None) -> PrinterCondition:
        answers = questions.ask_all()
        if not answers and self._has_answered:
            answers = questions.ask_all()  # one late answer is not silence yet
        self._poll_due_s = self._clock_s() + (next_in_s or self._options.poll_every_s)
        return self._take(condition(self.name, answers), questions.misfits)

    def _take(self, said: PrinterCondition, misfits: int = 0) -> PrinterCondition:
        """Remember and tell what the printer says; with what was found out about it besides."""
        self._has_answered = self._has_answered or said.answered
        self._answered_here = self._answered_here or said.answered
        unheard = self._options.kind is PrinterKind.TCP and not self._answered_here and self._kept is None
        told = replace(
            said,
            garbled=not self._answered_here and misfits > 0,
            elsewhere=unheard,
            old_ticket_inside=self._old_ticket_inside,
        )
        if self._kept is not None and self._old_ticket_inside and told.answered and not told.said_blocking_code:
            self._kept.due_s = self._clock_s()  # it works again: now it can be emptied
        if told != self._condition:
            self._condition = told
            self._paper.saw(told)
            self._sink(told)
        return told

    def _told_by_itself(self, automatic: AutomaticStatus) -> None:
        blocking = self._take(condition_told(self.name, automatic)).said_blocking_code
        running = self._running
        if blocking is None or running is None or running.told is PrintState.QUEUED:
            return
        if running.phase is Phase.SENDING:
            self._tell_stopped(running, blocking)
        else:
            self._end(running, PrintState.UNCONFIRMED, blocking)

    def _on_reply(self, reply: Reply) -> None:
        match reply:
            case JobDone(tag=tag):
                self._tag_came(tag)
            case PlainStatus() if self._model.confirm_by is ConfirmBy.STATUS_REQUEST:
                self._request_answered()
            case AutomaticStatus() if self._model.automatic_status:
                self._told_by_itself(reply)

    def _tag_came(self, tag: bytes) -> None:
        running = self._running
        if running is not None and running.phase is Phase.AWAITING and running.tag == tag:
            self._confirm(running)
            return
        late = self._late.job_of(tag)
        if self._kept is not None and self._kept.tag == tag:
            self._forget_kept()
            self._torn_slip_hangs_out = False
        if late is not None:
            self._tell(late, PrintState.CONFIRMED)

    def _request_answered(self) -> None:
        running = self._running
        if self._late.owes_answers:
            if not self._late.pass_over(running):
                self._forget_kept()
        elif running is not None and running.phase is Phase.AWAITING:
            self._confirm(running)

    def _confirm(self, running: RunningJob) -> None:
        """What was sent before it has come out as well."""
        self._has_confirmed = True
        self._forget_kept()
        self._end(running, PrintState.CONFIRMED)

    def _end_all_jobs(self, code: str) -> None:
        running = self._running
        if running is not None:
            begun = running.told is not PrintState.QUEUED
            self._end(running, PrintState.UNCONFIRMED if begun else PrintState.FAILED, code)
        for job in self._waiting.close(code):
            self._tell(job.job_id, PrintState.FAILED, code)

    def _end(self, running: RunningJob, state: PrintState, code: str | None = None) -> None:
        self._running = None
        if state is PrintState.UNCONFIRMED:
            self._late.remember(running)
            self._keep(running, code)
        if running.phase is Phase.AWAITING:
            left = self._paper.cut(running.paper_mm)
            if left is not None:
                self._sink(PaperForeseen(device=self.name, tickets_left=left))
        elif state is PrintState.UNCONFIRMED:
            self._paper.give_up()
        self._tell_running(running, state, code)

    def _keep(self, running: RunningJob, code: str | None) -> None:
        never_confirms = code == "printer.no_confirmation" and not self._has_confirmed
        works = never_confirms or (code == "printer.silent" and not self._has_answered)
        torn = running.phase is Phase.SENDING or not works
        self._torn_slip_hangs_out = self._torn_slip_hangs_out or torn
        due_s = running.submitted_s + self._options.max_job_age_s
        self._kept = KeptSlip(tag=running.tag, due_s=due_s, torn=torn)

    def _tell_running(self, running: RunningJob, state: PrintState, code: str | None = None) -> None:
        if running.told is not state:
            running.told = state
            self._tell(running.job_id, state, code)

    def _tell(self, job_id: str, state: PrintState, code: str | None = None) -> None:
        self._sink(PrintJobChanged(device=self.name, job_id=job_id, state=state, code=code))
