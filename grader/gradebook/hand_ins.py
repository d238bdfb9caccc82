"""What was handed in, as rows: one each time that something about it is new.

A row of the last hand-in says what a student has now; one of an `earlier` hand-in, what they had before. So the order
in which rows are written does not matter: the last of the first kind is the last hand-in, whatever is added after it.
One thing may have been handed in twice, with others in between: then it has a row of each kind, and two times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from grader.contract import Status, Submission
from grader.gradebook.digest import submission_id
from grader.gradebook.events import Event, now
from grader.gradebook.events import read as read_events
from grader.gradebook.rows import add_file, insert, read_notes, write_notes
from grader.gradebook.values import dumps, from_text, loads, to_text

UNKNOWN = datetime(1, 1, 1, tzinfo=UTC)


def columns(
    submission: Submission,
    td: str,
    *,
    earlier: bool = False,
) -> dict[str, Any]:
    """A row of `submissions`, but for its time: what is compared to know whether anything is new."""
    at = submission.handed_in_at
    row = {
        "submission_id": submission_id(submission, td),
        "student_id": submission.student_id,
        "name": submission.name,
        "team": submission.team or None,
        "status": str(submission.status),
        "picked": submission.picked,
        "candidates": dumps(submission.candidates),
        "notes": write_notes(submission.notes),
        "handed_in_at": at.isoformat() if at else None,
        "late": int(submission.late),  # the platform's word; what a due time says is worked out when it is read
        "due": submission.due.isoformat() if submission.due else None,
        "draft": int(submission.draft),
        "adjustments": dumps(()),  # of the first version: now they are worked out
        "grading": None,
        "earlier": int(earlier),
    }
    return {name: to_text(value) if isinstance(value, str) else value for name, value in row.items()}


def add(connection: sqlite3.Connection, submission: Submission, row: Mapping[str, Any]) -> int:
    """Add a row and the files that it names; its number."""
    since = now()
    connection.execute("INSERT OR IGNORE INTO students VALUES (?, ?, ?)", (row["student_id"], row["name"], since))
    if row["team"]:
        connection.execute("INSERT OR IGNORE INTO teams VALUES (?, ?)", (row["team"], since))
    number = insert(connection, "submissions", since=since, **row)
    files = [(path, 0, content) for path, content in submission.others.items()]
    if submission.picked:
        files.append((submission.picked, 1, submission.source))
    for path, picked, content in files:
        sha256 = add_file(connection, content)
        insert(connection, "submission_files", submission=number, path=path, picked=picked, sha256=sha256)
    return number


def keep_earlier(connection: sqlite3.Connection, submission: Submission, td: str) -> None:
    """Keep what the student handed in before, oldest first, where something about it is new."""
    kept = set()
    for earlier in submission.earlier:
        row, known = earlier_row(connection, earlier, td)
        if row["submission_id"] in kept:
            continue  # the same files once more: of the two times the first is never the worse one
        kept.add(row["submission_id"])
        if differs(row, known):
            add(connection, earlier, row)


def earlier_row(
    connection: sqlite3.Connection, submission: Submission, td: str
) -> tuple[dict[str, Any], sqlite3.Row | None]:
    """The row of something handed in before, and the one there is of it: perhaps of when it was the last."""
    row = columns(submission, td, earlier=True)
    newest = last_row(connection, row["student_id"], row["submission_id"])
    known = last_row(connection, row["student_id"], row["submission_id"], earlier=True) or newest
    if newest is not None and known is not None:
        row["grading"] = newest["grading"]
        # An archive may not tell the time that a roster told while it was the last.
        row["handed_in_at"] = row["handed_in_at"] or known["handed_in_at"]
    return row, known


def kept_row(
    connection: sqlite3.Connection, submission: Submission, td: str
) -> tuple[dict[str, Any], sqlite3.Row | None]:
    """The row of something handed in before that was graded, as it is kept, and the one there is of it, if any."""
    row, known = earlier_row(connection, submission, td)
    if known is None or not known["earlier"]:
        return row, None
    return {**{column: known[column] for column in row}, "grading": row["grading"]}, known


def differs(row: Mapping[str, Any], known: sqlite3.Row | None) -> bool:
    """Is there something in a row that is not known yet? Which grading counts says the newest row of any kind."""
    return known is None or any(known[column] != value for column, value in row.items() if column != "grading")


def last_row(
    connection: sqlite3.Connection, student_id: str | bytes, submission_id: str, *, earlier: bool = False
) -> sqlite3.Row | None:
    """The newest row of one thing that a student handed in; with `earlier` of those alone that say it was before."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM submissions WHERE student_id = ? AND submission_id = ? AND earlier >= ?"
        " ORDER BY seq DESC LIMIT 1",
        (to_text(student_id) if isinstance(student_id, str) else student_id, submission_id, int(earlier)),
    ).fetchone()
    return row


