"""`surdix pick DIR STUDENT FILE`: a person says which file counts."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from grader.cli.book import book
from grader.cli.main import cli, course_option
from grader.errors import UserError
from grader.gradebook.gradebook import Gradebook


def who() -> str:
    """The name that decisions are signed with."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@cli.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.argument("student")
@click.argument("file")
@click.option("--why", default="", help="The reason, for the history.")
@course_option
def pick(directory: Path, student: str, file: str, why: str, course: Path) -> None:
    """Settle which FILE of STUDENT counts; `surdix grade` then looks at that one."""
    path = book(directory)
    with Gradebook.open(path, create=False) as gradebook:
        members = [report.student_id for report in gradebook.reports() if report.team == student]
        submission = gradebook.submission(members[0] if members else student)
        if submission is None:
            raise UserError(f"{directory}: there is no student {student!r}; ids are the first column of grades.csv")
        there = sorted({*submission.candidates, *([submission.picked] if submission.picked else [])})
        if file not in there:
            raise UserError(f"{student} handed in no {file!r}; there is {', '.join(there) or 'no file to pick'}")
        gradebook.pick(submission.student_id, file, who(), why)
        td = gradebook.td
    whose = submission.team or student
    click.echo(f"{whose}: {file} will count, once you grade again as before: surdix grade {td} … --out {directory}")
