"""`surdix new NAME`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.authoring import scaffolding
from grader.authoring.load import PROJECT
from grader.cli.main import cli, course_option


@cli.command()
@click.argument("name")
@course_option
def new(name: str, course: Path) -> None:
    """Begin the TD NAME: a small one that works, with comments that say what to replace."""
    for path in scaffolding.new(course, name):
        click.echo(path)
    click.echo(f"Edit these, beginning with the reference; then: {command('validate', name, course)}")


def command(verb: str, name: str, course: Path) -> str:
    """A further command on the same TD, to be pasted."""
    where = "" if course == PROJECT else f" --course {shlex.quote(str(course))}"
    return f"surdix {verb} {name}{where}"
