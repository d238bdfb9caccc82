"""The class's page: how it went, who needs a person, what was hard. It is the teacher's, and names every student."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from grader.contract import Assignment, Outcome, Report, Status
from grader.pages import statistics
from grader.pages.checks import question_order
from grader.pages.render import Say, render
from grader.pages.student import APART, CHECKED, declared

MOST_NOTES = 3  # of a student, in the list of those who need a person
BEST = ("best_of", "best_of_at")  # notes that are no reason to look


def report(
    reports: Sequence[Report],
    assignment: Assignment,
    say: Say,
    *,
    picks: Mapping[str, str] | None = None,
    feedback_name: Callable[[str], str] | None = None,
) -> str:
    """The page as HTML that needs nothing else.

    `picks` are the files that a person picked, by student. With `feedback_name`, a student's id to their page's file
    name without its ending (`grader.intake.names.file_name`), names link to the pages in `feedback/`.
    """
    language = assignment.language
    reports = sorted(reports, key=lambda report: report.student_id)
    scores = statistics.scores(reports)
    numbers = sorted({v.question for r in reports for v in r.verdicts}, key=question_order)

    def link(student_id: str) -> str:
        if feedback_name is None:
            return ""
        name = feedback_name(student_id)
        try:
            return f"feedback/{quote(name.encode('utf-8', 'surrogateescape'))}.html"
        except UnicodeEncodeError:  # no file can have this name
            return ""

    asked = assignment.assistants != "allowed"

    def found(report: Report) -> list[str]:
        """What the page says about someone who needs a person: their notes, or what the checks met."""
        notes = [say(note.key, note.values, language) for note in report.notes if note.key not in (*APART, *BEST)]
        if not notes:
            bad = [v for v in report.verdicts if v.outcome is Outcome.GRADER_FAULT] or list(report.verdicts)
            messages = [say(v.message.key, v.message.values, language) for v in bad if v.outcome is not Outcome.PASS]
            notes = [text for text, _ in Counter(messages).most_common()] if report.status in CHECKED else []
        return notes[:MOST_NOTES]

    return render(
        "report.html",
        language,
        assignment=assignment,
        count=len(reports),
        statuses=[(status, n) for status in Status if (n := sum(report.status is status for report in reports))],
        scored=len(scores),
        mean=statistics.mean(scores),
        median=statistics.median(scores),
        bars=_bars(statistics.histogram(scores, assignment.out_of), assignment.out_of),
        needs=[
            {"why": why, "report": r, "found": found(r), "link": link(r.student_id)}
            for why, r in statistics.needs(reports, assignment.interface, picks)
        ],
        checks=[_check(check, assignment, say) for check in statistics.success(reports)],
        numbers=numbers,
        rows=[
            {"report": r, "cells": _cells(r, numbers), "link": link(r.student_id), "declared": declared(r)}
            for r in reports
        ],
        declarations=asked or any(declared(r) for r in reports),
        asked=asked,
        unsafe=any(report.sandbox == "none" for report in reports),
    )


def _check(check: statistics.Success, assignment: Assignment, say: Say) -> dict[str, Any]:
    sentences = {declared.id: declared.sentence for declared in assignment.checks}
    message, times = "", 0
    if check.message is not None:
        _, note, times = check.message
        message = say(note.key, note.values, assignment.language)
    sentence = sentences.get(check.id, check.id)
    return {"check": check, "sentence": sentence, "message": message, "times": times}


def _cells(report: Report, numbers: Sequence[str]) -> list[dict[str, Any] | None]:
    """Points by question; None where there is nothing to show."""
    cells: list[dict[str, Any] | None] = []
    for number in numbers:
        verdicts = [verdict for verdict in report.verdicts if verdict.question == number]
        if not verdicts or report.status not in CHECKED:
            cells.append(None)
            continue
        if any(verdict.outcome is Outcome.GRADER_FAULT for verdict in verdicts):
            cells.append({"points": None, "level": "grader_fault"})
            continue
        points = sum(verdict.points for verdict in verdicts)
        most = sum(verdict.max_points for verdict in verdicts)
        level = "full" if points >= most - 1e-9 else "some" if points > 1e-9 else "zero"
        cells.append({"points": points, "level": level})
    return cells


def _bars(counts: Sequence[int], out_of: float, width: float = 720, height: float = 180) -> list[dict[str, float]]:
    """A histogram's bars, in the picture's units: the tallest is as high as the picture allows."""
    step, tallest = width / len(counts), max([*counts, 1])
    return [
        {
            "x": index * step + 3,
            "width": step - 6,
            "height": height * count / tallest,
            "count": count,
            "low": out_of * index / len(counts),
            "high": out_of * (index + 1) / len(counts),
        }
        for index, count in enumerate(counts)
    ]
