"""Where the parts of a plot stand, in its own units; the templates draw them as SVG.

By hand, not by a library: see docs/decisions/0018-class-report.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 180  # of all bars together
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
    above: bool = False  # whether what is above `high` is in it, too


@dataclass(frozen=True, slots=True)
class Box:
    """The quartiles below a histogram, as numbers and where they stand."""

    quartiles: tuple[float, float, float]
    x: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """A histogram, its size without what is written on it, and the quartiles below it, if there are any."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    box: Box | None


def plot(
    groups: Sequence[tuple[float, float, int]],
    quartiles: tuple[float, float, float] | None = None,
    highest: float = 0.0,
) -> Plot | None:
    """Bars of `(low, high, count)` beside each other, the tallest as high as the plot; None for no groups.

    It is the area that stands for the count, as it must where groups are not equally wide. The last group has what is
    above it, too, up to `highest`: a quartile there stands at the end.
    """
    if not groups:
        return None
    start, end = groups[0][0], groups[-1][1]
    unit = WIDTH / (end - start)
    tallest = max(count / (high - low) for low, high, count in groups) or 1.0
    bars = tuple(
        Bar(
            low,
            high,
            count,
            (low - start) * unit + GAP,
            (high - low) * unit - 2 * GAP,
            HEIGHT * count / (high - low) / tallest,
            high == end < highest,
        )
        for low, high, count in groups
    )
    box = None
    if quartiles is not None:
        low, middle, high = (unit * (min(value, end) - start) for value in quartiles)
        box = Box(quartiles, (low, middle, high))
    return Plot(WIDTH, HEIGHT, bars, box)
