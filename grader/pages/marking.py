"""What the pages to mark on have in common: boxes, points as they are written, and what their script is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from grader.contract import Manual
from grader.pages import sheet_words
from grader.pages.render import render, script
from grader.pages.text import comma
from grader.pages.words import words
from student_template.runner.untrusted import clean

Table = Sequence[Sequence[str]]  # the titles, then a line for each row


def page(
    template: str,
    language: str,
    *,
    key: str,
    file: str,
    table: Table,
    whose: Sequence[str],
    command: str,
    **values: Any,
) -> str:
    """A page as HTML that needs nothing else.

    `file` is what the filled table is called, `command` what records it. What is typed is kept in the browser under
    `key`, the questions, and `whose` the rows are: what is kept for another table is not for this one.
    """
    said = words(language, sheet_words.LANGUAGES)
    digest = hashlib.sha256(json.dumps([table[0], whose]).encode()).hexdigest()[:16]
    return render(
        template,
        language,
        sheet_words.LANGUAGES,
        command=clean(command),
        script=script("sheet.js"),
        sheet={
            "key": f"{key} {digest}",
            "file": file,
            "titles": table[0],
            "rows": table[1:],
            "command": clean(command),
            "words": {name: said[name] for name in sheet_words.SCRIPT},
        },
        **values,
    )


def question(manual: Manual, language: str) -> Mapping[str, Any]:
    """A question, what it is worth, and its levels."""
    return {
        "manual": manual,
        "most": exact(manual.points),
        "worth": comma(exact(manual.points), language),
        "levels": [(comma(exact(points), language), text) for points, text in manual.levels],
    }


def box(row: int, column: int, points: str, text: str, language: str) -> Mapping[str, Any]:
    """A box for points and, in the next column, one for words, with what is in them."""
    return {"row": row, "column": column, "id": f"{row}-{column}", "points": comma(points, language), "text": text}


def exact(points: float) -> str:
    """Points with all their decimals: what is shown here is what is recorded."""
    return format(Decimal(repr(points)).normalize(), "f")
