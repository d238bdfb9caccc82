"""A student's own function, coloured, with the line marked where it went wrong.

What a student wrote need not be Python: it is looked through line by line, and cut to a function's length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.pages.colours import WIDTH, coloured

BEFORE, AFTER, NEAR = 12, 12, 5  # lines around the marked one that are shown at most
LONGEST = 80  # lines above it that are looked through for the function's beginning
MOST = 200_000  # characters of a file that is looked through
BEGINS = re.compile(r"[ \t]*(async[ \t]+def|def|class)\b")


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines of a file (or cell) as HTML, the first of them number `first`, the marked one number `marked`.

    Where `lines` has None, `hidden` lines between the function's first one and what is near the mark are left out;
    `at` is the index of the marked one. Where none is marked, `marked` is 0 and `at` is -1.
    """

    label: str
    first: int
    marked: int
    lines: tuple[Markup | None, ...]
    at: int
    hidden: int = 0


def around(files: Sequence[tuple[str, str]], label: str, line: int) -> Listing | None:
    """The function around a line of the file or cell called `label`; None where there is no such line."""
    text = next((text for name, text in files if name == label and len(text) <= MOST), "")
    lines = text.split("\n")
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        return None
    first, last = _function(lines, line - 1)
    while last > line - 1 and not lines[last].strip():
        last -= 1
    shown: tuple[Markup | None, ...] = coloured("\n".join(part[: WIDTH + 1] for part in lines[first : last + 1]))
    at = line - 1 - first
    hidden = max(0, at - BEFORE - 1)
    if hidden > 1:
        shown, at = (shown[0], None, *shown[1 + hidden :]), at - hidden + 1
    else:
        hidden = 0
    return Listing(label, first + 1, line, shown, at, hidden)


def definition(files: Sequence[tuple[str, str]], names: Sequence[str]) -> Listing | None:
    """A student's function of the first of these dotted names that there is, without a mark; None where there is none.

    What is defined last counts. A class alone is not shown: it is longer than what is wrong in it.
    """
    for name in names:
        for label, text in reversed(files):
            lines = text.split("\n") if len(text) <= MOST and name.rpartition(".")[2] in text else []
            span = (0, len(lines))
            for depth, part in enumerate(name.split(".")):
                span = _block(lines, part, *span, method=depth > 0)
            if span[0] < span[1] and "class" not in lines[span[0]].split()[0]:
                shown = lines[span[0] : min(span[1], span[0] + BEFORE + AFTER)]
                return Listing(
                    label, span[0] + 1, 0, coloured("\n".join(line[: WIDTH + 1] for line in shown).rstrip()), -1
                )
    return None


def _block(lines: Sequence[str], name: str, first: int, last: int, *, method: bool) -> tuple[int, int]:
    """Where the last definition of a name stands within some lines; an empty span where there is none."""
    indented = "[ \\t]+" if method else ""
    begins = re.compile(rf"{indented}(?:async[ \t]+def|def|class)[ \t]+{re.escape(name)}\b")
    at = next((index for index in range(last - 1, first - 1, -1) if begins.match(lines[index])), last)
    inside = (i for i in range(at + 1, last) if lines[i].strip() and _depth(lines[i]) <= _depth(lines[at]))
    return at, next(inside, last)


def _function(lines: Sequence[str], at: int) -> tuple[int, int]:
    """First and last index of the function that a line stands in, told by indentation, as it may not be Python.

    Of what stands in none, or far below its beginning, the lines around it.
    """
    depth = _depth(lines[at])
    for first in range(at, max(-1, at - LONGEST - 1), -1):
        line = lines[first]
        if first != at and (not line.strip() or _depth(line) >= depth):
            continue
        depth = _depth(line)
        if BEGINS.match(line):
            break
        if depth == 0:
            return max(0, at - NEAR), min(len(lines) - 1, at + NEAR)
    else:
        return max(0, at - NEAR), min(len(lines) - 1, at + NEAR)
    last = at
    for index in range(at + 1, min(len(lines), at + AFTER + 1)):
        if lines[index].strip() and _depth(lines[index]) <= depth:
            break
        last = index
    return first, last


def _depth(line: str) -> int:
    expanded = line[:WIDTH].expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
