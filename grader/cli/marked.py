"""What people have marked so far: the rows of the marking table, read from the gradebook, and what is still to do."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from grader.contract import MARKED, Assignment, Manual, Report, Status
from grader.exports.marking import Entry, Mark, Member
from grader.gradebook import Gradebook
from grader.gradebook.events import Event

# Who can be marked. A person's points would make a score for those whose file could not be read: it comes first.
MARKABLE = (Status.GRADED, Status.EMPTY, Status.GRADER_FAULT)


def entries(gradebook: Gradebook, assignment: Assignment) -> list[Entry]:
    """A row for each student who handed in, one for each team, in the order of their ids."""
    marks = _marks(gradebook.events(), {question.id for question in assignment.by_hand})
    whose = (replace(report, verdicts=(), notes=()) for report in gradebook.each_report())
    rows = teams(report for report in whose if report.status in MARKABLE)
    return [
        Entry(
            name,
            tuple(Member(one.student_id, one.name, marks.get(one.student_id, {})) for one in reports),
            team=bool(reports[0].team),
        )
        for name, reports in rows.items()
    ]


def teams(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """By team, or student without one, the reports of its members, in the order of their numbers."""
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.owner, []).append(report)
    return {team: found[team] for team in sorted(found, key=_by_number)}


def _by_number(team: str) -> tuple[str, int, str]:
    head = team.rstrip("0123456789")
    digits = team[len(head) :]
    return (head, int(digits) if digits.isdecimal() else -1, team)


def left_out(reports: Iterable[Report]) -> list[Report]:
    """Those who handed in something that has to be looked at before it can be marked."""
    return [report for report in reports if report.status not in (*MARKABLE, Status.ABSENT)]


def to_do(gradebook: Gradebook, rows: Sequence[Entry], questions: Sequence[Manual]) -> dict[str, list[str]]:
    """By question the rows that still lack a mark: of some member, or of some examiner who is to hear them.

    A question that was voided lacks none.
    """
    decided, slots = gradebook.events(), gradebook.slots()
    settled = {(event.student_id, event.check) for event in decided if event.kind == "override"}
    marks = {(event.who, event.student_id, event.check) for event in decided if event.kind == "mark"}
    voided = {event.check for event in decided if event.kind == "void"}

    def lacks(row: Entry, question: Manual) -> bool:
        if question.id in voided or all((member.student_id, question.id) in settled for member in row.members):
            return False
        if not question.jury:
            return True
        return not all(
            (name, member.student_id, question.id) in marks
            for member in row.members
            for name in (slots[member.student_id].examiners if member.student_id in slots else ("",))
        )

    return {question.id: [row.id for row in rows if lacks(row, question)] for question in questions}


def still_to_mark(gradebook: Gradebook, assignment: Assignment, folder: Path) -> str:
    """One sentence on what is not marked yet, "" where nothing is left: until then scores are provisional."""
    if not assignment.manual:
        return ""
    rows = entries(gradebook, assignment)
    left = to_do(gradebook, rows, assignment.manual)
    open_ = [f"{question} of {len(who)}" for question, who in left.items() if who]
    if not open_:
        return ""
    where = shlex.quote(str(folder))
    ways = [("mark", assignment.by_hand), ("defences", assignment.by_jury)]
    see = [f"surdix {way} {where}" for way, theirs in ways if any(left[one.id] for one in theirs)]
    return (
        f"Not marked yet: {', '.join(open_)} of {len(rows)} who handed in. Their scores are provisional: "
        f"see {' and '.join(see)}"
    )


def _marks(events: Iterable[Event], questions: set[str]) -> dict[str, dict[str, Mark]]:
    """By student and question what people said last. The events come oldest first."""
    found: dict[str, dict[str, Mark]] = {}
    for event in events:
        if event.check not in questions or event.kind not in ("override", "comment"):
            continue
        known = found.setdefault(event.student_id, {})
        before = known.get(event.check, Mark())
        if event.kind == "override":
            known[event.check] = Mark(event.points, before.comment if event.why == MARKED else event.why)
        else:
            known[event.check] = Mark(before.points, event.why)
    return found
