"""`results/*.json`: everything about one student's result, for programs.

Two runs of the same thing give the same text but for seconds and times: keys are in a fixed order, and nothing is
taken from the machine. Messages are a key and its values, with their words in the assignment's language beside them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import msgspec

from grader.contract import Note, Report, Share, Verdict

SCHEMA = 1


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


class Say(Protocol):
    """Puts a message into words: `student_template.runner.sentences.say`."""

    def __call__(self, key: str, values: Mapping[str, Any], language: str = "en") -> str: ...


def result_json(report: Report, say: Say, language: str = "en") -> str:
    """One student's result as JSON (formats.md, "What commands leave"), ending in a newline.

    It is UTF-8 that any reader takes: nan and infinities are written as text, and so is what JSON has no form for.
    """
    return _json(_result(report, say, language))


def results_json(reports: Iterable[Report], say: Say, language: str = "en") -> str:
    """An array of all students' results, in the order of their ids."""
    return _json([_result(report, say, language) for report in sorted(reports, key=lambda r: r.student_id)])


def _result(report: Report, say: Say, language: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "student_id": report.student_id,
        "name": report.name,
        "team": report.team,
        "status": report.status,
        "late": report.late,
        "draft": report.draft,
        "raw_score": report.raw_score,
        "adjustments": report.adjustments,
        "score": report.score,
        "out_of": report.out_of,
        "picked": report.picked,
        "notes": [_note(note, say, language) for note in report.notes],
        "submission_id": report.submission_id,
        "assignment_version": report.assignment_version,
        "grader_version": report.grader_version,
        "sandbox": report.sandbox,
        "checks": [_check(verdict, say, language) for verdict in report.verdicts],
    }


def _json(value: Any) -> str:
    tree = plain(value)
    try:
        return msgspec.json.format(_ENCODER.encode(tree).encode(), indent=2).decode() + "\n"  # json indents slowly
    except UnicodeEncodeError:
        # A lone surrogate (a file name in another encoding) has no UTF-8, but JSON has an escape for it: the same one.
        text = json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False)
        return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _check(verdict: Verdict, say: Say, language: str) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "question": verdict.question,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "outcome": verdict.outcome,
        "message": _note(verdict.message, say, language),
        "hint": _note(verdict.hint, say, language) if verdict.hint else None,
        "seconds": round(verdict.seconds, 3),
        "public": _share(verdict.public),
        "hidden": _share(verdict.hidden),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"outcome": share.outcome, "passed": share.passed, "cases": share.cases}


def _note(note: Note, say: Say, language: str) -> dict[str, Any]:
    return {"key": note.key, "values": note.values, "text": say(note.key, note.values, language)}


def plain(value: Any) -> Any:
    """A tree that JSON can hold: tuples and arrays as lists, bytes as hexadecimal, what is no number as text."""
    kind = type(value)  # of most that there is, it says enough
    if kind is str or value is None or kind is bool or (kind is int and abs(value) < 1 << 63):
        return value
    if kind is dict:
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value) if abs(value) < 1 << 63 else hex(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else repr(float(value))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return plain(value.tolist()) if hasattr(value, "tolist") else str(value)
