"""How a student's score came about: every hand-in, grading and decision, and the sum that ends in the score."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.contract import Policy, Report, Status
from grader.gradebook import gradings, hand_ins
from grader.gradebook.events import Event
from grader.gradebook.values import from_text, to_text


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


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, what, and by whom where a person did it."""

    at: str  # ISO 8601 with offset
    kind: str  # handed_in, graded, or an event's
    what: str  # the file; the check; the new due time
    points: float | None = None  # graded: the raw score; override: the new points
    why: str = ""
    who: str = ""
    status: Status | None = None
    counts: bool = False  # handed_in, graded: it is what counts


@dataclass(frozen=True, slots=True)
class History:
    """All that led to a report, oldest first, and the report with its sum."""

    steps: tuple[Step, ...]
    report: Report
    policy: Policy

    @property
    def sum(self) -> tuple[tuple[str, float], ...]:
        """What the score is the sum of, exactly: checks, lateness, decisions, and what rounding and limits do at last.

        Empty where there is no score.
        """
        report = self.report
        if report.score is None:
            return ()
        lines = [(verdict.id, verdict.points) for verdict in report.verdicts]
        lines += [(_name(adjustment), float(adjustment["points"])) for adjustment in report.adjustments]
        exact = sum(points for _, points in lines)
        return (*lines, ("rounding and limits", report.score - exact))


def _name(adjustment: object) -> str:
    assert isinstance(adjustment, dict)
    whose = f"by {adjustment['author']}" if adjustment["kind"] in ("mark", "adjust") else ""
    return " ".join(filter(None, (adjustment["kind"], adjustment["check"], adjustment.get("value", ""), whose)))


def past(connection: sqlite3.Connection, student_id: str, events: Iterable[Event], policy: Policy) -> list[Past]:
    """All gradings of a student, oldest first."""
    counts = gradings.counted(connection, student_id, events, policy)
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
            counts is not None and row["seq"] == counts.grading,
            row["seq"],
        )
        for row in rows
    ]


def read(connection: sqlite3.Connection, student_id: str, events: Sequence[Event], policy: Policy) -> History | None:
    """A student's history; None if nothing is known of them."""
    found = gradings.counted(connection, student_id, events, policy)
    if found is None:
        return None
    report = found.report
    rows = hand_ins.all_of(connection, student_id)
    things = list(dict.fromkeys(row["submission_id"] for row in rows))
    # Files have one name each time, so a hand-in is told by its number where there are several.
    number = {thing: f" ({place})" if len(things) > 1 else "" for place, thing in enumerate(things, start=1)}
    steps = [
        Step(
            row["handed_in_at"] or row["since"],
            "handed_in",
            (from_text(row["picked"]) or row["status"]) + number[row["submission_id"]],
            status=Status(row["status"]),
            counts=len(rows) > 1 and row["seq"] == found.handed_in["seq"],
        )
        for row in rows
    ]
    steps += [
        Step(
            one.ended,
            "graded",
            (one.picked or one.status) + number.get(one.submission_id, ""),
            one.score,
            status=one.status,
            counts=one.counts,
        )
        for one in past(connection, student_id, events, policy)
    ]
    steps += [
        Step(event.at, event.kind, event.check or event.value, event.points, event.why, event.who)
        for event in events
        if event.student_id in ("", student_id, report.owner)
    ]
    return History(tuple(sorted(steps, key=lambda step: datetime.fromisoformat(step.at))), report, policy)
