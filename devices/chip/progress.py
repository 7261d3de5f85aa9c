"""How far a reading is, as one number that never goes back."""

from __future__ import annotations

from devices.chip.values import Listener, Progress, Stage

_SPANS = {
    Stage.CONNECTING: (0.0, 0.02),
    Stage.OPENING: (0.02, 0.2),
    Stage.TEXT: (0.2, 0.3),
    Stage.PROVING: (0.3, 0.5),
    Stage.PHOTO: (0.5, 0.99),
    Stage.DONE: (1.0, 1.0),
}
_LEAST_STEP = 0.02


class ProgressTeller:
    """Tells a listener, no more often than somebody could see."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self._stage: Stage | None = None
        self._fraction = 0.0

    def tell(self, stage: Stage, part: float) -> None:
        """`part` of `stage` is done, 0 … 1."""
        begin, end = _SPANS[stage]
        fraction = max(self._fraction, begin + (end - begin) * min(max(part, 0.0), 1.0))
        if self._listener is None or (stage is self._stage and fraction - self._fraction < _LEAST_STEP):
            return
        self._stage, self._fraction = stage, fraction
        self._listener(Progress(stage=stage, fraction=fraction))
