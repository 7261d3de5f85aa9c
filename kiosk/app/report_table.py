"""A report's table in plain text, its columns under each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]], *, to_the_right: Collection[str]) -> Iterator[str]:
    """Lines of `rows`, each with a cell for every one of `columns`; those in `to_the_right` hold numbers."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(columns))]
    for row in rows:
        cells = (
            cell.rjust(width) if column in to_the_right else cell.ljust(width)
            for column, cell, width in zip(columns, row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()
