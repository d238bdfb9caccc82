"""Who defends before whom, and what examiners have said so far: read from the gradebook."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from grader.cli import marked
from grader.cli.results import Results
from grader.contract import MARKED, Report, Slot, Status
from grader.exports import sheets
from grader.exports.marking import Mark
from grader.exports.sheets import Heard, Person
from grader.gradebook.events import JURY, Event
from grader.intake import file_name
from grader.pages import jury


def defending(reports: Sequence[Report]) -> list[str]:
    """The teams that handed in something, in the order of their numbers."""
    return [
        team for team, theirs in marked.teams(reports).items() if any(one.status is not Status.ABSENT for one in theirs)
    ]


def heard(results: Results) -> list[Heard]:
    """Every team that has a slot, with what is said of it."""
    marks = _marks(results.gradebook.events(), {criterion.id for criterion in results.assignment.by_jury})
    theirs = marked.teams(results.reports)
    out_of = math.fsum(check.points for check in results.assignment.checks if not check.bonus)
    return [
        Heard(
            slot=slot,
            name=_names(theirs[team]) if len(theirs[team]) > 1 else theirs[team][0].name,
            members=tuple(Person(report.student_id, report.name) for report in theirs[team]),
            automatic=theirs[team][0].raw_score,
            out_of=out_of,
            marks=marks,
        )
        for team, slot in slots(results).items()
    ]


def slots(results: Results) -> dict[str, Slot]:
    """By team the slot that most of its members have: who came from another team is heard with this one."""
    given = results.gradebook.slots()
    found = {}
    for team, reports in marked.teams(results.reports).items():
        theirs = [replace(given[one.student_id], team=team) for one in reports if one.student_id in given]
        if theirs:
            found[team] = max(theirs, key=theirs.count)
    return found


def page(results: Results, examiner: str, found: Sequence[Heard], file: str, command: str) -> str:
    """An examiner's sheet as a page. `file` is what the table that it gives is called, `command` records it."""
    criteria = results.assignment.by_jury
    teams: list[jury.Team] = []
    for place, row in enumerate(sheets.rows(found)):
        if row.of_team:
            teams.append(jury.Team(place, row.heard.slot, (), row.heard.automatic, row.heard.out_of))
        if row.of_person:
            where = f"../feedback/{quote(file_name(row.id))}.html"
            member = jury.Member(place, row.id, row.name, where)
            teams[-1] = replace(teams[-1], members=(*teams[-1].members, member))
    return jury.jury(results.assignment, examiner, sheets.table(examiner, found, criteria), teams, file, command)


def _names(reports: Sequence[Report]) -> str:
    """A team's members as text."""
    return ", ".join(report.name or report.student_id for report in reports)


def unmarked(found: Sequence[Heard], criteria: Sequence[str]) -> dict[str, list[str]]:
    """By examiner the teams of theirs that still lack a mark."""
    left: dict[str, list[str]] = {}
    for one in found:
        students = [person.student_id for person in one.members]
        for examiner in one.slot.examiners:
            marks = [one.mark(examiner, student, criterion) for student in students for criterion in criteria]
            left.setdefault(examiner, []).extend([one.slot.team] * any(mark.points is None for mark in marks))
    return dict(sorted(left.items()))


def _marks(events: Sequence[Event], criteria: set[str]) -> Mapping[tuple[str, str, str], Mark]:
    """By examiner, id and criterion ("": the adjustment) what was said last. The events come oldest first."""
    found: dict[tuple[str, str, str], Mark] = {}
    for event in events:
        key = (event.who, event.student_id, event.check)
        before = found.get(key, Mark())
        if event.value == JURY or (event.kind == "mark" and event.check in criteria):
            found[key] = Mark(event.points, before.comment if event.why == MARKED else event.why)
        elif event.kind == "comment" and event.check in criteria:
            found[key] = Mark(before.points, event.why)
    return found
