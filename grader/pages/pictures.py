"""Plots as inline SVG, drawn by matplotlib: in the page's own colours, light, dark and in print.

matplotlib writes colours as numbers, so that each role has a number here that stands for a variable of the style sheet
afterwards. Labels stay text, names that only matplotlib needs go, and ids are made the picture's own. It is imported
when the first picture is drawn: most pages have none. A picture takes some 50 ms, and the same one is drawn once.
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

COLOURS = {"yours": "#010101", "expected": "#020202", "ink": "#030303", "line": "#040404"}
VARIABLES = {"yours": "--wrong", "expected": "--accent", "ink": "--soft", "line": "--line"}
SETTINGS: Any = {
    "svg.fonttype": "none",
    "font.size": 11,
    "axes.edgecolor": COLOURS["line"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["ink"],
    "ytick.color": COLOURS["ink"],
    "legend.frameon": False,
    "path.simplify": True,
}
SIZE = (6.4, 2.6)  # inches
Points = tuple[float, ...]


@functools.lru_cache(maxsize=256)  # the same mistake gives the same picture
def curves(
    axis: str, x: Points, yours: Points, expected: Points, log: bool, words: tuple[str, str], alternative: str
) -> Markup:
    """What came back and what was expected, over `x`; `words` name the two lines, `axis` what x is.

    Entries that are not finite are gaps.
    """
    import matplotlib
    from matplotlib.figure import Figure

    file = io.StringIO()
    with matplotlib.rc_context({**SETTINGS, "svg.hashsalt": "surdix"}):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.add_subplot()
        axes.plot(x, expected, "-", color=COLOURS["expected"], linewidth=2.5, label=words[1])
        axes.plot(x, yours, "--o", color=COLOURS["yours"], linewidth=1.5, markersize=4, label=words[0])
        axes.set_xlabel(axis)
        if log:
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_formatter("")
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), labelcolor=COLOURS["ink"])
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    return inline(file.getvalue(), alternative)


def inline(svg: str, alternative: str) -> Markup:
    """A file of matplotlib's as a part of a page: nothing of it reaches beyond, or stands twice there."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    (box,) = re.findall(r'viewBox="([^"]*)"', svg[: svg.index(">")])
    own = hashlib.sha256((svg + alternative).encode()).hexdigest()[:8]
    body = svg[svg.index(">") + 1 :].replace("xlink:href", "href")
    named = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))
    body = re.sub(r' id="([^"]*)"', lambda found: f' id="{found[1]}-{own}"' if found[1] in named else "", body)
    body = re.sub(r'(href="#|url\(#)([^")]+)', rf"\1\2-{own}", body)
    for name, colour in COLOURS.items():
        body = body.replace(colour, f"var({VARIABLES[name]})")
    body = re.sub(r" ?font-family: [^;\"]*;| transform=\"rotate\(-0 [^\"]*\"", "", body)  # the page's own, and no turn
    body = re.sub(r">\s+<", "><", body)
    return Markup(f'<svg class="picture" viewBox="{box}" role="img" aria-label="{escape(alternative)}">{body}')


def points(values: Sequence[float]) -> Points:
    """Numbers as the pictures take them."""
    return tuple(float(value) for value in values)
