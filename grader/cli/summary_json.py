"""What `grade --json` prints: the summary as one JSON object, for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from grader.cli.summary import Need, named
from grader.contract import Assignment, Report
from grader.ours import BOOK, FEEDBACK, GRADES, REPORT, RESULTS
from grader.pages import statistics

FILES = {
    "grades": GRADES,
    "report": REPORT,
    "results": RESULTS,
    "feedback": FEEDBACK,
    "gradebook": BOOK,
}


def as_json(
    assignment: Assignment,
    reports: Sequence[Report],
    needs: Sequence[Need],
    out: Path,
    *,
    form: str,
    graded_now: int,
    as_before: int,
    to_mark: str,
) -> str:
    """One line; all but ASCII is escaped, so that no terminal is moved by what a student wrote."""
    scores = statistics.scores(reports)
    return json.dumps(
        {
            "td": assignment.name,
            "title": assignment.title,
            "form": form,
            "students": len(reports),
            "graded_now": graded_now,
            "as_before": as_before,
            "statuses": dict(sorted(Counter(str(report.status) for report in reports).items())),
            "late": sum(report.late for report in reports),
            "draft": sum(report.draft for report in reports),
            "scores": {
                "students": len(scores),
                "out_of": assignment.out_of,
                "mean": statistics.mean(scores),
                "median": statistics.median(scores),
                "histogram": statistics.histogram(scores, assignment.out_of),
            },
            "needs_you": [
                {
                    "student_id": need.report.student_id,
                    "name": named(need.report),
                    "team": need.report.team,
                    "members": need.members,
                    "why": need.why,
                    "text": need.text,
                    "commands": need.commands,
                    "page": str(need.page),
                }
                for need in needs
            ],
            "to_mark": to_mark,
            "paths": {key: str(out / name) for key, name in FILES.items()},
        }
    )
