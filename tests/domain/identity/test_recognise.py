"""Every row of the facts about card codes, and what hostile codes come to."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scanned_codes import AN, BINH, CARD, TODAY, citizen, identity_of, read

from kiosk.domain.identity.citizen_code import read_citizen_code
from kiosk.domain.identity.recognise import MAX_CODE_CHARS
from kiosk.domain.identity.values import (
    Assurance,
    BirthDate,
    CodeFault,
    CodeKind,
    Identity,
    IdentityWarning,
    NumberKind,
    RecognisedCode,
    Sex,
)

# -- citizen cards ----------------------------------------------------------------------------------------------------


def test_a_citizen_card_gives_number_name_birth_and_sex() -> None:
    code = read(AN)
    assert code == RecognisedCode(
        kind=CodeKind.CITIZEN_CARD,
        identity=Identity(
            number="001090123456",
            number_kind=NumberKind.CITIZEN,
            assurance=Assurance.CODE_READ,
            name="Nguyễn Văn An",
            birth=BirthDate(year=1990, month=1, day=1),
            sex=Sex.MALE,
        ),
    )


def test_an_empty_old_number_is_normal() -> None:
    assert identity_of(BINH).name == "Trần Thị Bình"
    assert identity_of(BINH).sex is Sex.FEMALE


def test_a_twelve_digit_old_number_does_not_make_it_an_insurance_card() -> None:
    code = read(AN.replace("|012345678|", "|001090999999|"))
    assert code.kind is CodeKind.CITIZEN_CARD
    assert code.identity is not None
    assert code.identity.name == "Nguyễn Văn An"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_fields_of_newer_cards_are_counted_and_not_interpreted(count: int) -> None:
    code = read(AN + "|001090999999" * count)
    assert code.extra_fields == count
    assert code.identity is not None
    assert code.identity.number == "001090123456"


@pytest.mark.parametrize("kept", range(1, 7))
def test_a_card_cut_short_is_to_be_scanned_again(kept: int) -> None:
    cut = "|".join(AN.split("|")[:kept]) + ("|" if kept == 1 else "")
    assert read(cut).fault == CodeFault.TORN
    assert read(cut).identity is None


def test_a_card_whose_beginning_is_lost_is_to_be_scanned_again() -> None:
    assert read(AN[4:]).fault == CodeFault.TORN


@pytest.mark.parametrize(
    ("written", "birth"),
    [
        ("01011990", BirthDate(year=1990, month=1, day=1)),
        ("011990", BirthDate(year=1990, month=1)),
        ("1990", BirthDate(year=1990)),
        ("01/02/1990", BirthDate(year=1990, month=2, day=1)),
        ("1/2/1990", BirthDate(year=1990, month=2, day=1)),
        ("01-02-1990", BirthDate(year=1990, month=2, day=1)),
        ("02/1990", BirthDate(year=1990, month=2)),
        ("00/00/1990", BirthDate(year=1990)),
        ("00001990", BirthDate(year=1990)),
    ],
)
def test_birth_dates_are_read_as_far_as_they_are_known(written: str, birth: BirthDate) -> None:
    assert identity_of(citizen(birth=written)).birth == birth


@pytest.mark.parametrize("written", ["31021990", "99991990", "", "abc", "199", "19900101", "01 tháng 1", "29022023"])
def test_a_birth_date_that_is_none_is_left_out_and_shown_to_staff(written: str) -> None:
    identity = identity_of(citizen(birth=written))
    assert identity.birth is None
    assert IdentityWarning.BIRTH_UNREADABLE in identity.warnings


def test_a_birth_date_in_the_future_is_left_out_and_shown_to_staff() -> None:
    identity = identity_of(citizen(birth="06102026", number="001226123456"))
    assert identity.birth is None
    assert IdentityWarning.BIRTH_IN_FUTURE in identity.warnings


@pytest.mark.parametrize("written", ["Nữ", "NỮ", "nữ", "Nu", "nu", unicodedata.normalize("NFD", "Nữ"), " Nữ "])
def test_every_way_to_write_female_is_understood(written: str) -> None:
    assert identity_of(citizen(number="001190123456", sex=written)).sex is Sex.FEMALE


@pytest.mark.parametrize("written", ["Nam", "NAM", "nam"])
def test_every_way_to_write_male_is_understood(written: str) -> None:
    assert identity_of(citizen(sex=written)).sex is Sex.MALE


@pytest.mark.parametrize("written", ["", "X", "Nan", "0"])
def test_an_unknown_sex_is_left_out(written: str) -> None:
    assert identity_of(citizen(sex=written)).sex is None


def test_year_and_sex_that_contradict_the_number_warn_staff_and_do_not_block() -> None:
    identity = identity_of("022305000123||Lê Minh Châu|1905|Nam|...|01012022")
    assert identity.birth == BirthDate(year=1905)
    assert set(identity.warnings) == {IdentityWarning.YEAR_MISMATCH, IdentityWarning.SEX_MISMATCH}


def test_an_unknown_province_warns_and_does_not_block() -> None:
    assert identity_of(citizen(number="199090123456")).warnings == (IdentityWarning.PROVINCE_UNKNOWN,)


# -- scanners' habits -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "]Q1", "]Q3", "\ufeff", "\x02", "  "])
@pytest.mark.parametrize("suffix", ["", "\r", "\n", "\r\n", "\t", "\x03", "\r\n\r\n"])
def test_what_scanners_put_around_a_code_is_taken_off(prefix: str, suffix: str) -> None:
    assert read(prefix + AN + suffix) == read(AN)


@pytest.mark.parametrize("between", ["", "\r", "\n", "\r\n", "\t", "\r\n]Q1"])
def test_of_two_scans_glued_together_the_last_counts(between: str) -> None:
    assert identity_of(AN + between + BINH).number == "001190012345"
    assert identity_of(BINH + between + AN).name == "Nguyễn Văn An"


def test_a_scan_with_a_torn_one_glued_behind_is_to_be_scanned_again() -> None:
    assert read(AN + "001190012345||Trần").fault == CodeFault.TORN
    assert read(AN + "\r\n001190012345||Trần").fault == CodeFault.TORN


def test_a_whole_scan_behind_a_torn_one_counts() -> None:
    assert identity_of("001090123456|012345" + BINH).number == "001190012345"


@pytest.mark.parametrize(("encoding", "name"), [("big5", "HUỲNH HIẾU THUẬN"), ("shift_jis", "TRẤN")])
def test_utf8_taken_for_an_east_asian_encoding_is_mended(encoding: str, name: str) -> None:
    payload = f"001090123456||{name}|01011990|Nam|Hanoi|15042021"
    mangled = payload.encode("utf-8").decode(encoding)
    assert mangled != payload
    identity = identity_of(mangled)
    assert identity.name == name
    assert not identity.name_certain
    assert IdentityWarning.NAME_UNCERTAIN in identity.warnings


def test_a_mangled_scan_that_lost_bytes_is_to_be_scanned_again() -> None:
    assert read(citizen(name="HU廙\ufffdH 廕")).fault == CodeFault.TORN


def test_a_name_decoded_by_a_fall_back_is_marked_uncertain() -> None:
    assert identity_of(AN).name_certain
    assert not identity_of(AN, certain=False).name_certain


def test_a_decomposed_name_is_composed_and_its_spaces_collapsed() -> None:
    written = unicodedata.normalize("NFD", " Nguyễn   Văn  An ")
    assert identity_of(citizen(name=written)).name == "Nguyễn Văn An"


@pytest.mark.parametrize("name", ["H'Hen Niê", "Y Blứk-Kđăm", "Siu Č’ Ƀăr", "K’ Ñ", "TRẦN THỊ B"])
def test_names_of_every_people_of_the_country_are_names(name: str) -> None:
    assert identity_of(citizen(name=name)).name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", ["", "Nguy\ufffdn", "An 2", "Аn", "王小明x", "🙂", "a" * 500, "<b>An</b>"])
def test_what_cannot_be_a_name_is_left_out_and_the_number_kept(name: str) -> None:
    code = read(citizen(name=name))
    if code.identity is None:
        assert code.fault == CodeFault.TORN  # looks like a mangled encoding that lost bytes
        return
    assert code.identity.name is None
    assert not code.identity.name_certain
    assert code.identity.number == "001090123456"
    assert IdentityWarning.NAME_UNREADABLE in code.identity.warnings


# -- hostile codes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\x1b@", "\x1dV\x00", "\x10\x04\x01", "\u2066", "\x85", "\u00ad"]
)
def test_hidden_characters_never_stay_in_a_name(hidden: str) -> None:
    name = identity_of(citizen(name=f"Nguyễn {hidden}An")).name
    assert name is None or name.isprintable()


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x1b", "\x00", "\u2066", "\u00ad"])
@pytest.mark.parametrize("place", [3, 9, 16, 45])
def test_hidden_characters_among_digits_are_refused(hidden: str, place: int) -> None:
    places = {3: 3, 9: 9, 16: 16, 45: AN.index("01011990") + 2}
    at = places[place]
    assert read(AN[:at] + hidden + AN[at:]).fault == CodeFault.HIDDEN_CHARACTERS


@pytest.mark.parametrize("digit", ["０", "٠", "०", "𝟎", "⁰"])
def test_digits_of_other_scripts_are_refused_and_not_converted(digit: str) -> None:
    assert read(digit + AN[1:]).fault == CodeFault.FOREIGN_DIGITS
    assert read(digit * 12).fault == CodeFault.FOREIGN_DIGITS
    assert read(AN.replace("01011990", digit + "1011990")).fault == CodeFault.FOREIGN_DIGITS


@pytest.mark.parametrize("text", ["1" * (MAX_CODE_CHARS + 1), AN + "x" * MAX_CODE_CHARS, "\r\n" * 100_000])
def test_a_code_too_long_is_refused_unread(text: str) -> None:
    assert read(text).fault == CodeFault.TOO_LONG


@pytest.mark.parametrize("text", ["", " ", "\r\n", "\x00", "]Q1"])
def test_nothing_scanned_is_to_be_scanned_again(text: str) -> None:
    assert read(text).fault == CodeFault.TORN


# -- what else people hold under a scanner ----------------------------------------------------------------------------


def test_a_payment_code_is_named_as_one() -> None:
    code = read("00020101021138570010A00000072701270006970436011301234567890120208QRIBFTTA53037045802VN6304ABCD")
    assert (code.kind, code.fault) == (CodeKind.PAYMENT, CodeFault.PAYMENT)


@pytest.mark.parametrize(
    "text", ["https://vneid.gov.vn/x", "HTTP://X", "vneid://id?x=1", "www.example.org", "javascript://%0aalert(1)"]
)
def test_links_are_named_and_never_opened(text: str) -> None:
    assert (read(text).kind, read(text).fault) == (CodeKind.LINK, CodeFault.LINK)


def test_our_own_ticket_gives_its_id() -> None:
    assert read("TD:3f2a-9_x\r").ticket_id == "3f2a-9_x"


@pytest.mark.parametrize("text", ["TD:", "TD:a b", "TD:../x", "TD:" + "a" * 65, "td:abc"])
def test_a_ticket_code_with_an_odd_id_is_unknown(text: str) -> None:
    assert read(text).ticket_id is None
    assert read(text).fault == CodeFault.UNKNOWN


@pytest.mark.parametrize("text", ["eyJhbGciOi.J9.xyz", "VNEID", '{"id": 1}', "8934567890123", "A" * 3000])
def test_codes_nobody_has_described_are_unknown(text: str) -> None:
    assert (read(text).kind, read(text).fault) == (CodeKind.UNKNOWN, CodeFault.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "kind", "number_kind"),
    [
        ("001090123456", CodeKind.CITIZEN_NUMBER, NumberKind.CITIZEN),
        ("012345678", CodeKind.CITIZEN_NUMBER, NumberKind.OLD_CITIZEN),
        ("DN4010000000001", CodeKind.INSURANCE_NUMBER, NumberKind.INSURANCE_CARD),
        ("dn4010000000001", CodeKind.INSURANCE_NUMBER, NumberKind.INSURANCE_CARD),
        ("DN 4 01 00 000 00001", CodeKind.INSURANCE_NUMBER, NumberKind.INSURANCE_CARD),
        ("0000000001", CodeKind.INSURANCE_NUMBER, NumberKind.SOCIAL_INSURANCE),
    ],
)
def test_bare_numbers_are_told_by_their_shape(text: str, kind: CodeKind, number_kind: NumberKind) -> None:
    code = read(text)
    assert code.kind is kind
    assert code.identity is not None
    assert code.identity.number_kind is number_kind
    assert code.identity.name is None


# -- anything at all --------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [AN, BINH, CARD, "|", "$", "\r\n", "TD:", "000201", "https://", "001090123456", "]Q1", "\u202e"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=40)), max_size=12), st.booleans())
def test_no_text_raises_and_exactly_one_outcome_is_set(pieces: list[str], certain: bool) -> None:
    code = read("".join(pieces), certain=certain)
    assert sum(outcome is not None for outcome in (code.identity, code.ticket_id, code.fault)) == 1
    if code.identity is not None:
        assert code.identity.number.isascii()
        assert code.identity.number.isalnum()
        assert code.identity.name is None or code.identity.name.isprintable()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(AN)), st.integers(0, len(AN)), st.text(max_size=6))
def test_a_damaged_card_never_yields_another_number(start: int, end: int, put: str) -> None:
    damaged = AN[: min(start, end)] + put + AN[max(start, end) :]
    code = read(damaged)
    if code.kind is CodeKind.CITIZEN_CARD and code.identity is not None:
        assert code.identity.number in damaged


# -- found by fuzzing (tests/fuzz) ------------------------------------------------------------------------------------


def test_a_name_whose_marks_a_hidden_character_kept_apart_is_composed() -> None:
    assert identity_of(citizen(name="Nguye\u200b\u0302\u200b\u0303n An")).name == "Nguyễn An"


def test_a_citizen_code_whose_number_is_none_is_torn() -> None:
    code = read_citizen_code(AN.replace("001090", "0x1090"), certain=True, today=TODAY, assurance=Assurance.CODE_READ)
    assert code.fault == CodeFault.TORN


def test_digits_around_bytes_that_were_no_text_are_not_one_number() -> None:
    assert read("001090 123456", certain=False).fault == CodeFault.HIDDEN_CHARACTERS
    assert identity_of("001090 123456").number == "001090123456"
