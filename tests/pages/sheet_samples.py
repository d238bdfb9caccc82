"""A class to be marked: two students, a team whose members have different marks, and one who handed in nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.contract import Assignment, Manual
from grader.exports import marking
from grader.exports.marking import Entry, Mark, Member
from grader.pages.sheet import Known, Row, sheet
from student_template.runner.reading import Cell
from tests.pages.pages_samples import assignment

COMMAND = "surdix mark results --read td2-marks.csv"
LEVELS = ((0.0, "nothing"), (0.125, "a start"), (1.0, "all of `it`"))
QUESTIONS = (
    Manual("proof", "2.6", 1.0, "Why is the gradient p − y?", levels=LEVELS),
    Manual("report", "2.9", 2.5, "What did the learning rate change?"),
)
CELLS = (
    Cell("cell 1", "# A title", code=False),
    Cell("cell 2", "before = 1"),
    Cell("cell 3", "## Question 2.6 — Together", code=False),
    Cell("cell 4", "The labels <b>sum</b> to $1$.\n\n![](attachment:p.png)", code=False),
    Cell("cell 5", "\n\nchecked = True"),
    Cell("cell 7", "## Question 2.9", code=False),
    Cell("cell 8", "after = 1"),
)
ENTRIES = (
    Entry("1", (Member("1", "Élodie", {"proof": Mark(0.5, '=k, "0"?')}),)),
    Entry("2", (Member("2", "=Bob, the third"),)),
    Entry("9", (Member("9", ""),)),
    Entry("team-7", (Member("3", "Anna", {"proof": Mark(0.5)}), Member("4", "Ben")), team=True),
)
FILES: Mapping[str, Mapping[str, tuple[Cell, ...]]] = {
    "1": {"td2.ipynb": CELLS},
    "2": {"td2.py": (Cell("", "x = 1\n# Question 2.9\ny = 2\n"), Cell("", "z = 3"))},
    "9": {},
    "team-7": {"td2.py": (Cell("", "all_of_it = 1"),)},
}


def td(language: str = "en") -> Assignment:
    return replace(assignment(language), manual=QUESTIONS)


def row(entry: Entry) -> Row:
    known = {one.id: Known(entry.points(one.id), marking.plain(entry.comment(one.id))) for one in QUESTIONS}
    if entry.team:
        known["proof"] = Known(apart=(("Anna", "0.5"), ("Ben", "")))
    members = tuple((member.student_id, member.name) for member in entry.members)
    return Row(entry.id, members, entry.team, FILES[entry.id], ("data.csv",) if entry.team else (), known)


def page(language: str = "en") -> str:
    return sheet(td(language), QUESTIONS, marking.table(ENTRIES, QUESTIONS), [row(entry) for entry in ENTRIES], COMMAND)
