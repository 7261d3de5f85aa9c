"""Driver of one ESC/POS ticket printer.

How a job goes: status asked first (a printer that cannot print now fails the job, nothing is sent); `SENT` told; bytes
sent in chunks; then waiting for the printer's word that it has printed everything up to the job's tag. Without that
word the job is `UNCONFIRMED` and never repeated by itself: a refilled printer goes on where it stopped, and its late
word turns the job into `CONFIRMED`.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from devices.contract import DeviceLost, EventSink, PrinterCondition, PrintJobChanged, PrintState
from devices.printers.document import MIN_TEXT_PX, PrintDocument
from devices.printers.encoder import EscPosEncoder
from devices.printers.jobs import TAG_COUNT, Phase, PrintJob, RunningJob, WaitingJobs, tag_of
from devices.printers.options import ConfirmBy, PrinterOptions
from devices.printers.raster import Rasterizer
from devices.printers.status import JobDone, PlainStatus, Reply, condition
from devices.printers.status_questions import StatusQuestions
from devices.printers.transports import Transport, TransportOpener, open_transport
from devices.printers.typesetting import FontBook, font_files

Drawing = tuple[Rasterizer, EscPosEncoder]

IDLE_WAIT_S = 0.05
WRITE_WAIT_S = 0.1
WRITES_A_STEP = 16
WATCH_EVERY_S = 1.0
CLOSE_WAIT_S = 1.0
MAX_REMEMBERED_TAGS = 16


class PrinterDriver:
    """For `DeviceWorker`; delivers `PrintJobChanged` and `PrinterCondition`. `open_connection`, `clock_s` (monotonic)
    and `first_tag` are for tests.

    `DeviceLost` codes: `printer.unreachable`, `printer.port_missing`, `printer.port_denied`, `printer.port_busy`,
    `printer.font_unreadable`, `printer.lost`, `printer.stalled`. Codes of failed jobs: these, those of
    `PrinterCondition.blocking_code`, `printer.silent`, `printer.busy`, `printer.too_late`; of unconfirmed jobs also
    `printer.no_confirmation`.
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
        self._sink = sink
        self._open_connection = open_connection
        self._clock_s = clock_s
        # not from 0: a tag of the run before this one, answered late, must not confirm a job of this one
        self._next_tag = secrets.randbelow(TAG_COUNT) if first_tag is None else first_tag
        self._waiting = WaitingJobs(options.max_waiting_jobs)
        self._in_use = threading.Lock()
        self._closing = threading.Event()
        self._transport: Transport | None = None
        self._questions: StatusQuestions | None = None
        self._drawing: Drawing | None = None
        self._running: RunningJob | None = None
        self._unconfirmed: OrderedDict[bytes, str] = OrderedDict()
        self._condition: PrinterCondition | None = None
        self._has_answered = False
        self._late_answers = 0
        self._poll_due_s = 0.0
        self._lost_code = "printer.lost"

    def submit(self, job_id: str, document: PrintDocument) -> None:
        """Queue one job, from any thread; at once `FAILED` when the printer is not connected or has too many."""
        self._tell(job_id, PrintState.QUEUED)
        job = PrintJob(job_id=job_id, document=document, submitted_s=self._clock_s())
        refusal = self._waiting.put(job)
        if refusal is not None:
            self._tell(job_id, PrintState.FAILED, refusal)

    def open(self) -> None:
        """Connect. Raises `DeviceLost`."""
        with self._in_use:
            self._closing.clear()
            try:
                self._drawing = self._drawing or self._prepare_drawing()
                self._transport = self._open_connection(self._options)
            except DeviceLost as lost:
                self._lost_code = lost.code
                raise
            self._questions = self._questions_over(self._transport)
            self._condition = None
            self._late_answers = 0
            self._poll_due_s = self._clock_s()
            if not self._closing.is_set():
                self._waiting.open()

    def step(self) -> None:
        """One round: send on, watch for the end, begin a job, or listen and poll. Raises `DeviceLost`."""
        with self._in_use:
            try:
                self._check_open()
                self._do_one_thing(*self._connection())
            except DeviceLost as lost:
                self._lost_code = lost.code
                raise

    def close(self) -> None:
        """Disconnect; a job in the printer's hands becomes `UNCONFIRMED`, waiting ones `FAILED`."""
        self._closing.set()
        if not self._in_use.acquire(timeout=CLOSE_WAIT_S):
            return
        try:
            transport, self._transport = self._transport, None
            self._questions = None
            if transport is not None:
                transport.close()
            self._end_all_jobs(self._lost_code)
            self._lost_code = "printer.lost"
        finally:
            self._in_use.release()

    def _prepare_drawing(self) -> Drawing:
        fonts = FontBook(font_files(self._options))
        try:
            fonts.font(MIN_TEXT_PX, bold=False)
            fonts.font(MIN_TEXT_PX, bold=True)
        except OSError as error:
            raise DeviceLost("printer.font_unreadable", type(error).__name__) from error
        return Rasterizer(fonts, self._options.paper_width), EscPosEncoder(self._options)

    def _questions_over(self, transport: Transport) -> StatusQuestions:
        return StatusQuestions(
            transport,
            timeout_s=self._options.status_timeout_s,
            clock_s=self._clock_s,
            on_reply=self._on_reply,
            check=self._check_open,
        )

    def _connection(self) -> tuple[Transport, StatusQuestions]:
        if self._transport is None or self._questions is None:
            raise DeviceLost("printer.lost", "not open")
        return self._transport, self._questions

    def _check_open(self) -> None:
        if self._closing.is_set():
            raise DeviceLost("printer.lost", "closed")

    def _do_one_thing(self, transport: Transport, questions: StatusQuestions) -> None:
        running = self._running
        if running is None:
            self._idle(questions)
        elif running.phase is Phase.SENDING:
            self._send_on(running, transport, questions)
        else:
            self._watch(running, questions)

    def _idle(self, questions: StatusQuestions) -> None:
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
        running = RunningJob(job_id=job.job_id, tag=tag, rest=memoryview(b""), moved_s=self._clock_s())
        self._running = running
        refusal = self._refusal(job, questions)
        if refusal is not None:
            self._end(running, PrintState.FAILED, refusal)
            return
        running.rest = memoryview(self._encoded(job.document, tag))
        running.moved_s = self._clock_s()
        self._tell_running(running, PrintState.SENT)

    def _refusal(self, job: PrintJob, questions: StatusQuestions) -> str | None:
        if self._clock_s() - job.submitted_s > self._options.max_job_age_s:
            return "printer.too_late"
        said = self._ask_condition(questions)
        if said.blocking_code is not None:
            return said.blocking_code
        # one that has spoken before is stuck or off: what it takes now might come out long after the patient has gone
        return "printer.silent" if self._has_answered and not said.answered else None

    def _encoded(self, document: PrintDocument, tag: bytes) -> bytes:
        if self._drawing is None:
            raise DeviceLost("printer.lost", "not open")
        rasterizer, encoder = self._drawing
        return encoder.encode(rasterizer.render(document), tag)

    def _send_on(self, running: RunningJob, transport: Transport, questions: StatusQuestions) -> None:
        for _ in range(WRITES_A_STEP):
            taken = transport.write(running.rest, WRITE_WAIT_S)
            if not taken:
                break
            running.rest = running.rest[taken:]
            running.moved_s = self._clock_s()
            if not running.rest:
                running.phase = Phase.AWAITING
                self._poll_due_s = running.moved_s + WATCH_EVERY_S
                return
        questions.listen(0.0)  # no question now: it would become dots of the picture
        self._mind_stall(running)

    def _mind_stall(self, running: RunningJob) -> None:
        stalled_s = self._clock_s() - running.moved_s
        if stalled_s > self._options.max_stall_s:
            raise DeviceLost("printer.stalled", f"took nothing for {stalled_s:.0f} s")
        if stalled_s > self._options.stall_timeout_s:
            self._tell_running(running, PrintState.UNCONFIRMED, "printer.stalled")
            for job in self._waiting.take_all():
                self._tell(job.job_id, PrintState.FAILED, "printer.stalled")

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

    def _patience_s(self) -> float:
        options = self._options
        return options.confirm_timeout_s if self._has_answered else options.silent_confirm_timeout_s

    def _ask_condition(self, questions: StatusQuestions, *, next_in_s: float | None = None) -> PrinterCondition:
        answers = questions.ask_all()
        if not answers and self._has_answered:
            answers = questions.ask_all()  # one late answer is not silence yet
        said = condition(self.name, answers)
        self._has_answered = self._has_answered or said.answered
        self._poll_due_s = self._clock_s() + (next_in_s or self._options.poll_every_s)
        if said != self._condition:
            self._condition = said
            self._sink(said)
        return said

    def _on_reply(self, reply: Reply) -> None:
        match reply:
            case JobDone(tag=tag):
                self._tag_came(tag)
            case PlainStatus() if self._options.confirm_by is ConfirmBy.STATUS_REQUEST:
                self._request_answered()

    def _tag_came(self, tag: bytes) -> None:
        running = self._running
        if running is not None and running.phase is Phase.AWAITING and running.tag == tag:
            self._end(running, PrintState.CONFIRMED)
            return
        late = self._unconfirmed.pop(tag, None)
        if late is not None:
            self._tell(late, PrintState.CONFIRMED)

    def _request_answered(self) -> None:
        running = self._running
        if self._late_answers:
            # bears no tag: it may be an earlier job's, so it proves nothing for this one
            self._late_answers -= 1
            if running is not None:
                running.passed_over = True
        elif running is not None and running.phase is Phase.AWAITING:
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
            self._remember_unconfirmed(running)
        self._tell_running(running, state, code)

    def _remember_unconfirmed(self, running: RunningJob) -> None:
        self._unconfirmed[running.tag] = running.job_id
        while len(self._unconfirmed) > MAX_REMEMBERED_TAGS:
            self._unconfirmed.popitem(last=False)
        # an answer that was passed over was this job's after all, or none will come
        self._late_answers = 0 if running.passed_over else self._late_answers + 1

    def _tell_running(self, running: RunningJob, state: PrintState, code: str | None = None) -> None:
        if running.told is not state:
            running.told = state
            self._tell(running.job_id, state, code)

    def _tell(self, job_id: str, state: PrintState, code: str | None = None) -> None:
        self._sink(PrintJobChanged(device=self.name, job_id=job_id, state=state, code=code))
