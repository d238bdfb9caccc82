"""Feedback pages made from the gradebook: those that `grade` leaves, and those that go to a learning platform."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from grader.authoring import load
from grader.cli.main import say
from grader.contract import Assignment, Report, Verdict
from grader.gradebook.gradebook import Gradebook
from grader.pages.released import NOTHING
from grader.pages.student import Before, feedback
from grader.solutions import Solutions
from grader.trials import Trials
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
    tried = {}
    if _failed(report):
        trials = _trials(assignment.folder, assignment.language, assignment.version)
        tried = trials.of(report, gradebook.public_answers(report))
    return feedback(
        report,
        assignment,
        say,
        source or None,
        printed,
        shown_as=shown_as,
        released=released,
        tried=tried,
        before=_before(gradebook, report),
        defence=gradebook.slot(report.student_id),
    )


def hinted(reports: Iterable[Report], assignment: Assignment) -> Iterator[Report]:
    """The reports with the hints of known mistakes in the assignment's language, whichever they were graded in."""

    def said(verdict: Verdict) -> Verdict:
        if verdict.hint is None:
            return verdict
        mistakes = _loaded(assignment.folder, assignment.language, assignment.version).mistakes
        hint = next((one.hint for one in mistakes if one.id == verdict.hint.values.get("mistake")), None)
        if hint is None:
            return verdict
        return replace(verdict, hint=replace(verdict.hint, values={**verdict.hint.values, "hint": hint}))

    for report in reports:
        yield replace(report, verdicts=tuple(map(said, report.verdicts)))


# A class's pages are made one after the other: what they share is made once.


def solutions(assignment: Assignment) -> Solutions:
    """What may be shown of the TD once it is released. Raises `AssignmentError` where the TD fails."""
    return _solutions(assignment.folder, assignment.language, assignment.version)


def _before(gradebook: Gradebook, report: Report) -> list[Before]:
    """What the same files were worth when they were graded before, oldest first, where that is another score."""
    past = [one for one in gradebook.history(report.student_id) if one.submission_id == report.submission_id]
    now = max((one.seq for one in past if one.counts), default=0)
    scores = [(one.ended, one.score) for one in past if one.seq < now and one.score is not None]
    return [Before(datetime.fromisoformat(at), score) for at, score in scores if score != report.raw_score]


def _failed(report: Report) -> bool:
    """Whether there is a public case that failed."""
    return any(verdict.message.values.get("public") is True for verdict in report.verdicts)


@functools.lru_cache(maxsize=1)
def _solutions(folder: str, language: str, version: str) -> Solutions:
    return Solutions(_loaded(folder, language, version))


@functools.lru_cache(maxsize=1)
def _trials(folder: str, language: str, version: str) -> Trials:
    return Trials(_loaded(folder, language, version))


@functools.lru_cache(maxsize=1)
def _loaded(folder: str, language: str, version: str) -> load.Loaded:
    path = Path(folder)
    return load.load(path.parents[1], path.name, language)
