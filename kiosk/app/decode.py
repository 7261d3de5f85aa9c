"""`tiepdon decode FILE…`: what codes a picture holds and what they are, one JSON line a file; also what stands in the
machine-readable zone of a card's back (`mrz`, only where one was read with every check digit right).

A tool for IT: it prints what it reads and logs nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from datetime import date
from pathlib import Path

from devices.cameras.preparation import Grey
from devices.cameras.still_decoder import StillDecoder, Symbol
from devices.cameras.still_pictures import PictureRefused, load_grey
from devices.code_text import decode_code
from devices.mrz_picture.reading import MrzFinder
from kiosk.app.start import EXIT_FAILED, EXIT_OK, utc_now
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.identity.values import Identity, RecognisedCode


def run(args: argparse.Namespace) -> int:
    """Exit 0 when every file could be looked at, with or without a code in it; 1 otherwise."""
    decoder, finder, today = StillDecoder(), MrzFinder(), utc_now().astimezone().date()
    exit_code = EXIT_OK
    for path in args.files:
        answer = decoded(path, decoder, finder, today)
        print(json.dumps(answer, ensure_ascii=False), flush=True)
        if "error" in answer:
            exit_code = EXIT_FAILED
    return exit_code


def decoded(path: Path, decoder: StillDecoder, finder: MrzFinder, today: date) -> dict[str, object]:
    """What one file holds. `elapsed_ms` is the decoding of codes alone, without reading the file."""
    try:
        grey = load_grey(path)
    except PictureRefused as refused:
        return {"file": str(path), "symbols": [], "error": refused.code, "elapsed_ms": 0.0}
    started = time.perf_counter()
    symbols = decoder.decode(grey)
    elapsed_ms = round((time.perf_counter() - started) * 1000, 2)
    zone = _zone(finder, grey, hard=not symbols)
    return {
        "file": str(path),
        "symbols": [_symbol(symbol, today) for symbol in symbols],
        **({"mrz": zone} if zone is not None else {}),
        "elapsed_ms": elapsed_ms,
    }


def _zone(finder: MrzFinder, grey: Grey, *, hard: bool) -> dict[str, object] | None:
    """`hard`: take a second for it; not where the picture gave a code already."""
    started = time.perf_counter()
    read = finder.look_hard(grey) if hard else finder.look(grey)
    if read is None or not read.complete:
        return None
    return {
        "lines": list(read.lines),
        "document_number": read.document_number,
        "birth": read.birth,
        "expiry": read.expiry,
        "number": read.number,
        "elapsed_ms": round((time.perf_counter() - started) * 1000, 2),
    }


def _symbol(symbol: Symbol, today: date) -> dict[str, object]:
    read = decode_code(symbol.data)
    code = recognise(read.text, certain=read.certain, today=today)
    return {
        "format": symbol.format,
        "text": read.text,
        "kind": code.kind.value,
        "fields": _fields(code),
        "box": [list(corner) for corner in symbol.box],
    }


def _fields(code: RecognisedCode) -> dict[str, object]:
    """What was recognised, as plain values; a code that carries nothing has none, one that is torn says so."""
    fields: dict[str, object] = {}
    if code.identity is not None:
        fields = _identity_fields(code.identity)
    if code.ticket_id is not None:
        fields["ticket_id"] = code.ticket_id
    if code.fault is not None:
        fields["fault"] = code.fault
    if code.extra_fields:
        fields["extra_fields"] = code.extra_fields
    return fields


def _identity_fields(identity: Identity) -> dict[str, object]:
    found = {
        field.name: getattr(identity, field.name)
        for field in dataclasses.fields(identity)
        if field.name not in ("birth", "assurance")
    }
    found["birth"] = identity.birth.as_portal() if identity.birth else None
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value is not None
    }
