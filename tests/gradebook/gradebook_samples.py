"""Made-up submissions and reports. (A module of its own name: every room has a conftest.)"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from grader.contract import Answer, CheckRun, Limits, Note, Outcome, Report, Run, Share, Status, Submission, Verdict
from grader.gradebook import Gradebook, submission_id

WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def verdict(name: str, points: float, out_of: float = 2.0, outcome: Outcome = Outcome.PASS) -> Verdict:
    share = Share(outcome, int(points > 0), 1, points / out_of)
    return Verdict(name, "1.1", points, out_of, outcome, share, share, Note(f"says_{outcome}", {"index": (1, 2)}))


def submission(student_id: str = "7", source: bytes = b"x = 1\n", **more: Any) -> Submission:
    return Submission(student_id, "Ada L.", picked="td1.py", source=source, **more)


def report_of(handed_in: Submission, *verdicts: Verdict, score: float | None = None, **more: Any) -> Report:
    score = sum(v.points for v in verdicts) if score is None and verdicts else score
    return Report(
        handed_in.student_id,
        handed_in.name,
        more.pop("status", Status.GRADED),
        raw_score=score,
        score=score,
        out_of=10.0,
        verdicts=verdicts,
        picked=handed_in.picked,
        team=handed_in.team,
        submission_id=submission_id(handed_in, "td1"),
        assignment_version="a1",
        grader_version="g1",
        sandbox="warm",
        **more,
    )


def record(gradebook: Gradebook, handed_in: Submission, report: Report, run: Run | None = None, **more: Any) -> None:
    gradebook.record(
        handed_in,
        run,
        report,
        assignment_version=report.assignment_version,
        grader_version=report.grader_version,
        limits=Limits(),
        sandbox=report.sandbox,
        started=WHEN,
        ended=WHEN,
        cases=more.pop("cases", {}),
        **more,
    )


def seen(gradebook: Gradebook, handed_in: Submission, version: str = "a1") -> None:
    gradebook.seen(handed_in, version, "g1")


def run_of(value: bytes = b"answer") -> Run:
    answers = (Answer(value=value, extra=b"differences"), Answer(Outcome.ERROR, key="raised", values={"line": 3}))
    return Run({"mse": CheckRun(answers[:1], answers, 0.25, "hello")}, {"names": ["mse"]}, "printed", 0.5, "warm", 1)
