"""Inputs for the fuzzing of chips: sound files of made-up cards, mutated as bytes and as trees of data objects."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fuzz.byte_changes import change

from devices.chip.apdu import Command
from devices.chip.errors import MalformedData
from devices.chip.tlv import encode, parse, parse_all
from devices.emulators.chip.algorithms import ChipAuthenticationKind, CurveKind, ParameterForm, RsaKind, SignatureScheme
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.issuer import Issuer, SigningProfile
from devices.emulators.chip.personalisation import CardDraft, draft_card
from devices.emulators.chip.variants import PROFILES

MAX_INPUT_BYTES = 20_000
_VIETNAMESE_VECTOR = bytes.fromhex("6d1f301d311b30110201020c0c4e475559454e2056414e204130060201040c014d")
_LONG_NUMBER_ZONE = b"I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"
_TOKENS = (
    b"\x00", b"\xff", b"\x80", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x1f\xff\xff\x7f", b"\x02\x01\x00",
    b"\x02\x01\xff", b"\x05\x00", b"\x0c\x00", b"\x7f\x61\x00", b"\x5f\x1f\x00", b"\x00\x00", b"<", b"<<<<<<<<<",
    b"0", b"\xc4\x91", b"\xe1\xbb", b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x06\x03\x55\x04\x06", b"\x06\x00",
    b"\x17\x0d990230000000Z", b"\x18\x0f00000000000000Z",
)  # fmt: skip
_TAGS = (0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x17, 0x18, 0x1E, 0x30, 0x31, 0x80, 0xA0, 0xA1, 0xA3, 0x5F2E, 0x7F60)


@functools.cache
def seeds(parser: str) -> tuple[bytes, ...]:
    """Sound inputs of one parser, of every kind there is."""
    if parser == "tlv":
        return tuple(file for name in ("dg1", "dg13", "dg14", "sod") for file in seeds(name)[:2])
    if parser == "judge":
        return tuple(file for name in ("sod", "dg1", "dg13", "card_security") for file in seeds(name)[:3])
    if parser == "apdu":
        return _apdus()
    files = {name: tuple(file for draft in _drafts() for file in of(draft) if file) for name, of in _FILES.items()}
    more = {"mrz": (_LONG_NUMBER_ZONE,), "dg13": (_VIETNAMESE_VECTOR,)}
    return tuple(dict.fromkeys((*files[parser], *more.get(parser, ()))))


def inputs(parser: str, seed: int) -> Iterator[bytes]:
    """An endless run of inputs, the same for the same seed."""
    dice = random.Random(f"{parser} {seed}")
    sound = seeds(parser)
    yield from sound
    while True:
        data = dice.choice(sound)
        for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
            data = mutated(data, sound, dice)
        yield data[:MAX_INPUT_BYTES]


def mutated(data: bytes, sound: tuple[bytes, ...], dice: random.Random) -> bytes:
    """One change: half of them keep all lengths right, and so come further."""
    if dice.random() < 0.5:
        return _mutated_bytes(data, dice)
    return _mutated_tree(data, dice.choice(sound), dice)


def _mutated_bytes(data: bytes, dice: random.Random) -> bytes:
    changing = bytearray(data)
    change(changing, dice, _TOKENS, repeats=(1, 2, 50))
    return bytes(changing)


def _mutated_tree(data: bytes, other: bytes, dice: random.Random) -> bytes:
    try:
        whole = parse(data)
    except MalformedData:
        return _mutated_bytes(data, dice)
    return encode(whole.tag, _mutated_value(whole.value, other, dice, depth=0))


def _mutated_value(value: bytes, other: bytes, dice: random.Random, *, depth: int) -> bytes:
    """`value` with one change to a data object somewhere inside; octet strings often hold data objects too."""
    try:
        children = list(parse_all(value))
    except MalformedData:
        children = []
    if not children or depth > 14 or dice.random() < 0.08:
        return _mutated_bytes(value, dice)
    at = dice.randrange(len(children))
    chosen = children[at]
    if dice.random() < 0.8:
        return _joined(children, at, encode(chosen.tag, _mutated_value(chosen.value, other, dice, depth=depth + 1)))
    match dice.randrange(6):
        case 0:
            return _joined(children, at, b"")
        case 1:
            return _joined(children, at, chosen.encode() * dice.choice((2, 3, 40)))
        case 2:
            return _joined(children, at, encode(dice.choice(_TAGS), chosen.value))
        case 3:
            return _joined(children, at, encode(0x30, chosen.encode()))
        case 4:
            return _joined(children, at, _piece_of(other, dice))
        case _:
            return _joined(children, at, encode(chosen.tag, dice.choice((b"", dice.randbytes(3), bytes(300)))))


def _joined(children: list, at: int, instead: bytes) -> bytes:  # type: ignore[type-arg]
    return b"".join(instead if place == at else each.encode() for place, each in enumerate(children))


def _piece_of(data: bytes, dice: random.Random) -> bytes:
    """Some data object out of another input."""
    piece = data
    for _ in range(dice.randrange(1, 8)):
        try:
            children = parse_all(parse(piece).value)
        except MalformedData:
            break
        if not children:
            break
        piece = dice.choice(children).encode()
    return piece[:4000]


@dataclass(frozen=True, kw_only=True)
class _Seeded:
    """A card and the country that issued it."""

    draft: CardDraft
    issuer: Issuer


@functools.cache
def _drafts() -> tuple[_Seeded, ...]:
    explicit = ChipAuthenticationKind(form=ParameterForm.EXPLICIT)
    curve = CurveKind(curve="brainpoolP224r1", explicit=True)
    rsa = SigningProfile(
        country_key=RsaKind(), signer_key=RsaKind(), signer_scheme=SignatureScheme.PSS, plain_rsa_oid=True
    )
    small = {"photo_bytes": 1_000}
    kinds = (
        (replace(PROFILES["citizen"], **small), SigningProfile()),
        (replace(PROFILES["old"], **small), rsa),
        (replace(PROFILES["pace-cam"], chip_authentication=(explicit,), **small), SigningProfile(by_key_id=True)),
        (replace(PROFILES["pace-dh"], **small), SigningProfile(country_key=curve, signer_key=curve)),
    )
    issuers = [Issuer(signing) for _, signing in kinds]
    return tuple(
        _Seeded(draft=draft_card(citizen, profile, issuer), issuer=issuer)
        for citizen, (profile, _), issuer in zip(CITIZENS, kinds, issuers, strict=False)
    )


_FILES = {
    "mrz": lambda card: ("".join(card.draft.citizen.mrz_lines()).encode(),),
    "dg1": lambda card: (card.draft.groups[1],),
    "dg2": lambda card: (card.draft.groups[2],),
    "dg13": lambda card: (card.draft.groups[13],),
    "dg14": lambda card: (card.draft.groups.get(14, b""),),
    "dg15": lambda card: (card.draft.groups.get(15, b""),),
    "card_access": lambda card: (card.draft.access_file,),
    "com": lambda card: (card.draft.common_file,),
    "sod": lambda card: (card.draft.security_object,),
    "card_security": lambda card: (card.draft.card_security,),
    "certificate": lambda card: (card.draft.signer.certificate, card.issuer.country_certificate),
    "public_key": lambda card: (card.draft.signer.key.public_key_info(), card.issuer.authority.key.public_key_info()),
    "revocation_list": lambda card: (card.issuer.crl(), card.issuer.crl(1, 2, 3)),
}


def _apdus() -> tuple[bytes, ...]:
    commands = (
        Command(ins=0xA4, p1=4, p2=12, data=bytes(7)),
        Command(ins=0xB0, expected=256),
        Command(ins=0xB1, data=bytes(4), expected=65_536),
        Command(ins=0x86, cla=0x10, data=bytes(300), expected=256),
    )
    return tuple(command.encode() for command in commands)
