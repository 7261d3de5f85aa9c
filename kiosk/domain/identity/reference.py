"""The reference under which the queue knows a person: no number, but the same for the same number."""

from __future__ import annotations

import hashlib
import hmac


def patient_reference(number: str, key: bytes) -> str:
    """HMAC-SHA256 (hex) of an identity number under the hub's key. Without the key numbers cannot be tried out."""
    normal = "".join(number.split()).upper()
    return hmac.new(key, normal.encode("utf-8"), hashlib.sha256).hexdigest()
