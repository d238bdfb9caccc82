"""Which hand-in and which grading of it count, and the report that comes of them.

By the policy the last hand-in counts, or the best by its score, lateness and decisions included: of equal ones the
last. Who a student is and until when they might hand in is known best by the row of the last one, for all of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.contract import Note, Policy, Report, Run, Status, Submission
from grader.gradebook import hand_ins, lateness
from grader.gradebook.corrections import corrected
from grader.gradebook.events import Event
from grader.gradebook.rows import read_notes, read_run, read_verdicts
from grader.gradebook.score import total
from grader.gradebook.values import from_text, loads, to_text

BEST, BEST_AT, UNSCORED = "best_of", "best_of_at", "last_unscored"  # notes' keys
EARLIER = "earlier"  # intake's note that earlier ones do not count
NOT_DONE = (Status.GRADER_FAULT, Status.CRASHED)  # worth another try


def done(
    connection: sqlite3.Connection, submission_id: str, assignment_version: str, grader_version: str
) -> int | None:
    """The last grading of this very thing, if it came to an end that another would not change."""
    row = connection.execute(
        "SELECT g.seq, g.status,"
        " EXISTS (SELECT 1 FROM verdicts v WHERE v.grading = g.seq AND v.outcome = 'grader_fault') AS faulty"
        " FROM gradings g JOIN submissions s ON g.submission = s.seq"
        " WHERE s.submission_id = ? AND g.assignment_version = ? AND g.grader_version = ? ORDER BY g.seq DESC LIMIT 1",
        (submission_id, to_text(assignment_version), to_text(grader_version)),
    ).fetchone()
    return None if row is None or row["status"] in NOT_DONE or row["faulty"] else int(row["seq"])


def counting(connection: sqlite3.Connection, handed_in: sqlite3.Row) -> sqlite3.Row | None:
    """The grading that counts of what was handed in: the one that its newest row names, else the last."""
    newest = hand_ins.last_row(connection, handed_in["student_id"], handed_in["submission_id"]) or handed_in
    last = last_of(connection, handed_in) if newest["grading"] is None else newest["grading"]
    row: sqlite3.Row | None = connection.execute("SELECT * FROM gradings WHERE seq = ?", (last,)).fetchone()
    return row


def last_of(connection: sqlite3.Connection, handed_in: sqlite3.Row) -> int | None:
    """The last grading of what a row of `submissions` says was handed in."""
    (last,) = connection.execute(
        "SELECT max(g.seq) FROM gradings g JOIN submissions s ON g.submission = s.seq"
        " WHERE s.submission_id = ? AND s.student_id = ?",
        (handed_in["submission_id"], handed_in["student_id"]),
    ).fetchone()
    return None if last is None else int(last)


@dataclass(frozen=True, slots=True)
class Counted:
    """The hand-in that counts for a student: its row, the grading of it, and the report that comes of both."""

    handed_in: sqlite3.Row
    grading: int
    report: Report


def counted(connection: sqlite3.Connection, student_id: str, events: Iterable[Event], policy: Policy) -> Counted | None:
    """What counts for a student, with the policy and what people decided about it; None if nothing was graded."""
    last_row = hand_ins.latest(connection, student_id)
    if last_row is None:
        return None
    theirs = list(events)
    last = _counted(connection, last_row, last_row, theirs, policy)
    if last is None or policy.counts != "best":
        return last
    whose = (student_id, from_text(last_row["team"] or "") or student_id)
    pick = next((event.value for event in reversed(theirs) if event.kind == "pick" and event.student_id in whose), "")
    tried = [
        _counted(connection, row, last_row, theirs, policy)
        for row in hand_ins.all_of(connection, student_id)[:-1]
        if from_text(row["picked"]) == pick or pick not in loads(row["candidates"])  # else a person chose another file
    ]
    return _best(
        [one for one in [*tried, last] if one is not None and one.report.status is not Status.ABSENT] or [last]
    )


def _best(graded: Sequence[Counted]) -> Counted:
    """The best of what was graded, oldest first. Where it is not all there was, a note of the report says so."""
    *earlier, last = graded
    scored = [one for one in graded if one.report.score is not None]
    if not earlier or not scored:
        return last
    best = max(reversed(scored), key=lambda one: one.report.score or 0.0)
    notes = [note for note in best.report.notes if note.key != EARLIER]
    if last.report.score is None:
        status = last.report.status if last.report.status is not Status.GRADED else Status.GRADER_FAULT
        notes.insert(0, Note(UNSCORED, {"why": str(status)}))
    elif len(scored) > 1:
        at = hand_ins.time_of(best.handed_in["handed_in_at"])
        count = {"count": len(scored)}
        told = Note(BEST, count) if at is None else Note(BEST_AT, {**count, "at": at.isoformat(" ", "minutes")})
        notes.append(told)
    return replace(best, report=replace(best.report, notes=tuple(notes)))


def read_report(
    connection: sqlite3.Connection, student_id: str, events: Iterable[Event], policy: Policy
) -> Report | None:
    """The report of what counts for a student; None if nothing was graded."""
    found = counted(connection, student_id, events, policy)
    return None if found is None else found.report


def listed(connection: sqlite3.Connection) -> list[str]:
    """Everybody who may have a report, in the order of their ids. A team's own gives way to those of its members."""
    teams = hand_ins.teams(connection)
    settled = set()
    for student, team in teams.items():
        if team not in ("", student) and team in teams and team not in settled:
            row = hand_ins.latest(connection, student)
            if row is not None and counting(connection, row) is not None:
                settled.add(team)
    return [one for one in sorted(teams) if one not in settled or teams[one] != one]


