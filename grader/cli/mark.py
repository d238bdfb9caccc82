"""`surdix mark DIR`: questions that a person marks, as a table that is filled in and read back, or a page to mark on.

A mark is an override of the question's points, with the comment as its reason; a comment that comes later is a comment.
So grading again keeps them, `history` explains them, and nothing that was said is ever replaced.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from grader.atomic import put
from grader.cli import marked, sheet
from grader.cli.decide import deciding
from grader.cli.main import cli, course_option, language_option
from grader.cli.pick import who as me
from grader.cli.results import Results, opened
from grader.cli.summary import counted, some, visible
from grader.contract import MARKED, Manual
from grader.errors import UserError
from grader.exports import marking
from grader.exports.marking import Change
from grader.exports.write import explained


@cli.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a table.")
@click.option(
    "--page", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html", help="Write a page to mark on."
)
@click.option(
    "--read", "filled", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Read it, filled in."
)
@click.option("--who", default="", metavar="NAME", help="Who marked, with --read; else your login.")
@language_option
@course_option
@click.pass_context
def mark(
    context: click.Context,
    directory: Path,
    table: Path | None,
    page: Path | None,
    filled: Path | None,
    who: str,
    language: str | None,
    course: Path,
) -> None:
    """Mark the questions that need a person: write a table or a page, fill it in, read the table back.

    DIR is the folder that `surdix grade` wrote. The page has each answer beside the boxes to fill in, and gives the
    same table. Without options: how much is marked, and who is not.
    """
    if sum(one is not None for one in (table, page, filled)) > 1:
        raise click.UsageError("say --csv or --page to write, or --read to read: one of them", context)
    if who and filled is None:
        raise click.UsageError("--who goes with --read: leave it out", context)
    if filled is not None:
        with deciding(directory, course, language) as results:
            _record(results, _changes(results, filled), who.strip() or me())
            left = marked.still_to_mark(results.gradebook, results.assignment, directory)
        click.echo(left or "All is marked.")
        return
    with opened(directory, course, language) as results:
        _questions(results)
        if table is not None:
            _write(results, table)
        elif page is not None:
            _write_page(results, page)
        else:
            _tell(results)


def _write(results: Results, out: Path) -> None:
    """Write the table, unless what is there holds marks that nobody has read yet."""
    rows = marked.entries(results.gradebook, results.assignment)
    if out.exists():
        there = marking.read(out, rows, results.assignment.by_hand)
        if there.changes or there.problems:
            raise UserError(
                f"{out}: this file is there, and holds what the gradebook does not: read it first, with "
                f"{_to_read(results, out)}, or write another one"
            )
    _put(out, marking.marking_csv(rows, _questions(results)))
    click.echo(visible(f"{out}: {counted(len(rows), 'row')}; fill it in, then {_to_read(results, out)}"))
    _tell_left_out(results)


def _write_page(results: Results, out: Path) -> None:
    """Write the page. It holds nothing that the gradebook does not, but another file may be meant by a slip."""
    if out.suffix.casefold() not in (".html", ".htm"):
        raise UserError(
            f"{out}: a browser opens a page by its name, which ends in .html; write {out.with_suffix('.html')}"
        )
    rows = marked.entries(results.gradebook, results.assignment)
    command = _to_read(results, Path(f"{results.assignment.name}-marks.csv"))
    _put(out, sheet.page(results, rows, _questions(results), command))
    then = "open it in a browser, mark, save the table, then read it with --read"
    click.echo(visible(f"{out}: {counted(len(rows), 'row')}; {then}"))
    _tell_left_out(results)


def _put(out: Path, text: str) -> None:
    with explained(out):
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        put(out, text.encode("utf-8", "backslashreplace"))


def _changes(results: Results, filled: Path) -> Sequence[Change]:
    """What is new in the table. Raises `UserError` where anything is wrong with it; each problem is told."""
    found = marking.read(filled, marked.entries(results.gradebook, results.assignment), _questions(results))
    if len(found.problems) == 1:
        raise UserError(f"{filled}: {found.problems[0]}; nothing was recorded")
    for problem in found.problems:
        click.echo(visible(f"{filled}: {problem}"), err=True)
    if found.problems:
        raise UserError(f"{filled}: {len(found.problems)} problems, see above; nothing was recorded")
    return found.changes


def _record(results: Results, changes: Sequence[Change], who: str) -> None:
    worth = {question.id: question.points for question in results.assignment.by_hand}
    for change in changes:
        if change.points is not None:
            results.gradebook.event(
                "override",
                change.student_id,
                check=change.question,
                points=change.points,
                who=who,
                why=change.why or MARKED,
                most=worth[change.question],
            )
        elif change.comment is not None:
            results.gradebook.event("comment", change.student_id, check=change.question, who=who, why=change.comment)
    marks = sum(change.points is not None for change in changes)
    click.echo(f"Recorded: {counted(marks, 'mark')}, {counted(len(changes) - marks, 'comment')} without a new mark.")


def _tell(results: Results) -> None:
    """How many of how many are marked, by question, who is not, and what to do about it."""
    rows = marked.entries(results.gradebook, results.assignment)
    to_do = marked.to_do(results.gradebook, rows, _questions(results))
    for question in _questions(results):
        left = to_do[question.id]
        text = f"Question {question.question}, {question.id} (of {marking.number(question.points)}): "
        text += f"{len(rows) - len(left)} of {len(rows)} marked"
        click.echo(visible(text + (f"; not yet: {some(left)}" if left else "")))
    if any(to_do.values()):
        click.echo(visible(f"To mark: surdix mark {shlex.quote(str(results.folder))} --page marks.html"))
    _tell_left_out(results)


def _tell_left_out(results: Results) -> None:
    left = marked.left_out(results.reports)
    if left:
        names = some([f"{report.student_id} ({report.status})" for report in left])
        click.echo(visible(f"To be looked at before they can be marked: {names}"))


def _questions(results: Results) -> Sequence[Manual]:
    """Raises `UserError` where a person has nothing to mark."""
    if not results.assignment.by_hand:
        raise UserError(f"{results.assignment.name}: no question of this TD is marked by a person")
    return results.assignment.by_hand


def _to_read(results: Results, table: Path) -> str:
    return f"surdix mark {shlex.quote(str(results.folder))} --read {shlex.quote(str(table))}"
