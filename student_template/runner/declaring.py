"""The declaration in a handed-in file: with which tools and with whom its student worked.

    TOOLS = "an assistant, for question 2.3"
    PARTNERS = ["Ada", "Emmy"]

It is read from the text alone: the process that runs a submission is never asked. And it is no work: a file in which
nothing but the declaration was filled in is still the handout.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from .reading import CERTAIN, Scanner, _parse

NAMES = ("TOOLS", "PARTNERS")
MOST = 4000  # characters of a statement that are looked at
LAST = 20  # statements that are read: parsing a long one takes a millisecond
MOST_LINES = 200  # of a statement
SHOWN = 300  # characters that are kept of what is declared
BEGINS = re.compile(r"(?:TOOLS|PARTNERS)[ \t]*(?::[^=]*)?=(?!=)")
ESCAPE = 12  # characters of the longest escape but \N{...}
CLOSING = {"[": "]", "(": ")", "{": "}"}


def split(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines that are not of the declaration, and its statements, cut beyond `MOST`. Linear in the text."""
    rest: list[str] = []
    statements: list[str] = []
    at = 0
    while at < len(lines):
        if not BEGINS.match(lines[at]):
            rest.append(lines[at])
            at += 1
            continue
        end = _end(lines, at)
        statements.append("\n".join(lines[at:end])[: MOST + 1])
        at = end
    return rest, statements


def read(statements: Iterable[str]) -> dict[str, str]:
    """What is declared, by name, on one line; "" where nothing is, or no text. The last word counts, so of thousands of
    statements the last ones are read.

    Text, and lists (or tuples, or sets) of texts, are read as they stand; anything that would have to be run is not.
    """
    found = dict.fromkeys(NAMES, "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes: the student's business
        for statement in [*statements][-LAST:]:
            for node in _tree(statement):
                targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
                for target in targets:
                    if isinstance(target, ast.Name) and target.id in found:
                        found[target.id] = _text(getattr(node, "value", None))
    return found


def _end(lines: Sequence[str], at: int) -> int:
    """The index behind a statement's last line. One that is never closed ends on its line: what follows is work."""
    scanner = Scanner()
    for end in range(at, min(at + MOST_LINES, len(lines))):
        if end > at and (CERTAIN.match(lines[end]) or BEGINS.match(lines[end])):
            break
        scanner.feed(lines[end])
        if not scanner.open:
            return end + 1
    return at + 1


def _tree(statement: str) -> Sequence[ast.stmt]:
    """Its nodes. One that was cut is closed where it ends, or a little before, where that is inside an escape."""
    if len(statement) <= MOST:
        tree, _ = _parse(statement)
        return tree.body if tree else []
    for length in range(MOST, MOST - ESCAPE, -1):
        head = statement[:length]
        scanner = Scanner()
        for line in (head + "\\").split("\n"):  # the scanner ends a short string with its line, unless that goes on
            scanner.feed(line)
        begun = BEGINS.match(head)
        opened = head[begun.end() :].lstrip()[:1] if begun else ""
        tree, _ = _parse(head + scanner.quote + CLOSING.get(opened, "") * scanner.depth)
        if tree:
            return tree.body
    return []


def _text(node: Any) -> str:
    """A string, or those of a list, on one line; "" for what is neither."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        text = ", ".join(filter(None, map(_text, node.elts)))
    else:
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
