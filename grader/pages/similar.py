"""The page of hand-ins that share code: groups, and the passages of two of each side by side."""

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


@dataclass(frozen=True, slots=True)
class Whose:
    """A student, or a team with its members' names; `partners`: whom they say that they worked with."""

    name: str
    partners: str = ""


def page(assignment: Assignment, found: Found, whose: Mapping[str, Whose]) -> str:
    """The page as HTML that needs nothing else."""
    left = LINES
    shown = []
    for group in found.groups:
        passages: list[dict[str, Any]] = []
        for passage in group.passages:
            left -= len(passage.left.rows) + len(passage.right.rows)
            if left < 0:
                break
            passages.append(
                {
                    "hand_ins": passage.hand_ins,
                    "told": _told(passage.hand_ins, len(group.members), found.common),
                    "sides": [_side(passage.left), _side(passage.right)],
                }
            )
        shown.append(
            {
                "members": [whose[key] for key in group.members],
                "least": group.least,
                "most": group.most,
                "passages": passages,
                "rarest": min((passage.hand_ins for passage in group.passages), default=0),
            }
        )
    return render(
        "similar.html",
        assignment.language,
        similar_words.LANGUAGES,
        assignment=assignment,
        found=found,
        groups=shown,
        short=[whose[key].name for key in found.short],
        partly=[whose[key].name for key in found.partly],
    )


def _told(hand_ins: int, members: int, common: int) -> str:
    """What is said of a passage that so many have."""
    if hand_ins <= members:
        return "rare"
    return "common" if hand_ins > common else ""


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
