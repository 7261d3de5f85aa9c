"""What reading chips needs beside a reader: country certificates, and a process of its own that decodes photos."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PIL import Image

from devices.chip.errors import ChipError
from devices.chip.photo import PhotoDecoder
from devices.chip.trust_files import LoadedTrust, load_trust
from kiosk.app.doctor_findings import Check, Finding, missing, ok, skipped, warn
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.app.start import utc_now


def chip_checks(settings: KioskSettings) -> list[Check]:
    """Nothing where no chips are read."""
    chip = settings.chip
    if not chip.enabled or not settings.card_readers:
        return []
    today = utc_now().astimezone(settings.kiosk.time_zone).date()
    checks = [Check(name="certificates", look=lambda: check_certificates(chip.country_certificates, today))]
    if chip.photo:
        checks.append(Check(name="photo", look=check_photo))
    return checks


def check_certificates(path: Path | None, today: date) -> Sequence[Finding]:
    """How many country certificates there are, which files helped nobody, and what is out of date."""
    if path is None:
        return skipped("certificates.none_named")
    if not path.exists():
        return missing("certificates.path_missing", "give_certificates", path=str(path))
    loaded = load_trust(path)
    if not loaded.store.countries:
        return (*missing("certificates.none_found", "give_certificates", path=str(path)), *_problems(loaded))
    counts = ok("certificates.found", countries=len(loaded.store.countries), lists=len(loaded.store.lists))
    return (*counts, *_out_of_date(loaded, today), *_problems(loaded))


def _out_of_date(loaded: LoadedTrust, today: date) -> Sequence[Finding]:
    expired = sum(each.not_after < today for each in loaded.store.countries)
    old = len(loaded.store.old_lists(today))
    return (
        *(warn("certificates.expired", "renew_certificates", count=expired) if expired else ()),
        *(warn("certificates.lists_old", "renew_lists", count=old) if old else ()),
    )


def _problems(loaded: LoadedTrust) -> Sequence[Finding]:
    unhelpful = [problem for problem in loaded.problems if not problem.code.endswith(".no_country")]
    return tuple(
        finding
        for problem in unhelpful
        for finding in warn("certificates.file", "look_at_file", file=problem.file, code=problem.code)
    )


def check_photo() -> Sequence[Finding]:
    """Let the process that decodes photos decode a small one."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), (120, 120, 120)).save(picture, "JPEG")
    try:
        with PhotoDecoder() as decoder:
            decoder.decode(picture.getvalue())
    except (ChipError, OSError) as error:
        return missing("photo.fails", "photo_process", detail=type(error).__name__)
    return ok("photo.works")
