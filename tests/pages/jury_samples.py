"""An examiner's sheet: a team of two and a student alone, of whom some marks are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from grader.contract import Manual, Policy, Slot
from grader.exports import sheets
from grader.exports.marking import Mark
from grader.exports.sheets import Heard, Person
from grader.pages.jury import Member, Team, jury
from tests.pages.pages_samples import assignment

TALK = Manual("talk", "3", 3.0, "A talk of ten minutes.", levels=((0.0, "read"), (1.5, "explained")), jury=True)
CODE = Manual("code", "4", 2.0, "Each of you knows the code.", jury=True)
WHO, FILE = 'Marie "M." Curie', "Marie.csv"
TEAM = Slot("team-7", datetime.fromisoformat("2027-01-14T09:00+01:00"), 20, "B12", (WHO, "Alan Turing"))
ALONE = replace(TEAM, team="4", start=datetime.fromisoformat("2027-01-14T09:20+01:00"))
KNOWN = {(WHO, student, "code"): Mark(1.0, "ok") for student in ("1", "2")}
HEARD = (
    Heard(
        TEAM,
        "Ada, Bo",
        (Person("1", "=Ada"), Person("2", "</script>Bo")),
        5.5,
        6.0,
        KNOWN,
    ),
    Heard(ALONE, "Dee", (Person("4", "Dee"),), None, 6.0),
)


def page() -> str:
    td = replace(assignment(), manual=(TALK, CODE), policy=Policy())
    one, two, four = (
        Member(1, "1", "=Ada", "../1.html"),
        Member(2, "2", "</script>Bo", "../2.html"),
        Member(3, "4", "Dee", ""),
    )
    teams = [Team(0, TEAM, (one, two), 5.5, 6.0), Team(3, ALONE, (four,), None, 6.0)]
    return jury(
        td, WHO, sheets.table(WHO, HEARD, (TALK, CODE)), teams, FILE, "surdix defences results --read Marie.csv"
    )
