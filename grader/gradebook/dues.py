"""Until when each student may hand in: the roster's due time or an extension, and the policy's grace after it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from grader.contract import Policy
from grader.gradebook import hand_ins, lateness
from grader.gradebook.events import Event
from grader.gradebook.values import from_text


def read(connection: sqlite3.Connection, events: Sequence[Event], policy: Policy) -> dict[str, datetime | None]:
    """By student the last moment that is not late; None where nothing says it.

    Who was given more time and is not known by what they handed in, a team too, is listed under their own id.
    """
    found: dict[str, tuple[datetime | None, str]] = {
        event.student_id: (None, "") for event in events if event.kind == "extension"
    }
    for student in hand_ins.students(connection):
        row = hand_ins.latest(connection, student)
        assert row is not None
        found[student] = hand_ins.time_of(row["due"]), from_text(row["team"] or "")
    dues: dict[str, datetime | None] = {}
    for student, (due, team) in found.items():
        theirs = [event for event in events if event.student_id in (student, team or student)]
        until, _ = lateness.due_time(due, theirs)
        dues[student] = None if until is None else until + timedelta(minutes=policy.grace_minutes)
    return dues
