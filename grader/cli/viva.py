"""`surdix viva DIR STUDENT`: questions for an oral, from changes of the student's own code."""

from __future__ import annotations

from pathlib import Path

import click

from grader.authoring import load
from grader.cli.book import book
from grader.cli.main import WARNING, cli, course_option, language_option, sandbox_option, say
from grader.errors import UserError
from grader.exports.write import explained, write
from grader.gradebook.gradebook import Gradebook
from grader.intake import file_name
from grader.ours import VIVA
from grader.pages.viva import viva as page_of
from grader.sandbox.tiers import open_sandbox
from grader.viva import COUNT, changes
from student_template.runner import sentences


@cli.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("student")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    show_default="DIR/viva/STUDENT.html",
    help="The page to write.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws other changes.")
@sandbox_option
@language_option
@course_option
def viva(
    directory: Path, student: str, out: Path | None, seed: int, sandbox: str, language: str | None, course: Path
) -> None:
    """Draw three changes of STUDENT's own code and ask what each does, on a page for the oral.

    DIR is the folder that `surdix grade` wrote. The answers are measured, and folded away for the examiner.
    """
    path = book(directory)
    with Gradebook.open(path, create=False) as gradebook:
        report, td = gradebook.report(student), gradebook.td
        submission = gradebook.submission_of(report) if report is not None else None
    if submission is None or report is None:
        raise UserError(f"{directory}: there is no student {student!r}; ids are the first column of grades.csv")
    loaded = load.load(course, td, language)
    sentences.add_reasons(loaded.assignment.reasons, loaded.assignment.language)
    if sandbox == "none":
        click.echo(WARNING, err=True)
    with open_sandbox(sandbox, loaded.assignment) as box:
        found = changes(loaded, submission, report, box, seed)
    page = page_of(
        found, loaded.assignment, say, student_id=student, name=report.name, picked=submission.picked, seed=seed
    )
    if out is None:
        out = directory / VIVA / f"{file_name(student)}.html"
        with explained(directory):
            write(out, page)
    else:
        _write_private(out, page)
    less = "" if len(found) == COUNT else f" (no more than {len(found)} could be measured)"
    click.echo(f"{out}: {', '.join(change.function for change in found)}{less}")


def _write_private(out: Path, page: str) -> None:
    """A file that its owner alone can read, in a folder that stays as it is."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.touch(mode=0o600)
        out.write_text(page, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UserError(f"{out}: cannot be written ({error.strerror}); choose another file with --out") from None
