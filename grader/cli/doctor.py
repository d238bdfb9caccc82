"""`surdix doctor`: which sandbox works here and keeps its promises, and what to install if none does."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.cli import clusters
from grader.cli.main import cli, course_option
from grader.errors import SandboxUnavailable
from grader.sandbox import doctor as examination


@cli.command()
@click.option("--cluster", "address", default=None, metavar="ADDRESS", help="Examine each worker of a dask scheduler.")
@course_option
@click.pass_context
def doctor(context: click.Context, address: str | None, course: Path) -> None:
    """Attack each kind of sandbox on this machine, and say which promises it keeps."""
    if address is not None:
        context.exit(1 if clusters.examine(address) else 0)
    click.echo(f"Python {sys.version.split()[0]} at {sys.executable}")
    works: list[examination.Examination] = []
    for tier in ("warm", "cold"):
        try:
            found = examination.examine(tier)
        except SandboxUnavailable as error:
            click.echo(f"\n{tier}: no: {error}")
            for line in examination.advice(str(error)):
                click.echo(f"  {line}")
        else:
            works.append(found)
            _show(found)
    click.echo(f"\ndocker: by hand, see docs/sandbox.md; {examination.engines()}")
    for line in examination.missing():
        click.echo(line)
    if not Path("/proc/self/ns/user").exists():
        click.echo("note: this kernel has no user namespaces")
    if works:
        click.echo(f"`surdix grade` uses {works[0].tier}.")
    else:
        click.echo("No sandbox works here, so `surdix grade` will not run submissions.")
    broken = [found for found in works if not found.sealed]
    for found in broken:
        click.echo(f"{found.tier} is not sealed on this machine. BROKEN: {'; '.join(found.broken)}.")
    if broken or not works:
        context.exit(1)


def _show(found: examination.Examination) -> None:
    """A line for each promise and each kind of limit."""
    state = "works, and keeps its promises" if found.sealed else "works, and is NOT SEALED"
    click.echo(f"\n{found.tier}: {state}; {found.milliseconds:.1f} ms a submission. A submission")
    for verdict in found.verdicts:
        said = "kept  " if verdict.kept else "BROKEN"
        result = "" if verdict.kept else f": {verdict.result}"
        click.echo(f"  {said}  {verdict.promise} ({verdict.by}){result}")
    for mechanism, what in found.limits:
        click.echo(f"  limit   {mechanism}: {what}")