def latest(connection: sqlite3.Connection, student_id: str) -> sqlite3.Row | None:
    """The row of what a student handed in last."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM submissions WHERE student_id = ? AND earlier = 0 ORDER BY seq DESC LIMIT 1",
        (to_text(student_id),),
    ).fetchone()
    return row


def known(connection: sqlite3.Connection, one: str) -> bool:
    """Is there a student, or a team, of this id?"""
    query = "SELECT 1 FROM submissions WHERE student_id = ? OR team = ?"
    return connection.execute(query, (to_text(one), to_text(one))).fetchone() is not None


def all_of(connection: sqlite3.Connection, student_id: str) -> list[sqlite3.Row]:
    """A row for each time that a student handed something in, as far as it is known: oldest first, the last at last.

    Rows of one thing that follow each other are one time of handing it in, of which the last row knows most. So are
    those of when it was the last hand-in and a newer one of an earlier hand-in.
    """
    rows = connection.execute(
        "SELECT * FROM submissions WHERE student_id = ? ORDER BY seq", (to_text(student_id),)
    ).fetchall()
    lasts = [row for row in rows if not row["earlier"]]
    if not lasts:
        return []
    since = {row["submission_id"]: row for row in rows if row["earlier"]}
    ends = {
        (row["submission_id"], row["handed_in_at"]): row
        for row, then in pairwise(lasts)
        if row["submission_id"] != then["submission_id"]
        and (row["submission_id"] not in since or since[row["submission_id"]]["seq"] < row["seq"])
    }
    ends.pop((lasts[-1]["submission_id"], lasts[-1]["handed_in_at"]), None)
    before = sorted([*since.values(), *ends.values()], key=lambda row: int(row["seq"]))
    times = {row["seq"]: time_of(row["handed_in_at"]) or UNKNOWN for row in before}
    if UNKNOWN not in times.values():
        before.sort(key=lambda row: times[row["seq"]])
    return [*before, lasts[-1]]


def students(connection: sqlite3.Connection) -> list[str]:
    """Everybody of whom something is known, in the order of their ids."""
    rows = connection.execute("SELECT DISTINCT student_id FROM submissions WHERE earlier = 0").fetchall()
    return sorted(from_text(row["student_id"]) for row in rows)


def teams(connection: sqlite3.Connection) -> dict[str, str]:
    """By student the team that they are in now, "" where they are in none."""
    rows = connection.execute(
        "SELECT student_id, team FROM submissions"
        " WHERE seq IN (SELECT max(seq) FROM submissions WHERE earlier = 0 GROUP BY student_id)"
    )
    return {from_text(row["student_id"]): from_text(row["team"] or "") for row in rows}


def decided_about(connection: sqlite3.Connection, student_id: str) -> list[Event]:
    """What people decided about a student, their team or everybody, in the order of its times."""
    row = latest(connection, student_id)
    return read_events(connection, {student_id, from_text(row["team"] or "") if row else ""})


def time_of(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def read(connection: sqlite3.Connection, student_id: str) -> Submission | None:
    """What a student handed in last; a file too large to keep (16 MiB) is empty."""
    row = latest(connection, student_id)
    return None if row is None else of_row(connection, row)


def of_row(connection: sqlite3.Connection, row: sqlite3.Row) -> Submission:
    """What one row of `submissions` says was handed in."""
    files = connection.execute(
        "SELECT path, picked, content FROM submission_files JOIN files USING (sha256)"
        " WHERE submission = ? ORDER BY submission_files.rowid",
        (row["seq"],),
    ).fetchall()
    return Submission(
        student_id=from_text(row["student_id"]),
        name=from_text(row["name"]),
        picked=from_text(row["picked"]),
        source=next((file["content"] or b"" for file in files if file["picked"]), b""),
        others={from_text(file["path"]): file["content"] or b"" for file in files if not file["picked"]},
        notes=read_notes(row["notes"]),
        status=Status(row["status"]),
        candidates=loads(row["candidates"]),
        team=from_text(row["team"] or ""),
        draft=bool(row["draft"]),
        handed_in_at=time_of(row["handed_in_at"]),
        due=time_of(row["due"]),
        late=bool(row["late"]),
    )
