"""Where the solutions are: nbgrader's markers, `### BEGIN SOLUTION` and `### END SOLUTION`.

The markers are comments, so they are looked for among a source's tokens: the same words in a string are text. All that
could hide a solution from the search, or cut half a statement, stops with `AssignmentError`: a marker that is almost
one, one that shares its line with code, nested, unclosed or stray markers, markers of different indentation, a region
inside brackets or without code.
"""

from __future__ import annotations

import ast
import functools
import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.errors import AssignmentError

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"

_ALMOST = re.compile(r"#+[\W_]*(begin|end)[\W_]*solutions?\b", re.IGNORECASE)
_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


@dataclass(frozen=True, slots=True)
class Region:
    """A solution: the lines of its two markers, counted from 1, and the blanks before them."""

    first_line: int
    last_line: int
    indent: str


@functools.lru_cache(maxsize=16)  # each stub of a module asks for all of its solutions
def regions(source: str, name: str) -> tuple[Region, ...]:
    """The solutions in a source, in order; `name` is the file that an error speaks of.

    Raises `AssignmentError`, with file and line, for markers that do not pair and for source that is not Python.
    """
    found: list[Region] = []
    opened: tokenize.TokenInfo | None = None
    code = False  # whether there is any since the marker that opened
    depth = 0
    for token in tokens(source, name):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if token.type != tokenize.COMMENT or not _ALMOST.match(token.string):
            code = code or token.type not in _NO_CODE
            continue
        row, column = token.start
        where = f"{name}, line {row}"
        marker = token.string.rstrip()
        if marker not in (BEGIN, END):
            raise AssignmentError(f"{where}: write {BEGIN} or {END}, not {marker!r}")
        if token.line[:column].strip():
            raise AssignmentError(f"{where}: give {marker} a line of its own")
        if depth:
            raise AssignmentError(f"{where}: {marker} stands inside brackets; put it around the whole statement")
        if marker == BEGIN:
            if opened:
                raise AssignmentError(
                    f"{where}: a solution begins inside the one that line {opened.start[0]} begins; end that one first"
                )
            opened, code = token, False
            continue
        if not opened:
            raise AssignmentError(f"{where}: {END} without a {BEGIN} before it")
        first = opened.start[0]
        if opened.line[: opened.start[1]] != token.line[:column]:
            raise AssignmentError(f"{where}: {END} is not indented as the {BEGIN} of line {first} is")
        if not code:
            raise AssignmentError(f"{name}, line {first}: there is no code in this solution")
        found.append(Region(first, row, token.line[:column]))
        opened = None
    if opened:
        raise AssignmentError(f"{name}, line {opened.start[0]}: {BEGIN} without an {END} after it")
    for node in ast.walk(ast.parse(source)) if found else ():
        for region in found:
            if (
                isinstance(node, ast.stmt)
                and region.first_line < node.lineno < region.last_line
                and node.col_offset < len(region.indent)
            ):
                raise AssignmentError(f"{name}, line {node.lineno}: less indented than the solution that it is in")
    return tuple(found)


def cut(source: str, name: str, replacement: Callable[[Region], str | None]) -> str:
    """The source with each region, markers included, replaced by text that gets the region's indentation.

    An empty replacement leaves nothing, not even a line; None leaves the region as it is. Raises `AssignmentError`
    where the rest is not Python.
    """
    lines = list(io.StringIO(source))
    for region in reversed(regions(source, name)):
        text = replacement(region)
        if text is not None:
            new = [textwrap.indent(text, region.indent) + "\n"] if text else []
            lines[region.first_line - 1 : region.last_line] = new
    result = "".join(lines)
    try:
        ast.parse(result)
    except SyntaxError as error:
        raise AssignmentError(
            f"{name}: without its solutions this is not Python ({error.msg}, at {(error.text or '').strip()!r});"
            " put the markers around whole statements, and leave one in each body"
        ) from None
    return result


def solutions(source: str, name: str) -> list[str]:
    """The text between the markers of each region, without its indentation."""
    lines = list(io.StringIO(source))
    return [
        textwrap.dedent("".join(lines[region.first_line : region.last_line - 1])) for region in regions(source, name)
    ]


def tokens(source: str, name: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a source; `AssignmentError`, with the line, where it is not Python."""
    try:
        ast.parse(source)  # its messages are better than the tokenizer's, which lets much pass
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except SyntaxError as error:
        raise AssignmentError(f"{name}, line {error.lineno}: not Python ({error.msg})") from None
    except (tokenize.TokenError, ValueError) as error:
        raise AssignmentError(f"{name}: not Python ({error})") from None
