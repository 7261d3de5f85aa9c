"""Opening a chip: PACE with each key in turn, then BAC; and opening it once more when a session is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from devices.chip.apdu import Status
from devices.chip.bac import open_by_bac
from devices.chip.chunk_sizes import ChunkSizes
from devices.chip.errors import (
    ChipError,
    ChipRefused,
    KeyRefused,
    MalformedData,
    NotAnIdChip,
    ProtocolBroken,
    TransportTooShort,
    Unsupported,
)
from devices.chip.file_access import Files, select_application, select_master_file
from devices.chip.files import ATR_INFO, CARD_ACCESS, CARD_SECURITY
from devices.chip.groups import CurveGroup
from devices.chip.keys import AccessKey, CanKey, MrzKey
from devices.chip.link import Link, PlainChannel
from devices.chip.object_identifiers import Mapping
from devices.chip.pace import MappingProof, PaceChoice, open_by_pace, pace_choices
from devices.chip.randomness import Randomness
from devices.chip.secure_messaging import SecureChannel
from devices.chip.security_infos import PaceInfo, SecurityInfos, parse_security_infos
from devices.chip.values import Access

_MAX_SHORT_ELEMENT = 240
"""Longest public key in bytes that fits a short command of PACE."""
_BAC_NAME = "bac-3des-cbc-cbc"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A chip with its application selected. `card_security` and `proof` only after chip authentication mapping;
    `offered` are the ways of PACE named in EF.CardAccess, which nobody has signed."""

    channel: SecureChannel
    access: Access
    protocol: str
    proof: MappingProof | None = None
    card_security: bytes | None = None
    offered: frozenset[PaceInfo] = frozenset()


@dataclass(kw_only=True)
class _Tries:
    """What became of the keys so far."""

    refused: list[KeyRefused] = field(default_factory=list)
    broken: list[ChipError] = field(default_factory=list)

    def note(self, error: ChipError) -> None:
        (self.refused if isinstance(error, KeyRefused) else self.broken).append(error)  # type: ignore[arg-type]

    def outcome(self) -> ChipError:
        """What to tell when no key opened the chip."""
        if self.refused or not self.broken:
            told = [each.tries_left for each in self.refused if each.tries_left is not None]
            detail = self.refused[-1].detail if self.refused else "no key of a kind this chip takes"
            return KeyRefused(detail, min(told, default=None))
        return self.broken[0]


