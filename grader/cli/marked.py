"""What people have marked so far: the rows of the marking table, read from the gradebook, and what is still to do."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.contract import Assignment, Report, Status
from grader.exports.marking import MARKED, Entry, Mark, Member
from grader.gradebook import Gradebook
from grader.gradebook.events import Event

# Who can be marked. A person's points would make a score for those whose file could not be read: it comes first.
MARKABLE = (Status.GRADED, Status.EMPTY, Status.GRADER_FAULT)


def entries(gradebook: Gradebook, assignment: Assignment) -> list[Entry]:
    """A row for each student who handed in, one for each team, in the order of their ids."""
    marks = _marks(gradebook.events(), {question.id for question in assignment.by_hand})
    rows: dict[str, list[Report]] = {}
    for report in gradebook.reports():
        if report.status in MARKABLE:
            rows.setdefault(report.team or report.student_id, []).append(report)
    return [
        Entry(
            name,
            tuple(Member(one.student_id, one.name, marks.get(one.student_id, {})) for one in reports),
            team=bool(reports[0].team),
        )
        for name, reports in sorted(rows.items())
    ]


def left_out(reports: Iterable[Report]) -> list[Report]:
    """Those who handed in something that has to be looked at before it can be marked."""
    return [report for report in reports if report.status not in (*MARKABLE, Status.ABSENT)]


def to_do(rows: Sequence[Entry], question: str) -> list[str]:
    """The rows where nobody, or not every member, has a mark for a question."""
    return [row.id for row in rows if any(member.mark(question).points is None for member in row.members)]


def still_to_mark(gradebook: Gradebook, assignment: Assignment, folder: Path) -> str:
    """One sentence on what is not marked yet, "" where nothing is left: until then scores are provisional."""
    if not assignment.manual:
        return ""
    rows, decided = entries(gradebook, assignment), gradebook.events()
    given = {(event.student_id, event.check) for event in decided if event.kind in ("override", "mark")}
    voided = {event.check for event in decided if event.kind == "void"}

    def lacks(row: Entry, question: str) -> bool:
        one_by_one = all((member.student_id, question) in given for member in row.members)
        return not ((row.id, question) in given or one_by_one or question in voided)

    left = {one.id: [row.id for row in rows if lacks(row, one.id)] for one in assignment.manual}
    open_ = [question for question, who in left.items() if who]
    if not open_:
        return ""
    whose = len({one for who in left.values() for one in who})
    where = shlex.quote(str(folder))
    ways = [("mark", assignment.by_hand), ("defences", assignment.by_jury)]
    see = [f"surdix {way} {where}" for way, theirs in ways if any(one.id in open_ for one in theirs)]
    return (
        f"Not marked yet: {', '.join(open_)} of {whose} of {len(rows)} who handed in. Their scores are provisional: "
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
