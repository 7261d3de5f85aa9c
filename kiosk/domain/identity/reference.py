"""The reference under which the queue knows a person: no number, but the same for the same number."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

from kiosk.domain.eligibility import EligibilityQuestion


def patient_reference(number: str, key: bytes) -> str:
    """HMAC-SHA256 (hex) of an identity number under the hub's key. Without the key numbers cannot be tried out."""
    normal = "".join(number.split()).upper()
    return hmac.new(key, normal.encode("utf-8"), hashlib.sha256).hexdigest()


def question_reference(question: EligibilityQuestion, day: date, key: bytes) -> str:
    """HMAC-SHA256 (hex) of a question about insurance and the day it is asked on: the same for the same question only
    (name in any spacing and letter case)."""
    card, name = "".join(question.card.split()).upper(), " ".join((question.name or "").split()).casefold()
    normal = "\0".join((day.isoformat(), card, name, question.birth or ""))
    return hmac.new(key, normal.encode("utf-8"), hashlib.sha256).hexdigest()
