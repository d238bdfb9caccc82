"""The contract's values as rows of the gradebook, and back. Whoever calls holds the transaction."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.contract import Answer, CheckRun, Note, Outcome, Run, Share, Verdict
from grader.gradebook import answers
from grader.gradebook.answers import CaseNames
from grader.gradebook.values import dumps, from_text, loads, to_text

MAX_PRINTED = 64 << 10  # characters of what a submission printed
MAX_FILE = 16 << 20  # bytes of a file that are kept; of a larger one only its digest and size
MAX_PARAMETERS = 32_000  # of one statement: SQLite takes 32,766, before 3.32 only 999 (sqlite.org/limits.html, 9)


def insert(connection: sqlite3.Connection, table: str, **columns: Any) -> int:
    """Add one row, text in any form; its `seq` (or rowid)."""
    return int(connection.execute(_statement(table, columns), _values(columns)).lastrowid or 0)


class Rows:
    """Rows that are added at the end of a transaction: those of one table by as few statements as there can be.

    Each statement lets other threads run, and comes back when they let it. With one for each row, to record a run would
    be to wait for the judging of others dozens of times.
    """

    def __init__(self) -> None:
        self._contents: dict[bytes, Mapping[str, Any]] = {}  # by digest
        self._others: dict[str, list[Mapping[str, Any]]] = {}  # by table

    def add(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows that have the same columns, in the same order, as all others of that table."""
        self._others.setdefault(table, []).extend(rows)

    def keep(self, content: bytes) -> bytes:
        """Keep a value once, however many name it by the digest that comes back."""
        sha256 = hashlib.sha256(content).digest()
        self._contents[sha256] = {"sha256": sha256, "content": content}
        return sha256

    def insert(self, connection: sqlite3.Connection) -> None:
        """Add them all; of values those that are not there yet."""
        _insert_all(connection, "contents", [*self._contents.values()], ignore=True)
        for table, rows in self._others.items():
            _insert_all(connection, table, rows)


def _insert_all(
    connection: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, Any]], *, ignore: bool = False
) -> None:
    if not rows:
        return
    most = min(MAX_PARAMETERS, connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)) // len(rows[0])
    for start in range(0, len(rows), most):
        some = rows[start : start + most]
        values = [value for row in some for value in _values(row)]
        connection.execute(_statement(table, rows[0], len(some), ignore=ignore), values)


def _statement(table: str, columns: Iterable[str], rows: int = 1, *, ignore: bool = False) -> str:
    names = [f'"{name}"' for name in columns]
    row = f"({', '.join('?' * len(names))})"
    into = f"INSERT{' OR IGNORE' if ignore else ''} INTO {table} ({', '.join(names)})"
    return f"{into} VALUES {', '.join([row] * rows)}"


def _values(columns: Mapping[str, Any]) -> list[Any]:
    return [to_text(value) if isinstance(value, str) else value for value in columns.values()]


def add_file(connection: sqlite3.Connection, content: bytes) -> str:
    """Keep a file's bytes, once however many students hand them in; their sha256."""
    sha256 = hashlib.sha256(content).hexdigest()
    kept = content if len(content) <= MAX_FILE else None
    connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?, ?)", (sha256, len(content), kept))
    return sha256


def write_notes(notes: Iterable[Note]) -> str:
    return dumps([(note.key, dict(note.values)) for note in notes])


def read_notes(stored: str) -> tuple[Note, ...]:
    return tuple(Note(key, values) for key, values in loads(stored))


def add_run(rows: Rows, grading: int, run: Run, cases: CaseNames) -> None:
    """Keep what came out of the sandbox, so that it can be judged again. `write_summary` has the rest."""
    rows.add(
        "check_runs",
        [
            {
                "grading": grading,
                "check_id": check_id,
                "seconds": check_run.seconds,
                "printed": check_run.printed[:MAX_PRINTED],
                "answers": rows.keep(answers.pack(check_run, cases.get(check_id, ((), ())))),
            }
            for check_id, check_run in run.checks.items()
        ],
    )


def write_summary(run: Run | None) -> str | None:
    """A run without its answers."""
    if run is None:
        return None
    return dumps(
        {
            "loaded": dict(run.loaded),
            "printed": run.printed[:MAX_PRINTED],
            "seconds": run.seconds,
            "tier": run.tier,
            "died": run.died,
            "crashed": run.crashed,
        }
    )


def read_printed(summary: str) -> str:
    """What was printed while a submission was loaded, as far as it was kept."""
    return str(loads(summary)["printed"])


def read_run(connection: sqlite3.Connection, grading: int, summary: str) -> Run | None:
    """The run of a grading, or None if one of its answers was too large to keep."""
    kept = answers.read(connection, grading)
    checks = {}
    for row in connection.execute("SELECT * FROM check_runs WHERE grading = ? ORDER BY rowid", (grading,)):
        name = from_text(row["check_id"])
        public, hidden = ([answer for _, answer in some if answer is not None] for some in kept[name])
        if len(public) + len(hidden) < sum(map(len, kept[name])):
            return None
        checks[name] = CheckRun(tuple(public), tuple(hidden), row["seconds"], from_text(row["printed"]))
    return Run(checks, **loads(summary))


def read_public_answers(connection: sqlite3.Connection, grading: int) -> dict[str, dict[str, Answer]]:
    """The answers of a grading to public cases, by check and by the case's name, as far as they were kept."""
    found = {}
    for check_id, (public, _) in answers.read(connection, grading).items():
        theirs = {name: replace(answer, extra=b"") for name, answer in public if answer is not None}
        if theirs:
            found[check_id] = theirs
    return found


def add_verdicts(rows: Rows, grading: int, verdicts: Iterable[Verdict]) -> None:
    """Keep what came of every check."""
    found = [
        {
            "grading": grading,
            "position": position,
            "check_id": verdict.id,
            "question": verdict.question,
            "points": verdict.points,
            "max_points": verdict.max_points,
            "outcome": verdict.outcome,
            **_share("public", verdict.public),
            **_share("hidden", verdict.hidden),
            "message_key": verdict.message.key,
            "message_values": dumps(dict(verdict.message.values)),
            "hint_key": verdict.hint.key if verdict.hint else None,
            "hint_values": dumps(dict(verdict.hint.values)) if verdict.hint else None,
            "seconds": verdict.seconds,
        }
        for position, verdict in enumerate(verdicts)
    ]
    rows.add("verdicts", found)


def read_verdicts(connection: sqlite3.Connection, grading: int) -> tuple[Verdict, ...]:
    rows = connection.execute("SELECT * FROM verdicts WHERE grading = ? ORDER BY position", (grading,))
    return tuple(
        Verdict(
            from_text(row["check_id"]),
            from_text(row["question"]),
            row["points"],
            row["max_points"],
            Outcome(row["outcome"]),
            _read_share(row, "public"),
            _read_share(row, "hidden"),
            Note(from_text(row["message_key"]), loads(row["message_values"])),
            None if row["hint_key"] is None else Note(from_text(row["hint_key"]), loads(row["hint_values"])),
            row["seconds"],
        )
        for row in rows
    )


def _share(which: str, share: Share) -> dict[str, Any]:
    return {
        f"{which}_outcome": share.outcome,
        f"{which}_passed": share.passed,
        f"{which}_cases": share.cases,
        f"{which}_credit": share.credit,
    }


def _read_share(row: sqlite3.Row, which: str) -> Share:
    return Share(
        Outcome(row[f"{which}_outcome"]), row[f"{which}_passed"], row[f"{which}_cases"], row[f"{which}_credit"]
    )
