"""Reading files from cards of all manners, in few commands and without an end in nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chip_readings import CITIZEN, EXTENDED, Recorded

from devices.chip.apdu import Command, Response, Status
from devices.chip.bac import open_by_bac
from devices.chip.chunk_sizes import ChunkSizes
from devices.chip.errors import ChipRefused, NotAnIdChip, ProtocolBroken
from devices.chip.file_access import Files, SpoiledFile, select_application, select_master_file
from devices.chip.files import ATR_INFO, DATA_GROUPS, DG1, DG2, DG13, SOD
from devices.chip.link import Link, PlainChannel
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.manners import PastEnd, TooMuch
from devices.emulators.chip.personalisation import draft_card, image_of
from devices.emulators.chip.variants import PROFILES

DRAFT = draft_card(CITIZEN, replace(PROFILES["bac"], photo_bytes=40_000), Issuer())
WANTED = {DG1: DRAFT.groups[1], DG13: DRAFT.groups[13], SOD: DRAFT.security_object, DG2: DRAFT.groups[2]}


def opened(sizes=None, **manners):
    """Files of a card with these manners, opened; and the card."""
    card = Recorded(EmulatedChip(image_of(DRAFT), replace(DRAFT.manners, **manners)))
    link = Link(card)
    select_application(PlainChannel(link))
    return Files(open_by_bac(link, CITIZEN.mrz_key), sizes or ChunkSizes()), card


def read_all(files):
    return {file: files.read(file) for file in WANTED}


@pytest.mark.parametrize("short_file_ids", [True, False])
@pytest.mark.parametrize("past_end", list(PastEnd))
def test_reads_every_file_whatever_the_card_says_at_its_end(past_end, short_file_ids):
    files, _ = opened(past_end=past_end, short_file_ids=short_file_ids)
    assert read_all(files) == WANTED


@pytest.mark.parametrize("most", [100, 112, 224])
@pytest.mark.parametrize("too_much", list(TooMuch))
def test_goes_down_to_what_the_card_gives_at_once(too_much, most):
    files, card = opened(too_much=too_much, max_read_bytes=most)
    assert read_all(files) == WANTED
    whole = sum(len(content) for content in WANTED.values())
    assert len(card.apdus) < 1.3 * whole / most * (2 if most == 100 else 1) + 30


@pytest.mark.parametrize("most", [None, 500, 1500])
@pytest.mark.parametrize("too_much", list(TooMuch))
def test_reads_in_the_extended_form_what_fits(too_much, most):
    files, card = opened(ChunkSizes(EXTENDED["max_answer_bytes"]), too_much=too_much, max_read_bytes=most)
    assert read_all(files) == WANTED
    if most is None:
        assert len(card.apdus) < 20


def test_a_card_without_the_extended_form_costs_one_session_and_is_then_spared():
    sizes = ChunkSizes(EXTENDED["max_answer_bytes"])
    files, _ = opened(sizes, extended_length=False)
    with pytest.raises(ProtocolBroken):
        files.read(SOD)
    assert not sizes.may_be_long
    again, _ = opened(sizes, extended_length=False)
    assert again.read(SOD) == WANTED[SOD]


def test_reads_in_as_few_commands_as_the_short_form_allows():
    files, card = opened()
    before = len(card.apdus)
    assert files.read(DG1) == WANTED[DG1]
    assert len(card.apdus) == before + 1
    assert files.read(SOD) == WANTED[SOD]
    assert len(card.apdus) == before + 1 + -(-len(WANTED[SOD]) // 231)


def test_a_card_without_odd_reads_cannot_give_what_lies_beyond():
    files, _ = opened(odd_read=False)
    with pytest.raises(ChipRefused):
        files.read(DG2)
    assert files.read(DG1) == WANTED[DG1]


def test_progress_ends_with_all_there_is():
    told = []
    files, _ = opened()
    files.read(DG2, lambda there, total: told.append((there, total)))
    assert told[-1] == (len(WANTED[DG2]), len(WANTED[DG2]))
    assert [there for there, _ in told] == sorted(there for there, _ in told)


def test_a_file_that_is_not_there_is_refused_and_the_next_is_read():
    files, _ = opened()
    with pytest.raises(ChipRefused) as refused:
        files.read(DATA_GROUPS[10])
    assert refused.value.status == Status.FILE_NOT_FOUND
    assert files.read(DG1) == WANTED[DG1]


def test_a_card_without_the_application_is_none_of_ours():
    with pytest.raises(NotAnIdChip):
        select_application(PlainChannel(lambda _: b"\x6a\x82"))


def test_a_card_that_wants_its_answer_fetched_is_selected_all_the_same():
    answers = [b"\x6a\x86", b"\x6f\x00\x90\x00"]
    select_application(PlainChannel(lambda _: answers.pop(0)))
    assert not answers


def test_selecting_the_master_file_may_fail():
    assert not select_master_file(PlainChannel(lambda _: b"\x6d\x00"))
    assert select_master_file(PlainChannel(lambda _: b"\x90\x00"))


class FileChip:
    """One file in the clear, given out `most` bytes at a time; what lies beyond is answered by `end`."""

    def __init__(self, content, most=256, end=Status.WRONG_OFFSET):
        self.content, self.most, self.end, self.commands = content, most, end, 0

    def __call__(self, apdu):
        self.commands += 1
        command = Command.decode(apdu)
        if command.ins != 0xB0:
            return Response(status=Status.OK).encode()
        offset = 0 if command.p1 & 0x80 else command.p1 << 8 | command.p2
        part = self.content[offset : offset + min(command.expected, self.most)]
        return Response(data=part, status=Status.OK if part else self.end).encode()


@given(content=st.binary(min_size=130, max_size=400), most=st.integers(1, 256))
def test_reads_what_comes_in_parts_of_any_size(content, most):
    file = b"\x61\x82" + len(content).to_bytes(2, "big") + content
    assert Files(PlainChannel(FileChip(file + b"\x00" * 9, most)), ChunkSizes()).read(DG1) == file


@pytest.mark.parametrize("end", [Status.OK, Status.WRONG_OFFSET, Status.END_OF_FILE, Status.WRONG_LENGTH, 0x6C00])
def test_a_file_shorter_than_it_says_ends_and_spoils_nothing(end):
    sizes = ChunkSizes()
    chip = FileChip(b"\x61\x82\x10\x00" + bytes(300), end=end)
    with pytest.raises(SpoiledFile) as spoiled:
        Files(PlainChannel(chip), sizes).read(DG1)
    assert spoiled.value.data == chip.content
    assert chip.commands < 15
    assert sizes.short(PlainChannel(chip)) == 256


@pytest.mark.parametrize("content", [b"\x61", b"\x61\x80", b"\x61\x85\x01\x00\x00\x00\x00", b"\xff" * 40])
def test_a_file_without_an_honest_length_is_spoiled(content):
    with pytest.raises(SpoiledFile):
        Files(PlainChannel(FileChip(content + bytes(0 if len(content) < 2 else 9))), ChunkSizes()).read(DG1)


def test_a_chip_that_gives_nothing_is_refused():
    with pytest.raises(ChipRefused):
        Files(PlainChannel(lambda _: b"\x90\x00"), ChunkSizes()).read(DG1)


def test_a_file_in_crumbs_is_not_read_to_the_end():
    chip = FileChip(b"\x61\x83\x08\x00\x00" + bytes(0x80000), most=1)
    with pytest.raises(ProtocolBroken):
        Files(PlainChannel(Link(chip)), ChunkSizes()).read(DG1)


@pytest.mark.parametrize(
    ("information", "long"),
    [
        ("7F660802020800020208009000", 2046),  # with something behind
        ("7F66080202080002020800", 2046),
        ("7F660802020100020200FF", 0),
        ("4703000040", 65_536),
        ("4703000000", 0),
        ("", 65_536),
        ("FFFF", 65_536),
    ],
)
def test_heeds_what_the_chip_says_of_its_answers(information, long):
    sizes = ChunkSizes(EXTENDED["max_answer_bytes"])
    sizes.heed(bytes.fromhex(information))
    assert sizes.long(PlainChannel(lambda _: b"")) == long


def test_never_asks_for_more_than_the_transport_carries():
    channel = PlainChannel(lambda _: b"")
    assert ChunkSizes(112).short(channel) == 110
    assert ChunkSizes(262).short(channel) == 256
    assert not ChunkSizes(262).may_be_long


def test_the_card_information_is_read_in_the_clear():
    card = Recorded(EmulatedChip(image_of(DRAFT), DRAFT.manners))
    assert Files(PlainChannel(card), ChunkSizes()).beginning(ATR_INFO).hex().startswith("7f66")
