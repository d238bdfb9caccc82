"""nbgrader's tree, submitted/STUDENT/ASSIGNMENT/…: the course's folder, `submitted` itself, or a zip of either.

`timestamp.txt` tells the form. The time in it is not read: the student's own process wrote it, and such a time makes
nobody late.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.contract import Assignment, Note
from grader.errors import UserError
from grader.intake.forms.form import Form, Found, is_nobodys, levels
from grader.intake.listing import Folder, Listing, inside
from grader.intake.pick import Handed

SUBMITTED = "submitted"
TIMESTAMP = "timestamp.txt"
COURSE = {SUBMITTED, "source", "release", "autograded", "feedback", "downloaded"}  # what nbgrader makes beside it


def _read(listing: Listing, assignment: Assignment, forced: bool) -> Found | None:
    trees = [tree for tree in _trees(listing, assignment) if _assignments(tree)]
    told = [tree for tree in trees if _is_nbgrader_s(tree, assignment)]
    possible = told or (trees if forced else [])
    for which in (_named, _only):
        for tree in possible:
            if wanted := which(_assignments(tree), assignment):
                return Found(_students(tree, wanted))
    for tree in possible:
        if forced or _stamped(tree):
            names = ", ".join(_assignments(tree)[:10])
            raise UserError(
                f"{tree.name}: nbgrader's tree holds the assignments {names}, and none is called {assignment.name}; "
                f"give a folder with that one alone, or name it {assignment.name}."
            )
    return None


def _trees(listing: Listing, assignment: Assignment) -> Iterator[Listing]:
    for level in levels(listing, assignment):
        tree = inside(level, SUBMITTED) if SUBMITTED in level.folders else level
        # A student's folder may be called `submitted` too, among others.
        yield tree if level.folders.keys() <= COURSE or _stamped(tree) else level


def _is_nbgrader_s(tree: Listing, assignment: Assignment) -> bool:
    """A timestamp tells it; else its name, where each student has folders only, and this TD's or one for all."""
    if not tree.folders or any(not is_nobodys(file, assignment) for file in tree.loose):
        return False
    if _stamped(tree):
        return True
    paths = [file.path for folder in tree.folders.values() for file in folder.files]
    told = bool(_named(_assignments(tree), assignment)) or len(tree.folders) > 1
    return tree.name == SUBMITTED and told and all("/" in path for path in paths)


def _stamped(tree: Listing) -> bool:
    paths = (file.path for folder in tree.folders.values() for file in folder.files)
    return any(path.count("/") == 1 and path.endswith(f"/{TIMESTAMP}") for path in paths)


def _assignments(tree: Listing) -> list[str]:
    return sorted(set().union(*(_folders(folder) for folder in tree.folders.values())))


def _folders(folder: Folder) -> set[str]:
    paths = (file.path.partition("/") for file in folder.files)
    return {top for top, slash, _ in paths if slash} | {path.partition("/")[0] for path in folder.below}


def _named(assignments: list[str], assignment: Assignment) -> str:
    alike = [name for name in assignments if name.casefold() == assignment.name.casefold()]
    return assignment.name if assignment.name in alike else alike[0] if len(alike) == 1 else ""


def _only(assignments: list[str], assignment: Assignment) -> str:
    return assignments[0] if len(assignments) == 1 else ""


def _students(tree: Listing, wanted: str) -> list[Handed]:
    return [_handed(name, folder, wanted) for name, folder in tree.folders.items() if wanted in _folders(folder)]


def _handed(student_id: str, folder: Folder, wanted: str) -> Handed:
    prefix = f"{wanted}/"
    files = [replace(file, path=file.path.removeprefix(prefix)) for file in folder.files if _is_in(file.path, prefix)]
    notes = [note for note in folder.notes if _is_in(str(note.values.get("file", prefix)), prefix)]
    return Handed(
        student_id,
        "",
        tuple(file for file in files if file.path != TIMESTAMP),
        tuple(Note(note.key, {**note.values, **_shortened(note, prefix)}) for note in notes),
    )


def _is_in(path: str, prefix: str) -> bool:
    return path.startswith(prefix)


def _shortened(note: Note, prefix: str) -> dict[str, str]:
    return {"file": note.values["file"].removeprefix(prefix)} if "file" in note.values else {}


NBGRADER = Form(
    "nbgrader's tree of submissions",
    "folders submitted/STUDENT/ASSIGNMENT",
    _read,
)
