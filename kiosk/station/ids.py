"""Ids of one kiosk process."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable


class StationIds:
    """Request ids that never repeat (random UUIDs by default) and numbers of questions and of chip readings from 1."""

    def __init__(self, new_uuid: Callable[[], uuid.UUID] = uuid.uuid4) -> None:
        self._new_uuid = new_uuid
        self._questions = itertools.count(1)
        self._readings = itertools.count(1)

    def request_id(self) -> str:
        return self._new_uuid().hex

    def question_number(self) -> int:
        return next(self._questions)

    def reading_number(self) -> int:
        return next(self._readings)
