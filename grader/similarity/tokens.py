"""Code as a sequence of symbols that say what it does, and not how its author dressed it.

Comments, docstrings, blanks and line ends are left out. A name that the author was free to choose becomes `NAME`: a
bare one that is no keyword and no builtin, and an attribute or method that the hand-in itself defines. What comes from
a library (`maximum` in `np.maximum`), operators and numbers stay. So a copy with other names, comments and layout has
the same symbols.

The code is read as the loader reads it, one statement after the other (`reading.blocks`): an error costs what follows
it in its own statement, and nothing else. Python's own tokenizer reads each, since it is linear in the text whatever a
student wrote (Pygments takes minutes for 300 KB of lines that are white space alone).

Symbols are bounded, and not characters, so that no long comment or string takes the place of code. What is too long for
Python to parse in bounded memory is cut all the same; of what was cut, or broke off, it is told that it was.
"""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from student_template.runner import reading

MOST = 50_000  # symbols of a hand-in: 20 times a long one
CHARACTERS = 400_000  # of a hand-in: Python parses them in 3 s and 400 MB at worst
COMMENT = re.compile(r"^[ \t\f]*#.*", re.MULTILINE)  # a line of it; in a string it matters no more
NAME, STRING = "NAME", "STRING"
LAYOUT = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER)
F_BEGINS, F_ENDS = (getattr(tokenize, f"FSTRING_{what}", None) for what in ("START", "END"))  # from Python 3.12 on
BEGINS = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)  # before what begins a statement
COMPARED = ("==", "!=", "<=", ">=")
KEPT = frozenset({*keyword.kwlist, *vars(builtins)})


@dataclass(frozen=True, slots=True)
class Token:
    """A symbol and where it stands: the index of its text, and lines (from 1) and columns (from 0) in it."""

    symbol: str
    text: int
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Symbols:
    """The symbols of a hand-in. It is not `whole` where it was too long, or a part of it broke off."""

    tokens: Sequence[Token]
    whole: bool


def tokens(texts: Iterable[str]) -> Symbols:
    """The symbols of a hand-in: the texts of its cells and files, one after the other."""
    found: list[tuple[int, int, tokenize.TokenInfo]] = []  # the text, the line before its statement, the token
    whole = True
    left = CHARACTERS
    for index, text in enumerate(texts):
        short = text if len(text) <= left else COMMENT.sub("", text)
        whole = whole and len(short) <= left
        for block in reading.blocks([reading.Cell("", short[:left])]):
            try:
                for token in islice(_read(block.text), MOST + 1 - len(found)):
                    found.append((index, block.line - 1, token))
            except (SyntaxError, tokenize.TokenError):
                whole = False
        left = max(0, left - len(short))
    own = _own([token for *_, token in found])
    made = []
    before = ""
    for index, above, token in found[:MOST]:
        (first, begin), (last, end) = token.start, token.end
        made.append(Token(_symbol(token, before, own), index, (above + first, begin), (above + last, end)))
        before = token.string
    return Symbols(made, whole and len(found) <= MOST)


def _read(text: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens that matter. Raises `SyntaxError` or `TokenError` where they break off."""
    before = tokenize.NEWLINE
    docstring = None  # a string that begins a statement: left out if nothing else is in it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for token in _whole_strings(tokenize.generate_tokens(io.StringIO(text).readline)):
            if docstring is not None and token.type not in LAYOUT:
                yield docstring
            docstring = None
            if token.type == tokenize.STRING and before in BEGINS:
                docstring = token
            elif token.type not in LAYOUT:
                yield token
            if token.type not in (tokenize.NL, tokenize.COMMENT):
                before = token.type


def _whole_strings(coming: Iterable[tokenize.TokenInfo]) -> Iterator[tokenize.TokenInfo]:
    """An f-string, with all that is nested in it, as one string: what Python before 3.12 makes of it."""
    begun: list[tokenize.TokenInfo] = []
    for token in coming:
        if token.type == F_BEGINS:
            begun.append(token)
        elif token.type == F_ENDS:
            first = begun.pop()
            if not begun:
                yield tokenize.TokenInfo(tokenize.STRING, "", first.start, token.end, token.line)
        elif not begun:
            yield token


def _own(found: Sequence[tokenize.TokenInfo]) -> frozenset[str]:
    """The functions, classes and attributes that a hand-in defines."""
    strings = [token.string for token in found] + ["", "", ""]
    own = set()
    for first, second, third in zip(strings, strings[1:], strings[2:], strict=False):
        assigned = third.endswith("=") and third not in COMPARED
        if first in ("def", "class") or (first == "." and assigned):
            own.add(second)
    return frozenset(own)


def _symbol(token: tokenize.TokenInfo, before: str, own: frozenset[str]) -> str:
    if token.type == tokenize.STRING:
        return STRING
    if token.type != tokenize.NAME:
        return token.string
    if before == ".":
        return NAME if token.string in own else token.string
    return token.string if token.string in KEPT else NAME
