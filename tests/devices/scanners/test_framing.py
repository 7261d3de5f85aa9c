import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.scanners.decoding import decode_frame
from devices.scanners.framing import Frame, Framer, FrameTooLong, Terminator


def framer(terminator=Terminator.ANY, max_frame_bytes=4096):
    return Framer(terminator=terminator, idle_gap_s=0.05, torn_gap_s=0.5, max_frame_bytes=max_frame_bytes)


def datas(framed):
    return [item.data for item in framed]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t"])
def test_each_terminator_ends_one_frame(end):
    cut = framer()
    assert datas(cut.feed(b"one" + end, 0.0)) == [b"one"]
    assert not cut.is_waiting


def test_line_feed_arriving_after_its_carriage_return_is_no_second_frame():
    cut = framer()
    assert datas(cut.feed(b"one\r", 0.0)) == [b"one"]
    assert cut.feed(b"\ntwo\r", 0.3) == [Frame(data=b"two")]


def test_glued_scans_are_cut_at_their_terminators():
    assert datas(framer().feed(b"one\r\ntwo\tthree\r", 0.0)) == [b"one", b"two", b"three"]


def test_silence_ends_a_scan_of_a_scanner_without_suffix():
    cut = framer()
    assert cut.feed(b"one", 0.0) == []
    assert cut.tick(0.04) == []
    assert cut.tick(0.05) == [Frame(data=b"one")]


def test_a_scanner_known_to_send_a_terminator_may_stall_in_mid_scan():
    cut = framer()
    cut.feed(b"first\r", 0.0)
    assert cut.feed(b"001090", 1.0) == []
    assert cut.tick(1.3) == []
    assert cut.feed(b"123456\r", 1.4) == [Frame(data=b"001090123456")]


def test_a_scan_whose_terminator_never_comes_is_given_out_as_not_whole():
    cut = framer(Terminator.LINE)
    cut.feed(b"001090", 0.0)
    assert cut.tick(0.5) == [Frame(data=b"001090", whole=False)]


def test_a_scanner_set_to_another_suffix_is_learnt_anew():
    cut = framer()
    cut.feed(b"first\r", 0.0)
    cut.feed(b"second", 1.0)
    assert cut.tick(1.5) == [Frame(data=b"second", whole=False)]
    cut.feed(b"third", 2.0)
    assert cut.tick(2.06) == [Frame(data=b"third")]


def test_a_tab_belongs_to_a_scan_that_ends_by_line():
    assert datas(framer(Terminator.LINE).feed(b"a\tb\r", 0.0)) == [b"a\tb"]


def test_without_terminators_only_silence_cuts():
    cut = framer(Terminator.NONE)
    assert cut.feed(b"a\rb", 0.0) == []
    assert cut.tick(0.05) == [Frame(data=b"a\rb")]


def test_three_kilobytes_pass():
    assert datas(framer().feed(b"x" * 3000 + b"\r", 0.0)) == [b"x" * 3000]


def test_too_long_a_scan_is_reported_once_and_the_next_one_is_whole():
    cut = framer(max_frame_bytes=10)
    assert cut.feed(b"x" * 11, 0.0) == [FrameTooLong(limit_bytes=10)]
    assert cut.feed(b"x" * 500, 0.01) == []
    assert cut.feed(b"x\rnext\r", 0.02) == [Frame(data=b"next")]


def test_too_long_a_scan_also_ends_by_silence():
    cut = framer(max_frame_bytes=10)
    cut.feed(b"x" * 11, 0.0)
    assert cut.tick(0.05) == []
    assert datas(cut.feed(b"next\r", 0.1)) == [b"next"]


def test_a_cut_link_forgets_the_half_scan():
    cut = framer()
    cut.feed(b"half", 0.0)
    cut.reset()
    assert datas(cut.feed(b"next\r", 0.01)) == [b"next"]


@pytest.mark.parametrize("prefix", [b"]Q1", b"]Q3", b"]C0", b"]d2", b"\x02]Q1"])
def test_aim_identifiers_are_stripped(prefix):
    assert decode_frame(prefix + b"001090123456").text == "001090123456"


def test_a_bracket_inside_the_code_stays():
    assert decode_frame(b"a]Q1b").text == "a]Q1b"


@given(
    st.sampled_from(list(Terminator)),
    st.lists(st.tuples(st.binary(max_size=40), st.sampled_from([0.0, 0.01, 0.06, 0.6])), max_size=12),
)
def test_any_stream_gives_printable_text_and_loses_no_frame_bytes(terminator, pieces):
    cut = framer(terminator, max_frame_bytes=64)
    now_s, framed = 0.0, []
    for data, pause_s in pieces:
        framed += cut.feed(data, now_s)
        now_s += pause_s
        framed += cut.tick(now_s)
    framed += cut.tick(now_s + 1)
    frames = [item for item in framed if isinstance(item, Frame)]
    assert all(0 < len(frame.data) <= 64 and decode_frame(frame.data).text.isprintable() for frame in frames)
    assert not cut.is_waiting
    if len(frames) == len(framed):
        ends = b"" if terminator is Terminator.NONE else b"\r\n" if terminator is Terminator.LINE else b"\r\n\t"
        sent = b"".join(data for data, _ in pieces).translate(None, ends)
        assert b"".join(datas(frames)) == sent
