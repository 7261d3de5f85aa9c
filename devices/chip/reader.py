"""Reads a chip from the first command to the verdict: opens it, tells the person early, has it prove itself, then
fetches the photo (ICAO 9303-11, 3; the order is ours, for people who wait)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from devices.chip import proof_reasons as reasons
from devices.chip.active_authentication import authenticate_actively, unsigned
from devices.chip.apdu import MAX_SHORT_EXPECTED, Transmit
from devices.chip.chip_authentication import authenticate_chip
from devices.chip.chunk_sizes import ChunkSizes
from devices.chip.dg2 import parse_dg2
from devices.chip.errors import ChipError, MalformedData, ProtocolBroken
from devices.chip.evidence import NOT_TRIED, Evidence
from devices.chip.file_access import SpoiledFile
from devices.chip.files import DG1, DG2, DG13, DG14, DG15, SOD, FileId
from devices.chip.holder import holder_of
from devices.chip.keys import AccessKey
from devices.chip.link import Link
from devices.chip.mapping_check import check_mapping
from devices.chip.opening import Door, Opened
from devices.chip.progress import ProgressTeller
from devices.chip.randomness import Randomness
from devices.chip.reading_session import ReadingSession
from devices.chip.secure_messaging import SessionEnded
from devices.chip.security_infos import SecurityInfos, parse_security_infos
from devices.chip.security_object import parse_security_object
from devices.chip.values import Check, CheckState, ChipRecord, Citizen, Judgement, Listener, Stage, TextRead

JudgeEvidence = Callable[[Evidence], Judgement]
_LONG_COMMAND = 512


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """`today` is the hospital's day. The limits are the transport's: whole commands, and answers with their status;
    the default is what every reader carries. `max_keys`: how many of the keys are tried at most. After `max_s` no
    further command is sent: what has come by then is judged."""

    today: date
    photo: bool = True
    max_command_bytes: int = 261
    max_answer_bytes: int = MAX_SHORT_EXPECTED + 2
    max_keys: int = 4
    max_s: float = 18.0

    @property
    def extended(self) -> bool:
        """Whether the transport carries commands of the extended form."""
        return self.max_command_bytes >= _LONG_COMMAND


def read_chip(
    transmit: Transmit,
    keys: Sequence[AccessKey],
    options: ReadOptions,
    judge: JudgeEvidence,
    listener: Listener | None = None,
    *,
    randomness: Randomness | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ChipRecord:
    """One whole reading of the chip that `transmit` talks to, which should have been reset before.

    `listener` is told the progress, and the person as soon as the text files are there. A single file that does not
    come is noted in the record. Raises `KeyRefused` when none of `keys` opens the chip, `NotAnIdChip`,
    `TransportTooShort`, other `ChipError`s when not even name and number can be read, and whatever `transmit` raises.
    """
    started = clock()
    link = Link(transmit, max_s=options.max_s, clock=clock)
    reading = _Reading(link, options, ProgressTeller(listener), randomness or Randomness())
    opened = reading.open(keys[: options.max_keys])
    citizen = reading.read_text()
    if listener is not None:
        listener(TextRead(citizen=citizen))
    reading.prove()
    photo = reading.read_photo() if options.photo else None
    judgement = judge(reading.evidence())
    reading.tell(Stage.DONE)
    return ChipRecord(
        citizen=citizen,
        judgement=judgement,
        access=opened.access,
        protocol=opened.protocol,
        photo=photo,
        apdus=link.apdus,
        bytes_read=link.answer_bytes,
        elapsed_s=clock() - started,
        missing_files=dict(reading.missing),
    )


class _Reading:
    """What has been read so far, and the session it comes from."""

    def __init__(self, link: Link, options: ReadOptions, progress: ProgressTeller, randomness: Randomness) -> None:
        self._link = link
        self._options = options
        self._progress = progress
        self._randomness = randomness
        self._sizes = ChunkSizes(options.max_answer_bytes)
        self._files: dict[str, bytes] = {}
        self.missing: dict[str, str] = {}
        self._chip_proof = NOT_TRIED
        self._active_proof = NOT_TRIED
        self._mapping = NOT_TRIED

    def tell(self, stage: Stage, part: float = 0.0) -> None:
        self._progress.tell(stage, part)

    def open(self, keys: Sequence[AccessKey]) -> Opened:
        self.tell(Stage.CONNECTING)
        door = Door(self._link, keys, self._sizes, self._randomness, extended=self._options.extended)
        self.tell(Stage.OPENING)
        self._opened = door.open()
        self._session = ReadingSession(self._opened.channel, self._sizes, door.reopen)
        return self._opened

    def read_text(self) -> Citizen:
        """The person. Raises `ChipError` when neither file tells name and number."""
        self.tell(Stage.TEXT)
        self._fetch(DG1)
        self.tell(Stage.TEXT, 0.5)
        self._fetch(DG13)
        return holder_of(self._files.get("DG1"), self._files.get("DG13"), today=self._options.today)

    def prove(self) -> None:
        """The security object, and every proof the chip offers."""
        self.tell(Stage.PROVING)
        self._fetch(SOD)
        listed = self._listed()
        self.tell(Stage.PROVING, 0.4)
        infos = self._security_infos(listed)
        self._prove_mapping()
        if infos is not None and self._mapping.state is not CheckState.PASSED:
            self._prove_chip(infos)
        self.tell(Stage.PROVING, 0.7)
        if _is_listed(DG15, listed) and (key_file := self._fetch(DG15)) is not None:
            self._active_proof = self._prove_actively(key_file, infos)

    def read_photo(self) -> bytes | None:
        """The face as the chip holds it; None where it does not come or is none."""
        self.tell(Stage.PHOTO)
        if not _is_listed(DG2, self._listed()):
            return None
        file = self._fetch(DG2)
        if file is None:
            return None
        try:
            return parse_dg2(file).data
        except MalformedData as error:
            self.missing[DG2.name] = str(error)
            return None

    def evidence(self) -> Evidence:
        return Evidence(
            files=dict(self._files),
            missing_files=dict(self.missing),
            chip_authentication=self._chip_proof,
            active_authentication=self._active_proof,
            mapping=self._mapping,
            card_security=self._opened.card_security,
            pace_offered=self._opened.offered,
        )

    def _fetch(self, file: FileId) -> bytes | None:
        """Reads and keeps a file, or notes why it does not come. Of a file that is not one data object as long as it
        says, what there is goes to the judge: it is not what was signed."""
        try:
            self._files[file.name] = self._session.read(file, self._file_progress(file))
        except SpoiledFile as spoiled:
            self._files[file.name] = spoiled.data
            self.missing[file.name] = str(spoiled)
        except ChipError as error:
            self.missing[file.name] = str(error)
        return self._files.get(file.name)

    def _file_progress(self, file: FileId) -> Callable[[int, int], None] | None:
        if file is not DG2:
            return None
        return lambda there, total: self.tell(Stage.PHOTO, there / max(total, 1))

    def _listed(self) -> frozenset[str] | None:
        """Names of the files that are signed; None where that cannot be told."""
        try:
            return frozenset(parse_security_object(self._files[SOD.name]).hashes)
        except (ChipError, KeyError):
            return None

    def _security_infos(self, listed: frozenset[str] | None) -> SecurityInfos | None:
        if not _is_listed(DG14, listed) or (file := self._fetch(DG14)) is None:
            return None
        try:
            return parse_security_infos(file)
        except MalformedData as error:
            self._chip_proof = reasons.failed(reasons.KEY_MALFORMED, error.detail)
            return None

    def _prove_mapping(self) -> None:
        proof, signed = self._opened.proof, self._opened.card_security
        if proof is None:
            return
        if signed is None:
            self._mapping = reasons.not_done(reasons.NO_KEY, "card security")
            return
        self._mapping = check_mapping(proof, signed)

    def _prove_chip(self, infos: SecurityInfos) -> None:
        try:
            channel = self._session.channel
        except ChipError as error:
            self._chip_proof = reasons.not_done(reasons.SESSION_LOST, error.detail)
            return
        result = authenticate_chip(self._link, channel, infos, self._randomness, extended=self._may_be_long)
        self._chip_proof = result.check
        self._session.renew(result.channel)

    def _prove_actively(self, key_file: bytes, infos: SecurityInfos | None) -> Check:
        info = infos.active_authentication if infos is not None else None
        try:
            channel = self._session.channel
        except ChipError as error:
            return reasons.not_done(reasons.SESSION_LOST, error.detail)
        try:
            return authenticate_actively(channel, key_file, info, self._randomness, extended=self._may_be_long)
        except SessionEnded as end:
            self._session.renew(None)
            return unsigned(end.status)
        except ProtocolBroken as broken:
            self._session.renew(None)
            return reasons.broken_by(broken)

    @property
    def _may_be_long(self) -> bool:
        return self._options.extended and self._sizes.may_be_long


def _is_listed(file: FileId, listed: frozenset[str] | None) -> bool:
    return listed is None or file.name in listed
