"""`surdix similar DIR`: hand-ins that share more than the handout explains, on a private page of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from grader.atomic import put
from grader.cli import progress
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

NAMED = 10  # on the terminal, of each kind


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
    """Show groups of hand-ins that share more than the handout explains: a place to look, not a verdict.

    DIR is the folder that `surdix grade` wrote. Of each student the hand-in that counts is compared; members of a team
    are not compared with each other. The page names students: it is for you alone, and no report leads to it.
    """
    if to is not None:
        refuse_ours(to, directory)
    elif (directory / SIMILAR).is_symlink():
        raise UserError(f"{directory / SIMILAR}: this leads elsewhere, where `purge` would not look; remove the link")
    with opened(directory, course, language) as results:
        hand_ins, whose = _hand_ins(results), _whose(results.reports)
        console = Console(stderr=True)
        with progress.shown(console, "reading", len(hand_ins)) as advance:
            found = compare(_each(hand_ins, advance), results.assignment.stub)
        page = page_of(results.assignment, found, whose)
    out = to or directory / SIMILAR / PAIRS
    with explained(directory):
        if to is None:
            write(out, page)
        else:
            private(to.parent)
            put(to, page.encode("utf-8", "backslashreplace"))
    click.echo(f"Hand-ins compared: {found.compared}.")
    for what, keys in (
        ("Not read to their end, since they are very long or break off", found.partly),
        ("Too short to tell anything", found.short),
    ):
        if keys:
            click.echo(f"{what}: {_named(keys, whose)}.")
    sizes = [len(group.members) for group in found.groups]
    of = f" (of {_some(list(map(str, sizes)), found.above)} hand-ins)" if sizes else ""
    click.echo(f"Groups that share more than the handout explains: {found.above}{of}. A place to look, not a verdict:")
    click.echo(visible(str(out)))


def _named(keys: Sequence[str], whose: Mapping[str, Whose]) -> str:
    return _some([visible(whose[key].name) for key in keys[:NAMED]], len(keys))


def _some(texts: Sequence[str], in_all: int) -> str:
    """The first of them; the page has them all."""
    more = in_all - len(texts[:NAMED])
    return ", ".join(texts[:NAMED]) + (f" and {more} more" if more else "")


def _each(hand_ins: Iterable[HandIn], advance: Callable[[bool], None]) -> Iterator[HandIn]:
    for hand_in in hand_ins:
        yield hand_in
        advance(True)


def _hand_ins(results: Results) -> list[HandIn]:
    """What counts of each student and team that can be read, and each thing that a team handed in once."""
    found = {}
    for report in results.reports:
        key = report.owner
        submission = results.gradebook.submission_of(report)
        if submission is None or not submission.source or (key, submission.source) in found:
            continue
        cells: list[reading.Cell] = []
        whole = True
        try:
            cells, _ = reading.read(submission.picked.rpartition("/")[2], submission.source)
        except reading.Unreadable:
            whole = False
        asked = results.assignment.parts(submission.picked)
        others = reading.parts(asked, submission.others)
        for theirs in others.values():
            cells += theirs
        whole = whole and all(name in others for name in asked if name in submission.others)
        labels = tuple(cell.label for cell in cells)
        texts = tuple(reading.clean(cell.text)[0] for cell in cells)
        found[key, submission.source] = HandIn(key, labels, texts, whole)
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
