"""`surdix report DIR`: the pages, made anew from the gradebook; or the class in numbers, for others to see."""

from __future__ import annotations

from pathlib import Path

import click

from grader.atomic import put
from grader.cli.book import alone
from grader.cli.grade import write
from grader.cli.main import cli, course_option, language_option, say
from grader.cli.results import opened
from grader.cli.summary import counted, visible
from grader.errors import UserError
from grader.exports.write import explained
from grader.ours import FEEDBACK, REPORT, refuse_ours
from grader.pages.shareable import shareable as page_of


@cli.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--shareable", is_flag=True, help="Write one page with the class in numbers, which names nobody, to --to."
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Where that page goes.")
@language_option
@course_option
@click.pass_context
def report(
    context: click.Context, directory: Path, shareable: bool, to: Path | None, language: str | None, course: Path
) -> None:
    """Write the pages of what was graded in DIR anew, from its gradebook: report.html, and feedback/ of each student.

    results/ and grades.csv, which are made of the same, are written with them. Nothing is graded and no score changes.
    """
    if shareable != (to is not None):
        raise click.UsageError("--shareable and --to FILE go together: the page is for others, not for DIR", context)

    with opened(directory, course, language) as results:
        if to is not None:
            refuse_ours(to, directory)
            if not to.parent.is_dir():
                raise UserError(f"{to.parent}: there is no such folder; make it first, or choose another with --to")
            with explained(to):
                put(to, page_of(results.reports, results.assignment, say).encode())
            click.echo(f"{visible(str(to))}: names nobody; what it tells is of groups of five or more.")
            return
        with alone(directory):
            reports = write(directory, results.gradebook, results.assignment)
        click.echo(f"{counted(len(reports), 'result')}.")
        for name in (REPORT, f"{FEEDBACK}/"):
            click.echo(f"{directory / name}{'/' if name.endswith('/') else ''}")
