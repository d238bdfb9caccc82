"""Folders and files named by their students, or one student's own: what nobody's program has laid out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grader.contract import Assignment, Note
from grader.intake import moodle
from grader.intake.files import MAX_NOTES, File, bounded, within
from grader.intake.forms.form import Form, Found, is_nobodys, stem
from grader.intake.listing import Listing, inside, notes_below, whose
from grader.intake.pick import CODE, Handed


class Gathering:
    """Students by id, whose files come from several places."""

    def __init__(self) -> None:
        self.students: dict[str, Handed] = {}

    def give(self, student_id: str, name: str, files: Iterable[File], notes: Iterable[Note] = ()) -> None:
        """Add files to a student's. Two of one path are both kept: which one counts is not for us to say."""
        before = self.students.get(student_id) or Handed(student_id, name, ())
        files, too_many = bounded(files)
        taken = {file.path for file in before.files}
        # A loose alice.py beside alice/alice.py: the path leads out of the folder, as it does on the disk.
        more = [replace(file, path=f"../{file.path}") if file.path in taken else file for file in files]
        notes = [*before.notes, *list(notes)[:MAX_NOTES], *too_many]
        self.students[student_id] = replace(before, files=(*before.files, *more), notes=tuple(notes))

    def give_loose(self, file: File, assignment: Assignment) -> None:
        if not is_nobodys(file, assignment):
            self.give(stem(file.base), "", [file])

    @property
    def handed(self) -> list[Handed]:
        return list(self.students.values())


def by_name(listing: Listing, assignment: Assignment) -> list[Handed]:
    """Each folder and each loose file is the student's whose name it has; those of one name are one student's."""
    found = Gathering()
    for name, folder in listing.folders.items():
        found.give(name, "", folder.files, folder.notes)
    for file in listing.loose:
        found.give_loose(file, assignment)
    return found.handed


def unwrapped(listing: Listing, assignment: Assignment) -> Listing:
    """Without the one folder that a zip of a class often begins with: class.zip holds class/alice/td2.py.

    A student's folder must not be taken for it: it is one if it holds folders only, several or under the zip's own
    name, or marks of Moodle, or, under the zip's own name, several files of which none is named as the TD's. (Forms
    with marks of their own need no such care: `levels` simply looks into it.)
    """
    while listing.place is None and len(listing.folders) == 1 and not listing.loose:
        ((name, folder),) = listing.folders.items()
        if moodle.parse(name) or not (folder.files or folder.below):
            break
        tops = {path.partition("/")[0] for path in (*(file.path for file in folder.files), *folder.below)}
        tops |= {whose(note.values["file"]) for note in notes_below(folder) if "/" in note.values["file"]}
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
        inner = inside(listing, name)
        inner.name = listing.name
        listing = inner
    return listing


def _folders(listing: Listing, assignment: Assignment, forced: bool) -> Found | None:
    listing = unwrapped(listing, assignment)
    return Found(by_name(listing, assignment)) if listing.folders else None


def _files(listing: Listing, assignment: Assignment, forced: bool) -> Found | None:
    listing = unwrapped(listing, assignment)
    handed = by_name(listing, assignment)
    loose = any(not is_nobodys(file, assignment) for file in listing.loose)
    return Found(handed) if loose and not listing.single else None


def _one(listing: Listing, assignment: Assignment, forced: bool) -> Found | None:
    if listing.single:
        return Found(by_name(listing, assignment))
    listing = listing if forced else unwrapped(listing, assignment)
    if not (listing.loose or listing.folders) or not (forced or _is_one_handout(listing, assignment)):
        return None
    files = [*listing.loose, *(f for name, folder in listing.folders.items() for f in within(name, folder.files))]
    return Found([Handed(listing.name, "", tuple(files))])


def _is_one_handout(listing: Listing, assignment: Assignment) -> bool:
    """Is it one student's own working folder, with the handout's checks beside the work?"""
    bases = {file.base.casefold() for file in listing.loose}
    work = {assignment.file.casefold(), f"{assignment.module}.ipynb".casefold()} & bases
    return bool(work) and ("check.py" in bases or "conftest.py" in bases)


FOLDERS = Form("a folder for each student, named by the student", "a folder", _folders)
FILES = Form("a file for each student, named by the student", "files, one for each student", _files)
ONE = Form("the work of one student: a file, or a folder of the student's own", "a file or a folder", _one)
