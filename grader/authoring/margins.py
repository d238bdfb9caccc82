"""How far right answers and wrong ones are from what a check allows: is its tolerance too tight, or too loose?

The unit is the tolerance: an answer passes up to 1. Between the largest distance of a right answer and the smallest of
a wrong one there should be room on both sides.

A right answer is another implementation's, or the reference's own with numbers that are off by rounding: what two
orders of the same sum differ by, the check must allow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.contract import Check

MEASURED = ("close", "gradient")
TIGHT = 1 / 3  # of the tolerance that a right answer may need
LOOSE = 3.0  # tolerances by which a wrong answer should miss
EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Margin:
    """Of one check: the right answer that is furthest off and the wrong answer that is nearest, in tolerances.

    `wrong` is infinite where every wrong answer is of another shape, not finite, or no answer.
    """

    check: str
    right: float = 0.0
    right_by: str = ""
    wrong: float = math.inf
    wrong_by: str = ""

    def with_right(self, distances: Iterable[tuple[str, float]]) -> Margin:
        """With the right answers of some people and how far off they are."""
        by, most = max(distances, key=lambda found: found[1], default=("", 0.0))
        return replace(self, right=most, right_by=by) if most > self.right else self

    def with_wrong(self, distances: Iterable[tuple[str, float]]) -> Margin:
        """With wrong answers; of those that miss by nothing at all it is another check that finds them."""
        misses = (found for found in distances if found[1] > 1.0)
        by, least = min(misses, key=lambda found: found[1], default=("", math.inf))
        return replace(self, wrong=least, wrong_by=by) if least < self.wrong else self

    @property
    def findings(self) -> Iterator[str]:
        """What is too tight or too loose, a sentence each."""
        if self.right > TIGHT:
            yield f"{self.check} is too tight: {self.right_by} needs {self.right:.2g} of its tolerance"
        if self.wrong < LOOSE:
            yield f"{self.check} is too loose: {self.wrong_by} misses by {self.wrong:.2g} times its tolerance only"


def distance(check: Check, expected: Any, answer: Any) -> float:
    """How far an answer is off, in tolerances of a check that measures it; infinite where it cannot be compared."""
    if isinstance(expected, Mapping):
        if not isinstance(answer, Mapping) or set(answer) != set(expected):
            return math.inf
        return max((distance(check, expected[key], answer[key]) for key in expected), default=0.0)
    try:
        want, got = np.asarray(expected, dtype=np.complex128), np.asarray(answer, dtype=np.complex128)
    except (TypeError, ValueError):
        return math.inf
    if want.shape != got.shape:
        return math.inf
    with np.errstate(all="ignore"):
        off = np.where((got == want) | (np.isnan(got) & np.isnan(want)), 0.0, np.abs(got - want))
        allowed = check.compare["atol"] + check.compare["rtol"] * np.abs(np.where(np.isfinite(want), want, 0.0))
        parts = np.where(off == 0.0, 0.0, off / allowed)
    return float(np.max(np.where(np.isnan(parts), math.inf, parts), initial=0.0))


def furthest(check: Check, expected: Iterable[Any], answers: Iterable[Any]) -> float:
    """The largest distance over a check's cases."""
    pairs = zip(expected, answers, strict=True)
    return max((distance(check, want, got) for want, got in pairs), default=0.0)


def rounded(value: Any, rng: np.random.Generator) -> Any:
    """A case's value with its floating-point numbers off by a unit in the last place, in one direction or the other.

    Arrays of whole numbers are left alone: they may be labels, or sit on a boundary on purpose; so are 0, inf and nan.
    """
    if isinstance(value, Mapping):
        return {key: rounded(item, rng) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(rounded(item, rng) for item in value)
    if isinstance(value, float):
        return value if value.is_integer() else value * (1.0 + float(rng.choice([-EPS, EPS])))
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and not np.all(value == np.round(value)):
        return value * (1.0 + rng.choice([-EPS, EPS], size=value.shape))
    return value
