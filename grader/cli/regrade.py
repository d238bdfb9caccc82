"""`surdix regrade DIR`: after a check was mended, what was kept is judged again; first it is told who moves."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from grader.authoring import load, store
from grader.cli.book import alone_with
from grader.cli.grade import write
from grader.cli.main import cli, course_option, language_option
from grader.cli.summary import visible
from grader.contract import Report
from grader.exports.numbers import points
from grader.gradebook.gradebook import Gradebook
from grader.pipeline import prepare
from grader.regrade import regrade as judge_again
from student_template.runner import sentences


@cli.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--yes", is_flag=True, help="Write it; without it, only tell who would move.")
@language_option
@course_option
@click.pass_context
def regrade(context: click.Context, directory: Path, yes: bool, language: str | None, course: Path) -> None:
    """Judge the answers that were kept in DIR by the TD as it is now; nothing is run, no decision is undone.

    Exit status 1: some answers are to other questions, and their students have to be graded again.
    """
    with alone_with(directory) as path, Gradebook.open(path, create=False) as gradebook:
        loaded = load.load(course, gradebook.td, language)
        sentences.add_reasons(loaded.assignment.reasons, loaded.assignment.language)
        marking = prepare(loaded, store.secret(), keep=True)
        before = {report.student_id: report for report in gradebook.reports()}
        with (
            tempfile.TemporaryDirectory(prefix="surdix-") as folder,
            gradebook.copied(Path(folder) / "gradebook.sqlite") as copy,
        ):
            copy.set_policy(loaded.assignment.policy)
            done = judge_again(copy, marking)
            after = copy.reports()
        moved = [(before[new.student_id], new) for new in after if new.score != before[new.student_id].score]
        for old, new in moved:
            click.echo(f"{visible(f'{new.student_id} {new.name}'.strip())}: {_moved(old, new)}")
        click.echo(f"{done.judged} judged again, {len(moved)} move.")
        if yes and (done.judged or moved):
            gradebook.set_policy(loaded.assignment.policy)
            judge_again(gradebook, marking)
            write(directory, gradebook, loaded.assignment)
            click.echo("Written.")
        elif not yes and (done.judged or moved):
            click.echo("Nothing is written yet: --yes writes it.")
    if done.run_again:
        shown = ", ".join(map(visible, done.run_again[:10])) + (" …" if len(done.run_again) > 10 else "")
        click.echo(f"To be run again by surdix grade, since they were asked something else: {shown}")
        context.exit(1)


def _moved(old: Report, new: Report) -> str:
    if old.score is None or new.score is None:
        return f"{points(old.score) or 'no score'} -> {points(new.score) or 'no score'}"
    return f"{points(old.score)} -> {points(new.score)} ({new.score - old.score:+.2f})"
