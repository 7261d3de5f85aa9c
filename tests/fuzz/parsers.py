"""Every parser of what a code, a scanner or the portal sends: each a function of bytes that checks its own promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from devices.code_text import decode_code
from devices.scanners.bit_rate import BitRateSearch
from devices.scanners.framing import Frame, Framer, Terminator
from devices.scanners.observed import observed
from devices.scanners.us_keyboard import UsKeyboard
from kiosk.domain.faults import Refusal
from kiosk.domain.identity.citizen_code import read_citizen_code
from kiosk.domain.identity.dates import parse_birth
from kiosk.domain.identity.insurance_code import is_insurance_code, read_insurance_code
from kiosk.domain.identity.names import read_name
from kiosk.domain.identity.numbers import check_number, typed_identity
from kiosk.domain.identity.own_codes import OwnCodes
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.identity.values import Assurance, CodeFault, RecognisedCode, masked_name
from kiosk.insurance.answer import read_answer
from kiosk.insurance.http import HttpReply, PortalFailure

TODAY = date(2026, 11, 22)
OWN = OwnCodes(patient=("BN########", "??????????"), appointment=("HK-*",), prescription=("DT-*",))
FAULTS = frozenset(CodeFault)
TERMINATORS = tuple(Terminator)


def text_of(data: bytes) -> str:
    """As a decoder that lost bytes would give it: controls and all."""
    return data.decode("utf-8", "replace")


def check_code(code: RecognisedCode) -> None:
    said = (code.identity is not None, code.ticket_id is not None, code.fault is not None)
    assert sum(said) == 1, said
    assert code.fault is None or code.fault in FAULTS
    assert code.ticket_id is None or (code.ticket_id.isascii() and code.ticket_id.isprintable())
    if code.identity is not None:
        assert code.identity.number.isascii()
        assert code.identity.number.isalnum()
        assert code.identity.name is None or code.identity.name.isprintable()
        assert code.identity.name is None or masked_name(code.identity.name).isprintable()


def fuzz_recognise(data: bytes) -> None:
    check_code(recognise(text_of(data), certain=False, today=TODAY, own=OWN))


def fuzz_cards(data: bytes) -> None:
    text = text_of(data)
    check_code(read_citizen_code(text, certain=True, today=TODAY, assurance=Assurance.CODE_READ))
    if is_insurance_code(text):
        check_code(read_insurance_code(text, certain=True, today=TODAY, assurance=Assurance.CODE_READ))


def fuzz_numbers(data: bytes) -> None:
    text = text_of(data)
    checked = check_number(text, today=TODAY)
    assert (checked.kind is None) != (checked.fault is None)
    try:
        typed_identity(text, None, text, today=TODAY)
    except Refusal:
        assert checked.fault is not None


def fuzz_dates_and_names(data: bytes) -> None:
    text = text_of(data)
    birth = parse_birth(text)
    assert birth is None or parse_birth(birth.as_portal()) == birth
    name = read_name(text)
    assert name is None or (name.isprintable() and read_name(name) == name)


def fuzz_serial(data: bytes) -> None:
    """The first two bytes say how the scanner is set and how the line tears what it sends."""
    terminator = TERMINATORS[data[0] % len(TERMINATORS)] if data else Terminator.ANY
    piece = 16 + data[1] if len(data) > 1 else 64  # not less: thousands of scans are no single input
    framer = Framer(terminator=terminator, idle_gap_s=0.05, torn_gap_s=0.5, max_frame_bytes=4096)
    rates = BitRateSearch(0)
    framed = []
    for place, start in enumerate(range(0, len(data), piece)):
        framed += framer.feed(data[start : start + piece], place * 0.1)
        framed += framer.tick(place * 0.1 + 0.06)
    framed += framer.tick(1e9)
    assert not framer.is_waiting
    for frame in framed:
        if isinstance(frame, Frame):
            rates.heard(frame.data)
            assert observed(frame, baud=rates.rate).text.isprintable()


def fuzz_decoding(data: bytes) -> None:
    decoded = decode_code(data)
    assert decoded.text.isprintable()
    check_code(recognise(decoded.text, certain=decoded.certain, today=TODAY, own=OWN))


def fuzz_keyboard(data: bytes) -> None:
    keyboard = UsKeyboard()
    for byte in data:
        if byte & 0x80:
            keyboard.release(byte & 0x7F)
        else:
            typed = keyboard.press(byte)
            assert len(typed) <= 1
            assert typed.isascii()


def fuzz_portal_answer(data: bytes) -> None:
    try:
        answer = read_answer(HttpReply(status=200, body=data))
    except PortalFailure:
        return
    assert answer.code


PARSERS: dict[str, Callable[[bytes], None]] = {
    "recognise": fuzz_recognise,
    "cards": fuzz_cards,
    "numbers": fuzz_numbers,
    "dates_and_names": fuzz_dates_and_names,
    "serial": fuzz_serial,
    "decoding": fuzz_decoding,
    "keyboard": fuzz_keyboard,
    "portal_answer": fuzz_portal_answer,
}
