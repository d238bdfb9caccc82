"""`surdix appeal`: what a student asks about a score, and what is answered. Both are kept, and shown to the student."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.book import book
from grader.cli.decide import deciding, directory_argument, worth
from grader.cli.main import cli, course_option, language_option
from grader.cli.pick import who
from grader.cli.summary import visible
from grader.errors import UserError
from grader.gradebook import Gradebook


@cli.command()
@directory_argument
@click.argument("student", required=False)
@click.option("--request", default=None, metavar="TEXT", help="Keep what STUDENT asks.")
@click.option("--answer", default=None, metavar="TEXT", help="Answer the open request; the student reads it.")
@click.option(
    "--points", type=float, default=None, help="With --answer: what it is worth now; of the whole: the score."
)
@click.option("--check", default="", help="With --points: the id of a check, or of a question that a person marks.")
@language_option
@course_option
@click.pass_context
def appeal(
    context: click.Context,
    directory: Path,
    student: str | None,
    request: str | None,
    answer: str | None,
    points: float | None,
    check: str,
    language: str | None,
    course: Path,
) -> None:
    """Keep a request of STUDENT about their score, or its answer, with points or without.

    Without STUDENT: list the requests that have no answer yet.
    """
    if student is None:
        if request is not None or answer is not None or points is not None or check:
            raise click.UsageError("say which STUDENT", context)
        _list(directory)
        return
    if (request is None) == (answer is None):
        raise click.UsageError("say --request TEXT, or --answer TEXT", context)
    if points is not None and answer is None:
        raise click.UsageError("--points goes with --answer", context)
    if check and points is None:
        raise click.UsageError("--check goes with --points", context)
    text = request if request is not None else answer or ""
    if not text.strip():
        raise UserError(f"--{'answer' if request is None else 'request'} is empty: write what the student is to read")
    with deciding(directory, course, language, student) as results:
        if request is not None:
            results.gradebook.event("appeal", student, who=who(), why=request)
            return
        if student not in results.gradebook.open_appeals():
            raise UserError(
                f"{student} has no open request to answer; keep it first with --request, or use surdix comment"
            )
        if points is not None:  # first, since it may be refused: then nothing is answered
            most = worth(results, check) if check else None
            results.gradebook.event("override", student, check=check, points=points, who=who(), why=text, most=most)
        results.gradebook.event("answer", student, check=check, points=points, who=who(), why=text)


def _list(directory: Path) -> None:
    path = book(directory)
    with Gradebook.open(path, create=False) as gradebook:
        asked = gradebook.open_appeals()
        names = {report.student_id: report.name for report in gradebook.reports()}
    for student, event in asked.items():
        whose = f"{student} {names.get(student, '')}".strip()
        click.echo(visible(f"{whose} ({event.at[:10]}): {event.why}"))
    click.echo(f"{len(asked)} open.")
