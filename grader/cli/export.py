"""`surdix export DIR`: what was graded, in the form that Moodle, Canvas, a spreadsheet or a program takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from markupsafe import escape

from grader.authoring import load
from grader.cli import forecast
from grader.cli.main import cli, course_option, language_option, say
from grader.contract import Assignment, Report
from grader.errors import UserError
from grader.exports import canvas as canvas_file
from grader.exports import moodle as moodle_files
from grader.exports.comment import comment
from grader.exports.results import results_json
from grader.exports.table import table_csv
from grader.exports.write import explained, put
from grader.gradebook.gradebook import Gradebook
from grader.intake import file_name
from grader.pages.text import name as shown_name
from student_template.runner import sentences


@dataclass(frozen=True, slots=True)
class Graded:
    """What a folder of results holds."""

    folder: Path
    assignment: Assignment
    reports: tuple[Report, ...]


@cli.command("export")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--moodle",
    type=click.Path(path_type=Path),
    metavar="WORKSHEET",
    help="Moodle's grading worksheet (csv), as it was downloaded: fill it in, and pack the feedback pages.",
)
@click.option(
    "--canvas", type=click.Path(path_type=Path), metavar="GRADEBOOK", help="Canvas's gradebook (csv), as exported."
)
@click.option("--csv", "as_csv", is_flag=True, help="A table: a line a student, a column a check.")
@click.option("--json", "as_json", is_flag=True, help="An array of all results.")
@click.option("--to", "out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where files go.")
@click.option(
    "--max-mb",
    type=click.FloatRange(0.01),
    default=50.0,
    show_default=True,
    help="The most that Moodle takes as one file: a larger feedback.zip becomes several.",
)
@click.option("--scale", default="", metavar="SCORE:WORD,…", help="Of an assignment graded by a scale: 0:Weak,5:Good.")
@click.option("--scale-to-maximum", is_flag=True, help="Make scores out of 10 scores out of the platform's maximum.")
@click.option("--column", default="", help="Canvas's column, where its name is not the TD's.")
@language_option
@course_option
@click.pass_context
def command(
    context: click.Context,
    directory: Path,
    moodle: Path | None,
    canvas: Path | None,
    as_csv: bool,
    as_json: bool,
    out: Path,
    max_mb: float,
    scale: str,
    scale_to_maximum: bool,
    column: str,
    language: str | None,
    course: Path,
) -> None:
    """Write what was graded in DIR for Moodle, for Canvas, or as a table.

    DIR is the folder that `surdix grade` wrote. Nothing is uploaded: what the platform will do with each row is told
    first. Exit status 1: something needs you before you upload.
    """
    if sum((moodle is not None, canvas is not None, as_csv, as_json)) != 1:
        raise click.UsageError("say one of --moodle WORKSHEET, --canvas GRADEBOOK, --csv, --json", context)
    graded = read(directory, course, language)
    td = graded.assignment.name
    if moodle is not None:
        done = to_moodle(graded, moodle, out, scale=scale, to_maximum=scale_to_maximum, max_mb=max_mb)
        forecast.tell_moodle(done)
        context.exit(1 if forecast.needs_you(done) else 0)
    if canvas is not None:
        path, filled = to_canvas(graded, canvas, out, column=column, to_maximum=scale_to_maximum)
        forecast.tell_canvas(path, filled)
        context.exit(1 if forecast.needs_you_canvas(filled) else 0)
    if as_csv:
        path = _written(graded, out, f"{td}.csv", table_csv(graded.reports, say, graded.assignment.language))
    else:
        path = _written(graded, out, f"{td}.json", results_json(graded.reports, say, graded.assignment.language))
    click.echo(f"{path}: {len(graded.reports)} results")


def read(directory: Path, course: Path = load.PROJECT, language: str | None = None) -> Graded:
    """What was graded in a folder. Raises `UserError` where nothing was, or its TD is not in the course."""
    path = directory / "gradebook.sqlite"
    if not path.exists():
        raise UserError(f"{directory}: nothing was graded here; DIR is the folder that `surdix grade` wrote with --out")
    with Gradebook.open(path, create=False) as gradebook:
        reports, td = gradebook.reports(), gradebook.td
    assignment = load.load(course, td, language).assignment
    sentences.add_reasons(assignment.reasons, assignment.language)
    return Graded(directory, assignment, tuple(reports))


def to_moodle(
    graded: Graded, worksheet: Path, out: Path, *, scale: str = "", to_maximum: bool = False, max_mb: float = 50.0
) -> moodle_files.Exported:
    """Fill in a grading worksheet and pack the pages. Raises `UserError` as `grader.exports.moodle.export`."""
    _apart(graded, out)
    return moodle_files.export(
        worksheet,
        graded.reports,
        out,
        comment=lambda report, attached: comment(
            report, graded.assignment, say, graded.assignment.language, attached=attached
        ),
        page=pages(graded.folder),
        scale=scale,
        to_maximum=to_maximum,
        max_mb=max_mb,
    )


def to_canvas(
    graded: Graded, gradebook: Path, out: Path, *, column: str = "", to_maximum: bool = False
) -> tuple[Path, canvas_file.Canvas]:
    """Fill in Canvas's gradebook. Raises `UserError` as `grader.exports.canvas.fill`."""
    target = out / gradebook.name
    if target.resolve() == gradebook.resolve():
        raise UserError(f"{target}: this is the gradebook itself, which must stay as Canvas gave it; use another --to")
    td, title = graded.assignment.name, graded.assignment.title
    filled = canvas_file.fill(gradebook, graded.reports, td=td, title=title, column=column, to_maximum=to_maximum)
    return _written(graded, out, gradebook.name, filled.text), filled


def pages(folder: Path) -> Callable[[Report, str], bytes | None]:
    """Reads a report's feedback page; under a team's name, where it is a team's, instead of a member's."""

    def page(report: Report, team: str) -> bytes | None:
        try:
            data = (folder / "feedback" / f"{file_name(report.student_id)}.html").read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UserError(f"{error.filename}: cannot be read ({error.strerror})") from None
        return named(data, report, team) if team else data

    return page


def named(page: bytes, report: Report, team: str) -> bytes | None:
    """A member's page with the team's name where it says whose it is; None if there is no such place.

    A team's file reaches all its members, so it must name none of them. What is below is the team's own.
    """
    member, everybody = (str(escape(shown_name(name))) for name in (report.name or report.student_id, team))
    text = page.decode("utf-8", "replace")
    for before, after in (("<title>", " · "), ('<p class="who"><bdi>', "</bdi></p>")):
        if f"{before}{member}{after}" not in text:
            return None
        text = text.replace(f"{before}{member}{after}", f"{before}{everybody}{after}", 1)
    return text.encode()


def _written(graded: Graded, out: Path, name: str, text: str) -> Path:
    _apart(graded, out)
    with explained(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        put(out / name, text.encode("utf-8", "backslashreplace"))
    return out / name


def _apart(graded: Graded, out: Path) -> None:
    """Results stay results: an export has a folder of its own, which may be inside."""
    theirs: Sequence[Path] = [graded.folder, graded.folder / "results", graded.folder / "feedback"]
    if out.resolve() in [path.resolve() for path in theirs]:
        raise UserError(
            f"{out}: this is where results are; use another folder, such as --to {graded.folder / 'export'}"
        )
