"""`surdix defences DIR`: slots for a project's defences, a sheet for each examiner, and the marks that come back.

Slots and marks are decisions in the gradebook. `DIR/defences/slots.csv` is for changing slots by hand; beside it each
examiner has a page to print, or to fill in, and the same as a table.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from grader.cli import juries, marked
from grader.cli.decide import deciding, directory_argument
from grader.cli.main import cli, course_option, language_option
from grader.cli.pick import who as me
from grader.cli.results import Results, opened
from grader.cli.summary import some, visible
from grader.contract import Manual, Slot
from grader.defences import assigned, refuse_clashes
from grader.errors import UserError
from grader.exports import sheets, slots
from grader.exports.write import explained, write
from grader.intake import file_name

FOLDER, SLOTS = "defences", "slots.csv"
TABLE, PAGE = ".csv", ".html"
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
        return list(assigned(teams, sittings, minutes, results.gradebook.slots().values()).values())
    except UserError as error:
        raise UserError(f"{path}: {error}") from None


def _changed(results: Results, path: Path) -> list[Slot]:
    found = slots.read_slots(path)
    known = marked.teams(results.reports)
    stranger = next((slot.team for slot in found if slot.team not in known), "")
    if stranger:
        raise UserError(f"{path}: there is no team or student {stranger!r}; write the ids of grades.csv")
    kept = [slot for slot in results.gradebook.slots().values() if slot.team not in {one.team for one in found}]
    try:
        refuse_clashes([*found, *kept])
    except UserError as error:
        raise UserError(f"{path}: {error}; nothing was changed") from None
    return found


def _give(results: Results, given: Sequence[Slot]) -> None:
    """Record the slots that are new, and write everything that shows them."""
    _criteria(results)
    before = results.gradebook.slots()
    folder = results.folder / FOLDER
    _keep_unread(results, folder)
    new = [slot for slot in given if before.get(slot.team) != slot]
    _refuse_same_files({*results.gradebook.examiners(), *(name for slot in new for name in slot.examiners)})
    for slot in new:
        results.gradebook.defend(slot, me())
    found = juries.heard(results)
    _write(results, folder, found)
    click.echo(f"{len(new)} of {len(found)} slots are new; {folder / SLOTS} has them all.")
    for examiner in _examiners(found):
        click.echo(visible(f"  {folder / (file_name(examiner) + PAGE)}, and {TABLE}: {examiner}"))
    click.echo(f"Filled in, they are read with {_to_read(results, Path('FILE'))}")


def _refuse_same_files(examiners: Iterable[str]) -> None:
    """Raises `UserError` for names that would have one file, on some disk."""
    files = {Path(SLOTS).stem: "the list of slots"}
    for name in sorted(examiners):
        other = files.setdefault(file_name(name).casefold(), name)
        if other != name:
            raise UserError(f"the sheets of {name} and {other} would be one file; write the name in another way")


def _write(results: Results, folder: Path, found: Sequence[sheets.Heard]) -> None:
    criteria = _criteria(results)
    members = {one.slot.team: one.name for one in found}
    with explained(folder):
        for examiner in results.gradebook.examiners().difference(_examiners(found)):
            for suffix in (TABLE, PAGE):
                (folder / f"{file_name(examiner)}{suffix}").unlink(missing_ok=True)
        write(folder / SLOTS, slots.slots_csv([one.slot for one in found], members))
        for examiner in _examiners(found):
            theirs = [one for one in found if examiner in one.slot.examiners]
            path = folder / f"{file_name(examiner)}{TABLE}"
            write(path, sheets.sheet_csv(examiner, theirs, criteria))
            page = juries.page(results, examiner, theirs, path.name, _to_read(results, Path(path.name)))
            write(path.with_suffix(PAGE), page)


def _keep_unread(results: Results, folder: Path) -> None:
    """Raises `UserError` where a sheet holds what nobody has read yet: it would be written over."""
    found = juries.heard(results)
    for examiner in sorted(results.gradebook.examiners()):
        path = folder / f"{file_name(examiner)}{TABLE}"
        if path.exists():
            there = sheets.read(path, found, _criteria(results), results.gradebook.policy.maximum)
            if there.said or there.problems:
                raise UserError(
                    f"{path}: this sheet holds what the gradebook does not: read it first, with "
                    f"{_to_read(results, path)}, or move it away"
                )


def _record(results: Results, filled: Iterable[Path]) -> None:
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
    for one in said:
        results.gradebook.event(
            one.kind, one.student_id, check=one.check, points=one.points, who=one.who, why=one.why, most=most
        )
    counts = [sum(one.kind == kind for one in said) for kind in ("mark", "adjust", "comment")]
    click.echo("Recorded: {} marks, {} adjustments, {} comments without a new mark.".format(*counts))


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


def _to_read(results: Results, sheet: Path) -> str:
    return f"surdix defences {shlex.quote(str(results.folder))} --read {shlex.quote(str(sheet))}"


def _criteria(results: Results) -> Sequence[Manual]:
    """Raises `UserError` where examiners have nothing to mark."""
    if not results.assignment.by_jury:
        raise UserError(
            f"{results.assignment.name}: no question is marked at a defence; say jury=True in its checks.py"
        )
    return results.assignment.by_jury


def _examiners(found: Iterable[sheets.Heard]) -> list[str]:
    return sorted({examiner for one in found for examiner in one.slot.examiners})
