"""The contract's values as rows of the gradebook, and back. Whoever calls holds the transaction."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grader.contract import Answer, CheckRun, Note, Outcome, Run, Share, Verdict
from grader.gradebook.values import dumps, from_text, loads, to_text

MAX_ANSWER = 64 << 10  # bytes of an answer that are kept; of a larger one only its size
MAX_PRINTED = 64 << 10  # characters of what a submission printed
MAX_FILE = 16 << 20  # bytes of a file that are kept; of a larger one only its digest and size

CaseNames = Mapping[str, tuple[Sequence[str], Sequence[str]]]  # by check: its public cases, its hidden cases


def insert(connection: sqlite3.Connection, table: str, **columns: Any) -> int:
    """Add one row, text in any form; its `seq` (or rowid)."""
    return int(connection.execute(_statement(table, columns), _values(columns)).lastrowid or 0)


def insert_all(connection: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that have the same columns, in the same order: a run has hundreds of answers."""
    if rows:
        connection.executemany(_statement(table, rows[0]), map(_values, rows))


def _statement(table: str, columns: Iterable[str]) -> str:
    names = [f'"{name}"' for name in columns]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


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


def write_run(connection: sqlite3.Connection, grading: int, run: Run, cases: CaseNames) -> None:
    """Keep what came out of the sandbox, so that it can be judged again. `write_summary` has the rest."""
    checks: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for check_id, check_run in run.checks.items():
        printed = check_run.printed[:MAX_PRINTED]
        checks.append({"grading": grading, "check_id": check_id, "seconds": check_run.seconds, "printed": printed})
        public, hidden = cases.get(check_id, ((), ()))
        for is_hidden, given, names in ((0, check_run.public, public), (1, check_run.hidden, hidden)):
            for position, answer in enumerate(given):
                size = len(answer.value) + len(answer.extra)
                kept = size <= MAX_ANSWER
                answers.append(
                    {
                        "grading": grading,
                        "check_id": check_id,
                        "hidden": is_hidden,
                        "position": position,
                        "name": names[position] if position < len(names) else str(position),
                        "outcome": answer.outcome,
                        "key": answer.key,
                        "values": dumps(dict(answer.values)),
                        "size": size,
                        "value": answer.value if kept else None,
                        "extra": answer.extra if kept else None,
                    }
                )
    insert_all(connection, "check_runs", checks)
    insert_all(connection, "answers", answers)


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
    rows = connection.execute(
        'SELECT check_id, hidden, outcome, key, "values", value, extra FROM answers'
        " WHERE grading = ? ORDER BY check_id, hidden, position",
        (grading,),
    ).fetchall()
    if any(row["value"] is None for row in rows):
        return None
    answers: dict[tuple[str, int], list[Answer]] = {}
    for row in rows:
        answer = Answer(
            Outcome(row["outcome"]) if row["outcome"] else None,
            row["value"],
            from_text(row["key"]),
            loads(row["values"]),
            row["extra"],
        )
        answers.setdefault((from_text(row["check_id"]), row["hidden"]), []).append(answer)
    checks = {}
    for row in connection.execute("SELECT * FROM check_runs WHERE grading = ? ORDER BY rowid", (grading,)):
        name = from_text(row["check_id"])
        public, hidden = (tuple(answers.get((name, which), ())) for which in (0, 1))
        checks[name] = CheckRun(public, hidden, row["seconds"], from_text(row["printed"]))
    return Run(checks, **loads(summary))


def read_public_answers(connection: sqlite3.Connection, grading: int) -> dict[str, dict[str, Answer]]:
    """The answers of a grading to public cases, by check and by the case's name, as far as they were kept."""
    found: dict[str, dict[str, Answer]] = {}
    for row in connection.execute(
        'SELECT check_id, name, outcome, key, "values", value FROM answers'
        " WHERE grading = ? AND hidden = 0 AND value IS NOT NULL ORDER BY check_id, position",
        (grading,),
    ):
        outcome = Outcome(row["outcome"]) if row["outcome"] else None
        answer = Answer(outcome, row["value"], from_text(row["key"]), loads(row["values"]))
        found.setdefault(from_text(row["check_id"]), {})[from_text(row["name"])] = answer
    return found


def write_verdicts(connection: sqlite3.Connection, grading: int, verdicts: Iterable[Verdict]) -> None:
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
    insert_all(connection, "verdicts", found)


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
