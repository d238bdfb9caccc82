"""`surdix generate TD`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.authoring import generate as generating
from grader.authoring import load, store
from grader.cli.main import cli, course_option, language_option
from grader.cli.summary import counted
from grader.pipeline import prepare


@cli.command()
@click.argument("td")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where to put TD/ and TD.zip."
)
@language_option
@course_option
def generate(td: str, out: Path, language: str | None, course: Path) -> None:
    """Make the handout of a TD: stubs, notebook, data, local tests, as a folder and a zip."""
    loaded = load.load(course, td, language)
    marking = prepare(loaded, store.secret(), keep=True)
    folder = generating.generate(loaded, marking, out)
    assignment = loaded.assignment
    size = f"{counted(len(assignment.checks), 'check')}, {assignment.out_of:g} points"
    click.echo(f"{folder}/ and {folder}.zip: {assignment.title}, {size}")
