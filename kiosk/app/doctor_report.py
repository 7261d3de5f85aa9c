"""How the doctor tells what it found: as text in one or both languages, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from config.catalogue import Catalogue
from kiosk.app.doctor_findings import Checked, Finding, State
from kiosk.domain.localized import Language


def all_needed_is_there(checked: Sequence[Checked]) -> bool:
    return all(finding.state is not State.MISSING for one in checked for finding in one.findings)


def told(checked: Sequence[Checked], texts: Catalogue, language: Language, *, version: str) -> str:
    """The whole report in one language."""
    lines = [texts.text("doctor.heading", language, version=version), ""]
    for one in checked:
        for finding in one.findings:
            lines += _lines_of(one.name, finding, texts, language)
    return "\n".join([*lines, "", _summary(checked, texts, language)])


def as_json(checked: Sequence[Checked], texts: Catalogue) -> str:
    """A list of findings: check, state, code, params, cure, and the sentences in both languages."""
    findings = [
        {
            "check": one.name,
            "state": finding.state,
            "code": finding.code,
            "params": dict(finding.params),
            "cure": finding.cure,
            "text": {language: _sentence(finding, texts, language) for language in Language},
            "what_to_do": {language: _cure(finding, texts, language) for language in Language},
        }
        for one in checked
        for finding in one.findings
    ]
    return json.dumps(findings, ensure_ascii=False, indent=2)


def _lines_of(check: str, finding: Finding, texts: Catalogue, language: Language) -> Iterator[str]:
    mark = f"[{texts.text(f'doctor.state.{finding.state}', language)}]"
    name = texts.text(f"doctor.check.{check}", language)
    yield f"{mark:<11}{name}: {_sentence(finding, texts, language)}"
    if cure := _cure(finding, texts, language):
        yield f"{'':<11}→ {cure}"


def _sentence(finding: Finding, texts: Catalogue, language: Language) -> str:
    if finding.problem is not None:
        return finding.problem.sentence(texts, language)
    return texts.text(f"doctor.found.{finding.code}", language, **finding.params)


def _cure(finding: Finding, texts: Catalogue, language: Language) -> str | None:
    return texts.text(f"doctor.cure.{finding.cure}", language, **finding.params) if finding.cure else None


def _summary(checked: Sequence[Checked], texts: Catalogue, language: Language) -> str:
    states = [finding.state for one in checked for finding in one.findings]
    counts = {"missing": states.count(State.MISSING), "warn": states.count(State.WARN)}
    key = "all_there" if not counts["missing"] else "something_missing"
    return texts.text(f"doctor.summary.{key}", language, **counts)
