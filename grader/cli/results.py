"""A folder of results, as the commands that send results on read it: from the gradebook alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.authoring import load
from grader.cli import pages
from grader.cli.book import book
from grader.cli.main import say
from grader.contract import Assignment, Report
from grader.exports.comment import comment
from grader.gradebook.gradebook import Gradebook
from grader.pages import statistics
from student_template.runner import sentences


@dataclass(frozen=True, slots=True)
class Results:
    """What was graded in a folder, and its gradebook, which is open."""

    folder: Path
    assignment: Assignment
    reports: tuple[Report, ...]
    gradebook: Gradebook

    def page(self, report: Report, team: str = "") -> bytes:
        """A report's feedback page; under a team's name where it goes to all of a team."""
        return pages.page(self.gradebook, report, self.assignment, team).encode("utf-8", "backslashreplace")

    def comment(self, report: Report, attached: bool) -> str:
        """What is said of it in a line of HTML; `attached`: its page goes with it."""
        return comment(report, self.assignment, say, self.assignment.language, attached=attached)

    def needs(self) -> list[tuple[str, Report]]:
        """Whom a person should look at, and why: the list that `grade` shows as "Needs you"."""
        return statistics.needs(self.reports, self.assignment.interface, self.gradebook.picks())


@contextmanager
def opened(directory: Path, course: Path = load.PROJECT, language: str | None = None) -> Iterator[Results]:
    """Open what `surdix grade` wrote. Raises `UserError` where it wrote nothing, or its TD is not in the course."""
    path = book(directory)
    with Gradebook.open(path, create=False) as gradebook:
        assignment = load.load(course, gradebook.td, language).assignment
        sentences.add_reasons(assignment.reasons, assignment.language)
        yield Results(directory, assignment, tuple(pages.hinted(gradebook.reports(), assignment)), gradebook)
