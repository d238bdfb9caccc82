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

MOST_CLASSES = 10
MOST_SHOWN = 12  # misread samples
MOST_PATHS = 30_000  # characters of their paths
SIDES = range(5, 33)  # pixels of a picture that stands in a row of an array
SHADES = 4  # besides none
OTHER = "…"  # the column of answers that are no class


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
    """None where classes are too many or no whole numbers, or there is not an answer for each sample."""
    pair = _whole(labels, answers)
    if pair is None:
        return None
    truth, got = pair
    classes = np.unique(truth)
    if len(classes) > MOST_CLASSES or len(classes) < 2:
        return None
    counts = np.array([[np.sum((truth == a) & (got == b)) for b in classes] for a in classes])
    names = [str(int(name)) for name in classes]
    rest = np.array([np.sum(truth == a) for a in classes]) - counts.sum(axis=1)
    if rest.any():
        counts, answered = np.column_stack([counts, rest]), [*names, OTHER]
    else:
        answered = names
    shades = np.ceil(SHADES * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(int)
    rows = [
        (name, tuple(zip(map(int, count), map(int, shade), strict=True)))
        for name, count, shade in zip(names, counts, shades, strict=True)
    ]
    return Matrix(tuple(answered), tuple(rows))


def misread(labels: Any, answers: Any, values: Mapping[str, Any]) -> tuple[Misread, ...]:
    """The first samples that were misread, where a sample is a square picture in a row of one of the case's arrays."""
    pair, images = _whole(labels, answers), _images(values, len(labels) if np.ndim(labels) else 0)
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
    return f"{value:g}" if abs(value) < 1000 else OTHER


def _whole(labels: Any, answers: Any) -> tuple[Any, Any] | None:
    """Both as arrays of floats, of one length: labels are whole numbers, answers whatever they are."""
    try:
        truth, got = np.asarray(labels, dtype=np.float64), np.asarray(answers, dtype=np.float64)
    except (ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        return None
    if truth.ndim != 1 or truth.shape != got.shape or not truth.size or np.any(truth != np.round(truth)):
        return None
    return truth, got


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
