"""Where the parts of a plot stand, in its own units; the templates draw them as SVG.

By hand, not by a library: see docs/decisions/0018-class-report.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 180.0
GAP = 3.0  # on each side of a bar


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram: scores from `low` to `high`, the last one included."""

    low: float
    high: float
    count: int
    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """The quartiles below a histogram, as numbers and where they stand."""

    quartiles: tuple[float, float, float]
    x: tuple[float, float, float]


def histogram(groups: Sequence[tuple[float, float, int]]) -> list[Bar]:
    """Bars of `(low, high, count)` beside each other; the tallest is as high as the plot.

    It is the area that stands for the count, as it must where groups are not equally wide.
    """
    if not groups:
        return []
    start, end = groups[0][0], groups[-1][1]
    unit = WIDTH / (end - start)
    tallest = max(count / (high - low) for low, high, count in groups) or 1.0
    return [
        Bar(
            low,
            high,
            count,
            (low - start) * unit + GAP,
            (high - low) * unit - 2 * GAP,
            HEIGHT * count / (high - low) / tallest,
        )
        for low, high, count in groups
    ]


def box(quartiles: tuple[float, float, float] | None, end: float) -> Box | None:
    """The quartiles of scores from 0 to `end`; what is above stands at the end."""
    if quartiles is None:
        return None
    low, middle, high = (WIDTH * min(value, end) / end for value in quartiles)
    return Box(quartiles, (low, middle, high))
