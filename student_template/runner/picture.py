"""Pictures of an answer, where a picture says more than a number: curves as SVG, a confusion matrix as a table.

They are drawn by hand, since students may have numpy alone, and look the same on a page and under a notebook's cell.
Colours are read on white as on black; the second curve is dashed too, for whoever does not tell them apart.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from . import evidence

AXES = ("x", "z", "t")  # what a function's points are called: its values are drawn over them
FEW, LEAST, MOST = 5, 13, 400  # points over such an axis, or over the index; with more than the last, some are left out
DOTS = 40  # so few points are marked
CLASSES = 12  # of a confusion matrix
WIDTH, HEIGHT, LEFT, EDGE = 560, 200, 70, 14
COLOURS = ("#d9772b", "#4a86cf")

Say = Callable[..., str]  # a key of the page's sentences and values → words


def picture(spec: Mapping[str, Any], case: Mapping[str, Any], answer: Any, part: str, say: Say) -> str:
    """HTML of what an answer looks like beside what was expected; "" where no picture helps.

    `spec` is the check's comparison, `part` the part of the answer that is wrong, if it has parts.
    """
    if spec["kind"] == "accuracy":
        return confusion(case["values"].get(spec["labels"]), answer, say)
    if spec["kind"] in ("close", "gradient"):
        try:
            want, got = (_curve(evidence.at(value, part)) for value in (case["expected"], answer))
        except (KeyError, TypeError):
            return ""
        if want is None or got is None or want.size != got.size:
            return ""
        axes = ((name, _curve(case["values"].get(name))) for name in AXES)
        fit = (named for named in axes if named[1] is not None and named[1].size == want.size)
        over = next((named for named in fit if 0 < np.ptp(named[1]) < np.inf), None)
        return curves({"answer": got, "expected": want}, say, over)
    losses = {str(name)[:40]: _curve(value) for name, value in answer.items()} if isinstance(answer, dict) else {}
    drawn = [curves({name: curve}, say) for name, curve in losses.items() if "loss" in name and curve is not None]
    return "".join(drawn[:2])


def _curve(value: Any) -> Any:
    """Numbers in a row, as a vector; None for anything else, and for what cannot be drawn."""
    try:
        array = np.asarray(value)
    except Exception:  # a nest of unequal parts
        return None
    if array.dtype.kind not in "biuf" or not FEW <= array.size == max(array.shape, default=0):
        return None
    array = array.astype(np.float64).ravel()
    return array if np.isfinite(array).any() and np.abs(array[np.isfinite(array)]).max() < 1e300 else None


def curves(named: Mapping[str, Any], say: Say, over: tuple[str, Any] | None = None) -> str:
    """One or two curves of the same length over an axis, given by name and values, or over their index; as a figure.

    The scale is logarithmic where all numbers are above 0 and far apart. "" for too few points.
    """
    size = next(iter(named.values())).size
    if size < (LEAST if over is None else FEW):
        return ""
    axis = np.arange(size) if over is None else over[1]
    order = np.argsort(axis, kind="stable")[np.unique(np.linspace(0, size - 1, min(size, MOST)).astype(int))]
    finite = np.concatenate([curve[np.isfinite(curve)] for curve in named.values()])
    low, high = float(finite.min()), float(finite.max())
    log = low > 0 and high > 1e3 * low
    bottom, top = (np.log10(low), np.log10(high)) if log else (low, high)
    span = top - bottom or 1.0
    lines, legend = [], []
    for number, (name, curve) in enumerate(named.items()):
        points = []
        for step in order[np.isfinite(curve[order])]:
            height = np.log10(curve[step]) if log else curve[step]
            x = LEFT + (WIDTH - LEFT - EDGE) * (axis[step] - axis.min()) / np.ptp(axis)
            points.append(f"{x:.1f},{EDGE + (HEIGHT - 2 * EDGE) * (top - height) / span:.1f}")
        dashes = ' stroke-dasharray="7 5"' * number
        stroke = f'fill="none" stroke="{COLOURS[number]}" stroke-width="2.5"{dashes}'
        lines.append(f'<polyline points="{" ".join(points)}" {stroke}/>')
        for x, y in (point.split(",") for point in points if len(points) <= DOTS):
            lines.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{COLOURS[number]}"/>')
        label = html.escape(say(name) if name in ("answer", "expected") else name)
        sample = f'<line x1="1" y1="6" x2="31" y2="6" {stroke}/>'
        legend.append(f'<svg width="32" height="12" aria-hidden="true">{sample}</svg> {label}')
    tick = 'text-anchor="end" font-size="13" fill="currentColor"'
    marks = "".join(
        f'<text x="{LEFT - 8}" y="{y + 4}" {tick}>{value:.3g}</text>'
        for value, y in ((high, EDGE), (low, HEIGHT - EDGE))[: 1 + (high > low)]
    )
    text = html.escape(say("curves" if len(named) > 1 else "curve", count=size, low=low, high=high))
    figure = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text}">{marks}{"".join(lines)}</svg>'
    axes = [say("over", name=over[0] if over else say("index")), *[say("log")] * log]
    caption = " &#160; ".join([*legend, html.escape(", ".join(axes))])
    return f"<figure>{figure}<figcaption>{caption}</figcaption></figure>"


def confusion(labels: Any, answer: Any, say: Say) -> str:
    """How often each class was taken for each: a row for each class that is right, a column for each answer."""
    try:
        want, got = np.asarray(labels).ravel(), np.asarray(answer).ravel()
        classes = np.unique(want).tolist()
    except Exception:  # a nest of unequal parts
        return ""
    if want.dtype.kind not in "biu" or got.dtype.kind not in "biuf" or want.shape != got.shape:
        return ""
    if not 2 <= len(classes) <= CLASSES:
        return ""
    counts = [[int(np.sum((want == true) & (got == taken))) for taken in classes] for true in classes]
    head = "".join(f'<th scope="col">{taken}</th>' for taken in classes)
    rows = "".join(
        f'<tr><th scope="row">{true}</th>'
        + "".join(
            f"<td>{f'<b>{count}</b>' if true == taken else count or '·'}</td>" for taken, count in zip(classes, row)
        )
        + "</tr>"
        for true, row in zip(classes, counts)
    )
    caption = html.escape(say("confusion"))
    return f"<table><caption>{caption}</caption><tr><td></td>{head}</tr>{rows}</table>"
