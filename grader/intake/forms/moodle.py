"""Moodle's “Download all submissions”, in folders or flat, zipped or unpacked. Its names are read in `intake.moodle`.

Flat downloads lose files: where a student handed in a/td2.py and b/td2.py, Moodle writes both under one name.
"""

from __future__ import annotations

from dataclasses import replace

from grader.contract import Assignment, Note
from grader.intake import moodle
from grader.intake.files import within
from grader.intake.forms.form import Form, Found, levels
from grader.intake.forms.plain import Gathering
from grader.intake.listing import Listing
from grader.intake.pick import Handed
from grader.teams import NO_TEAM, number_of, team_id


def _read(listing: Listing, assignment: Assignment, flat: bool) -> Found | None:
    for level in levels(listing, assignment):
        folders = any(map(moodle.parse, level.folders))
        files = any(_marked(file.base) for file in level.loose)
        if (files and not folders) if flat else folders:
            warnings = (Note("flat_archive"),) if files else ()
            return Found(_students(level, assignment), warnings)
        if folders or files:
            return None
    return None


def _students(listing: Listing, assignment: Assignment) -> list[Handed]:
    found = Gathering()
    for name, folder in listing.folders.items():
        marked = moodle.parse(name)
        if marked is None:
            found.give(name, "", folder.files, folder.notes)
        elif marked.kind == "onlinetext":
            found.give(marked.student_id, marked.name, within("onlinetext", folder.files), folder.notes)
        else:
            found.give(marked.student_id, marked.name, folder.files, folder.notes)
    for file in listing.loose:
        if marked := _marked(file.base):
            path = f"onlinetext/{marked.file}" if marked.kind == "onlinetext" else marked.file
            found.give(marked.student_id, marked.name, [replace(file, path=path)])
        else:
            found.give_loose(file, assignment)
    if NO_TEAM in found.students:  # then all the others are teams too
        return list(map(_as_team, found.handed))
    return found.handed


def _marked(base: str) -> moodle.Named | None:
    marked = moodle.parse(base)
    return marked if marked and marked.file else None


def _as_team(handed: Handed) -> Handed:
    team = team_id(number_of(handed.student_id))
    return replace(handed, student_id=team, team=team)


MOODLE = Form(
    "Moodle's “Download all submissions”, in folders",
    "folders such as 'Ana Silva_123_assignsubmission_file'",
    lambda listing, assignment, forced: _read(listing, assignment, flat=False),
)
FLAT = Form(
    "Moodle's “Download all submissions”, flat (files of one name may be lost)",
    "files such as 'Ana Silva_123_assignsubmission_file_td2.py'",
    lambda listing, assignment, forced: _read(listing, assignment, flat=True),
)
