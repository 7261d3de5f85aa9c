"""`tiepdon insurance check` asks about one person; `tiepdon insurance test` proves the account without a person."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from config.catalogue import Catalogue
from kiosk.app.insurance import portal_options
from kiosk.app.start import EXIT_FAILED, EXIT_OK, HUB_SETTINGS_FILE, CannotStart, load_texts, utc_now
from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import FORCES_PREFIXES, Judgement, judge_failure, judge_unasked
from kiosk.domain.identity.dates import parse_birth
from kiosk.domain.identity.names import read_name
from kiosk.domain.insurance_work import FINE, NEEDS_NOBODY, SourceState
from kiosk.domain.localized import Language
from kiosk.insurance.looking_up import Lookup
from kiosk.insurance.options import PortalOptions
from kiosk.insurance.portal import PortalClient
from kiosk.insurance.source_state import state_of

TEST_DEADLINE_S = 15.0
HOSPITAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
"""The insurer's cards begin and end by it."""


def run(args: argparse.Namespace) -> int:
    """Exit code 0: found and good, or the account works; 1: anything else. Raises `CannotStart`, `SettingsError`."""
    options = portal_options(args.settings or _settings_in(args.data))
    return _test(args, options) if args.insurance_action == "test" else _check(args, options)


def _settings_in(data: Path) -> Path | None:
    """The settings file of a data folder, where there is one this user may see."""
    file = data / HUB_SETTINGS_FILE
    try:
        return file if file.exists() else None
    except OSError:
        return None


# -- one person ---------------------------------------------------------------------------------------------------


def _check(args: argparse.Namespace, options: PortalOptions | None) -> int:
    question = _question(args)
    found = _looked_up(question, options)
    answer = {
        "class": found.outcome.value,
        "code": found.code,
        "valid_from": _told(found.valid_from),
        "valid_to": _told(found.valid_to),
        "facility_match": found.facility_match.value,
        "next_step": found.next_step.value,
    }
    if args.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        _say_check(found, load_texts(), Language(args.lang))
    return EXIT_OK if found.outcome in NEEDS_NOBODY else EXIT_FAILED


def _question(args: argparse.Namespace) -> EligibilityQuestion:
    card = "".join(args.card.split()).upper()
    if not (card.isascii() and card.isalnum() and 9 <= len(card) <= 17):
        raise CannotStart("start.insurance_card_malformed")
    birth = parse_birth(args.birth)
    if birth is None:
        raise CannotStart("start.insurance_birth_malformed")
    name = read_name(args.name)
    if name is None:
        raise CannotStart("start.insurance_name_malformed")
    return EligibilityQuestion(card=card, name=name, birth=birth.as_portal())


def _looked_up(question: EligibilityQuestion, options: PortalOptions | None) -> Judgement:
    today = utc_now().astimezone(HOSPITAL_TIME).date()
    skipped = FORCES_PREFIXES if options is None else frozenset(options.skipped_prefixes)
    unasked = judge_unasked(question, skipped_prefixes=skipped)
    if unasked is not None:
        return unasked
    if options is None:
        return judge_failure(OutcomeClass.CONFIG, question, today=today)
    with closing(PortalClient(options)) as client:
        lookup = Lookup(
            client, today=lambda: today, accepted_facilities=options.accepted_facilities, clock=time.monotonic
        )
        return lookup.look_up(question, options.hub_deadline_s).judged


def _told(day: date | None) -> str | None:
    return None if day is None else f"{day:%d/%m/%Y}"


def _say_check(found: Judgement, texts: Catalogue, language: Language) -> None:
    print(f"{texts.text(f'outcome.{found.outcome.value}', language)} [{found.code or '–'}]")
    for key in (found.coverage.value, found.next_step.value, found.staff_action.value):
        print(f"  {texts.text(key, language)}")
    if found.valid_from is not None:
        print(f"  {_told(found.valid_from)} – {_told(found.valid_to) or '…'}")


# -- the account --------------------------------------------------------------------------------------------------


def _test(args: argparse.Namespace, options: PortalOptions | None) -> int:
    state, detail = SourceState.NOT_CONFIGURED, "portal.not_configured"
    if options is not None:
        with closing(PortalClient(options)) as client:
            answer = client.check_account(TEST_DEADLINE_S)
        state, detail = state_of(answer), answer.detail or answer.code or ""
    works = state is SourceState.WORKS
    if args.json:
        print(json.dumps({"works": works, "state": state.value, "detail": detail}))
        return EXIT_OK if works else EXIT_FAILED
    texts, language = load_texts(), Language(args.lang)
    print(texts.text(f"insurance.health.{state.value}", language) + ("" if works else f" ({detail})"))
    if state not in FINE:
        print(f"  {texts.text(f'insurance.cure.{state.value}', language)}")
    return EXIT_OK if works else EXIT_FAILED
