"""`surdix validate TD`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader import batch
from grader.authoring import load, store
from grader.authoring import validate as validation
from grader.cli.main import cli, course_option


@cli.command()
@click.argument("td")
@click.option("--secrets", type=click.IntRange(1), default=3, show_default=True, help="Secrets to try mistakes with.")
@click.option("--sandbox", type=click.Choice(["best", "warm", "cold", "none"]), default="best", show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Mistakes at once (default: the cores).")
@course_option
@click.pass_context
def validate(context: click.Context, td: str, secrets: int, sandbox: str, jobs: int | None, course: Path) -> None:
    """Say whether TD is fit to grade with; exit status 1 and the reasons if it is not."""
    loaded = load.load(course, td)
    own = store.secret()
    others = [hashlib.sha256(f"validate {number}".encode()).digest() for number in range(1, secrets)]
    found = validation.validate(loaded, [own, *others], sandbox=sandbox, jobs=jobs or batch.cores())
    assignment = loaded.assignment
    click.echo(f"{td}: {assignment.title}, {len(assignment.checks)} checks, {len(loaded.items)} names to write")
    for name, score in found.scores.items():
        click.echo(f"  {name}: {score:g}/{assignment.out_of:g}")
    table = Table(title=f"mistakes, over {secrets} secrets", title_justify="left")
    table.add_column("mistake", no_wrap=True)
    for heading in ("costs", "on questions", "hints", "score"):
        table.add_column(heading)
    for cost in sorted(found.costs, key=lambda cost: -cost.points):
        spread = f"{cost.lowest:g}" if cost.lowest == cost.highest else f"{cost.lowest:g} to {cost.highest:g}"
        named = str(cost.recognised or "-")
        table.add_row(cost.mistake, f"{cost.points:.4g}", ", ".join(cost.questions), named, spread)
    Console().print(table)
    if not found.findings:
        click.echo(f"{td} is fit to grade with.")
        return
    click.echo(f"{td} is not fit to grade with yet:")
    for finding in found.findings:
        click.echo(f"  - {finding}")
    context.exit(1)
