"""The insurance report as one HTML page without scripts or outside parts: a plot by hour, two tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from html import escape
from zoneinfo import ZoneInfo

from kiosk.domain.insurance_report import HITS, InsuranceReport, LookupCount, LookupKind
from kiosk.domain.localized import Language, Texts

PLOT_WIDTH, PLOT_HEIGHT, LEFT, BOTTOM, TOP = 860, 300, 56, 40, 16
BAR_GAP = 6
_STYLE = """
body{font:16px/1.5 "Be Vietnam Pro",system-ui,sans-serif;color:#14202b;background:#fff;margin:32px auto;max-width:900px;
padding:0 20px}h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:32px 0 8px}.big{font-size:44px;font-weight:700}
.note{color:#4a5a68}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 10px;border-bottom:1px
solid #d5dde3}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:auto}
.key{display:inline-block;width:14px;height:14px;margin:0 6px 0 16px;vertical-align:-2px}
"""
_HIT, _MISS, _LINE = "#1f6f54", "#e0a458", "#b23a48"


class _Words:
    """The page's words in one language."""

    def __init__(self, texts: Texts, language: Language) -> None:
        self._texts = texts
        self._language = language

    def __call__(self, key: str, **params: str | int) -> str:
        return escape(self._texts.text(f"report.insurance.{key}", self._language, **params))

    def outcome(self, outcome: str) -> str:
        return escape(self._texts.text(f"outcome.{outcome}", self._language))


def insurance_page(report: InsuranceReport, texts: Texts, language: Language) -> str:
    """The whole page. Kiosk names and codes are escaped; there is nothing personal in it."""
    say = _Words(texts, language)
    days = _days(report)
    parts = [
        f'<!DOCTYPE html><html lang="{language.value}"><head><meta charset="utf-8"/>',
        f"<title>{say('heading', day=days)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{say('heading', day=days)}</h1>",
        *_headline(report, say),
        *_plot(report, say),
        *_table(say("by_result"), _by_result(report, say), say),
        *_table(say("by_kiosk"), _by_kiosk(report), say),
        "</body></html>",
    ]
    return "\n".join(parts)


def _days(report: InsuranceReport) -> str:
    first, last = f"{report.first_day:%d/%m/%Y}", f"{report.last_day:%d/%m/%Y}"
    return first if first == last else f"{first} – {last}"


def _headline(report: InsuranceReport, say: _Words) -> Iterable[str]:
    if report.hit_percent is None:
        yield f'<p class="note">{say("nothing")}</p>'
    else:
        yield f'<p><span class="big">{report.hit_percent:.1f} %</span> {say("hit_rate")}<br/>'
        yield f'<span class="note">{say("province", percent=f"{report.province_hit_percent:.1f}")}</span></p>'
    yield f"<p>{say('totals', lookups=report.lookups, hits=report.hits, pending=report.pending)}</p>"


def _asked(report: InsuranceReport) -> list[LookupCount]:
    return [count for count in report.counts if count.kind is LookupKind.FIRST]


def _plot(report: InsuranceReport, say: _Words) -> Iterable[str]:
    """Bars by hour of the day: found below, not found above, and the province's rate as a line across each."""
    zone = ZoneInfo(report.time_zone)
    hits: dict[int, int] = defaultdict(int)
    misses: dict[int, int] = defaultdict(int)
    for count in _asked(report):
        (hits if count.outcome in HITS else misses)[count.hour.astimezone(zone).hour] += count.lookups
    hours = sorted({*hits, *misses})
    if not hours:
        return
    hours = list(range(hours[0], hours[-1] + 1))
    top = max(hits[hour] + misses[hour] for hour in hours)
    yield f"<h2>{say('by_hour')}</h2>"
    yield f'<svg viewBox="0 0 {PLOT_WIDTH} {PLOT_HEIGHT}" role="img" aria-label="{say("by_hour")}">'
    yield from _axis(top)
    width = (PLOT_WIDTH - LEFT) / len(hours)
    for place, hour in enumerate(hours):
        yield from _bar(LEFT + place * width, width, hour, hits[hour], misses[hour], top, report.province_hit_percent)
    yield "</svg>"
    keys = ((_HIT, "found"), (_MISS, "not_found"), (_LINE, "province_line"))
    marks = "".join(f'<span class="key" style="background:{colour}"></span>{say(key)}' for colour, key in keys)
    yield f'<p class="note">{marks}</p>'


def _height(lookups: float, top: int) -> float:
    return lookups / top * (PLOT_HEIGHT - BOTTOM - TOP)


def _axis(top: int) -> Iterable[str]:
    floor = PLOT_HEIGHT - BOTTOM
    for lookups in sorted({0, top // 2, top}):
        y = floor - _height(lookups, top)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{PLOT_WIDTH}" y2="{y:.1f}" stroke="#d5dde3"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end" font-size="14">{lookups}</text>'


def _bar(x: float, width: float, hour: int, hits: int, misses: int, top: int, percent: float) -> Iterable[str]:
    floor = PLOT_HEIGHT - BOTTOM
    left, wide = x + BAR_GAP / 2, max(1.0, width - BAR_GAP)
    found, missed = _height(hits, top), _height(misses, top)
    box = f'x="{left:.1f}" width="{wide:.1f}"'
    yield f'<rect {box} y="{floor - found:.1f}" height="{found:.1f}" fill="{_HIT}"/>'
    yield f'<rect {box} y="{floor - found - missed:.1f}" height="{missed:.1f}" fill="{_MISS}"/>'
    if hits + misses:
        y = floor - (found + missed) * percent / 100
        ends = f'x1="{left:.1f}" x2="{left + wide:.1f}" y1="{y:.1f}" y2="{y:.1f}"'
        yield f'<line {ends} stroke="{_LINE}" stroke-width="3"/>'
    middle = x + width / 2
    yield f'<text x="{middle:.1f}" y="{floor + 22}" text-anchor="middle" font-size="14">{hour:02d}h</text>'


_Row = tuple[str, int, int, int, int]
"""Name, look-ups, late ones, mean and longest latency in ms."""


def _rows(groups: dict[str, list[LookupCount]]) -> list[_Row]:
    rows = []
    for name, counts in groups.items():
        lookups = sum(count.lookups for count in counts)
        latency = sum(count.latency_ms_sum for count in counts)
        late = sum(count.late for count in counts)
        rows.append((name, lookups, late, round(latency / lookups), max(count.latency_ms_max for count in counts)))
    return sorted(rows, key=lambda row: -row[1])


def _by_result(report: InsuranceReport, say: _Words) -> list[_Row]:
    groups: dict[str, list[LookupCount]] = defaultdict(list)
    for count in _asked(report):
        code = f" ({escape(count.code)})" if count.code else ""
        groups[say.outcome(count.outcome.value) + code].append(count)
    return _rows(groups)


def _by_kiosk(report: InsuranceReport) -> list[_Row]:
    groups: dict[str, list[LookupCount]] = defaultdict(list)
    for count in _asked(report):
        groups[escape(count.kiosk)].append(count)
    return _rows(groups)


def _table(heading: str, rows: list[_Row], say: _Words) -> Iterable[str]:
    if not rows:
        return
    yield f"<h2>{heading}</h2><table><tr><th></th>"
    yield "".join(f'<th class="n">{say(key)}</th>' for key in ("lookups", "late", "latency"))
    yield "</tr>"
    for name, lookups, late, mean_ms, longest_ms in rows:
        times = f"{mean_ms / 1000:.1f} / {longest_ms / 1000:.1f} s"
        yield f'<tr><td>{name}</td><td class="n">{lookups}</td><td class="n">{late}</td><td class="n">{times}</td></tr>'
    yield "</table>"
