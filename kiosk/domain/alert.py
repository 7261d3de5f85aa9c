"""Calls for help and device faults that staff must see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

AlertParams = Mapping[str, str | int]
"""What a sentence about an alert is filled with: `left` (slips that still fit), `labels` (numbers on papers) …"""

HUB = "hub"
"""The `kiosk` of the hub's own alerts."""

LABELS = "labels"
"""The parameter that holds the numbers concerned, newest last: `A045,A046`."""
LABELS_KEPT = 6

PARAMS_LIMIT = 6
PARAM_NAME = "^[a-z][a-z0-9_]{0,23}$"
PARAM_WORDS = "^([0-9]{0,8}[A-Za-z,._:-])*[0-9]{0,8}$"
"""No spaces, no marks, no other scripts and no nine digits in a row: no name as people write it and no number of a card
fits in by mistake."""
PARAM_WORDS_LENGTH = 80
PARAM_COUNT_MAX = 99_999_999

NO_PARAMS: AlertParams = MappingProxyType({})


class AlertKind(StrEnum):
    HELP = "help"
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Open until somebody on the staff handles it. `code` is dotted (`help.asked`, `printer.paper_out`); `params` fill
    its sentence, as `require_sound_params` allows."""

    id: str
    kiosk: str
    kind: AlertKind
    code: str
    raised_at: datetime
    handled_at: datetime | None = None
    handled_by: str | None = None
    params: AlertParams = field(default_factory=dict)


def about(label: str | None) -> AlertParams:
    """Parameters that name one ticket by the number on its paper; none where that is not known, or would look like the
    number of a card."""
    return {LABELS: label} if label is not None and _is_sound(label) else NO_PARAMS


def require_sound_params(params: AlertParams) -> None:
    """Raises `ValueError` for parameters that are too many, too long, or could be about a person."""
    if len(params) > PARAMS_LIMIT or not all(re.fullmatch(PARAM_NAME, name) for name in params):
        raise ValueError(f"at most {PARAMS_LIMIT} parameters with short names are wanted")
    if not all(_is_sound(value) for value in params.values()):
        raise ValueError("a parameter is a small count, a label or a code")


def _is_sound(value: str | int) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= PARAM_WORDS_LENGTH and re.fullmatch(PARAM_WORDS, value) is not None
    return not isinstance(value, bool) and 0 <= value <= PARAM_COUNT_MAX


def renewed_params(known: AlertParams, told: AlertParams) -> AlertParams:
    """What is known of a fault after it was told again: newer values replace older ones, numbers are gathered. Both
    are sound, and so is the result."""
    together = {**known, **told}
    if LABELS in known and LABELS in told:
        together[LABELS] = _gathered(str(known[LABELS]), str(told[LABELS]))
    return together if len(together) <= PARAMS_LIMIT else told


def _gathered(known: str, told: str) -> str:
    newer = told.split(",")
    labels = [label for label in known.split(",") if label not in newer] + newer
    labels = labels[-LABELS_KEPT:]
    while len(",".join(labels)) > PARAM_WORDS_LENGTH:
        labels = labels[1:]
    return ",".join(labels)


def most_urgent_first(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """People who asked for help before machines that need something, the longest waiting first: a console shows only
    the first few, and a person must not be hidden behind an empty paper roll."""
    return tuple(sorted(alerts, key=lambda alert: (alert.kind is not AlertKind.HELP, alert.raised_at)))
