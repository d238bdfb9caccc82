"""What was handed in, as rows: one each time that something about it is new."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from grader.contract import Status, Submission
from grader.gradebook.digest import submission_id
from grader.gradebook.events import now
from grader.gradebook.rows import add_file, insert, read_notes, write_notes
from grader.gradebook.values import dumps, from_text, loads, to_text


def columns(
    submission: Submission,
    td: str,
    grading: int | None = None,
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
        "grading": grading,
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


def add_earlier(connection: sqlite3.Connection, submission: Submission, td: str) -> bool:
    """Keep what the student handed in before, ungraded, where it is not kept yet; whether anything was added."""
    added = False
    for earlier in submission.earlier:
        row = columns(earlier, td)
        known = connection.execute(
            "SELECT 1 FROM submissions WHERE student_id = ? AND submission_id = ?",
            (row["student_id"], row["submission_id"]),
        ).fetchone()
        if known is None:
            add(connection, earlier, row)
            added = True
    return added


def latest(connection: sqlite3.Connection, student_id: str) -> sqlite3.Row | None:
    """The row that counts for a student."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM submissions WHERE student_id = ? ORDER BY seq DESC LIMIT 1", (to_text(student_id),)
    ).fetchone()
    return row


def known(connection: sqlite3.Connection, one: str) -> bool:
    """Is there a student, or a team, of this id?"""
    query = "SELECT 1 FROM submissions WHERE student_id = ? OR team = ?"
    return connection.execute(query, (to_text(one), to_text(one))).fetchone() is not None


def all_of(connection: sqlite3.Connection, student_id: str) -> list[sqlite3.Row]:
    """The last row of each thing that a student handed in, in the order in which they last counted."""
    return connection.execute(
        "SELECT * FROM submissions WHERE seq IN"
        " (SELECT max(seq) FROM submissions WHERE student_id = ? GROUP BY submission_id) ORDER BY seq",
        (to_text(student_id),),
    ).fetchall()


def students(connection: sqlite3.Connection) -> list[str]:
    """Everybody of whom something is known, in the order of their ids."""
    rows = connection.execute("SELECT DISTINCT student_id FROM submissions").fetchall()
    return sorted(from_text(row["student_id"]) for row in rows)


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
