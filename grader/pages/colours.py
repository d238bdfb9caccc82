"""Python in colours: those of pygments' tokens, as a few classes of the page's style sheet.

What a student wrote is hostile: lines are cut before they are read, and every piece is escaped.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from student_template.runner.untrusted import clean

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


@functools.cache  # made when it is needed: it costs every start of a command 70 ms
def _lexer() -> Any:
    return PythonLexer(stripnl=False, ensurenl=False)  # type: ignore[no-untyped-call]


@functools.lru_cache(maxsize=512)  # a check's own code is on many pages, and a stub's
def coloured(code: str) -> tuple[Markup, ...]:
    """Python as HTML, line by line. Takes about a millisecond for ten lines."""
    lines = [""]
    code = "\n".join(clean(line, WIDTH).replace("\n", " ") for line in code.split("\n"))
    for kind, value in _lexer().get_tokens(code):
        colour = next((name for token, name in COLOURS if kind in token), "")
        for number, piece in enumerate(value.split("\n")):
            if number:
                lines.append("")
            if piece:
                lines[-1] += f'<span class="{colour}">{escape(piece)}</span>' if colour else str(escape(piece))
    return tuple(map(Markup, lines))
