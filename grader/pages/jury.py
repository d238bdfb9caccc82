"""One examiner's sheet of a jury, to print or to fill in on the screen: each team with its criteria and its members.

It works as `sheet` does: the table is in the page, and the script gives it back with what was typed. On paper a box is
a box to write in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.contract import Assignment, Manual, Slot
from grader.pages import sheet_words
from grader.pages.render import render, script
from grader.pages.sheet import digest, exact
from grader.pages.student import when_and_where
from grader.pages.text import comma
from student_template.runner.untrusted import clean


@dataclass(frozen=True, slots=True)
class Member:
    """A member's row of the table; `page` is where their feedback page is, seen from the sheet."""

    row: int
    student_id: str
    name: str
    page: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team's row of the table (of a student alone: the same), its slot, and the points of the checks."""

    row: int
    slot: Slot
    members: tuple[Member, ...]
    automatic: float | None
    out_of: float


def jury(
    assignment: Assignment,
    examiner: str,
    table: Sequence[Sequence[str]],
    teams: Sequence[Team],
    file: str,
    command: str,
) -> str:
    """The page as HTML that needs nothing else.

    `table` has the titles, then a line for each row of `exports.sheets`: its last columns are two for each criterion,
    points and comment, then adjustment and reason. `file` is what the filled table is called, `command` records it.
    """
    language = assignment.language
    words = sheet_words.LANGUAGES.get(language, sheet_words.ENGLISH)
    criteria = assignment.by_jury
    first = len(table[0]) - 2 * len(criteria) - 2

    def box(row: int, column: int) -> dict[str, Any]:
        points, text = table[row + 1][column : column + 2]
        return {"row": row, "column": column, "id": f"{row}-{column}", "points": comma(points, language), "text": text}

    def of_criterion(team: Team, place: int, criterion: Manual) -> dict[str, Any]:
        return {
            "manual": criterion,
            "most": exact(criterion.points),
            "worth": comma(exact(criterion.points), language),
            "levels": [(comma(exact(points), language), text) for points, text in criterion.levels],
            **box(team.row, first + 2 * place),
        }

    most = exact(assignment.policy.maximum)
    rows = [one for team in teams for one in (team.slot.team, *(member.student_id for member in team.members))]
    return render(
        "jury.html",
        language,
        s=words,
        assignment=assignment,
        examiner=examiner,
        command=clean(command),
        script=script("sheet.js"),
        sheet={
            "key": f"surdix defences {assignment.name} {digest(table[0], [examiner, *rows])}",
            "file": file,
            "titles": table[0],
            "rows": table[1:],
            "command": clean(command),
            "words": {name: words[name] for name in sheet_words.SCRIPT},
        },
        most=most,
        teams=[
            {
                "row": team.row,
                "slot": team.slot,
                "when": when_and_where(team.slot, assignment.timezone),
                "others": [name for name in team.slot.examiners if name != examiner],
                "automatic": team.automatic,
                "out_of": team.out_of,
                "criteria": [of_criterion(team, place, one) for place, one in enumerate(criteria)],
                "members": [
                    {"member": member, **box(member.row, first + 2 * len(criteria))} for member in team.members
                ],
                "alone": [member.student_id for member in team.members] == [team.slot.team],
            }
            for team in teams
        ],
    )
