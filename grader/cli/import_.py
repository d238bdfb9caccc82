"""`surdix import NOTEBOOK`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.authoring import importing, place
from grader.cli.main import cli, course_option
from grader.cli.new import command


@cli.command(name="import")
@click.argument("notebook", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="", help="The new TD's name (default: the notebook's).")
@course_option
@click.pass_context
def import_(context: click.Context, notebook: Path, name: str, course: Path) -> None:
    """Draft a TD from NOTEBOOK, which nbgrader (or its markers) says how to read, and list what is left to do."""
    drafted = importing.draft(notebook, name)
    for path in place.write(course, drafted.name, drafted.files):
        click.echo(path)
    checks = f"{drafted.checks} checks" + (f", {drafted.todo} of them TODO" if drafted.todo else "")
    click.echo(f"{drafted.name}: {checks}; {drafted.manual} questions for a person; 10 points")
    if drafted.left:
        click.echo("Not carried over as it was:")
        for left in drafted.left:
            click.echo(f"  - {left}")
    click.echo(f"Read the drafts and edit them, then: {command('validate', drafted.name, course)}")
    if drafted.left:
        context.exit(1)
