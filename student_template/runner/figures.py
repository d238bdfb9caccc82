"""What there is to draw of an answer: a curve and over what, or which class was taken for which.

It is drawn by hand at home (`picture`), where there may be numpy alone, and by matplotlib on a feedback page. What is
drawn is decided here, so that both show the same. Nothing here trusts an answer to be of any kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import compare, evidence

KINDS = ("close", "gradient")  # of comparison, of numbers that vary
LEAST, MOST = 8, 400  # numbers of a curve; of a longer one some are left out
LARGEST = 1e15  # numbers from here on are gaps, as is what is not finite
DECADES = 1e3  # numbers above 0 that are so far apart have a logarithmic scale
CLASSES = range(2, 13)  # of a confusion matrix
OTHER = "…"  # the column of answers that are no class


@dataclass(frozen=True)
class Curve:
    """An answer and what was expected over `x`, from left to right; `axis` is x's name, "" for the index."""

    axis: str
    x: Any
    yours: Any
    expected: Any
    log: bool  # whether the scale is logarithmic
    count: int  # numbers of the answer, of which some may be left out


@dataclass(frozen=True)
class Confusion:
    """Counts: a row for each class, with its name, and a column for each answer."""

    answers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def curve(
    spec: Mapping[str, Any],
    parameters: Iterable[str],
    values: Mapping[str, Any],
    expected: Any,
    answer: Any,
    part: str = "",
) -> Curve | None:
    """Of a row of numbers, a curve over the first argument of the same length, else over the index.

    `spec` is the check's comparison, `values` the case's, `parameters` the names of the arguments among them; `part` is
    the part of the answer that is wrong, if it has parts. None where there is no such row, or too short a one.
    """
    if spec["kind"] not in KINDS:
        return None
    try:
        want, got = (row(evidence.at(value, part)) for value in (expected, answer))
    except (KeyError, TypeError):
        return None
    if want is None or got is None or len(want) != len(got):
        return None
    arguments = ((name, row(values.get(name))) for name in parameters)
    fit = (one for one in arguments if one[1] is not None and len(one[1]) == len(got) and _spreads(one[1]))
    name, x = next(fit, ("", np.arange(len(got), dtype=np.float64)))
    order = np.argsort(x, kind="stable")[_some(len(got))]
    return Curve(name, x[order], got[order], want[order], logarithmic(got, want), len(got))


def losses(answer: Any) -> dict[str, Curve]:
    """Of a dictionary the first two rows of numbers that are called a loss, with nothing expected beside them."""
    items = answer.items() if isinstance(answer, dict) else ()
    rows = {str(name)[:40]: row(value) for name, value in items if "loss" in str(name)[:40]}
    found: dict[str, Curve] = {}
    for name, numbers in rows.items():
        if numbers is not None and len(found) < 2:
            some = _some(len(numbers))
            found[name] = Curve("", some, numbers[some], None, logarithmic(numbers), len(numbers))
    return found


def _spreads(x: Any) -> bool:
    return bool(np.isfinite(x).all() and np.ptp(x) > 0)


def _some(count: int) -> Any:
    """Indices of at most MOST of so many numbers, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(int))


def row(value: Any) -> Any:
    """Numbers in a row (or column), as a vector with nan for gaps; None for anything else, and where all are gaps."""
    array = compare.array(value)
    if array is None or array.dtype.kind == "c" or not LEAST <= array.size == max(array.shape, default=0):
        return None
    array = array.astype(np.float64).ravel()
    array = np.where(np.abs(array) < LARGEST, array, np.nan)
    return array if np.isfinite(array).any() else None


def logarithmic(*rows: Any) -> bool:
    """Whether numbers are above 0 and far apart."""
    low, high = min(map(np.nanmin, rows)), max(map(np.nanmax, rows))
    return bool(low > 0 and high > DECADES * low)


def answered(labels: Any, answers: Any) -> tuple[Any, Any] | None:
    """Labels and answers as vectors of floats; None where labels are no whole numbers, or not each has an answer."""
    truth, got = compare.array(labels), compare.array(answers)
    if truth is None or got is None or "c" in (truth.dtype.kind, got.dtype.kind) or truth.shape != got.shape:
        return None
    if not 0 < truth.size == max(truth.shape, default=0) or np.any(truth != np.round(truth)):
        return None
    return truth.astype(np.float64).ravel(), got.astype(np.float64).ravel()


def confusion(labels: Any, answers: Any) -> Confusion | None:
    """How often each class was taken for each; None where they are too many, or one, or there is no class."""
    pair = answered(labels, answers)
    if pair is None:
        return None
    truth, got = pair
    classes = np.unique(truth)
    if len(classes) not in CLASSES:
        return None
    counts = [[int(np.sum((truth == one) & (got == other))) for other in classes] for one in classes]
    rest = [int(np.sum(truth == one)) - sum(row) for one, row in zip(classes, counts)]
    names = tuple(str(int(one)) for one in classes)
    if any(rest):
        counts = [[*row, left] for row, left in zip(counts, rest)]
    return Confusion(names + (OTHER,) * any(rest), tuple((name, tuple(row)) for name, row in zip(names, counts)))
