"""What was handed in → submissions: from a folder of folders, a folder of files, one file, or a zip of these.

First everything is laid out as a `Listing`: loose files at the top, and folders with all that is below them. Then
each loose file and each folder is given to a student; a folder and loose files of one name, and what Moodle marks with
one id, are one student's. Then each student's files are looked at alone: whatever they hold, nobody else is affected.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.contract import Assignment, Note, Status, Submission
from grader.errors import UserError
from grader.intake import archive, moodle
from grader.intake.files import (
    MAX_NOTES,
    File,
    Refused,
    bounded,
    exists,
    ignored,
    left_out,
    on_disk,
    shown,
    walk,
    within,
    without_environments,
)
from grader.intake.pick import CODE, Handed, choose, is_handout

FORMS = "a folder with one folder or one file for each student, or a zip of it"
REPORT = ("gradebook.sqlite", "report.html")  # what `grade --out` leaves in a folder
NOBODY = (".csv", ".tsv", ".toml", ".log", ".sqlite", ".md")  # a teacher's own files beside the submissions


@dataclass(slots=True)
class Folder:
    """A folder at the top, and all that is below it."""

    files: list[File] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class Listing:
    """What lies at the top of what was given, under its own name."""

    name: str
    loose: list[File] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)


def collect(path: Path, assignment: Assignment, picks: Mapping[str, str] | None = None) -> list[Submission]:
    """One submission for each student, in the order of their ids.

    `picks` gives the file that a person has chosen, by student_id: its path as in `Submission.candidates`. Raises
    `UserError` where there is nothing to read; what a student handed in never raises.
    """
    picks = picks or {}
    where = shown(os.fspath(path))
    with _listing(path, where, assignment) as listing:
        handed = _students(listing, assignment)
        if not handed:
            raise UserError(f"{where}: there is no submission in it; give {FORMS}.")
        return [_submission(handed[student_id], assignment, picks.get(student_id, "")) for student_id in sorted(handed)]


def _submission(handed: Handed, assignment: Assignment, pick: str) -> Submission:
    try:
        return choose(handed, assignment, pick)
    except Exception as error:  # ours, and never another student's trouble
        note = Note("intake_failed", {"error": f"{type(error).__name__}: {error}"[:200]})
        return Submission(handed.student_id, handed.name, notes=(note,), status=Status.GRADER_FAULT, team=handed.team)


# --- laying out -------------------------------------------------------------------------------------------------------


@contextmanager
def _listing(path: Path, where: str, assignment: Assignment) -> Iterator[Listing]:
    if not exists(path):
        raise UserError(f"{where}: no such file or folder; give {FORMS}.")
    if path.is_dir():
        yield _folder_listing(path, where)
    elif path.suffix.casefold() == ".zip":
        try:
            opened = zipfile.ZipFile(path)
            entries = opened.infolist()
        except Exception as error:  # a damaged zip makes zipfile raise nearly anything
            raise UserError(f"{where}: this zip cannot be read ({archive.why(error)}); download it again.") from None
        with opened:
            if archive.overlapping(entries):
                raise UserError(f"{where}: this zip cannot be read (its entries overlap); download it again.")
            locked = [entry.flag_bits & 1 for entry in entries if not entry.is_dir()]
            if locked and all(locked):
                raise UserError(f"{where}: this zip is protected by a password; unpack it and give the folder.")
            yield _unwrapped(_zip_listing(path, opened, entries), assignment)
    elif archive.is_archive(path.name):
        raise UserError(f"{where}: only zip archives are read; unpack it and give the folder.")
    elif path.is_file():
        yield Listing(path.name, loose=[on_disk(os.fspath(path.resolve()), path.name, path.stat().st_size)])
    else:
        raise UserError(f"{where}: neither a file nor a folder; give {FORMS}.")


def _folder_listing(path: Path, where: str) -> Listing:
    listing = Listing(shown(path.resolve().name))
    try:
        with os.scandir(path) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        raise UserError(f"{where}: this folder cannot be opened ({error.strerror}); check its permissions.") from None
    for entry in entries:
        name = shown(entry.name)
        if ignored(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if all((Path(entry.path) / left).is_file() for left in REPORT):
                continue
            folder = listing.folders.setdefault(name, Folder())
            files, notes = walk(entry.path)
            folder.files.extend(files)
            folder.notes.extend(notes)
        elif note := left_out(entry, entry.name):
            listing.folders.setdefault(name, Folder()).notes.append(note)
        else:
            listing.loose.append(on_disk(entry.path, entry.name, entry.stat(follow_symlinks=False).st_size))
    return listing


def _zip_listing(path: Path, opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Listing:
    listing = Listing(shown(path.stem))
    for entry in entries:
        with suppress(Refused):  # a note below
            top, slash, _ = archive.safe_path(archive.zip_name(entry)).partition("/")
            if top and (slash or archive.is_folder(entry)):
                listing.folders.setdefault(top, Folder())
    files, notes = archive.zip_files(opened, entries)
    for note in notes:
        listing.folders.setdefault(_whose(note.values["file"]), Folder()).notes.append(note)
    for file in without_environments(sorted(files, key=lambda file: file.path)):
        top, slash, below = file.path.partition("/")
        if slash:
            listing.folders[top].files.append(replace(file, path=below))
        else:
            listing.loose.append(file)
    return listing


def _whose(path: str) -> str:
    """The folder at the top that an entry was meant for, also of a path that leads outside."""
    relative = path[2:] if path[1:2] == ":" else path
    return next((part for part in relative.split("/") if part not in ("", ".", "..")), path)


def _below(path: str) -> str:
    """Without the folder at its top."""
    return path.lstrip("./").partition("/")[2] or path


def _unwrapped(listing: Listing, assignment: Assignment) -> Listing:
    """Without the one folder that a zip of a class often begins with: class.zip holds class/alice/td2.py.

    A student's folder must not be taken for it: it is one if it holds folders only, several or under the zip's own
    name, or marks of Moodle, or, under the zip's own name, several files of which none is named as the TD's.
    """
    while len(listing.folders) == 1 and not listing.loose:
        ((name, folder),) = listing.folders.items()
        if moodle.parse(name) or not folder.files:
            break
        tops = {file.path.partition("/")[0] for file in folder.files}
        notes = [replace(note, values={**note.values, "file": _below(note.values["file"])}) for note in folder.notes]
        tops |= {_whose(note.values["file"]) for note in notes if "/" in note.values["file"]}
        loose = [file for file in folder.files if "/" not in file.path]
        code = [file for file in loose if CODE.search(file.base.casefold())]
        of_this_td = any(assignment.module.casefold() in top.casefold() for top in tops)
        wraps = (
            any(map(moodle.parse, tops))
            or (not loose and not of_this_td and (len(tops) > 1 or name == listing.name))
            or (len(code) > 1 and not of_this_td and name == listing.name)
        )
        if not wraps:
            break
        inner = Listing(listing.name)
        for file in folder.files:
            top, slash, below = file.path.partition("/")
            if slash:
                inner.folders.setdefault(top, Folder()).files.append(replace(file, path=below))
            else:
                inner.loose.append(file)
        for note in notes:
            inner.folders.setdefault(_whose(note.values["file"]), Folder()).notes.append(note)
        listing = inner
    return listing


# --- whose is it ------------------------------------------------------------------------------------------------------


def _students(listing: Listing, assignment: Assignment) -> dict[str, Handed]:
    if _is_one_handout(listing, assignment):
        files = [*listing.loose, *(f for name, folder in listing.folders.items() for f in within(name, folder.files))]
        return {listing.name: Handed(listing.name, "", tuple(files))}
    found: dict[str, Handed] = {}
    for name, folder in listing.folders.items():
        marked = moodle.parse(name)
        if marked and marked.kind == "onlinetext":
            _give(found, marked.student_id, marked.name, within("onlinetext", folder.files), folder.notes)
        elif marked:
            _give(found, marked.student_id, marked.name, folder.files, folder.notes)
        else:
            _give(found, name, "", folder.files, folder.notes)
    for file in listing.loose:
        marked = moodle.parse(file.base)
        if marked and marked.file:
            _give(found, marked.student_id, marked.name, [replace(file, path=marked.file)], [])
        elif not _is_nobodys(file, assignment):
            _give(found, _stem(file.base), "", [file], [])
    if moodle.DEFAULT_TEAM in found:  # then all the others are teams too
        return {handed.student_id: handed for handed in map(_as_team, found.values())}
    return found


def _give(found: dict[str, Handed], student_id: str, name: str, files: list[File], notes: list[Note]) -> None:
    before = found.get(student_id) or Handed(student_id, name, ())
    files, too_many = bounded(files)
    taken = {file.path for file in before.files}
    # A loose alice.py beside alice/alice.py: the path leads out of the folder, as it does on the disk.
    more = [replace(file, path=f"../{file.path}") if file.path in taken else file for file in files]
    notes = [*before.notes, *notes[:MAX_NOTES], *too_many]
    found[student_id] = replace(before, files=(*before.files, *more), notes=tuple(notes))


def _as_team(handed: Handed) -> Handed:
    team = handed.student_id if handed.student_id.startswith("team-") else f"team-{handed.student_id}"
    return replace(handed, student_id=team, team=team)


def _is_one_handout(listing: Listing, assignment: Assignment) -> bool:
    """Is it one student's own working folder, with the handout's checks beside the work?"""
    bases = {file.base.casefold() for file in listing.loose}
    work = {assignment.file.casefold(), f"{assignment.module}.ipynb".casefold()} & bases
    return bool(work) and ("check.py" in bases or "conftest.py" in bases)


def _is_nobodys(file: File, assignment: Assignment) -> bool:
    low = file.base.casefold()
    return low.endswith(NOBODY) or low.startswith((".", "readme")) or is_handout(file, assignment)


def _stem(base: str) -> str:
    """A loose file's stem: without `.py`, `.ipynb`, `.tar.gz`, and what a browser may have put behind them."""
    stem = base.rpartition(".")[0] or base
    inner, dot, suffix = stem.rpartition(".")
    return inner if dot and inner and suffix.casefold() in ("py", "ipynb", "tar") else stem
