"""What lies in `DIR/defences`: the list of slots, and a page and a table for each examiner."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from grader.cli import juries
from grader.cli.results import Results
from grader.contract import Slot
from grader.errors import UserError
from grader.exports import sheets, slots
from grader.exports.write import explained, write
from grader.intake import file_name
from grader.ours import SLOTS

TABLE, PAGE = ".csv", ".html"


def table_of(folder: Path, examiner: str) -> Path:
    """The table of an examiner's sheet; the page has the same name, ending in .html."""
    return folder / f"{file_name(examiner)}{TABLE}"


def to_read(results: Results, sheet: Path) -> str:
    """The command that reads a sheet."""
    return f"surdix defences {shlex.quote(str(results.folder))} --read {shlex.quote(str(sheet))}"


def refuse_same_files(examiners: Iterable[str]) -> None:
    """Raises `UserError` for names that would have one file, on some disk."""
    files = {Path(SLOTS).stem: "the list of slots"}
    for name in sorted(examiners):
        other = files.setdefault(file_name(name).casefold(), name)
        if other != name:
            raise UserError(f"the sheets of {name} and {other} would be one file; write the name in another way")


def unread(results: Results, folder: Path, given: Sequence[Slot] = ()) -> set[Path]:
    """The sheets that hold what nobody has read yet, which must not be written over."""
    found = juries.heard(results)
    examiners = results.gradebook.examiners().union(*(slot.examiners for slot in given))
    paths = {table_of(folder, examiner): examiner for examiner in examiners}
    criteria = results.assignment.by_jury
    return {path for path, who in paths.items() if path.exists() and sheets.unread(path, who, found, criteria)}


def refuse_unread(results: Results, folder: Path, given: Sequence[Slot]) -> None:
    """Raises `UserError` where a sheet would be written over that nobody has read."""
    for path in sorted(unread(results, folder, given)):
        raise UserError(
            f"{path}: this sheet holds what the gradebook does not: read it first, with {to_read(results, path)}, "
            "or move it away"
        )


def write_all(results: Results, folder: Path, keep: Collection[Path] = ()) -> list[sheets.Heard]:
    """Write the list of slots and every examiner's sheet, but for those to `keep`; who is heard."""
    found, criteria = juries.heard(results), results.assignment.by_jury
    examiners = examiners_of(found)
    with explained(folder):
        for gone in results.gradebook.examiners().difference(examiners):
            if table_of(folder, gone) not in keep:
                for suffix in (TABLE, PAGE):
                    (folder / f"{file_name(gone)}{suffix}").unlink(missing_ok=True)
        members = {one.slot.team: one.name for one in found}
        write(folder / SLOTS, slots.slots_csv([one.slot for one in found], members))
        for examiner in examiners:
            path = table_of(folder, examiner)
            if path not in keep:
                theirs = [one for one in found if examiner in one.slot.examiners]
                write(path, sheets.sheet_csv(examiner, theirs, criteria))
                page = juries.page(results, examiner, theirs, path.name, to_read(results, Path(path.name)))
                write(folder / f"{file_name(examiner)}{PAGE}", page)
    return found


def examiners_of(found: Iterable[sheets.Heard]) -> list[str]:
    """Everybody who hears somebody."""
    return sorted({examiner for one in found for examiner in one.slot.examiners})
