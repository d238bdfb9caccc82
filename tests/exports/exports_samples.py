"""A made-up report with something of everything in it. (Named by itself: every room has such a module.)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.contract import Note, Outcome, Report, Share, Status, Verdict


def say(key: str, values: Mapping[str, Any], language: str = "en") -> str:
    """Stands for the runner's sentences."""
    return f"[{language}] {key} {', '.join(values)}"


def report(student_id: str = "7", **more: Any) -> Report:
    verdict = Verdict(
        "softmax_is_stable",
        "2.3",
        1.5 * 2 / 3,
        1.5,
        Outcome.PARTIAL,
        Share(Outcome.PASS, 2, 2, 1.0),
        Share(Outcome.PARTIAL, 2, 3, 2 / 3),
        Note("differs", {"index": (0, 1), "got": float("nan"), "error": 0.25}),
        Note("looks_like", {"mistake": "no_shift"}),
        0.123456,
    )
    values: dict[str, Any] = {
        "name": "Zoé O'Brien",
        "status": Status.GRADED,
        "raw_score": 1.0,
        "score": 0.5,
        "out_of": 10.0,
        "verdicts": (verdict,),
        "notes": (Note("left_out", {"line": 3}),),
        "picked": "td2.py",
        "adjustments": ({"kind": "late", "points": -0.5, "reason": "a day", "author": "policy", "time": "2026"},),
        "submission_id": "ab",
        "assignment_version": "a1",
        "grader_version": "g1",
        "sandbox": "warm",
    }
    return Report(student_id, **values | more)
