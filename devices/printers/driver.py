"""Driver of one ESC/POS ticket printer.

How a job goes: status asked first (a printer that cannot print now fails the job, nothing is sent); `SENT` told; bytes
sent in chunks, in them a question behind every part of the slip; then waiting for the printer's word that it has
printed everything up to the job's tag. Without that word, or with one of the answers missing, the job is `UNCONFIRMED`
and never repeated by itself: a refilled printer goes on where it stopped, and its late word turns the job into
`CONFIRMED`. One that lost power in the middle leaves an answer out, whether its line shows it or not.

A slip has lost its patient when it is `max_job_age_s` old. What is left of it then is dropped from this machine, the
printer is told to throw away what it keeps (DLE DC4), and the next slip begins with a cut. A printer that can not be
emptied gets no job until it works again, and staff are told what is in it (`expiry`).
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from devices.contract import DeviceLost, EventSink, PaperForeseen, PrintJobChanged, PrintState
from devices.printers.backlog import Backlog
from devices.printers.condition_watch import ConditionWatch
from devices.printers.document import PrintDocument
from devices.printers.encoder import STATUS_REQUEST
from devices.printers.expiry import Expiry
from devices.printers.jobs import TAG_COUNT, Phase, PrintJob, RunningJob, WaitingJobs, tag_of
from devices.printers.line import PrinterLine
from devices.printers.options import PrinterOptions
from devices.printers.paper_meter import paper_meter
from devices.printers.slip_answers import SlipAnswers
from devices.printers.slip_maker import SlipMaker
from devices.printers.status import AutomaticStatus, JobDone, PlainStatus, Reply, condition_told
from devices.printers.status_questions import StatusQuestions
from devices.printers.transports import Transport, TransportOpener, open_transport

IDLE_WAIT_S = 0.05
WRITE_WAIT_S = 0.1
WRITES_A_STEP = 16
WATCH_EVERY_S = 1.0
CLOSE_WAIT_S = 1.0
TAG_LATER_THAN_MARK_S = 0.5
"""They stand side by side: a tag so late is unknown to the printer."""


class PrinterDriver:
    """For `DeviceWorker`; delivers `PrintJobChanged`, `PrinterCondition` and `PaperForeseen`. `open_connection`,
    `clock_s` (monotonic) and `first_tag` are for tests.

    `DeviceLost` codes: `printer.unreachable`, `printer.port_missing`, `printer.port_denied`, `printer.port_busy`,
    `printer.font_unreadable`, `printer.lost`, `printer.stalled`. Codes of failed jobs: these, those of
    `PrinterCondition.blocking_code`, `printer.silent`, `printer.elsewhere`, `printer.busy`, `printer.too_late`; of
    unconfirmed jobs also `printer.no_confirmation` and `printer.incomplete`.
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
        self._answers = SlipAnswers(self._model.confirm_by, surely=options.surely_answers_in_order)
        self._watch = ConditionWatch(
            name, options, sink, self._paper, clock_s=clock_s, may_hold_slip=lambda: not self._expiry.keeps_nothing
        )
        self._expiry = Expiry(
            self._line,
            self._watch,
            Backlog(self._line, self._answers, options, clock_s=clock_s, take_tag=self._take_tag),
            max_job_age_s=options.max_job_age_s,
            clock_s=clock_s,
            reconnect=self._connect,
            died_in_a_slip=self._paper.died_in_a_slip,
        )
        self._has_confirmed = False
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
        return self._expiry.keeps_nothing and self._running is None

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
            self._expiry.connection_dropped(is_in_order=self._answers.has_answered_in_order)
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
        return (running is not None and running.phase is Phase.SENDING) or self._expiry.keeps_torn_slip

    def _connect(self) -> None:
        self._answers.reconnected()
        self._line.connect()
        self._watch.reconnected()

    def _do_one_thing(self, transport: Transport, questions: StatusQuestions) -> None:
        for job in self._waiting.take_older(self._clock_s() - self._options.max_job_age_s):
            self._tell(job.job_id, PrintState.FAILED, "printer.too_late")
        running = self._running
        if running is None:
            self._idle(questions)
        elif running.phase is Phase.SENDING:
            self._send_on(running, transport, questions)
        elif running.phase is Phase.AWAITING:
            self._await_end(running, questions)
        else:
            self._doubt(running, questions)

    def _idle(self, questions: StatusQuestions) -> None:
        if self._expiry.is_due:
            self._expiry.look_after()
            if self._expiry.keeps_nothing:
                self._answers.nothing_is_owed()
            return
        job = self._waiting.take()
        if job is not None:
            self._begin(job, questions)
        elif self._clock_s() >= self._watch.poll_due_s:
            self._paper.look_for_word()
            self._expiry.saw(self._watch.ask(questions))
        else:
            questions.listen(IDLE_WAIT_S)

    def _begin(self, job: PrintJob, questions: StatusQuestions) -> None:
        # running from here on, so that a loss while asking ends it too
        running = RunningJob(
            job_id=job.job_id,
            fence=self._take_tag(),
            tag=self._take_tag(),
            submitted_s=job.submitted_s,
            moved_s=self._clock_s(),
        )
        self._running = running
        refusal = self._refusal(job, questions)
        if refusal is not None:
            self._end(running, PrintState.FAILED, refusal)
            return
        if self._maker is None:
            raise DeviceLost("printer.lost", "not open")
        torn = self._expiry.torn_slip_hangs_out
        has_tags = self._answers.has_tags
        slip = self._maker.make(job.document, running.fence, running.tag, after_a_torn_slip=torn, has_tags=has_tags)
        running.rest, running.length, running.paper_mm = slip.data, len(slip.data), slip.paper_mm
        running.marks_asked, running.mark_ends = slip.marks, slip.mark_ends
        running.moved_s = self._clock_s()
        self._paper.begin()
        if questions.said_twice:
            self._answers.distrust()
        self._answers.begin(running)
        self._tell_running(running, PrintState.SENT)

    def _take_tag(self) -> bytes:
        self._next_tag += 1
        return tag_of(self._next_tag)

    def _refusal(self, job: PrintJob, questions: StatusQuestions) -> str | None:
        if self._clock_s() - job.submitted_s > self._options.max_job_age_s:
            return "printer.too_late"
        said = self._watch.ask(questions)
        self._expiry.saw(said)
        if said.blocking_code is not None:
            return said.blocking_code
        # one that has spoken before is stuck or off: what it takes now might come out long after the patient has gone
        if not said.answered and (self._watch.has_answered or self._must_answer):
            return said.silent_code
        return "printer.old_ticket_inside" if self._expiry.blocks() else None

    def _send_on(self, running: RunningJob, transport: Transport, questions: StatusQuestions) -> None:
        for _ in range(WRITES_A_STEP):
            taken = transport.write(running.rest, WRITE_WAIT_S)
            if not taken:
                break
            running.rest = running.rest[taken:]
            running.moved_s = self._clock_s()
            if not running.rest:
                running.phase = Phase.AWAITING
                self._expiry.torn_slip_hangs_out = False
                self._watch.poll_due_s = running.moved_s + WATCH_EVERY_S
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

    def _await_end(self, running: RunningJob, questions: StatusQuestions) -> None:
        questions.listen(IDLE_WAIT_S)
        if self._is_awaited(running) and self._clock_s() >= self._watch.poll_due_s:
            blocking = self._watch.ask(questions, next_in_s=WATCH_EVERY_S).blocking_code
            if blocking is not None and self._is_awaited(running):
                self._end(running, PrintState.UNCONFIRMED, blocking)
        if self._is_awaited(running) and self._answers.may_know_no_tags(running):
            self._do_without_tags(running)
        if self._is_awaited(running) and self._clock_s() - running.moved_s > self._patience_s():
            self._end(running, PrintState.UNCONFIRMED, self._why_no_end(running))

    def _do_without_tags(self, running: RunningJob) -> None:
        if self._clock_s() - running.moved_s > TAG_LATER_THAN_MARK_S + self._options.status_timeout_s:
            self._answers.knows_no_tags()
            if self._answers.is_whole(running):
                self._confirm(running)

    def _why_no_end(self, running: RunningJob) -> str:
        answers = self._watch.answered_last or not self._watch.has_answered
        if answers and 0 < running.marks_came < running.marks_asked:
            return "printer.incomplete"
        return "printer.no_confirmation" if self._watch.answered_last else "printer.silent"

    def _is_awaited(self, running: RunningJob) -> bool:
        """Its end has not come while something else was listened for."""
        return self._running is running and running.phase is Phase.AWAITING

    def _doubt(self, running: RunningJob, questions: StatusQuestions) -> None:
        """The end has come without its marks: they are late, were swallowed, or this printer knows none."""
        questions.listen(IDLE_WAIT_S)
        if self._running is not running:
            return
        if self._answers.is_whole(running):
            self._confirm(running)
        elif self._clock_s() - running.moved_s > self._options.status_timeout_s:
            if not running.marks_came:
                self._answers.knows_no_marks()
            self._confirm_if_whole(running)

    def _confirm_if_whole(self, running: RunningJob) -> None:
        if self._answers.is_whole(running):
            self._confirm(running)
        else:
            self._end(running, PrintState.UNCONFIRMED, "printer.incomplete")

    def _patience_s(self) -> float:
        options = self._options
        return options.confirm_timeout_s if self._watch.has_answered else options.silent_confirm_timeout_s

    def _on_reply(self, reply: Reply) -> None:
        match reply:
            case JobDone(tag=tag):
                self._tag_came(tag)
            case PlainStatus():
                self._mark_came(without_paper=reply.says_paper_end)
            case AutomaticStatus() if self._model.automatic_status:
                told = self._watch.take(condition_told(self.name, reply))
                self._expiry.saw(told)
                self._stopped_by(told.said_blocking_code)

    def _stopped_by(self, blocking: str | None) -> None:
        """The printer has said by itself what keeps it from printing."""
        running = self._running
        if blocking is None or running is None or running.told is PrintState.QUEUED:
            return
        if running.phase is Phase.SENDING:
            self._tell_stopped(running, blocking)
        else:
            self._end(running, PrintState.UNCONFIRMED, blocking)

    def _tag_came(self, tag: bytes) -> None:
        slip = self._answers.tag(tag)
        if slip is None:
            return
        whole = self._answers.is_whole(slip)
        if slip is not self._running:
            self._expiry.came_out(slip, whole=whole)
            if whole:
                self._tell(slip.job_id, PrintState.CONFIRMED)
        elif whole:
            self._confirm(slip)
        elif self._line.ask_in_passing(STATUS_REQUEST):
            slip.phase, slip.moved_s = Phase.DOUBTING, self._clock_s()
            slip.marks_asked += 1
        else:
            self._end(slip, PrintState.UNCONFIRMED, "printer.incomplete")

    def _mark_came(self, *, without_paper: bool) -> None:
        slip = self._answers.mark()
        if slip is None:
            return
        slip.without_paper = slip.without_paper or without_paper
        running = self._running
        if slip is not running:
            if not self._answers.has_tags and slip.marks_came >= slip.marks_asked:
                self._expiry.came_out(slip, whole=True)  # or the running one's answer: no word for either
            return
        if running.phase is not Phase.DOUBTING:
            running.moved_s = self._clock_s()
        if without_paper:
            self._stopped_by("printer.paper_out")
        elif running.phase is Phase.AWAITING and self._answers.is_whole(running):
            self._confirm(running)

    def _confirm(self, running: RunningJob) -> None:
        """What was sent before it has come out as well."""
        self._has_confirmed = True
        self._expiry.forget()
        self._answers.forget(running)
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
        running.rest = memoryview(b"")
        if state is PrintState.UNCONFIRMED:
            self._answers.remember(running)
            self._expiry.keep(running, works=self._just_says_no_more(code), owed=self._answers.is_in_order)
        if running.phase is not Phase.SENDING:
            left = self._paper.cut(running.paper_mm)
            if left is not None:
                self._sink(PaperForeseen(device=self.name, tickets_left=left))
        elif state is PrintState.UNCONFIRMED:
            self._paper.give_up()
        self._tell_running(running, state, code)

    def _just_says_no_more(self, code: str | None) -> bool:
        never_confirms = code == "printer.no_confirmation" and not self._has_confirmed
        return never_confirms or (code == "printer.silent" and not self._watch.has_answered)

    def _tell_running(self, running: RunningJob, state: PrintState, code: str | None = None) -> None:
        if running.told is not state:
            running.told = state
            self._tell(running.job_id, state, code)

    def _tell(self, job_id: str, state: PrintState, code: str | None = None) -> None:
        self._sink(PrintJobChanged(device=self.name, job_id=job_id, state=state, code=code))
