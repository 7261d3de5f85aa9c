"""Frames of the PN532: the manual's examples, and every kind of noise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.card_readers.pn532_frames import (
    ACK_FRAME,
    ERROR_FRAME,
    NACK_FRAME,
    TO_CHIP,
    TO_HOST,
    Frame,
    FrameKind,
    FrameParser,
    encode_frame,
)

ACK, NACK, ERROR = (Frame(kind=kind) for kind in (FrameKind.ACK, FrameKind.NACK, FrameKind.ERROR))
payloads = st.binary(min_size=1, max_size=264)


def data(content):
    return Frame(kind=FrameKind.DATA, data=content)


def heard(stream, *, in_pieces_of=None, direction=TO_HOST):
    parser = FrameParser(direction)
    size = in_pieces_of or max(1, len(stream))
    frames = [frame for start in range(0, len(stream), size) for frame in parser.feed(stream[start : start + size])]
    return frames + parser.resynchronise()


def test_frames_are_worded_as_in_the_manual():
    assert encode_frame(TO_CHIP, b"\x02").hex(" ") == "00 00 ff 02 fe d4 02 2a 00"
    assert encode_frame(TO_CHIP, bytes.fromhex("140100")).hex(" ") == "00 00 ff 04 fc d4 14 01 00 17 00"
    assert encode_frame(TO_HOST, bytes.fromhex("0332010607")).hex(" ") == "00 00 ff 06 fa d5 03 32 01 06 07 e8 00"


def test_long_packets_go_in_extended_frames():
    assert encode_frame(TO_HOST, bytes(254))[:6].hex(" ") == "00 00 ff ff 01 d5"
    assert encode_frame(TO_HOST, bytes(255))[:9].hex(" ") == "00 00 ff ff ff 01 00 ff d5"
    assert len(encode_frame(TO_HOST, bytes(264))) == 275
    with pytest.raises(ValueError, match=r"pn532\.packet_too_long"):
        encode_frame(TO_HOST, bytes(265))


@pytest.mark.parametrize(("stream", "frame"), [(ACK_FRAME, ACK), (NACK_FRAME, NACK), (ERROR_FRAME, ERROR)])
def test_the_short_frames_are_known(stream, frame):
    assert heard(stream) == [frame]


def test_leading_and_trailing_zeros_may_be_missing_or_many():
    answer = encode_frame(TO_HOST, b"\x15")
    assert heard(b"\0" * 20 + answer + b"\0" * 20 + ACK_FRAME[1:-1] + answer[1:-1]) == [
        data(b"\x15"),
        ACK,
        data(b"\x15"),
    ]


def test_the_own_words_come_back_as_an_echo_and_are_no_answer():
    assert heard(encode_frame(TO_CHIP, b"\x02") + encode_frame(TO_HOST, b"\x03")) == [data(b"\x03")]


def test_a_wrong_checksum_of_the_data_is_told():
    frame = bytearray(encode_frame(TO_HOST, b"\x41\x00\x90\x00"))
    frame[8] ^= 1
    assert heard(bytes(frame))[0] == Frame(kind=FrameKind.DAMAGED)


def test_a_false_head_hides_no_frame_behind_it():
    parser = FrameParser(TO_HOST)
    assert parser.feed(bytes.fromhex("00FF8080") + b"\xd5" + ACK_FRAME + encode_frame(TO_HOST, b"\x15")) == []
    assert parser.is_waiting
    assert parser.resynchronise() == [ACK, data(b"\x15")]
    assert not parser.is_waiting


def test_a_claimed_length_beyond_the_chips_is_noise():
    assert heard(bytes.fromhex("0000FFFFFF2000E0D5") + ACK_FRAME) == [ACK]


@given(st.lists(payloads, min_size=1, max_size=4), st.integers(1, 300), st.sampled_from([TO_CHIP, TO_HOST]))
def test_whatever_is_sent_is_heard_in_any_pieces(contents, size, direction):
    stream = b"".join(encode_frame(direction, content) for content in contents)
    assert heard(stream, in_pieces_of=size, direction=direction) == [data(content) for content in contents]


@given(st.binary(max_size=600), st.integers(1, 64))
def test_noise_breaks_nothing_and_is_not_hoarded(noise, size):
    heard(noise, in_pieces_of=size)
    parser = FrameParser(TO_HOST)
    parser.feed(noise)
    parser.reset()
    assert not parser.is_waiting


@given(st.binary(max_size=80), payloads)
def test_a_frame_after_noise_is_found(noise, content):
    assert data(content) in heard(noise + encode_frame(TO_HOST, content))


@given(payloads, st.data())
def test_one_changed_byte_never_gives_other_data(content, draw):
    frame = bytearray(encode_frame(TO_HOST, content))
    place = draw.draw(st.integers(0, len(frame) - 1))
    frame[place] ^= draw.draw(st.integers(1, 255))
    whole = [got.data for got in heard(bytes(frame)) if got.kind is FrameKind.DATA]
    assert all(got == content or len(got) < len(content) for got in whole)
