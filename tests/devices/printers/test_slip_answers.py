"""Answers without a name are counted for the right slip, or for none."""

from devices.printers.jobs import RunningJob
from devices.printers.models import ConfirmBy
from devices.printers.slip_answers import MAX_REMEMBERED_SLIPS, SlipAnswers


def slip(number, marks=3):
    name = f"{number:03}"
    fence, tag = f"f{name}".encode(), f"t{name}".encode()
    return RunningJob(job_id=name, fence=fence, tag=tag, submitted_s=0.0, moved_s=0.0, marks_asked=marks)


def sent(answers, number, *, marks_came=0):
    running = slip(number)
    answers.begin(running)
    for _ in range(marks_came):
        answers.mark()
    return running


def test_a_slip_is_whole_with_its_end_and_every_mark():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    running = sent(answers, 1, marks_came=3)
    assert not answers.is_whole(running)
    assert answers.tag(running.tag) is running
    assert answers.is_whole(running)


def test_one_answer_too_few_is_no_whole_slip():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    running = sent(answers, 1, marks_came=2)
    answers.tag(running.tag)
    assert not answers.is_whole(running)


def test_the_next_slip_begins_with_its_fence_whatever_the_one_before_owes():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    answers.remember(sent(answers, 1, marks_came=1))
    running = sent(answers, 2)
    answers.tag(running.fence)
    for _ in range(3):
        answers.mark()
    answers.tag(running.tag)
    assert answers.is_whole(running)


def test_without_a_fence_the_first_answers_are_the_earlier_slips():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    answers.remember(sent(answers, 1, marks_came=1))
    running = sent(answers, 2, marks_came=3)
    assert running.marks_came == 1
    answers.tag(running.tag)
    assert not answers.is_whole(running)


def test_a_fence_told_only_with_the_end_takes_nothing_back():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    running = sent(answers, 1, marks_came=3)
    answers.tag(running.fence)
    answers.tag(running.tag)
    assert answers.is_whole(running)


def test_a_late_end_names_its_slip_once_and_is_believed_with_its_marks():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    running = sent(answers, 1, marks_came=1)
    answers.remember(running)
    assert [answers.mark() for _ in range(2)] == [running, running]
    assert answers.tag(running.tag) is running
    assert answers.is_whole(running)
    answers.reconnected()
    assert answers.tag(running.tag) is None


def test_an_ambiguous_answer_is_owed_to_one_later_slip_only():
    answers = SlipAnswers(ConfirmBy.STATUS_REQUEST)
    answers.remember(sent(answers, 1, marks_came=1))
    second = sent(answers, 2, marks_came=3)
    assert not answers.is_whole(second)
    answers.remember(second)
    assert answers.is_whole(sent(answers, 3, marks_came=3))


def test_more_answers_than_were_asked_for_prove_nothing_of_this_slip_and_the_next():
    answers = SlipAnswers(ConfirmBy.STATUS_REQUEST)
    first = sent(answers, 1, marks_came=4)
    assert not answers.is_whole(first)
    answers.forget(first)
    second = sent(answers, 2, marks_came=3)
    assert not answers.is_whole(second)
    answers.forget(second)
    assert answers.is_whole(sent(answers, 3, marks_came=3))


def test_an_answer_to_a_mark_that_is_not_sent_yet_proves_nothing():
    answers = SlipAnswers(ConfirmBy.STATUS_REQUEST)
    running = slip(1)
    running.length, running.mark_ends, running.rest = 30, (10, 20, 30), memoryview(bytes(15))
    answers.begin(running)
    answers.mark()
    assert not running.too_many
    answers.mark()
    assert running.too_many


def test_a_fence_told_twice_is_a_printer_that_says_everything_twice():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    running = sent(answers, 1)
    for tag in (running.fence, running.fence):
        answers.tag(tag)
    for _ in range(3):
        answers.mark()
    answers.tag(running.tag)
    assert not answers.is_whole(running)


def test_paper_that_was_missing_is_never_made_up_for():
    answers = SlipAnswers(ConfirmBy.STATUS_REQUEST)
    running = sent(answers, 1, marks_came=3)
    running.without_paper = True
    assert not answers.is_whole(running)


def test_only_some_unconfirmed_slips_are_remembered():
    answers = SlipAnswers(ConfirmBy.JOB_TAG)
    slips = [sent(answers, number, marks_came=3) for number in range(MAX_REMEMBERED_SLIPS + 1)]
    for each in slips:
        answers.remember(each)
    assert answers.tag(slips[0].tag) is None
    assert answers.tag(slips[1].tag) is slips[1]
