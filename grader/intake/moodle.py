"""Names that Moodle gives to folders and files of "Download all submissions".

    Élodie Durand_12345_assignsubmission_file/src/td2.py     in folders (before Moodle 4.1 with a `_` at the end)
    Élodie Durand_12345_assignsubmission_file_td2.py         flat
    Default group_assignsubmission_file/td2.py               the team of those who are in no team: no id

The first mark counts: a student's own file may be called `submission_12_assignsubmission_file_.py`. In a name Moodle
itself writes no `_`, but people who rename folders do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.teams import NO_TEAM

_MARK = re.compile(
    r"(?P<name>.*?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>file|onlinetext)(?:_?$|_(?P<file>.+)$)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Named:
    """Whose folder or file it is. `file` is the student's own file name where the zip was flat, else ""."""

    student_id: str
    name: str
    kind: str  # "file", or "onlinetext": what the student typed into Moodle's page
    file: str


def parse(name: str) -> Named | None:
    """Read the name of a folder or of a flat file; None where it is not one of Moodle's."""
    found = _MARK.match(name)
    if not found:
        return None
    return Named(found["id"] or NO_TEAM, found["name"].strip(), found["kind"], found["file"] or "")
