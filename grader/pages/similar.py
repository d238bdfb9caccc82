"""The page of hand-ins that share code: pairs, and the passages of each side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.contract import Assignment, Excerpt, Found
from grader.pages import similar_words
from grader.pages.render import render
from student_template.runner.untrusted import clean

LINE = 300  # characters of a line that are shown
LINES = 20_000  # on the whole page
RARE = 2  # hand-ins: the pair alone


@dataclass(frozen=True, slots=True)
class Whose:
    """A student, or a team with its members' names; `partners`: whom they say that they worked with."""

    name: str
    partners: str = ""


def page(assignment: Assignment, found: Found, whose: Mapping[str, Whose]) -> str:
    """The page as HTML that needs nothing else."""
    left = LINES
    shown = []
    for pair in found.pairs:
        passages: list[dict[str, Any]] = []
        for passage in pair.passages:
            left -= len(passage.left.rows) + len(passage.right.rows)
            if left < 0:
                break
            passages.append(
                {
                    "hand_ins": passage.hand_ins,
                    "told": "rare" if passage.hand_ins <= RARE else "common" if passage.hand_ins > found.common else "",
                    "sides": [_side(passage.left), _side(passage.right)],
                }
            )
        shown.append(
            {
                "sides": [whose[pair.left], whose[pair.right]],
                "share": pair.share,
                "passages": passages,
                "rarest": min((passage.hand_ins for passage in pair.passages), default=0),
            }
        )
    return render(
        "similar.html",
        assignment.language,
        similar_words.LANGUAGES,
        assignment=assignment,
        found=found,
        pairs=shown,
    )


def _side(excerpt: Excerpt) -> dict[str, Any]:
    """Rows are cleaned piece by piece, so that the mark stays where it is."""
    rows = []
    for row in excerpt.rows:
        left = LINE
        pieces = []
        for piece in row:
            pieces.append(clean(piece, left) if left else "")
            left = max(0, left - len(piece))
        rows.append(pieces)
    return {"label": excerpt.label, "line": excerpt.line, "rows": rows}
