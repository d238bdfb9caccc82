"""`surdix purge DIR`: remove what was kept of students, and keep anonymous numbers of the class.

Removed are files that surdix itself leaves in DIR, by their names; everything else stays and is named. The gradebook
goes last, so that a purge that was cut off can be given again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

import click

from grader.cli.book import alone_with
from grader.cli.decide import directory_argument
from grader.cli.defence_files import PAGE, TABLE
from grader.cli.main import cli
from grader.cli.summary import counted, visible
from grader.errors import UserError
from grader.exports.write import explained, write
from grader.gradebook import Gradebook, lock
from grader.intake import file_name
from grader.moodle.journal import FILE as JOURNAL
from grader.ours import BOOK, DEFENCES, GRADES, OF_STUDENTS, PAIRS, REPORT, SIMILAR, SLOTS
from grader.pages.anonymous import kept

KEPT = "statistics.json"
OF_THE_CLASS = (GRADES, REPORT, JOURNAL)
OF_THE_BOOK = (f"{BOOK}-journal", f"{BOOK}-wal", f"{BOOK}-shm", BOOK)


@cli.command()
@directory_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(directory: Path, yes: bool) -> None:
    """Remove the gradebook, results and pages in DIR for good; anonymous statistics.json stays.

    Asks for the TD's name before. Backups, exports and what Moodle has are not touched.
    """
    with alone_with(directory) as path:
        with Gradebook.open(path, create=False) as gradebook:
            td, reports = gradebook.td, gradebook.reports()
            names = {file_name(student) for student in gradebook.students()}
            examiners = gradebook.examiners()
        text = json.dumps(kept(td, reports), indent=1) + "\n"
        _keep_other(directory / KEPT, text)
        if not yes:
            _ask(directory, td, len(reports))
        with explained(directory):
            write(directory / KEPT, text)
            ours = [*_of_defences(directory / DEFENCES, examiners), *_of_pairs(directory / SIMILAR)]
            ours += _ours(directory, names)
            removed = sum(_remove(found) for found in ours)
            left = [entry for entry in _left(directory) if entry.name != KEPT]
    click.echo(f"{directory}: {counted(removed, 'file')} removed; {KEPT} is anonymous.")
    for entry in left:
        click.echo(f"  stays, since surdix did not write it: {visible(str(entry.relative_to(directory)))}")
    click.echo("Backups, exported files and what was sent to Moodle are not touched.")


def _ask(directory: Path, td: str, students: int) -> None:
    """Raises `UserError` unless the TD's name is typed."""
    asked = f"{visible(str(directory))}: type {td} to remove all that is kept of {counted(students, 'student')}"
    try:
        typed = click.prompt(asked, default="", show_default=False, err=True)
    except click.Abort:
        typed = ""
    if typed.strip() != td:
        raise UserError(f"{directory}: nothing was removed; type {td} when asked, or give --yes")


def _keep_other(path: Path, text: str) -> None:
    """Raises `UserError` where another file, of an earlier purge say, would be written over."""
    if path.is_symlink() or (path.exists() and (not path.is_file() or path.read_bytes() != text.encode())):
        raise UserError(f"{path}: there is such a file already, with other numbers; move it away, then purge again")


def _ours(directory: Path, names: Collection[str]) -> Iterator[Path]:
    """The files that surdix leaves, the gradebook last. A folder that is a link leads elsewhere: it is not followed."""
    for name in OF_THE_CLASS:
        yield directory / name
    for folder, suffix in OF_STUDENTS.items():
        if (directory / folder).is_dir() and not (directory / folder).is_symlink():
            yield from (directory / folder / f"{name}{suffix}" for name in sorted(names))
            yield from (directory / folder).glob(".surdix-*.tmp")
    yield from directory.glob(".surdix-*.tmp")
    yield from (directory / name for name in (*OF_THE_BOOK, lock.NAME))


def _of_defences(folder: Path, examiners: Collection[str]) -> Iterator[Path]:
    """Slots and sheets."""
    if folder.is_dir() and not folder.is_symlink():
        yield folder / SLOTS
        for name in sorted(examiners):
            yield from (folder / f"{file_name(name)}{suffix}" for suffix in (TABLE, PAGE))
        yield from folder.glob(".surdix-*.tmp")


def _of_pairs(folder: Path) -> Iterator[Path]:
    """The page of hand-ins that share code."""
    if folder.is_dir() and not folder.is_symlink():
        yield folder / PAIRS
        yield from folder.glob(".surdix-*.tmp")


def _remove(path: Path) -> bool:
    """Remove a file; whether there was one. A folder of that name is not ours."""
    if path.is_dir() and not path.is_symlink():
        return False
    found = path.exists() or path.is_symlink()
    path.unlink(missing_ok=True)
    return found and path.name != lock.NAME


def _left(directory: Path) -> Iterator[Path]:
    """What stays, after folders of ours that are empty now are gone."""
    for entry in sorted(directory.iterdir()):
        if entry.name not in (*OF_STUDENTS, DEFENCES, SIMILAR) or entry.is_symlink() or not entry.is_dir():
            yield entry
        elif inside := sorted(entry.iterdir()):
            yield from inside
        else:
            entry.rmdir()
