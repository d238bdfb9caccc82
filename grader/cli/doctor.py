"""`surdix doctor`: which sandbox works here, and what to install if none does."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.cli.main import cli, course_option
from grader.errors import SandboxUnavailable
from grader.sandbox import doctor as examination


@cli.command()
@course_option
@click.pass_context
def doctor(context: click.Context, course: Path) -> None:
    """Say which sandbox works on this machine, proved by running something in it."""
    click.echo(f"Python {sys.version.split()[0]} at {sys.executable}")
    best = ""
    for tier in ("warm", "cold"):
        try:
            found = examination.examine(tier)
        except SandboxUnavailable as error:
            click.echo(f"{tier:<5} no: {error}")
            for line in examination.advice(str(error)):
                click.echo(f"      {line}")
        else:
            best = best or tier
            click.echo(f"{tier:<5} works: {found.milliseconds:.1f} ms a submission; {'; '.join(found.proved)}")
    click.echo(f"limits: {examination.limits()}")
    if not Path("/proc/self/ns/user").exists():
        click.echo("note: this kernel has no user namespaces")
    if best:
        click.echo(f"`surdix grade` uses {best}.")
    else:
        click.echo("No sandbox works here, so `surdix grade` will not run submissions.")
        context.exit(1)
