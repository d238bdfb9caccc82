"""Feedback pages made from the gradebook: those that `grade` leaves, and those that go to a learning platform."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path

from grader.authoring import load
from grader.cli.main import say
from grader.contract import Assignment, Report
from grader.gradebook.gradebook import Gradebook
from grader.pages.released import NOTHING
from grader.pages.student import feedback
from grader.solutions import Solutions
from student_template.runner import reading


def page(gradebook: Gradebook, report: Report, assignment: Assignment, shown_as: str = "") -> str:
    """A report's page with the student's code, as far as it can be read.

    `shown_as` stands where the student's name would: a team's page reaches all its members and names none of them.
    """
    submission = gradebook.submission_of(report)
    source = []
    if submission is not None and submission.source:
        with contextlib.suppress(reading.Unreadable):
            cells, _ = reading.read(report.picked.rpartition("/")[2], submission.source)
            source = [(cell.label or report.picked, cell.text) for cell in cells]
        for theirs in reading.parts(assignment.parts(report.picked), submission.others).values():
            source += [(cell.label, cell.text) for cell in theirs]
    printed = gradebook.printed(report)
    released = solutions(assignment).of(report) if gradebook.released() else NOTHING
    return feedback(
        report,
        assignment,
        say,
        source or None,
        printed,
        shown_as=shown_as,
        released=released,
        defence=gradebook.slots().get(report.student_id),
    )


def solutions(assignment: Assignment) -> Solutions:
    """What may be shown of the TD once it is released. Raises `AssignmentError` where the TD fails."""
    return _loaded_once(assignment.folder, assignment.language, assignment.version)


@functools.lru_cache(maxsize=1)  # a class's pages are made one after the other
def _loaded_once(folder: str, language: str, version: str) -> Solutions:
    path = Path(folder)
    return Solutions(load.load(path.parents[1], path.name, language))
