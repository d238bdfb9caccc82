"""Pictures of an answer, where a picture says more than a number: curves as SVG, a confusion matrix as a table.

They are drawn by hand, since students may have numpy alone, and look the same on a page and under a notebook's cell.
Colours are read on white as on black; the second curve is dashed too, for whoever does not tell them apart.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from . import figures, untrusted

NAME = 60  # characters of a curve's name, which is a student's
DOTS = 40  # so few points are marked
WIDTH, HEIGHT, LEFT, EDGE = 560, 200, 70, 14
COLOURS = ("#d9772b", "#4a86cf")

Say = Callable[..., str]  # a key of the page's sentences and values → words


def picture(check: Mapping[str, Any], case: Mapping[str, Any], answer: Any, part: str, say: Say) -> str:
    """HTML of what an answer looks like beside what was expected; "" where no picture helps.

    `part` is the part of the answer that is wrong, if it has parts.
    """
    spec, values = check["compare"], case["values"]
    if spec["kind"] == "accuracy":
        return confusion(figures.confusion(values.get(spec["labels"]), answer), say)
    if spec["kind"] in figures.KINDS:
        found = figures.curve(spec, check["parameters"], values, case["expected"], answer, part)
        return curves({"answer": found.yours, "expected": found.expected}, found, say) if found else ""
    losses = figures.losses(answer)
    return "".join(curves({name: found.yours}, found, say) for name, found in losses.items())


def curves(named: Mapping[str, Any], of: figures.Curve, say: Say) -> str:
    """One or two rows of numbers over the axis of a curve, as a figure."""
    finite = np.concatenate([curve[np.isfinite(curve)] for curve in named.values()])
    low, high = float(finite.min()), float(finite.max())
    bottom, top = (np.log10(low), np.log10(high)) if of.log else (low, high)
    span = top - bottom or 1.0
    lines, legend = [], []
    for number, (name, curve) in enumerate(named.items()):
        points = []
        for step in np.flatnonzero(np.isfinite(curve)):
            height = np.log10(curve[step]) if of.log else curve[step]
            x = LEFT + (WIDTH - LEFT - EDGE) * (of.x[step] - of.x[0]) / (of.x[-1] - of.x[0])
            points.append(f"{x:.1f},{EDGE + (HEIGHT - 2 * EDGE) * (top - height) / span:.1f}")
        dashes = ' stroke-dasharray="7 5"' * number
        stroke = f'fill="none" stroke="{COLOURS[number]}" stroke-width="2.5"{dashes}'
        lines.append(f'<polyline points="{" ".join(points)}" {stroke}/>')
        for x, y in (point.split(",") for point in points if len(points) <= DOTS):
            lines.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{COLOURS[number]}"/>')
        label = html.escape(say(name) if name in ("answer", "expected") else untrusted.clean(name, NAME))
        sample = f'<line x1="1" y1="6" x2="31" y2="6" {stroke}/>'
        legend.append(f'<svg width="32" height="12" aria-hidden="true">{sample}</svg> {label}')
    tick = 'text-anchor="end" font-size="13" fill="currentColor"'
    marks = "".join(
        f'<text x="{LEFT - 8}" y="{y + 4}" {tick}>{value:.3g}</text>'
        for value, y in ((high, EDGE), (low, HEIGHT - EDGE))[: 1 + (high > low)]
    )
    text = html.escape(say("curves" if len(named) > 1 else "curve", count=of.count, low=low, high=high))
    figure = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text}">{marks}{"".join(lines)}</svg>'
    axes = [say("over", name=of.axis or say("index")), *[say("log")] * of.log]
    caption = " &#160; ".join([*legend, html.escape(", ".join(axes))])
    return f"<figure>{figure}<figcaption>{caption}</figcaption></figure>"


def confusion(found: figures.Confusion | None, say: Say) -> str:
    """How often each class was taken for each: a row for each class that is right, a column for each answer."""
    if found is None:
        return ""
    head = "".join(f'<th scope="col">{answer}</th>' for answer in found.answers)
    rows = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(
            f"<td>{f'<b>{count}</b>' if name == answer else count or '·'}</td>"
            for answer, count in zip(found.answers, counts)
        )
        + "</tr>"
        for name, counts in found.rows
    )
    caption = html.escape(say("confusion"))
    return f"<table><caption>{caption}</caption><tr><td></td>{head}</tr>{rows}</table>"
