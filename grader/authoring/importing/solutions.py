"""A solution cell as nbgrader takes it → as `markers.py` takes it.

nbgrader cuts a marked region wherever it stands, and a cell without markers whole. Here a function keeps its signature
and docstring, and its body is the solution. So a region around functions becomes one in each of them, and a cell
without markers gets them. In a release version the solutions are gone: what nbgrader left in their place (`raise
NotImplementedError()`) becomes a solution that is still to be written.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.authoring import markers
from grader.errors import AssignmentError

Function = ast.FunctionDef | ast.AsyncFunctionDef
UNWRITTEN = "TODO: write "


@dataclass(frozen=True, slots=True)
class Solution:
    """The text with strict markers, and what happened: functions without a solution, names assigned at top level."""

    text: str
    unwritten: tuple[str, ...]
    whole: tuple[str, ...]  # functions that were a solution as a whole, signature included
    loose: tuple[str, ...]  # what students assign outside of any function
    trouble: str  # why the markers could not be used, empty if they could


def solution(text: str) -> Solution:
    """The cell's solution. `text` must be Python."""
    text = _no_one_liners(text)
    trouble = ""
    regions: Sequence[markers.Region] = ()
    try:
        regions = markers.regions(text, "the cell")
    except AssignmentError as error:
        trouble = str(error)
        text = "\n".join(line for line in text.split("\n") if line.strip() not in (markers.BEGIN, markers.END))
    tree = ast.parse(text)
    functions = list(_functions(tree))
    outside = [
        region
        for region in regions
        if not any(node.lineno < region.first_line <= (node.end_lineno or 0) for _, node in functions)
    ]

    def in_outside(node: ast.stmt) -> bool:
        return any(region.first_line < node.lineno < region.last_line for region in outside)

    lines = text.split("\n")
    dropped = {line for region in outside for line in (region.first_line, region.last_line)}
    begins: dict[int, str] = {}  # marker before this line
    ends: dict[int, str] = {}  # marker after it
    released = any(isinstance(part, ast.Raise) and _is_not_implemented(part) for part in ast.walk(tree))
    unwritten, whole, loose = [], [], []
    for dotted, node in functions:
        own = [region for region in regions if node.lineno < region.first_line <= (node.end_lineno or 0)]
        raises = [part for part in ast.walk(node) if isinstance(part, ast.Raise) and _is_not_implemented(part)]
        if raises and not own:
            unwritten.append(dotted)
            for part in raises:
                _mark(part, part, lines, begins, ends)
                lines[part.lineno - 1] = f'{" " * part.col_offset}raise NotImplementedError("{UNWRITTEN}{dotted}")'
        elif in_outside(node) or not (regions or released):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if body:
                whole += [dotted] if in_outside(node) else []
                _mark(body[0], body[-1], lines, begins, ends)
    for statement in tree.body:
        if isinstance(statement, Function | ast.ClassDef):
            continue
        if in_outside(statement) or not (regions or functions):
            _mark(statement, statement, lines, begins, ends)
            loose += [part.id for part in ast.walk(statement) if isinstance(part, ast.Name) and _stored(part)]
    made = []
    for number, line in enumerate(lines, 1):
        made += [f"{begins[number]}{markers.BEGIN}"] if number in begins else []
        made += [line] if number not in dropped else []
        made += [f"{ends[number]}{markers.END}"] if number in ends else []
    return Solution("\n".join(made), tuple(unwritten), tuple(whole), tuple(dict.fromkeys(loose)), trouble)


def _mark(first: ast.stmt, last: ast.stmt, lines: list[str], begins: dict[int, str], ends: dict[int, str]) -> None:
    """Put markers around statements, and around the comments right above them."""
    begin = min([first.lineno, *(part.lineno for part in getattr(first, "decorator_list", []))])
    while begin > 1 and lines[begin - 2].strip().startswith("#"):
        begin -= 1
    begins[begin] = ends[last.end_lineno or last.lineno] = " " * first.col_offset


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, Function))


def _is_not_implemented(node: ast.Raise) -> bool:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _no_one_liners(text: str) -> str:
    """The text with `def f(x): return x` on two lines: markers need lines of their own."""
    lines = text.split("\n")
    for _, node in reversed(list(_functions(ast.parse(text)))):
        header = node.body[0].lineno
        if header == node.lineno or lines[header - 1][: node.body[0].col_offset].strip():
            first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
            lines[first - 1 : node.end_lineno] = textwrap.indent(ast.unparse(node), " " * node.col_offset).split("\n")
    return "\n".join(lines)
