"""A student's own function, coloured, with the line marked where it went wrong.

Where what a student wrote is Python, its tree says where a function begins and ends; else it is told by indentation.
What the handout wrote of a function in its docstring is left out, and so is what is far from the mark: a gap says so.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.pages.colours import WIDTH, coloured

BEFORE, AFTER, NEAR = 12, 12, 5  # lines around the marked one that are shown at most
LONGEST = 80  # lines above it that are looked through for the function's beginning
WHOLE = 40  # lines of a function that is shown without a mark, beside its docstring
MOST = 200_000  # characters of a file that is looked through
BEGINS = re.compile(r"[ \t]*(async[ \t]+def|def|class)\b")
GOES_ON = re.compile(r"[ \t]*[)\]}#]")  # a line that ends no function, wherever it stands


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines of a file (or cell) as HTML, the first of them number `first`, the marked one number `marked`.

    A number among `lines` is how many lines are left out there; `at` is the index of the marked one. Where none is
    marked, `marked` is 0 and `at` is -1.
    """

    label: str
    first: int
    marked: int
    lines: tuple[Markup | int, ...]
    at: int


@dataclass(frozen=True, slots=True)
class _Span:
    """A function or class: its dotted name, and indices of lines: its first, its last, those of its docstring."""

    name: str
    first: int
    last: int
    docstring: range
    is_class: bool


def around(files: Sequence[tuple[str, str]], label: str, line: int) -> Listing | None:
    """The function around a line of the file or cell called `label`; None where there is no such line."""
    text = next((text for name, text in files if name == label and len(text) <= MOST), "")
    lines = text.split("\n")
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        return None
    at = line - 1
    spans = _spans(text)
    holding = [span for span in spans or () if span.first <= at <= span.last]
    if holding:
        span = max(holding, key=lambda span: span.first)
        first, last, docstring = span.first, span.last, span.docstring if at not in span.docstring else range(0)
    elif spans is None:
        (first, last), docstring = _function(lines, at), range(0)
    else:
        (first, last), docstring = _near(lines, at), range(0)
    near = range(at - BEFORE, at + AFTER + 1)
    kept = [i for i in range(first, last + 1) if (i == first or i in near) and i not in docstring]
    return _listing(label, lines, kept, last, at)


def definition(files: Sequence[tuple[str, str]], names: Sequence[str]) -> Listing | None:
    """A student's function of the first of these dotted names that there is, without a mark; None where there is none.

    What is defined last counts. A class alone is not shown: it is longer than what is wrong in it.
    """
    for name in names:
        for label, text in reversed(files):
            if len(text) > MOST or name.rpartition(".")[2] not in text:
                continue
            lines = text.split("\n")
            span = _named(text, lines, name)
            if span is not None and not span.is_class:
                kept = [i for i in range(span.first, span.last + 1) if i not in span.docstring][:WHOLE]
                return _listing(label, lines, kept, span.last, -1)
    return None


def _listing(label: str, lines: Sequence[str], kept: Sequence[int], last: int, marked: int) -> Listing:
    """The lines that are kept, by index, and between them and up to the last one how many are not."""
    while last > kept[0] and not lines[last].strip():
        last -= 1
    kept = [index for index in kept if index <= last]
    shown: list[Markup | int] = []
    at, first = -1, kept[0]
    for run in _runs([*kept, *([last] if last == kept[-1] + 1 else [])]):
        left_out = run[0] - first
        if left_out:
            shown.append(left_out)
        if marked in run:
            at = len(shown) + run.index(marked)
        shown += coloured("\n".join(lines[i][: WIDTH + 1] for i in run))
        first = run[-1] + 1
    if last >= first:
        shown.append(last + 1 - first)
    return Listing(label, kept[0] + 1, marked + 1, tuple(shown), at)


def _runs(kept: Iterable[int]) -> list[list[int]]:
    """Indices that follow each other, together; a line alone is shown rather than left out."""
    runs: list[list[int]] = []
    for index in kept:
        if runs and index - runs[-1][-1] <= 2:
            runs[-1] += range(runs[-1][-1] + 1, index + 1)
        else:
            runs.append([index])
    return runs


@functools.lru_cache(maxsize=8)  # checks of one student ask of the same file
def _spans(text: str) -> tuple[_Span, ...] | None:
    """All functions and classes in the order of their first lines; None where the text is no Python."""
    if "\r" in text or "\f" in text:  # lines of Python's that are none of ours
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError):
        return None
    found = []
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, within = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            is_class = isinstance(node, ast.ClassDef)
            last = (node.end_lineno or node.lineno) - 1
            found.append(_Span(within + node.name, node.lineno - 1, last, _docstring(node), is_class))
            within = f"{within}{node.name}." if is_class else f"{within}{node.name}.<locals>."
        waiting += [(child, within) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
    return tuple(sorted(found, key=lambda span: span.first))


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> range:
    said = node.body[0]
    if ast.get_docstring(node, clean=False) is None or len(node.body) == 1 or said.lineno <= node.lineno:
        return range(0)
    return range(said.lineno - 1, min(said.end_lineno or said.lineno, node.body[1].lineno - 1))


def _named(text: str, lines: Sequence[str], name: str) -> _Span | None:
    spans = _spans(text)
    if spans is not None:
        return next((span for span in reversed(spans) if span.name == name), None)
    within = (0, len(lines))
    for depth, part in enumerate(name.split(".")):
        within = _block(lines, part, *within, method=depth > 0)
    first, end = within
    return _Span(name, first, end - 1, range(0), "class" in lines[first].split()[0]) if first < end else None


def _block(lines: Sequence[str], name: str, first: int, last: int, *, method: bool) -> tuple[int, int]:
    """Where the last definition of a name stands within some lines; an empty span where there is none."""
    indented = "[ \\t]+" if method else ""
    begins = re.compile(rf"{indented}(?:async[ \t]+def|def|class)[ \t]+{re.escape(name)}\b")
    at = next((index for index in range(last - 1, first - 1, -1) if begins.match(lines[index])), last)
    inside = (i for i in range(at + 1, last) if _ends(lines[i], _depth(lines[at])))
    return at, next(inside, last)


def _function(lines: Sequence[str], at: int) -> tuple[int, int]:
    """First and last index of the function that a line stands in, told by indentation, as it is not Python.

    Of what stands in none, or far below its beginning, the lines around it.
    """
    depth = _depth(lines[at])
    for first in range(at, max(-1, at - LONGEST - 1), -1):
        line = lines[first]
        if first != at and not _ends(line, depth - 1):
            continue
        depth = _depth(line)
        if BEGINS.match(line):
            break
        if depth == 0:
            return _near(lines, at)
    else:
        return _near(lines, at)
    return first, next((i - 1 for i in range(at + 1, len(lines)) if _ends(lines[i], depth)), len(lines) - 1)


def _near(lines: Sequence[str], at: int) -> tuple[int, int]:
    return max(0, at - NEAR), min(len(lines) - 1, at + NEAR)


def _ends(line: str, depth: int) -> bool:
    """Whether a line stands outside of what is deeper than `depth`."""
    return bool(line.strip()) and _depth(line) <= depth and not GOES_ON.match(line)


def _depth(line: str) -> int:
    expanded = line[:WIDTH].expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
