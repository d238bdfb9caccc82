"""Answers that name classes: which were taken for which, and what the misread samples look like.

Of a public case alone, and of a student's own answers: the labels are in the handout.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from student_template.runner import figures

MOST_SHOWN = 12  # misread samples
MOST_PATHS = 30_000  # characters of their paths
SIDES = range(5, 33)  # pixels of a picture that stands in a row of an array
SHADES = 4  # besides none


@dataclass(frozen=True, slots=True)
class Matrix:
    """A confusion matrix: a row for each class, a column for each answer, and counts. `shade` is 0 to `SHADES`."""

    answers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]  # class; count and shade


@dataclass(frozen=True, slots=True)
class Misread:
    """One sample that was taken for another class, as SVG paths in a box of `side` by `side`."""

    side: int
    paths: Markup
    label: str
    read_as: str


def confusion(labels: Any, answers: Any) -> Matrix | None:
    """None where there is none to draw (`figures.confusion`)."""
    found = figures.confusion(labels, answers)
    if found is None:
        return None
    rows = [(name, tuple((count, _shade(count, sum(counts))) for count in counts)) for name, counts in found.rows]
    return Matrix(found.answers, tuple(rows))


def _shade(count: int, of: int) -> int:
    return math.ceil(SHADES * count / of)


def misread(labels: Any, answers: Any, values: Mapping[str, Any]) -> tuple[Misread, ...]:
    """The first samples that were misread, where a sample is a square picture in a row of one of the case's arrays."""
    pair = figures.answered(labels, answers)
    images = None if pair is None else _images(values, len(pair[0]))
    if pair is None or images is None:
        return ()
    truth, got = pair
    wrong = np.flatnonzero(truth != got)[:MOST_SHOWN]
    side = math.isqrt(images.shape[1])
    scale = float(np.max(images[wrong], initial=0.0)) or 1.0
    found, room = [], MOST_PATHS
    for i in wrong:
        paths = _paths(images[i].reshape(side, side) / scale)
        room -= len(paths)
        if room < 0:
            break
        found.append(Misread(side, paths, f"{truth[i]:g}", _answered(got[i])))
    return tuple(found)


def _answered(value: float) -> str:
    return f"{value:g}" if abs(value) < 1000 else figures.OTHER


def _images(values: Mapping[str, Any], count: int) -> Any:
    for value in values.values():
        if isinstance(value, np.ndarray) and value.ndim == 2 and len(value) == count and value.dtype.kind in "biuf":
            side = math.isqrt(value.shape[1])
            if side in SIDES and side * side == value.shape[1] and np.all(np.isfinite(value)):
                return value
    return None


def _paths(image: Any) -> Markup:
    """Pixels in a few shades of grey: a path for each shade, with a piece for each run of a row."""
    shades = np.clip(np.round(SHADES * image), 0, SHADES).astype(int)
    return Markup("").join(
        Markup('<path opacity="{}" d="{}"/>').format(shade / SHADES, path)
        for shade in range(1, SHADES + 1)
        if (path := "".join(_runs(shades == shade)))
    )


def _runs(mask: Any) -> Sequence[str]:
    found = []
    for y, row in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
        found += [f"M{a} {y}h{b - a}v1h{a - b}z" for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return found
