"""`tiepdon chip read` reads one card; `tiepdon chip csca` tells which country certificates a folder holds."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from devices.card_readers.channel import CardGone, CardReader
from devices.chip.errors import ChipError, KeyRefused, TransportTooShort
from devices.chip.trust_files import LoadedTrust, TrustProblem, load_trust
from devices.chip.trust_store import TrustStore
from devices.chip.values import ChipRecord
from devices.contract import DeviceLost, EventSink
from kiosk.app.card_reader_settings import CardReaderKind, CardReaderSettings
from kiosk.app.chip_given_keys import given_keys
from kiosk.app.chip_output import as_json, in_words
from kiosk.app.chip_session import photo_file, read_card
from kiosk.app.start import EXIT_FAILED, EXIT_OK, CannotStart, load_texts, utc_now
from kiosk.domain.localized import Language

EXIT_KEY_REFUSED = 3
EXIT_NO_CARD = 4
EXIT_READER = 5
HOSPITAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")

_NO_CARD_CODES = frozenset({"card_reader.no_card", "card_reader.card_mute"})
"""Lost before anything was said; a card taken while it was read is a broken transport."""


def run(args: argparse.Namespace) -> int:
    """Run the action the arguments name. Raises `CannotStart`."""
    if args.chip_action == "csca":
        return _list_certificates(args)
    return _read(args)


def _read(args: argparse.Namespace) -> int:
    keys = given_keys(args)
    trust = _trust(args.csca)
    say = _Speaker(args)
    try:
        record = read_card(_reader_of(args), keys, trust, _today(), wait_s=args.wait)
    except KeyRefused as refused:
        return say.failed(refused.code, EXIT_KEY_REFUSED, tries_left=refused.tries_left)
    except CardGone as gone:
        return say.failed(gone.code, EXIT_NO_CARD if gone.code in _NO_CARD_CODES else EXIT_READER)
    except DeviceLost as lost:
        return say.failed(lost.code, EXIT_READER)
    except ChipError as error:
        return say.failed(error.code, EXIT_READER if isinstance(error, TransportTooShort) else EXIT_FAILED)
    say.read(record)
    if args.photo is not None:
        _write_photo(record, args.photo, say)
    return EXIT_OK


def _reader_of(args: argparse.Namespace) -> Callable[[EventSink], CardReader]:
    if args.serial is not None:
        settings = CardReaderSettings(kind=CardReaderKind.PN532, port=args.serial)
    else:
        settings = CardReaderSettings(reader_contains=args.reader or "")
    return lambda sink: settings.driver("card_reader", sink)


def _today() -> date:
    return utc_now().astimezone(HOSPITAL_TIME).date()


def _trust(path: Path | None) -> TrustStore:
    if path is None:
        return TrustStore()
    loaded = _loaded(path)
    for problem in loaded.problems:
        _warn(problem)
    return loaded.store


def _loaded(path: Path) -> LoadedTrust:
    if not path.exists():
        raise CannotStart("chip.cli.csca_missing", path=str(path))
    return load_trust(path)


def _warn(problem: TrustProblem) -> None:
    print(f"{problem.file}: {problem.code} {problem.detail}".rstrip(), file=sys.stderr)


def _write_photo(record: ChipRecord, path: Path, say: _Speaker) -> None:
    """Only for the eyes of who asked: nobody else may read the file."""
    if record.photo is None:
        say.warn("chip.cli.photo_missing")
        return
    try:
        content = photo_file(record.photo, path.suffix)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except ChipError:
        say.warn("chip.cli.photo_unreadable")
    except OSError as error:
        say.warn("chip.cli.photo_not_written", path=str(path), detail=error.strerror or "")


class _Speaker:
    """Says what was read on standard output, and what went wrong on standard error, where nothing personal goes."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._json = bool(args.json)
        self._texts = load_texts()
        self._languages: Sequence[Language] = tuple(Language) if args.lang == "both" else (Language(args.lang),)

    def read(self, record: ChipRecord) -> None:
        if self._json:
            print(as_json(record))
            return
        print("\n\n".join(in_words(record, self._texts, language) for language in self._languages))

    def warn(self, key: str, **params: str | int) -> None:
        for language in self._languages:
            print(self._texts.text(key, language, **params), file=sys.stderr)

    def failed(self, code: str, exit_code: int, tries_left: int | None = None) -> int:
        """Tell a failure by its code; answers `exit_code`."""
        if self._json:
            left = {} if tries_left is None else {"tries_left": tries_left}
            print(json.dumps({"error": code, **left}))
        if tries_left is not None:
            self.warn("chip.failed.key_refused_left", left=tries_left)
        else:
            self.warn(self._sentence(code))
        return exit_code

    def _sentence(self, code: str) -> str:
        key = f"chip.failed.{code.rpartition('.')[2]}"
        return key if key in self._texts.keys(Language.VI) else "chip.failed.other"


def _list_certificates(args: argparse.Namespace) -> int:
    loaded = _loaded(args.path)
    for country in loaded.store.countries:
        print(f"{country.not_before} – {country.not_after}  {country.subject_text}")
    for problem in loaded.problems:
        _warn(problem)
    texts = load_texts()
    counts = {"countries": len(loaded.store.countries), "lists": len(loaded.store.lists)}
    for language in Language:
        print(texts.text("chip.cli.csca_found", language, **counts))
    return EXIT_OK if loaded.store.countries else EXIT_FAILED
