"""Curves of memory and descriptors over what was done, as a plain SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, PANEL, LEFT, RIGHT, TOP, GAP = 720, 150, 60, 20, 30, 40
NAMES_AT = (150, 200)
COLOURS = ("#0b5cad", "#c0392b")


@dataclass(frozen=True, kw_only=True)
class Curve:
    name: str
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Curves over the same axis, at most two; `unit` is said above them."""

    unit: str
    curves: tuple[Curve, ...]


def growth_plot(done: Sequence[int], what: str, panels: Sequence[Panel], mark_every: int) -> str:
    """`done` counts `what` at each value; a grey line at every `mark_every`."""
    height = TOP + len(panels) * (PANEL + GAP)
    drawn = "".join(
        part for nth, panel in enumerate(panels) for part in _panel(done, panel, TOP + nth * (PANEL + GAP), mark_every)
    )
    end = f'<text x="{WIDTH - RIGHT}" y="{height - 12}" text-anchor="end">{done[-1]:,} {escape(what)}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif"'
        f' font-size="12"><rect width="100%" height="100%" fill="#fff"/>{drawn}{end}</svg>\n'
    )


def _panel(done: Sequence[int], panel: Panel, top: float, mark_every: int) -> Iterator[str]:
    low = top + PANEL
    most = max(max(curve.values) for curve in panel.curves) * 1.2
    for at in range(0, done[-1] + 1, mark_every):
        yield f'<line x1="{_x(at, done):.1f}" y1="{top}" x2="{_x(at, done):.1f}" y2="{low}" stroke="#ddd"/>'
    yield f'<line x1="{LEFT}" y1="{low}" x2="{WIDTH - RIGHT}" y2="{low}" stroke="#888"/>'
    for value in (0, most / 2, most):
        yield f'<text x="{LEFT - 6}" y="{low - PANEL * value / most + 4:.1f}" text-anchor="end">{value:.0f}</text>'
    yield f'<text x="{LEFT}" y="{top - 8}">{escape(panel.unit)}</text>'
    for nth, (curve, colour) in enumerate(zip(panel.curves, COLOURS, strict=False)):
        yield f'<text x="{LEFT + NAMES_AT[nth]}" y="{top - 8}" fill="{colour}">{escape(curve.name)}</text>'
    for curve, colour in zip(panel.curves, COLOURS, strict=False):
        points = " ".join(
            f"{_x(at, done):.1f},{low - PANEL * value / most:.1f}" for at, value in zip(done, curve.values, strict=True)
        )
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _x(at: int, done: Sequence[int]) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * at / done[-1]
