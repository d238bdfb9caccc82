"""`surdix similar DIR`: hand-ins that share more than the handout explains, on a private page of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import click

from grader.atomic import put
from grader.cli.main import cli, course_option, language_option
from grader.cli.results import Results, opened
from grader.cli.summary import visible
from grader.contract import Report
from grader.errors import UserError
from grader.exports.write import explained, private, write
from grader.ours import PAIRS, SIMILAR, refuse_ours
from grader.pages.similar import Whose
from grader.pages.similar import page as page_of
from grader.pages.student import declared
from grader.similarity.pairs import compare
from grader.similarity.runs import HandIn
from student_template.runner import reading


@cli.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    default=None,
    show_default=f"DIR/{SIMILAR}/{PAIRS}",
    help="The page to write.",
)
@language_option
@course_option
def similar(directory: Path, to: Path | None, language: str | None, course: Path) -> None:
    """Show pairs of hand-ins that share more than the handout explains: a place to look, not a verdict.

    DIR is the folder that `surdix grade` wrote. Of each student the hand-in that counts is compared; members of a team
    are not compared with each other. The page names students: it is for you alone, and no report leads to it.
    """
    if to is not None:
        refuse_ours(to, directory)
    elif (directory / SIMILAR).is_symlink():
        raise UserError(f"{directory / SIMILAR}: this leads elsewhere, where `purge` would not look; remove the link")
    with opened(directory, course, language) as results:
        found = compare(_hand_ins(results), results.assignment.stub)
        page = page_of(results.assignment, found, _whose(results.reports))
    out = to or directory / SIMILAR / PAIRS
    with explained(directory):
        if to is None:
            write(out, page)
        else:
            private(to.parent)
            put(to, page.encode("utf-8", "backslashreplace"))
    short = f"; too short to tell anything: {found.too_short}" if found.too_short else ""
    click.echo(f"Hand-ins compared: {found.compared}{short}.")
    click.echo(f"Pairs that share more than the handout explains: {found.above}. A place to look, not a verdict:")
    click.echo(visible(str(out)))


def _hand_ins(results: Results) -> list[HandIn]:
    """What counts of each student and team that can be read, and each thing that a team handed in once."""
    found = {}
    for report in results.reports:
        key = report.owner
        submission = results.gradebook.submission_of(report)
        if submission is None or not submission.source or (key, submission.source) in found:
            continue
        cells: list[reading.Cell] = []
        with contextlib.suppress(reading.Unreadable):
            cells, _ = reading.read(submission.picked.rpartition("/")[2], submission.source)
        for theirs in reading.parts(results.assignment.parts(submission.picked), submission.others).values():
            cells += theirs
        labels = tuple(cell.label for cell in cells)
        found[key, submission.source] = HandIn(key, labels, tuple(reading.clean(cell.text)[0] for cell in cells))
    return list(found.values())


def _whose(reports: Sequence[Report]) -> dict[str, Whose]:
    """Names by student or team, and the partners that they declare."""
    members: dict[str, list[Report]] = {}
    for report in reports:
        members.setdefault(report.owner, []).append(report)
    found = {}
    for key, theirs in members.items():
        names = [report.name or report.student_id for report in theirs]
        name = f"{key} ({', '.join(names)})" if theirs[0].team else f"{names[0]} ({key})" if names[0] != key else key
        partners = [said["partners"] for report in theirs if (said := declared(report)) and said.get("partners")]
        found[key] = Whose(name, "; ".join(dict.fromkeys(partners)))
    return found
