"""`surdix release DIR`: from now on students' pages explain mistakes and show solutions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from grader.cli import pages
from grader.cli.book import alone_with
from grader.cli.grade import write
from grader.cli.main import cli, course_option, language_option
from grader.cli.pick import who
from grader.cli.results import Results, opened
from grader.cli.summary import visible
from grader.errors import UserError

SHOWN = 5  # students that a refusal names


@cli.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--yes", is_flag=True, help="Also where it is not known until when somebody may hand in.")
@language_option
@course_option
def release(directory: Path, yes: bool, language: str | None, course: Path) -> None:
    """Show students the solutions of what they missed, and what was wrong; for good.

    Refused until the last student's due time, extensions and grace included, has passed.
    """
    with alone_with(directory), opened(directory, course, language) as results:
        before = results.gradebook.released()
        if before is None:
            _refuse_early(results, yes)
            pages.solutions(results.assignment)  # or a TD that fails would be out and not shown
            results.gradebook.event("release", who=who(), why="")
        write(directory, results.gradebook, results.assignment)
    if before is not None:
        click.echo(f"Solutions have been out since {before.at[:10]}; the pages are written anew.")
    else:
        click.echo("Solutions are out, on the pages of who missed something.")
    click.echo(f"{directory / 'feedback'}/")


def _refuse_early(results: Results, yes: bool) -> None:
    """Raises `UserError` while somebody may still hand in in time, or may for all that is known."""
    teams = {report.team for report in results.reports if report.team != report.student_id}
    times = {one: until for one, until in results.gradebook.due_times().items() if one not in teams}
    now = datetime.now(UTC)
    waiting = {student: until for student, until in times.items() if until is not None and until >= now}
    if waiting:
        last = max(waiting.values()).isoformat(sep=" ", timespec="minutes")
        raise UserError(f"{results.folder}: {_some(list(waiting))} may hand in until {last}; release after that")
    unknown = [student for student, until in times.items() if until is None]
    if unknown and not yes:
        raise UserError(
            f"{results.folder}: it is not known until when {_some(unknown)} may hand in; --yes releases all the same"
        )


def _some(students: list[str]) -> str:
    shown = ", ".join(sorted(students)[:SHOWN])
    return visible(shown + (f" and {len(students) - SHOWN} more" if len(students) > SHOWN else ""))