def _counted(
    connection: sqlite3.Connection,
    handed_in: sqlite3.Row,
    last_row: sqlite3.Row,
    events: Sequence[Event],
    policy: Policy,
) -> Counted | None:
    """A hand-in as if it were the one that counts."""
    grading = counting(connection, handed_in)
    if grading is None:
        return None
    student_id, team = from_text(handed_in["student_id"]), from_text(last_row["team"] or "")
    theirs = [event for event in events if event.student_id in ("", student_id, team or student_id)]
    at = hand_ins.time_of(handed_in["handed_in_at"])
    due, _ = lateness.due_time(hand_ins.time_of(last_row["due"]), theirs)
    status = Status(grading["status"])
    verdicts = read_verdicts(connection, grading["seq"])
    raw = grading["raw_score"]
    if status is Status.ABSENT and policy.absent == "zero":
        raw = 0.0
    elif raw is not None and status is Status.GRADED:
        raw = total(verdicts, policy.maximum)  # the maximum may have changed since
    report = Report(
        student_id=student_id,
        name=from_text(last_row["name"]),
        status=status,
        raw_score=raw,
        score=raw,
        out_of=grading["out_of"],
        verdicts=verdicts,
        notes=read_notes(grading["notes"]),
        picked=from_text(handed_in["picked"]),
        team=team,
        late=lateness.days_late(at, due, policy) > 0 or (due is None and bool(handed_in["late"])),
        draft=bool(handed_in["draft"]),
        submission_id=handed_in["submission_id"],
        assignment_version=from_text(grading["assignment_version"]),
        grader_version=from_text(grading["grader_version"]),
        sandbox=from_text(grading["sandbox"]),
    )
    report = corrected(report, theirs, policy, lateness.penalty(at, due, policy))
    return Counted(handed_in, grading["seq"], report)


@dataclass(frozen=True, slots=True)
class Kept:
    """A hand-in whose run was kept, to be judged again. `run` is None if an answer was too large to keep."""

    submission: Submission
    run: Run | None
    asked: Mapping[str, str]  # empty: unknown
    grading: int  # whose run it is
    earlier: bool = False  # something else was handed in after it


def kept(connection: sqlite3.Connection, student_id: str) -> list[Kept]:
    """What is kept of each thing that a student handed in, if anything of it was run; the last one last."""
    last = hand_ins.latest(connection, student_id)
    things = {row["submission_id"]: row for row in hand_ins.all_of(connection, student_id)}  # of two rows the last
    found = []
    for row in things.values():
        grading = counting(connection, row)
        ran = None if grading is None else _that_ran(connection, grading)
        if ran is not None:
            run = read_run(connection, ran["seq"], ran["run"])
            asked = loads(ran["asked"]) if ran["asked"] else {}
            earlier = last is None or row["submission_id"] != last["submission_id"]
            found.append(Kept(hand_ins.of_row(connection, row), run, asked, ran["seq"], earlier))
    return found


def _that_ran(connection: sqlite3.Connection, grading: sqlite3.Row) -> sqlite3.Row | None:
    """The grading that a run belongs to: itself, or the one whose run was judged again; None if nothing ran."""
    row: sqlite3.Row | None = grading
    if row is not None and row["judged_from"] is not None:
        row = connection.execute("SELECT * FROM gradings WHERE seq = ?", (row["judged_from"],)).fetchone()
    return None if row is None or row["run"] is None else row


def that_ran(connection: sqlite3.Connection, report: Report) -> sqlite3.Row | None:
    """The grading whose run a report comes of; None if nothing ran."""
    row = hand_ins.last_row(connection, report.student_id, report.submission_id)
    grading = None if row is None else counting(connection, row)
    return None if grading is None else _that_ran(connection, grading)


def that_was_asked(connection: sqlite3.Connection, report: Report) -> sqlite3.Row | None:
    """The grading of a report where it is a run of its own; None where nothing ran, or a run was judged again."""
    row = hand_ins.last_row(connection, report.student_id, report.submission_id)
    grading = None if row is None else counting(connection, row)
    return None if grading is None or grading["run"] is None or grading["judged_from"] is not None else grading
