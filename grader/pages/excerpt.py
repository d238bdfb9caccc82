"""A student's own function, coloured, with the line marked where it went wrong.

Colours are those of pygments' tokens, as a few classes of the page's style sheet. What a student wrote is hostile: it
is cut to a function's length before it is read, and every piece is escaped.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from student_template.runner.untrusted import clean

BEFORE, AFTER, NEAR = 12, 12, 5  # lines around the marked one that are shown at most
LONGEST = 80  # lines above it that are looked through for the function's beginning
MOST = 200_000  # characters of a file that is looked through
WIDTH = 200  # characters of a line
COLOURS: Sequence[tuple[_TokenType, str]] = (
    (Comment, "tc"),
    (String, "ts"),
    (Number, "tn"),
    (Keyword, "tk"),
    (Operator.Word, "tk"),
    (Name.Function, "tf"),
    (Name.Class, "tf"),
)
LEXER: Any = PythonLexer(stripnl=False, ensurenl=False)  # type: ignore[no-untyped-call]
BEGINS = re.compile(r"[ \t]*(async[ \t]+def|def|class)\b")


@dataclass(frozen=True, slots=True)
class Excerpt:
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


def excerpt(files: Sequence[tuple[str, str]], label: str, line: Any) -> Excerpt | None:
    """The function around a line of the file or cell called `label`; None where there is no such line."""
    text = next((text for name, text in files if name == label and len(text) <= MOST), "")
    lines = text.replace("\r\n", "\n").split("\n")
    if isinstance(line, bool) or not isinstance(line, int) or not 1 <= line <= len(lines):
        return None
    if not lines[line - 1].strip():
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
    return Excerpt(label, first + 1, line, shown, at, hidden)


def definition(files: Sequence[tuple[str, str]], names: Sequence[str]) -> Excerpt | None:
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
                return Excerpt(
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


@functools.lru_cache(maxsize=512)  # a check's own code is on many pages, and a stub's
def coloured(code: str) -> tuple[Markup, ...]:
    """Python as HTML, line by line. Takes about a millisecond for ten lines."""
    lines = [""]
    code = "\n".join(clean(line, WIDTH).replace("\n", " ") for line in code.split("\n"))
    for kind, value in LEXER.get_tokens(code):
        colour = next((name for token, name in COLOURS if kind in token), "")
        for number, piece in enumerate(value.split("\n")):
            if number:
                lines.append("")
            if piece:
                lines[-1] += f'<span class="{colour}">{escape(piece)}</span>' if colour else str(escape(piece))
    return tuple(map(Markup, lines))


def failing_line(values: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Label and line of what a message is about: the block that was left out, else the traceback's last line."""
    block, trace = values.get("block"), values.get("trace")
    if isinstance(block, Mapping):
        return str(block.get("label") or ""), _line_in(str(block.get("error", ""))) or block.get("line")
    if isinstance(trace, Sequence) and trace and isinstance(trace[-1], Mapping):
        return str(trace[-1].get("label") or ""), trace[-1].get("line")
    return None


def _line_in(error: str) -> int | None:
    """The line that a parser's message names: "'(' was never closed (line 155)"."""
    found = re.search(r"\(line (\d{1,7})\)$", error)
    return int(found[1]) if found else None


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
