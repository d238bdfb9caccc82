"""`surdix validate TD [TD ...]`."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from grader import __version__, batch
from grader.authoring import load, store
from grader.authoring import validate as validation
from grader.authoring.validate import Validation
from grader.cli.main import cli, course_option, language_option
from grader.errors import UserError

SECRETS, FAST = 100, 3


@cli.command()
@click.argument("tds", metavar="TD...", nargs=-1, required=True)
@click.option(
    "--secrets",
    type=click.IntRange(1),
    default=None,
    show_default=f"{SECRETS}, or {FAST} with --fast",
    help="Secrets to draw hidden cases with.",
)
@click.option("--fast", is_flag=True, help="What takes seconds.")
@click.option("--quiet", is_flag=True, help="Print the verdict and the reasons alone.")
@click.option("--sandbox", type=click.Choice(["best", "warm", "cold", "none"]), default="best", show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Mistakes at once (default: the cores).")
@click.option(
    "--json",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write what was measured to FOLDER/TD.json.",
    metavar="FOLDER",
)
@language_option
@course_option
@click.pass_context
def validate(
    context: click.Context,
    tds: tuple[str, ...],
    secrets: int | None,
    fast: bool,
    quiet: bool,
    sandbox: str,
    jobs: int | None,
    folder: Path | None,
    language: str | None,
    course: Path,
) -> None:
    """Say whether each TD is fit to grade with; exit status 1 and the reasons if one is not.

    What a TD says is looked at in every language that it has a handout in, or in the one of --language.
    """
    loaded = [load.load(course, td, language) for td in dict.fromkeys(tds)]
    own = store.secret()
    others = [
        hashlib.sha256(f"validate {number}".encode()).digest()
        for number in range(1, secrets or (FAST if fast else SECRETS))
    ]
    errors = Console(stderr=True)
    fit = True
    for each in loaded:
        with errors.status("") as status:
            found = validation.validate(
                each,
                [*others, own],
                sandbox=sandbox,
                jobs=jobs or batch.cores(),
                said=lambda stage: status.update(f"{each.assignment.name}: {stage}"),  # noqa: B023
            )
        if language is None:
            found.findings += validation.other_languages(each)
        if not quiet:
            _tables(Console(), found)
        _verdict(found)
        if folder is not None:
            _write(folder, found)
        fit = fit and not found.findings
    if not fit:
        context.exit(1)


def _tables(console: Console, found: Validation) -> None:
    click.echo(f"{found.td}: {found.title}")
    _table(
        console,
        "scores",
        ("who", "score", "secrets"),
        [(score.who, _range(score.lowest, score.highest), str(score.secrets)) for score in found.scores],
    )
    _table(
        console,
        "tolerances: how far off the worst right answer and the best wrong one are",
        ("check", "right", "by", "wrong", "by"),
        [
            (m.check, f"{m.right:.1g}", m.right_by, _number(m.wrong), m.wrong_by.removeprefix("mistake "))
            for m in found.margins
        ],
    )
    _table(
        console,
        "training: the lowest accuracy over seeds",
        ("check", "who", "lowest", "points from", "all from", "seeds"),
        [
            (a.check, a.by, f"{a.lowest:.4g}", f"{a.none:g}", f"{a.full:g}", str(a.seeds))
            for a in sorted(found.accuracies, key=lambda a: a.check)
        ],
    )
    _table(
        console,
        "time: the slowest right solution",
        ("check", "who", "seconds", "of"),
        [
            (d.check, d.by, f"{d.seconds:.3f}", f"{d.limit:g}")
            for d in sorted(found.durations, key=lambda d: -d.seconds)[:5]
        ],
    )
    _table(
        console,
        f"mistakes, over {found.secrets} secrets",
        ("mistake", "costs", "on questions", "hints", "score"),
        [
            (
                c.mistake,
                f"{c.points:.4g}",
                ", ".join(c.questions),
                str(c.recognised or "-"),
                _range(c.lowest, c.highest),
            )
            for c in sorted(found.costs, key=lambda c: -c.points)
        ],
    )


def _verdict(found: Validation) -> None:
    for note in found.notes:
        click.echo(f"note: {note}")
    if not found.findings:
        click.echo(f"{found.td} is fit to grade with.")
        return
    click.echo(f"{found.td} is not fit to grade with yet:")
    for finding in found.findings:
        click.echo(f"  - {finding}")


def _table(console: Console, title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=number == 0)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _range(lowest: float, highest: float) -> str:
    return f"{lowest:.4g}" if abs(highest - lowest) < 1e-9 else f"{lowest:.4g} to {highest:.4g}"


def _number(value: float) -> str:
    return f"{value:.1g}" if math.isfinite(value) else "-"


def _write(folder: Path, found: Validation) -> None:
    """What was measured, as JSON, but for the times, which differ from run to run: it is kept in a repository."""
    content = {"grader_version": __version__, **asdict(found)}
    del content["durations"]
    path = folder / f"{found.td}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_plain(content), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); choose another folder with --json") from None


def _plain(value: Any) -> Any:
    """Numbers to six digits, of which the last ones depend on the machine; no infinities, which JSON does not have."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
