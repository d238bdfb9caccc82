"""One examiner's sheet of a jury, to print or to fill in on the screen: each team with its criteria and its members.

It works as `sheet` does: the table is in the page, and the script gives it back with what was typed. On paper a box is
a box to write in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.contract import Assignment, Slot
from grader.pages import marking
from grader.pages.student import when_and_where


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
    language, criteria = assignment.language, assignment.by_jury
    first = len(table[0]) - 2 * len(criteria) - 2

    def box(row: int, place: int) -> Mapping[str, Any]:
        column = first + 2 * place
        points, text = table[row + 1][column : column + 2]
        return marking.box(row, column, points, text, language)

    rows = [one for team in teams for one in (team.slot.team, *(member.student_id for member in team.members))]
    return marking.page(
        "jury.html",
        language,
        key=f"surdix defences {assignment.name}",
        file=file,
        table=table,
        whose=[examiner, *rows],
        command=command,
        assignment=assignment,
        examiner=examiner,
        most=marking.exact(assignment.policy.maximum),
        teams=[
            {
                "row": team.row,
                "slot": team.slot,
                "when": when_and_where(team.slot, assignment.timezone),
                "others": [name for name in team.slot.examiners if name != examiner],
                "automatic": team.automatic,
                "out_of": team.out_of,
                "criteria": [
                    {**marking.question(one, language), **box(team.row, place)} for place, one in enumerate(criteria)
                ],
                "members": [{"member": member, **box(member.row, len(criteria))} for member in team.members],
                "alone": [member.student_id for member in team.members] == [team.slot.team],
            }
            for team in teams
        ],
    )
