"""Secure messaging against a card's side of it, in every cipher and form; and what ends a session."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.chip.apdu import Command, Response, Status
from devices.chip.ciphers import AES_128, AES_192, AES_256, TRIPLE_DES
from devices.chip.errors import ProtocolBroken
from devices.chip.keys import SessionKeys
from devices.chip.secure_messaging import SecureChannel, SessionEnded
from devices.emulators.chip.secure_session import SecureSession, SessionBroken

SUITES = [TRIPLE_DES, AES_128, AES_192, AES_256]
ODD, EVEN = 0xB1, 0xB0


class Card:
    """Answers protected commands with what it is told to; `seen` are the plain commands."""

    def __init__(self, suite, response=None, counter=None):
        self.keys = SessionKeys.of(b"a shared secret", suite)
        self._session = SecureSession(self.keys, counter)
        self.response = response or Response(status=Status.OK)
        self.seen = []
        self.apdus = []
        self.spoil = lambda answer: answer

    def __call__(self, apdu):
        self.apdus.append(apdu)
        try:
            plain = self._session.open(Command.decode(apdu))
        except SessionBroken as broken:
            return Response(status=broken.status).encode()
        self.seen.append(plain)
        return self.spoil(self._session.close(self.response, odd=bool(plain.ins & 1)).encode())


def channel_to(card, counter=None):
    return SecureChannel(card, card.keys, counter)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("ins", [EVEN, ODD])
@pytest.mark.parametrize("data", [b"", b"\x01", bytes(15), bytes(16), bytes(200), bytes(255), bytes(300)])
@pytest.mark.parametrize("expected", [None, 1, 255, 256, 257, 65_536])
def test_the_card_understands_what_is_sent(suite, ins, data, expected):
    card = Card(suite)
    command = Command(ins=ins, p1=1, p2=2, data=data, expected=expected)
    if not data and expected is None:
        return
    assert channel_to(card).send(command).ok
    assert card.seen == [command]


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("ins", [EVEN, ODD])
@pytest.mark.parametrize("size", [0, 1, 7, 8, 15, 16, 223, 2000])
def test_what_the_card_answers_is_understood_again_and_again(suite, ins, size):
    answer = Response(data=bytes(range(256)) * 8, status=Status.OK)
    card = Card(suite, Response(data=answer.data[:size], status=Status.OK), counter=b"\x01\x02")
    channel = channel_to(card, b"\x01\x02")
    for _ in range(3):
        assert channel.send(Command(ins=ins, data=b"\x54\x01\x00", expected=256)).data == answer.data[:size]


@pytest.mark.parametrize("suite", SUITES)
def test_a_protected_no_keeps_the_session(suite):
    card = Card(suite, Response(status=Status.FILE_NOT_FOUND))
    channel = channel_to(card)
    assert channel.send(Command(ins=0xA4, data=b"\x01\x1e")).status == Status.FILE_NOT_FOUND
    card.response = Response(data=b"there", status=Status.END_OF_FILE)
    assert channel.send(Command(ins=EVEN, expected=9)) == Response(data=b"there", status=Status.END_OF_FILE)


@pytest.mark.parametrize("suite", SUITES)
def test_the_counter_turns_over(suite):
    last = b"\xff" * suite.block_size
    card = Card(suite, counter=last)
    channel = channel_to(card, last)
    assert channel.send(Command(ins=EVEN, expected=1)).ok
    assert channel.counter == bytes(suite.block_size - 1) + b"\x01"


@pytest.mark.parametrize("status", [0x6987, 0x6988, 0x6982, 0x6A82, 0x9000, 0x6700])
def test_a_bare_status_ends_the_session_and_is_told(status):
    card = Card(AES_128)
    card.spoil = lambda _: status.to_bytes(2, "big")
    channel = channel_to(card)
    with pytest.raises(SessionEnded) as ended:
        channel.send(Command(ins=EVEN, expected=1))
    assert ended.value.status == status
    with pytest.raises(ProtocolBroken):
        channel.send(Command(ins=EVEN, expected=1))
    assert len(card.apdus) == 1


@given(st.data())
@pytest.mark.parametrize("suite", [TRIPLE_DES, AES_256])
def test_no_change_of_an_answer_goes_unnoticed(suite, data):
    card = Card(suite, Response(data=b"Nguyen Van A", status=Status.OK))
    at, bit = 0, 0

    def spoil(answer):
        spoiled = bytearray(answer)
        spoiled[at % len(answer)] ^= 1 << bit
        return bytes(spoiled)

    at, bit = data.draw(st.integers(0, 200)), data.draw(st.integers(0, 7))
    card.spoil = spoil
    with pytest.raises(ProtocolBroken):
        channel_to(card).send(Command(ins=EVEN, expected=256))


@given(st.binary(max_size=80))
def test_no_answer_whatever_does_more_than_break_the_protocol(answer):
    channel = SecureChannel(lambda _: answer, SessionKeys.of(b"secret", AES_128))
    with pytest.raises(ProtocolBroken):
        channel.send(Command(ins=EVEN, expected=256))


def test_an_answer_played_again_is_refused():
    card = Card(AES_128, Response(data=b"once", status=Status.OK))
    kept = []
    card.spoil = lambda answer: kept.append(answer) or kept[0]
    channel = channel_to(card)
    channel.send(Command(ins=EVEN, expected=256))
    with pytest.raises(ProtocolBroken):
        channel.send(Command(ins=EVEN, expected=256))


def test_a_command_the_transport_lost_ends_the_session():
    class Gone(Exception):
        pass

    def gone(_):
        raise Gone

    channel = SecureChannel(gone, SessionKeys.of(b"secret", AES_128))
    with pytest.raises(Gone):
        channel.send(Command(ins=EVEN, expected=1))
    with pytest.raises(ProtocolBroken):
        channel.send(Command(ins=EVEN, expected=1))


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("limit", [112, 256, 300, 2048, 65_536])
def test_the_largest_answer_just_fits(suite, limit):
    card = Card(suite)
    most = channel_to(card).largest_answer(limit)

    def protected(size):
        session = SecureSession(card.keys)
        return len(session.close(Response(data=bytes(size), status=Status.OK), odd=False).data)

    assert protected(most) <= limit < protected(most + 1)


def test_the_largest_short_answers_are_those_known_of_readers():
    assert channel_to(Card(AES_128)).largest_answer(256) == 223
    assert channel_to(Card(TRIPLE_DES)).largest_answer(256) == 231
