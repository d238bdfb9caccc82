"""`surdix export DIR`: what was graded, in the form that Moodle, Canvas, a spreadsheet or a program takes."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from grader.cli import marked, told
from grader.cli.book import alone_with
from grader.cli.main import cli, course_option, language_option, say
from grader.cli.results import Results, opened
from grader.cli.summary import counted, visible
from grader.errors import UserError
from grader.exports import canvas as canvas_file
from grader.exports.feedback import MOST_MB, packed_before
from grader.exports.files import File, put_all
from grader.exports.moodle import Exported, export
from grader.exports.results import results_json
from grader.exports.table import table_csv
from grader.ours import FEEDBACK, RESULTS

# The options that not every form has.
OF_FORMS = {
    "max_mb": ("--moodle",),
    "scale": ("--moodle",),
    "scale_to_maximum": ("--moodle", "--canvas"),
    "column": ("--canvas",),
}


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
@click.option(
    "--to", "--out", "out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where files go."
)
@click.option(
    "--max-mb",
    type=click.FloatRange(0.01),
    default=MOST_MB,
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
    forms = {"--moodle": moodle is not None, "--canvas": canvas is not None, "--csv": as_csv, "--json": as_json}
    chosen = [form for form, given in forms.items() if given]
    if len(chosen) != 1:
        raise click.UsageError("say one of --moodle WORKSHEET, --canvas GRADEBOOK, --csv, --json", context)
    _check_options(context, chosen[0])
    with alone_with(directory), opened(directory, course, language) as results:
        _apart(results, out)
        if moodle is not None:
            done = to_moodle(results, moodle, max_mb=max_mb, scale=scale, to_maximum=scale_to_maximum)
            put_all(out, done.files, given=moodle, older=packed_before(out))
            told.tell_moodle(out, done)
            unseen = told.unseen_rows(done.forecast, results.needs())
            told.tell_unseen(directory, unseen)
            _tell_provisional(results)
            context.exit(1 if done.findings or unseen else 0)
        if canvas is not None:
            filled = to_canvas(results, canvas, column=column, to_maximum=scale_to_maximum)
            file = File.of(canvas.name, filled.book.text())
            put_all(out, [file], given=canvas)
            told.tell_canvas(out / file.name, filled, directory)
            unseen = told.unseen_scores(filled, results.needs())
            told.tell_unseen(directory, unseen)
            _tell_provisional(results)
            context.exit(1 if filled.findings or unseen else 0)
        file = _table(results) if as_csv else _array(results)
        put_all(out, [file])
        click.echo(f"{out / file.name}: {counted(len(results.reports), 'result')}")
        _tell_provisional(results)


def _tell_provisional(results: Results) -> None:
    """Scores without the questions that a person has not marked yet go out all the same: it is said."""
    to_mark = marked.still_to_mark(results.gradebook, results.assignment, results.folder)
    if to_mark:
        click.echo(visible(to_mark))


def _check_options(context: click.Context, form: str) -> None:
    """Raises `click.UsageError` for an option that would change nothing in this form."""
    for name, forms in OF_FORMS.items():
        if form not in forms and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = "--" + name.replace("_", "-")
            raise click.UsageError(f"{option} goes with {' or '.join(forms)}, not with {form}: leave it out", context)


def to_moodle(
    results: Results, worksheet: Path, *, max_mb: float = MOST_MB, scale: str = "", to_maximum: bool = False
) -> Exported:
    """Fill in a grading worksheet and pack the pages. Raises `UserError` as `grader.exports.moodle.export`."""
    return export(
        worksheet,
        results.reports,
        folder=results.folder,
        comment=results.comment,
        page=results.page,
        max_mb=max_mb,
        scale=scale,
        to_maximum=to_maximum,
    )


def to_canvas(results: Results, gradebook: Path, *, column: str = "", to_maximum: bool = False) -> canvas_file.Filled:
    """Fill in Canvas's gradebook. Raises `UserError` as `grader.exports.canvas.read` and `fill`."""
    td = results.assignment
    book = canvas_file.read(gradebook)
    return canvas_file.fill(book, results.reports, td=td.name, title=td.title, column=column, to_maximum=to_maximum)


def _table(results: Results) -> File:
    td = results.assignment
    return File.of(f"{td.name}.csv", table_csv(results.reports, say, td.language))


def _array(results: Results) -> File:
    td = results.assignment
    return File.of(f"{td.name}.json", results_json(results.reports, say, td.language))


def _apart(results: Results, out: Path) -> None:
    """Results stay results: an export has a folder of its own, which may be inside."""
    theirs = [results.folder, results.folder / RESULTS, results.folder / FEEDBACK]
    if out.resolve() in [path.resolve() for path in theirs]:
        raise UserError(
            f"{out}: this is where results are; use another folder, such as --to {results.folder / 'export'}"
        )
