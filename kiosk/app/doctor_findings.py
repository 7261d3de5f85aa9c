"""What the doctor looks at and what it finds: small checks, each by itself and limited in time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from config.problems import SettingsProblem

CHECK_LIMIT_S = 3.0


class State(StrEnum):
    OK = "ok"
    WARN = "warn"  # works, but somebody should look at it
    MISSING = "missing"  # needed and not there
    SKIPPED = "skipped"  # not needed here, or cannot be looked at before something else is mended


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found. Its sentence is `doctor.found.<code>` with `params`, what to do is `doctor.cure.<cure>`.

    A problem of a settings file has its own sentence (`problem`). Nothing personal or secret may stand in `params`.
    """

    state: State
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    cure: str | None = None
    problem: SettingsProblem | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One subject, called `doctor.check.<name>`. `look` may block; after `limit_s` its answer is no longer waited for.

    `look` raises nothing but programming errors and missing parts of the program (`ImportError`).
    """

    name: str
    look: Callable[[], Sequence[Finding]]
    limit_s: float = CHECK_LIMIT_S


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What one check found."""

    name: str
    findings: tuple[Finding, ...]


def ok(code: str, /, **params: str | int) -> tuple[Finding, ...]:
    return (Finding(state=State.OK, code=code, params=params),)


def warn(code: str, cure: str, /, **params: str | int) -> tuple[Finding, ...]:
    return (Finding(state=State.WARN, code=code, params=params, cure=cure),)


def missing(code: str, cure: str, /, **params: str | int) -> tuple[Finding, ...]:
    return (Finding(state=State.MISSING, code=code, params=params, cure=cure),)


def skipped(code: str, /, **params: str | int) -> tuple[Finding, ...]:
    return (Finding(state=State.SKIPPED, code=code, params=params),)


def settings_findings(file: str, problems: Sequence[SettingsProblem]) -> tuple[Finding, ...]:
    """Every problem of a settings file as a finding."""
    return tuple(
        Finding(
            state=State.MISSING,
            code=problem.code,
            params={"file": file, "place": problem.place, "suggestion": problem.suggestion},
            problem=problem,
        )
        for problem in problems
    )


def run_checks(checks: Sequence[Check]) -> tuple[Checked, ...]:
    """Run all checks side by side; the answers stand in the order of `checks`. Ends when the slowest limit is over:
    a check that still hangs then is left behind on a daemon thread."""
    begun_s = time.monotonic()
    answers = [_started(check) for check in checks]
    return tuple(
        Checked(name=check.name, findings=_answer_of(check, answer, begun_s))
        for check, answer in zip(checks, answers, strict=True)
    )


_Answer = queue.Queue[tuple[Finding, ...]]


def _started(check: Check) -> _Answer:
    answer: _Answer = queue.Queue()
    threading.Thread(target=lambda: answer.put(_look(check)), name=f"doctor-{check.name}", daemon=True).start()
    return answer


def _answer_of(check: Check, answer: _Answer, begun_s: float) -> tuple[Finding, ...]:
    left_s = begun_s + check.limit_s - time.monotonic()
    try:
        return answer.get(timeout=max(0.0, left_s))
    except queue.Empty:
        return missing("check.too_slow", "run_again", limit_s=f"{check.limit_s:g}")


def _look(check: Check) -> tuple[Finding, ...]:
    try:
        return tuple(check.look())
    except ImportError as error:
        return missing("part.unusable", "set_up", part=error.name or "?", detail=str(error))
    except Exception as error:  # noqa: BLE001 - a background worker's edge: one broken check must not hide the others
        return missing("check.failed", "report_bug", error=type(error).__name__)