class Door:
    """One chip, by the keys there are. Every distinct key is tried once by PACE, and by BAC once where it is of the
    printed zone: one real card took the zone by BAC and not by PACE."""

    def __init__(
        self,
        link: Link,
        keys: Sequence[AccessKey],
        sizes: ChunkSizes,
        randomness: Randomness,
        *,
        extended: bool = False,
    ) -> None:
        self._link = link
        self._plain = PlainChannel(link)
        self._keys = tuple(dict.fromkeys(keys))
        self._sizes = sizes
        self._randomness = randomness
        self._extended = extended
        self._worked: tuple[PaceChoice | None, AccessKey] | None = None

    def open(self) -> Opened:
        """Raises `KeyRefused` when no key fits, `NotAnIdChip`, `TransportTooShort`, `Unsupported`, `ProtocolBroken`,
        `ChipRefused`."""
        infos = self._card_access()
        if self._sizes.may_be_long:
            self._heed_card_information()
        tries = _Tries()
        spoken = pace_choices(infos) if infos is not None else ()
        choices = self._fitting(spoken)
        opened = self._by_pace(choices, tries) if choices else None
        if opened is None:
            opened = self._by_bac(tries, has_pace=bool(spoken))
        if opened is None and spoken and not choices and not tries.refused:
            raise TransportTooShort("PACE: keys longer than a short APDU")
        if opened is None:
            raise tries.outcome()
        return replace(opened, offered=frozenset(infos.pace)) if infos is not None else opened

    def reopen(self) -> SecureChannel:
        """A new session by what opened the chip before; the application is selected again. Raises `ChipError`."""
        if self._worked is None:
            raise KeyRefused("chip was never opened")
        choice, key = self._worked
        if choice is None and isinstance(key, MrzKey):
            select_application(self._plain)
            return open_by_bac(self._link, key, self._randomness)
        select_master_file(self._plain)
        channel = open_by_pace(self._link, [choice] if choice else [], key, self._randomness).channel
        select_application(channel)
        return channel

    def _card_access(self) -> SecurityInfos | None:
        """EF.CardAccess; None where there is none. Many chips do not know how to select the master file, and are in it
        after power-on; it is selected only where the file is not found at once."""
        try:
            return self._read_card_access()
        except ChipRefused:
            pass
        try:
            return self._read_card_access() if select_master_file(self._plain) else None
        except ChipRefused:
            return None

    def _read_card_access(self) -> SecurityInfos | None:
        try:
            return parse_security_infos(Files(self._plain, self._sizes).read(CARD_ACCESS))
        except MalformedData:
            return None

    def _heed_card_information(self) -> None:
        try:
            self._sizes.heed(Files(self._plain, self._sizes).beginning(ATR_INFO))
        except ChipRefused:
            return  # it says nothing; the first long answer will show

    def _fitting(self, choices: Sequence[PaceChoice]) -> tuple[PaceChoice, ...]:
        """Without those whose public keys do not fit through the transport."""
        limit = 8 * _MAX_SHORT_ELEMENT
        return tuple(
            each
            for each in choices
            if self._extended or isinstance(each.group, CurveGroup) or each.group.field.bit_length() <= limit
        )

    def _by_pace(self, choices: Sequence[PaceChoice], tries: _Tries) -> Opened | None:
        for key in self._keys:
            try:
                session = open_by_pace(self._link, choices, key, self._randomness)
            except ChipError as error:
                tries.note(_as_refused_key(error))
                continue
            self._worked = (session.choice, key)
            mapped = session.choice.info.protocol.mapping is Mapping.CHIP_AUTHENTICATION
            card_security = self._card_security(session.channel) if mapped else None
            return Opened(
                channel=self._in_application(session.channel),
                access=Access.PACE_CAN if isinstance(key, CanKey) else Access.PACE_MRZ,
                protocol=session.choice.name,
                proof=session.proof,
                card_security=card_security,
            )
        return None

    def _card_security(self, channel: SecureChannel) -> bytes | None:
        """EF.CardSecurity, which stands in the master file like EF.CardAccess; None where it cannot be had."""
        try:
            return Files(channel, self._sizes).read(CARD_SECURITY)
        except ChipError:
            return None

    def _in_application(self, channel: SecureChannel) -> SecureChannel:
        """The session with the application selected, opened anew where reading before has cost it."""
        try:
            select_application(channel)
        except ProtocolBroken:
            return self.reopen()
        return channel

    def _by_bac(self, tries: _Tries, *, has_pace: bool) -> Opened | None:
        keys = [key for key in self._keys if isinstance(key, MrzKey)]
        try:
            if keys or not has_pace:
                select_application(self._plain)
        except NotAnIdChip:
            if has_pace:
                return None  # it keeps its application behind PACE
            raise
        for key in keys:
            try:
                channel = open_by_bac(self._link, key, self._randomness)
            except ChipRefused as refused:
                tries.note(Unsupported(refused.detail) if not has_pace else refused)
                continue
            except ChipError as error:
                tries.note(error)
                continue
            self._worked = (None, key)
            return Opened(channel=channel, access=Access.BAC, protocol=_BAC_NAME)
        return None


def _as_refused_key(error: ChipError) -> ChipError:
    """A chip that does not take keys of a kind at all says so when the kind is named to it."""
    if isinstance(error, ChipRefused) and error.status in (Status.REFERENCE_NOT_FOUND, Status.WRONG_DATA):
        return KeyRefused(error.detail)
    return error
