"""What people decide, each with who, when and why."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.errors import UserError
from grader.gradebook.rows import insert
from grader.gradebook.values import from_text, to_text
from grader.moments import aware

KINDS = ("override", "mark", "adjust", "void", "comment", "pick", "extension", "appeal", "answer", "release", "defence")
SILENT = ("pick", "release", "defence")  # may go without a reason
FOR_EVERYBODY = ("void", "release")
JURY = "jury"  # adjust: it is an examiner's, of which the mean counts
# void: all get the check's points, or the rest counts for all of it; of a bonus: its points do not count
GIVE, DROP, LEAVE_OUT = "give", "drop", "leave out"


@dataclass(frozen=True, slots=True)
class Event:
    """One decision of a person. `student_id` is "" for everybody, `check` "" for the whole submission."""

    kind: str
    student_id: str
    check: str
    points: float | None  # void: what the question is worth, if it is one that a person marks
    value: (
        str  # pick: the file; extension: the new due time; void: give, drop, leave out; defence: its slot; adjust: jury
    )
    who: str
    at: str  # ISO 8601 with offset
    why: str

    def __post_init__(self) -> None:
        """Raises `UserError` for a decision that says too little, or a time or points that are none."""
        if self.kind not in KINDS:
            raise UserError(f"{self.kind!r} is not one of {', '.join(KINDS)}")
        if not self.why.strip() and self.kind not in SILENT:
            raise UserError(f"{self.kind}: say why")
        points = math.nan if self.points is None else self.points
        if self.kind in ("override", "mark") and not (math.isfinite(points) and points >= 0):
            raise UserError(f"{self.kind}: points must be a number, from 0 on, not {self.points}")
        if self.kind == "adjust" and not math.isfinite(points):
            raise UserError(f"adjust: points must be a number, not {self.points}")
        if self.kind == "mark" and not (self.check and self.who):
            raise UserError("mark: say which criterion, and who gives it")
        if self.kind == "adjust" and self.check:
            raise UserError("adjust: it is of a person's score, not of a check")
        if self.kind == "void" and (not self.check or self.value not in ("", GIVE, DROP, LEAVE_OUT)):
            raise UserError("void: say which check, and give or drop")
        if self.kind == "extension":
            aware(self.value, "extension")
        if not self.student_id and self.kind not in FOR_EVERYBODY:
            raise UserError(f"{self.kind}: say which student")


def now() -> str:
    """The time, as the gradebook writes times."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def add(connection: sqlite3.Connection, event: Event) -> None:
    insert(
        connection,
        "events",
        student_id=event.student_id or None,
        kind=event.kind,
        check_id=event.check or None,
        points=event.points,
        value=event.value or None,
        who=event.who,
        at=event.at,
        why=event.why,
    )


def read(connection: sqlite3.Connection, whose: Collection[str] | None = None) -> list[Event]:
    """All decisions in the order of their times, whenever they were written down.

    With `whose`, students or teams, those about them and about everybody: of a large class there are many others.
    """
    query, values = "SELECT * FROM events ORDER BY seq", []
    if whose is not None:
        marks = ", ".join("?" * len(whose))
        query = f"SELECT * FROM events WHERE student_id IS NULL OR student_id IN ({marks}) ORDER BY seq"
        values = [to_text(one) for one in whose]
    found = [
        Event(
            row["kind"],
            from_text(row["student_id"] or ""),
            from_text(row["check_id"] or ""),
            row["points"],
            from_text(row["value"] or ""),
            from_text(row["who"]),
            row["at"],
            from_text(row["why"]),
        )
        for row in connection.execute(query, values)
    ]
    return sorted(found, key=lambda event: datetime.fromisoformat(event.at))


def unanswered(events: Iterable[Event]) -> dict[str, Event]:
    """By student the last request that has no answer yet, of events in the order of their times."""
    asked: dict[str, Event] = {}
    for event in events:
        if event.kind == "appeal":
            asked[event.student_id] = event
        elif event.kind == "answer":
            asked.pop(event.student_id, None)
    return asked
