"""`surdix defences DIR`: slots for a project's defences, a sheet for each examiner, and the marks that come back.

Slots and marks are decisions in the gradebook. `DIR/defences/slots.csv` is for changing slots by hand; beside it each
examiner has a page to print, or to fill in, and the same as a table.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import click

from grader.cli import juries, marked
from grader.cli.decide import deciding, directory_argument
from grader.cli.defence_files import (
    PAGE,
    TABLE,
    examiners_of,
    refuse_same_files,
    refuse_unread,
    to_read,
    unread,
    write_all,
)
from grader.cli.main import cli, course_option, language_option
from grader.cli.pick import who as me
from grader.cli.results import Results, opened
from grader.cli.summary import counted, some, visible
from grader.contract import Manual, Slot
from grader.defences import assigned, refuse_clashes
from grader.errors import UserError
from grader.exports import sheets, slots
from grader.gradebook.events import JURY
from grader.intake import file_name
from grader.ours import DEFENCES, SLOTS

file_option = click.Path(path_type=Path, dir_okay=False)


@cli.command()
@directory_argument
@click.option("--juries", "sittings", type=file_option, metavar="FILE", help="Give each team without one a slot.")
@click.option("--minutes", type=click.FloatRange(1, 600), default=20, show_default=True, help="How long a slot is.")
@click.option("--slots", "changed", type=file_option, metavar="FILE", help="Take these slots: slots.csv, changed.")
@click.option("--read", "filled", type=file_option, metavar="FILE", multiple=True, help="Read a sheet, filled in.")
@language_option
@course_option
@click.pass_context
def defences(
    context: click.Context,
    directory: Path,
    sittings: Path | None,
    minutes: float,
    changed: Path | None,
    filled: tuple[Path, ...],
    language: str | None,
    course: Path,
) -> None:
    """Plan a project's defences, print a sheet for each examiner, and read their marks.

    --juries is a csv of when juries sit: start,end,room,examiners. Each examiner's page and table are in DIR/defences.
    The mean of the examiners counts. Without options: who has no slot, and who has not marked whom.
    """
    if sum((sittings is not None, changed is not None, bool(filled))) > 1:
        raise click.UsageError("say one of --juries, --slots and --read", context)
    if filled:
        with deciding(directory, course, language) as results:
            _record(results, filled)
            _tell(results)
    elif sittings is not None:
        with deciding(directory, course, language) as results:
            _give(results, _assigned(results, sittings, minutes))
    elif changed is not None:
        with deciding(directory, course, language) as results:
            _give(results, _changed(results, changed))
    else:
        with opened(directory, course, language) as results:
            _tell(results)


def _assigned(results: Results, path: Path, minutes: float) -> list[Slot]:
    teams = juries.defending(results.reports)
    if not teams:
        raise UserError(f"{results.folder}: nobody handed in anything: there is nobody to hear")
    sittings = slots.read_sittings(path)
    try:
        return list(assigned(teams, sittings, minutes, juries.slots(results).values()).values())
    except UserError as error:
        raise UserError(f"{path}: {error}") from None


def _changed(results: Results, path: Path) -> list[Slot]:
    found = slots.read_slots(path)
    known = marked.teams(results.reports)
    stranger = next((slot.team for slot in found if slot.team not in known), "")
    if stranger:
        raise UserError(f"{path}: there is no team or student {stranger!r}; write the ids of grades.csv")
    kept = [slot for slot in juries.slots(results).values() if slot.team not in {one.team for one in found}]
    try:
        refuse_clashes([*found, *kept])
    except UserError as error:
        raise UserError(f"{path}: {error}; nothing was changed") from None
    return found


def _give(results: Results, given: Sequence[Slot]) -> None:
    """Record the slots that are new, and write everything that shows them."""
    _criteria(results)
    folder, before = results.folder / DEFENCES, juries.slots(results)
    refuse_same_files({*results.gradebook.examiners(), *(name for slot in given for name in slot.examiners)})
    refuse_unread(results, folder, given)
    given_before, members = results.gradebook.slots(), marked.teams(results.reports)
    for slot in given:
        theirs = [report.student_id for report in members[slot.team]]
        late = [one for one in theirs if one not in given_before or replace(given_before[one], team=slot.team) != slot]
        results.gradebook.defend(slot, late, me())
    found = write_all(results, folder)
    new = sum(before.get(slot.team) != slot for slot in given)
    click.echo(f"{new} of {len(found)} slots are new; {folder / SLOTS} has them all.")
    for examiner in examiners_of(found):
        click.echo(visible(f"  {folder / (file_name(examiner) + PAGE)}, and {TABLE}: {examiner}"))
    click.echo(f"Filled in, they are read with {to_read(results, Path('FILE'))}")


def _record(results: Results, filled: Collection[Path]) -> None:
    """Record what the sheets say; all of them, or nothing."""
    criteria, most = _criteria(results), results.gradebook.policy.maximum
    found = juries.heard(results)
    said: list[sheets.Said] = []
    problems = []
    for path in filled:
        sheet = sheets.read(path, found, criteria, most)
        said += sheet.said
        problems += [f"{path}: {problem}" for problem in sheet.problems]
    if len(problems) == 1:
        raise UserError(f"{problems[0]}; nothing was recorded")
    for problem in problems:
        click.echo(visible(problem), err=True)
    if problems:
        raise UserError(f"{len(problems)} problems, see above; nothing was recorded")
    folder = results.folder / DEFENCES
    theirs = {path.resolve() for path in filled}
    keep = {path for path in unread(results, folder) if path.resolve() not in theirs}
    for one in dict.fromkeys(said):  # of a sheet that is given twice, once
        value = JURY if one.kind == "adjust" else ""
        results.gradebook.event(
            one.kind,
            one.student_id,
            check=one.check,
            points=one.points,
            value=value,
            who=one.who,
            why=one.why,
            most=most,
        )
    write_all(results, folder, keep)
    told = {(one.kind, one.row, one.check, one.who) for one in said}
    counts = [sum(kind == this for kind, *_ in told) for this in ("mark", "adjust", "comment")]
    marks, adjustments, comments = map(counted, counts, ("mark", "adjustment", "comment"))
    click.echo(f"Recorded: {marks}, {adjustments}, {comments} without a new mark.")


def _tell(results: Results) -> None:
    criteria = [criterion.id for criterion in _criteria(results)]
    found = juries.heard(results)
    have = {one.slot.team for one in found}
    without = [team for team in juries.defending(results.reports) if team not in have]
    click.echo(visible(f"{len(found)} slots" + (f"; without one: {some(without)}" if without else "")))
    for examiner, left in juries.unmarked(found, criteria).items():
        heard = sum(examiner in one.slot.examiners for one in found)
        text = f"{examiner}: {heard - len(left)} of {heard} marked"
        click.echo(visible(text + (f"; not yet: {some(left)}" if left else "")))


def _criteria(results: Results) -> Sequence[Manual]:
    """Raises `UserError` where examiners have nothing to mark."""
    if not results.assignment.by_jury:
        raise UserError(
            f"{results.assignment.name}: no question is marked at a defence; say jury=True in its checks.py"
        )
    return results.assignment.by_jury
