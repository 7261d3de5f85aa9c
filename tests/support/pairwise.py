"""Few combinations in which every two values of different factors meet."""

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any


def pairwise(factors: Mapping[str, Sequence[Any]], seed: int = 1) -> list[dict[str, Any]]:
    """Greedy: each new combination is the best of some random ones around a pair that has not met yet."""
    chooser = random.Random(seed)
    names = list(factors)
    left = {
        ((one, i), (other, j))
        for one, other in itertools.combinations(names, 2)
        for i in range(len(factors[one]))
        for j in range(len(factors[other]))
    }
    found = []
    while left:
        pair = min(left)
        best = max((_around(pair, factors, chooser) for _ in range(30)), key=lambda row: len(_pairs(row) & left))
        left -= _pairs(best)
        found.append({name: factors[name][at] for name, at in best.items()})
    return found


def _around(pair, factors, chooser):
    fixed = dict(pair)
    return {name: fixed.get(name, chooser.randrange(len(values))) for name, values in factors.items()}


def _pairs(row):
    return {tuple(pair) for pair in itertools.combinations(row.items(), 2)}
