"""Which grading counts, and the report that comes of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.contract import Policy, Report, Run, Status, Submission
from grader.gradebook import hand_ins, lateness
from grader.gradebook.corrections import corrected
from grader.gradebook.events import Event
from grader.gradebook.rows import read_notes, read_run, read_verdicts
from grader.gradebook.score import total
from grader.gradebook.values import from_text, loads, to_text

NOT_DONE = (Status.GRADER_FAULT, Status.CRASHED)  # worth another try


@dataclass(frozen=True, slots=True)
class Past:
    """One grading in a student's history."""

    submission_id: str
    picked: str
    status: Status
    score: float | None  # as graded, before what people decided
    assignment_version: str
    grader_version: str
    sandbox: str
    started: str
    ended: str
    counts: bool
    seq: int = 0


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


def latest(connection: sqlite3.Connection, student_id: str) -> sqlite3.Row | None:
    """The grading of the student's latest submission that counts."""
    handed_in = hand_ins.latest(connection, student_id)
    return None if handed_in is None else counting(connection, handed_in)


def counting(connection: sqlite3.Connection, handed_in: sqlite3.Row) -> sqlite3.Row | None:
    """The grading that counts of a row of `submissions`: the one that it names, else the last of that submission."""
    last = last_of(connection, handed_in) if handed_in["grading"] is None else handed_in["grading"]
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


def read_report(
    connection: sqlite3.Connection, student_id: str, events: Iterable[Event], policy: Policy
) -> Report | None:
    """What counts for a student, with the policy and what people decided about it; None if nothing was graded.

    By the policy it is the last hand-in, or the best: of those of one score the last.
    """
    theirs = list(events)
    handed_in = hand_ins.all_of(connection, student_id) if policy.counts == "best" else []
    found = [_report(connection, row, theirs, policy) for row in handed_in[:-1]]
    latest_row = hand_ins.latest(connection, student_id)
    last = _report(connection, latest_row, theirs, policy) if latest_row is not None else None
    scored = [report for report in [*found, last] if report is not None and report.score is not None]
    if last is None or (last.score is None and not scored):
        return last
    return max(reversed(scored), key=lambda report: report.score or 0.0)


def _report(
    connection: sqlite3.Connection, handed_in: sqlite3.Row, events: Sequence[Event], policy: Policy
) -> Report | None:
    grading = counting(connection, handed_in)
    if grading is None:
        return None
    student_id, team = from_text(handed_in["student_id"]), from_text(handed_in["team"] or "")
    theirs = [event for event in events if event.student_id in ("", student_id, team or student_id)]
    at = hand_ins.time_of(handed_in["handed_in_at"])
    due, _ = lateness.due_time(hand_ins.time_of(handed_in["due"]), theirs)
    status = Status(grading["status"])
    verdicts = read_verdicts(connection, grading["seq"])
    raw = grading["raw_score"]
    if status is Status.ABSENT and policy.absent == "zero":
        raw = 0.0
    elif raw is not None and status is Status.GRADED:
        raw = total(verdicts, policy.maximum)  # the maximum may have changed since
    report = Report(
        student_id=student_id,
        name=from_text(handed_in["name"]),
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
    return corrected(report, theirs, policy, lateness.penalty(at, due, policy))


@dataclass(frozen=True, slots=True)
class Kept:
    """A hand-in whose run was kept, to be judged again. `run` is None if an answer was too large to keep."""

    submission: Submission
    run: Run | None
    asked: Mapping[str, str]  # empty: unknown
    grading: int  # whose run it is


def kept(connection: sqlite3.Connection, student_id: str) -> list[Kept]:
    """What is kept of each thing that a student handed in, if anything of it was run; the latest last."""
    found = []
    for row in hand_ins.all_of(connection, student_id):
        grading = counting(connection, row)
        ran = None if grading is None else _that_ran(connection, grading)
        if ran is not None:
            run = read_run(connection, ran["seq"], ran["run"])
            asked = loads(ran["asked"]) if ran["asked"] else {}
            found.append(Kept(hand_ins.of_row(connection, row), run, asked, ran["seq"]))
    return found


def _that_ran(connection: sqlite3.Connection, grading: sqlite3.Row) -> sqlite3.Row | None:
    """The grading that a run belongs to: itself, or the one whose run was judged again; None if nothing ran."""
    row: sqlite3.Row | None = grading
    if row is not None and row["judged_from"] is not None:
        row = connection.execute("SELECT * FROM gradings WHERE seq = ?", (row["judged_from"],)).fetchone()
    return None if row is None or row["run"] is None else row


def read_latest_run(connection: sqlite3.Connection, student_id: str) -> Run | None:
    """The run of the grading that counts; None if nothing ran or an answer was too large to keep."""
    grading = latest(connection, student_id)
    ran = None if grading is None else _that_ran(connection, grading)
    return None if ran is None else read_run(connection, ran["seq"], ran["run"])


def read_printed(connection: sqlite3.Connection, student_id: str) -> str:
    """What the submission printed while it was loaded, as far as it was kept."""
    grading = latest(connection, student_id)
    ran = None if grading is None else _that_ran(connection, grading)
    return "" if ran is None else str(loads(ran["run"])["printed"])


def history(connection: sqlite3.Connection, student_id: str) -> list[Past]:
    """All gradings of a student, oldest first."""
    counts = latest(connection, student_id)
    rows = connection.execute(
        "SELECT g.*, s.submission_id, s.picked FROM gradings g JOIN submissions s ON g.submission = s.seq"
        " WHERE s.student_id = ? ORDER BY g.seq",
        (to_text(student_id),),
    ).fetchall()
    return [
        Past(
            row["submission_id"],
            from_text(row["picked"]),
            Status(row["status"]),
            row["score"],
            from_text(row["assignment_version"]),
            from_text(row["grader_version"]),
            from_text(row["sandbox"]),
            row["started"],
            row["ended"],
            counts is not None and row["seq"] == counts["seq"],
            row["seq"],
        )
        for row in rows
    ]
