"""Canvas's “Download Submissions”: flat files, each named by its student and two numbers.

    martinlucas_LATE_4711_90210_td2-1.py     sortable name without spaces, the mark, the user's id, the file's id, name
    anon_aB3xY_90210_td2.py                  where names are hidden
    martinlucas_4711_text.html               what was typed into the page (`_link.html`: an address)

Every file has an id of its own, and a later upload a higher one. `-1` is Canvas's: it numbers a file that a student
hands in again under the same name. So does `exercise-1.py` end, which is the student's own; the number is taken away
where it is no doubt: the name without it is asked for, or is there too, or no other file would get it.

A group's files are there once, under the group's name and the id of the member who stands for it; the archive does
not say that it is a group, nor who else is in it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from grader.contract import Assignment, Note
from grader.intake.files import File, bounded, within
from grader.intake.forms.form import Form, Found, is_nobodys, levels
from grader.intake.listing import Listing
from grader.intake.pick import Handed

# The first two numbers that follow each other are the ids: a student's file may begin with numbers too.
_NAMED = re.compile(
    r"(?P<name>[^/\s.]*?)_(?:(?P<late>LATE)_)?(?P<id>[0-9]+)_(?:(?P<number>[0-9]+)_(?P<file>.+)|(?P<typed>text|link)\.html)",
    re.DOTALL,
)
_HIDDEN = re.compile(
    r"(?:(?P<late>LATE)_)?(?P<id>anon_(?P<name>)[A-Za-z0-9]+)_"
    r"(?:(?P<number>[0-9]+)_(?P<file>.+)|(?P<typed>text|link)\.html)",
    re.DOTALL,
)
_AGAIN = re.compile(
    r"(?P<stem>.+)-(?:[1-9][0-9]?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"(?P<suffix>(?:\.[A-Za-z][A-Za-z0-9]*)*\.[A-Za-z0-9]*|)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of one file says. `number` is the file's id, -1 where there is none."""

    student_id: str
    name: str
    late: bool
    number: int
    file: str  # as Canvas has it, perhaps with its number


@dataclass(frozen=True, slots=True)
class _Entry:
    named: Named
    label: str  # as it stands in the archive
    files: tuple[File, ...]  # one, or those of a folder that somebody has unpacked it to
    notes: tuple[Note, ...] = ()


def parse(name: str) -> Named | None:
    """Read the name of one file; None where it is not one of Canvas's."""
    found = _HIDDEN.fullmatch(name) or _NAMED.fullmatch(name)
    if not found or found["name"] != found["name"].lower():
        return None
    number = int(found["number"][:30]) if found["number"] else -1
    return Named(found["id"], found["name"], bool(found["late"]), number, found["file"] or f"{found['typed']}.html")


def own_names(names: Collection[str], asked: Collection[str]) -> dict[str, str]:
    """One student's files → the names that they had at home; `asked` are those of the homework."""
    bare = {name: found["stem"] + found["suffix"] if (found := _AGAIN.fullmatch(name)) else name for name in names}
    bare |= {name: name for name in names if name in asked}
    shared = Counter(bare.values())
    return {
        name: plain if plain in asked or plain in names or shared[plain] == 1 else name for name, plain in bare.items()
    }


def _read(listing: Listing, assignment: Assignment, forced: bool) -> Found | None:
    if listing.single and not forced:
        return None
    for depth, level in enumerate(levels(listing, assignment)):
        entries, strangers = _entries(level, assignment)
        uploads = [entry.named for entry in entries if entry.named.number >= 0]
        if uploads and (forced or (not strangers and _is_canvas_s(uploads, alone_is_enough=depth == 0))):
            return Found(_students(entries, assignment))
    return None


def _is_canvas_s(uploads: Collection[Named], alone_is_enough: bool) -> bool:
    """Do the numbers behave as ids? Dates and numbers of exercises do not: ana_2026_11_td2.py, ben_2026_11_td2.py."""
    students = {one.student_id: one.name for one in uploads}
    return (
        len({one.number for one in uploads}) == len(uploads)
        and all(students[one.student_id] == one.name for one in uploads)
        and (alone_is_enough or len(students) > 1)
    )


def _entries(listing: Listing, assignment: Assignment) -> tuple[list[_Entry], bool]:
    """The files that have Canvas's names; and are there others?"""
    found: list[_Entry] = []
    strangers = False
    for file in listing.loose:
        if named := parse(file.base):
            found.append(_Entry(named, file.base, (file,)))
        else:
            strangers = strangers or not is_nobodys(file, assignment)
    for name, folder in listing.folders.items():
        if (named := parse(name)) and (folder.files or folder.notes):
            found.append(_Entry(named, name, tuple(folder.files), tuple(folder.notes)))
        else:
            strangers = True
    return found, strangers


def _students(entries: Iterable[_Entry], assignment: Assignment) -> list[Handed]:
    students: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        students[entry.named.student_id].append(entry)
    asked = {*assignment.files, f"{assignment.module}.ipynb", *assignment.data}
    return [handed for of_one in students.values() for handed in _rounds(of_one, asked)]


def _rounds(entries: list[_Entry], asked: Collection[str]) -> list[Handed]:
    """What one student handed in: the last file of each name, and before it, each by itself, those that it replaced."""
    names = own_names({entry.named.file for entry in entries}, asked)
    by_name: dict[str, list[_Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry.named.number, entry.label)):
        by_name[names[entry.named.file]].append(entry)
    rounds: list[dict[str, _Entry]] = []  # the last one first
    for name, versions in by_name.items():
        for back, entry in enumerate(reversed(versions)):
            rounds.extend([{}] * (back + 1 - len(rounds)))
            rounds[back] = {**rounds[back], name: entry}
    return [_handed(files, -back) for back, files in enumerate(rounds)]


def _handed(entries: dict[str, _Entry], number: int) -> Handed:
    files: list[File] = []
    for name, entry in entries.items():
        single = len(entry.files) == 1 and entry.files[0].path == entry.label
        files.extend([replace(entry.files[0], path=name)] if single else within(name, entry.files))
    kept, notes = bounded(files)
    first = next(iter(entries.values())).named
    notes = [*(note for entry in entries.values() for note in entry.notes), *notes]
    if any(entry.named.late for entry in entries.values()):
        notes.append(Note("late_mark", {"platform": "Canvas"}))
    label = ", ".join(entry.label for entry in entries.values())
    return Handed(first.student_id, first.name, tuple(kept), tuple(notes), number=number, label=label)


CANVAS = Form(
    "Canvas's “Download Submissions”",
    "files such as 'silvaana_4711_90210_td2.py'",
    _read,
)
