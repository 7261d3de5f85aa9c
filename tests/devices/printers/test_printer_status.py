"""Status bytes: told apart from everything else a printer sends, and paired with the right question."""

import pytest

from devices.contract import DeviceLost
from devices.printers.jobs import TAG_CHARS, TAG_COUNT, tag_of
from devices.printers.status import (
    AutomaticStatus,
    JobDone,
    PlainStatus,
    Question,
    RealTimeStatus,
    ReplyParser,
    condition,
)
from devices.printers.status_questions import StatusQuestions

ALL_WELL = dict.fromkeys(Question, 0x12)
XON, XOFF = b"\x11", b"\x13"
AUTOMATIC = b"\x18\x00\x0f\x00"  # off-line, no paper
DONE = b"\x37\x22ABCD\x00"


@pytest.mark.parametrize(
    ("question", "byte", "told", "code"),
    [
        (Question.PRINTER, 0x1A, {"online": False}, "printer.offline"),
        (Question.PRINTER, 0x16, {"online": True}, None),  # only the drawer's pin is high
        (Question.OFFLINE_CAUSE, 0x16, {"cover_open": True}, "printer.cover_open"),
        (Question.OFFLINE_CAUSE, 0x32, {"paper_out": True}, "printer.paper_out"),
        (Question.OFFLINE_CAUSE, 0x1A, {"cover_open": False, "paper_out": False}, None),  # somebody feeds paper
        (Question.ERROR_CAUSE, 0x1A, {"cutter_error": True}, "printer.cutter_error"),
        (Question.ERROR_CAUSE, 0x32, {"unrecoverable": True}, "printer.unrecoverable_error"),
        (Question.PAPER, 0x1E, {"paper_near_end": True, "paper_out": False}, "printer.paper_near_end"),
        (Question.PAPER, 0x7E, {"paper_out": True}, "printer.paper_out"),
    ],
)
def test_each_bit_says_what_the_reference_says(question, byte, told, code):
    said = condition("printer", {**ALL_WELL, question: byte})
    assert {name: getattr(said, name) for name in told} == told
    assert said.code == code


def test_silence_is_unknown_and_never_well():
    said = condition("printer", {})
    assert (said.answered, said.online, said.paper_out, said.cover_open) == (False, None, None, None)
    assert said.code == "printer.silent"
    assert said.blocking_code is None


def test_an_unanswered_question_leaves_only_its_part_unknown():
    said = condition("printer", {Question.PRINTER: 0x12, Question.PAPER: 0x12})
    assert (said.online, said.paper_out) == (True, False)
    assert (said.cover_open, said.cutter_error, said.unrecoverable) == (None, None, None)


@pytest.mark.parametrize("pieces", [1, 2, 3, 99])
def test_a_mixed_stream_is_cut_the_same_wherever_it_is_torn(pieces):
    stream = XOFF + b"\x12" + AUTOMATIC + DONE + XON + b"\x0f" + b"\x7e" + AUTOMATIC
    parser = ReplyParser()
    size = -(-len(stream) // pieces)
    replies = [reply for at in range(0, len(stream), size) for reply in parser.feed(stream[at : at + size])]
    assert replies == [
        RealTimeStatus(byte=0x12),
        AutomaticStatus(data=AUTOMATIC),
        JobDone(tag=b"ABCD"),
        PlainStatus(byte=0x0F),
        RealTimeStatus(byte=0x7E),
        AutomaticStatus(data=AUTOMATIC),
    ]


def test_a_torn_automatic_status_does_not_swallow_the_answer_behind_it():
    assert ReplyParser().feed(b"\x18\x00\x12") == [PlainStatus(byte=0x00), RealTimeStatus(byte=0x12)]


def test_a_torn_job_tag_is_never_a_status_of_the_printer():
    for number in (0, 1, TAG_COUNT // 3, TAG_COUNT - 1):
        assert not any(isinstance(reply, RealTimeStatus) for reply in ReplyParser().feed(tag_of(number) + b"\x00"))


def test_tags_differ_until_all_are_used_up():
    assert len({tag_of(number) for number in range(5_000)}) == 5_000
    assert tag_of(TAG_COUNT) == tag_of(0)
    assert set(tag_of(987_654)) <= set(TAG_CHARS)


class ScriptedLine:
    """A printer whose every answer is scripted in bytes and time; time passes only while somebody listens."""

    def __init__(self, answer_to):
        self.now_s = 0.0
        self.asked = []
        self._answer_to = answer_to
        self._arriving = []

    def write(self, data, timeout_s):
        question = Question(data[2])
        self.asked.append(question)
        self._arriving += [(self.now_s + delay_s, byte) for delay_s, byte in self._answer_to(self, question)]
        self._arriving.sort(key=lambda due: due[0])
        return len(data)

    def read(self, timeout_s):
        until_s = self.now_s + timeout_s
        if self._arriving and self._arriving[0][0] <= until_s:
            self.now_s, byte = self._arriving.pop(0)
            return bytes([byte])
        self.now_s = until_s
        return b""

    def close(self, *, drop=False):
        """Nothing to release."""


BYTES = {Question.PRINTER: 0x12, Question.OFFLINE_CAUSE: 0x16, Question.ERROR_CAUSE: 0x1A, Question.PAPER: 0x72}


def questions_over(line, timeout_s=0.5):
    return StatusQuestions(
        line, timeout_s=timeout_s, clock_s=lambda: line.now_s, on_reply=lambda _: None, check=lambda: None
    )


def test_each_answer_belongs_to_its_question():
    line = ScriptedLine(lambda _, question: [(0.1, BYTES[question])])
    assert questions_over(line).ask_all() == BYTES


def test_a_late_answer_is_never_taken_for_another_question():
    late = iter([0.1, 0.9, *[0.1] * 99])  # the second answer comes after the time-out
    line = ScriptedLine(lambda _, question: [(next(late), BYTES[question])])
    questions = questions_over(line)
    assert [questions.ask_all() for _ in range(3)] == [{}, {}, BYTES]


@pytest.mark.parametrize("delay_s", [0.51, 0.7, 0.99, 1.2, 2.6])
def test_a_printer_slower_than_the_time_out_is_silent_and_never_misread(delay_s):
    line = ScriptedLine(lambda _, question: [(delay_s, BYTES[question])])
    questions = questions_over(line)
    for _ in range(12):
        assert questions.ask_all() in ({}, BYTES)


def test_questions_a_clone_never_answers_are_given_up():
    line = ScriptedLine(lambda _, question: [(0.1, BYTES[question])] if question in (1, 4) else [])
    questions = questions_over(line)
    rounds = [questions.ask_all() for _ in range(5)]
    assert rounds == [{}] * 4 + [{Question.PRINTER: 0x12, Question.PAPER: 0x72}]
    del line.asked[:]
    questions.ask_all()
    assert line.asked == [Question.PRINTER, Question.PAPER]


def test_a_silent_printer_is_asked_one_question_only():
    line = ScriptedLine(lambda _, question: [])
    questions = questions_over(line)
    assert [questions.ask_all() for _ in range(4)] == [{}] * 4
    assert set(line.asked) == {Question.PRINTER}


def test_waiting_for_an_answer_ends_when_the_driver_is_closed():
    line = ScriptedLine(lambda _, question: [])

    def closed():
        raise DeviceLost("printer.lost", "closed")

    questions = StatusQuestions(line, timeout_s=60.0, clock_s=lambda: 0.0, on_reply=lambda _: None, check=closed)
    with pytest.raises(DeviceLost):
        questions.ask_all()
