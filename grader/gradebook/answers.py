"""The answers of a run, kept so that it can be judged again and its public ones be shown.

Those to a check are one value, in the runner's codec, which is kept once however many students answer the same: most of
a class does. Files of before version 5 have a row for each answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from grader.contract import Answer, CheckRun, Outcome
from grader.gradebook.values import dumps, from_text, loads
from student_template.runner import codec

MAX_ANSWER = 64 << 10  # bytes of an answer that are kept; a larger one is not
MOST_ITEMS = 100_000_000  # what is read was written here

CaseNames = Mapping[str, tuple[Sequence[str], Sequence[str]]]  # by check: its public cases, its hidden cases
Kept = tuple[str, Answer | None]  # a case's name, its answer: None where it was too large


def pack(check_run: CheckRun, names: tuple[Sequence[str], Sequence[str]]) -> bytes:
    """The answers to a check as they are kept."""
    public, hidden = names
    return codec.encode([_packed(check_run.public, public), _packed(check_run.hidden, hidden)])


def read(connection: sqlite3.Connection, grading: int) -> dict[str, tuple[list[Kept], list[Kept]]]:
    """By check the answers of a grading to public and to hidden cases, in their order."""
    rows = connection.execute(
        "SELECT check_id, content FROM check_runs LEFT JOIN contents ON answers = sha256"
        " WHERE grading = ? ORDER BY check_runs.rowid",
        (grading,),
    ).fetchall()
    return {
        from_text(row["check_id"]): _unpacked(row["content"])
        if row["content"] is not None
        else _in_rows(connection, grading, row["check_id"])
        for row in rows
    }


def _packed(answers: Sequence[Answer], names: Sequence[str]) -> list[Any]:
    """A name and a value for each; where there is more than a value, all of it.

    What an answer says in words is bytes too: of text a message of the codec has no more than 4 MiB, which a submission
    that fails in every case could have it exceed.
    """
    packed: list[Any] = []
    for position, answer in enumerate(answers):
        packed.append(names[position] if position < len(names) else str(position))
        if len(answer.value) + len(answer.extra) > MAX_ANSWER:
            packed.append(None)
        elif answer.outcome is None and not (answer.extra or answer.values or answer.key):
            packed.append(answer.value)
        else:
            packed.append([answer.outcome, answer.value, answer.key, dumps(dict(answer.values)).encode(), answer.extra])
    return packed


def _unpacked(content: bytes) -> tuple[list[Kept], list[Kept]]:
    public, hidden = codec.decode(content, MOST_ITEMS)
    return _named(public), _named(hidden)


def _named(packed: Sequence[Any]) -> list[Kept]:
    return [(name, _answer(kept)) for name, kept in zip(packed[::2], packed[1::2], strict=True)]


def _answer(kept: Any) -> Answer | None:
    if kept is None:
        return None
    if isinstance(kept, bytes):
        return Answer(value=kept)
    outcome, value, key, values, extra = kept
    return Answer(Outcome(outcome) if outcome else None, value, key, loads(values.decode()), extra)


def _in_rows(connection: sqlite3.Connection, grading: int, check_id: str | bytes) -> tuple[list[Kept], list[Kept]]:
    """Of a file of before version 5."""
    found: tuple[list[Kept], list[Kept]] = ([], [])
    for row in connection.execute(
        "SELECT * FROM answers WHERE grading = ? AND check_id = ? ORDER BY hidden, position", (grading, check_id)
    ):
        outcome = Outcome(row["outcome"]) if row["outcome"] else None
        answer = Answer(outcome, row["value"] or b"", from_text(row["key"]), loads(row["values"]), row["extra"] or b"")
        found[row["hidden"]].append((from_text(row["name"]), None if row["value"] is None else answer))
    return found
