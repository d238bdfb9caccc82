"""`surdix validate TD [TD ...]`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader import batch
from grader.authoring import load, store
from grader.authoring import validate as validation
from grader.authoring.validate import Validation
from grader.cli.main import cli, course_option, language_option


@cli.command()
@click.argument("tds", metavar="TD...", nargs=-1, required=True)
@click.option("--secrets", type=click.IntRange(1), default=3, show_default=True, help="Secrets to try mistakes with.")
@click.option("--sandbox", type=click.Choice(["best", "warm", "cold", "none"]), default="best", show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Mistakes at once (default: the cores).")
@language_option
@course_option
@click.pass_context
def validate(
    context: click.Context,
    tds: tuple[str, ...],
    secrets: int,
    sandbox: str,
    jobs: int | None,
    language: str | None,
    course: Path,
) -> None:
    """Say whether each TD is fit to grade with; exit status 1 and the reasons if one is not.

    What a TD says is looked at in every language that it has a handout in, or in the one of --language.
    """
    loaded = [load.load(course, td, language) for td in dict.fromkeys(tds)]
    own = store.secret()
    others = [hashlib.sha256(f"validate {number}".encode()).digest() for number in range(1, secrets)]
    fit = True
    for each in loaded:
        found = validation.validate(each, [own, *others], sandbox=sandbox, jobs=jobs or batch.cores())
        if language is None:
            found.findings += validation.other_languages(each)
        _print(each, found, secrets)
        fit = fit and not found.findings
    if not fit:
        context.exit(1)


def _print(loaded: load.Loaded, found: Validation, secrets: int) -> None:
    assignment = loaded.assignment
    td = assignment.name
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
