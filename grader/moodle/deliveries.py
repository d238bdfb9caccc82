"""Which student gets what: results, known by participant number or team, given to Moodle's users."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.errors import UserError
from grader.moodle.assignments import Assignment
from grader.moodle.feedback import digest
from grader.moodle.participants import Person
from grader.teams import number_of, team_id


@dataclass(frozen=True, slots=True)
class Parcel:
    """One result, ready made: `student_id` is a participant number, or a team's where there was no roster."""

    student_id: str
    team: str
    grade: float | None  # out of 10; None: there is no score, so nothing is sent
    comment: str  # HTML
    page: bytes  # the feedback page


class Fate(StrEnum):
    """What became, or would become, of one student."""

    SENT = "sent"
    WOULD_SEND = "would send"
    UNCHANGED = "unchanged"
    NO_SCORE = "no score"
    KEPT = "kept"  # a person changed it in Moodle
    NOT_TAKEN = "not taken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One student's line: the participant number, or the team's id, and why."""

    who: str
    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one user is to have. `digest` is of all of it but the page's foot."""

    user: int
    who: str
    team: str
    grade: str
    comment: str
    page: bytes
    digest: str


def grade_text(value: float) -> str:
    """A grade as Moodle takes it: a point, at most five decimals; "" for a negative one, which is none."""
    return f"{value:.5f}".rstrip("0").rstrip(".") if value >= 0 else ""


def check_scale(assignment: Assignment, scale_to_maximum: bool) -> None:
    """Can a score out of 10 be this assignment's grade? Raises `UserError` with what to do instead."""
    if assignment.maximum < 0:
        raise UserError(
            f"{assignment.name}: it is graded by a scale, whose words cannot be pushed; use the worksheet: "
            "surdix export RESULTS --moodle worksheet.csv"
        )
    if assignment.maximum == 0:
        raise UserError(f"{assignment.name}: it takes no grade; in its settings choose Grade, Point, 10")
    if assignment.maximum != 10 and not scale_to_maximum:
        raise UserError(
            f"{assignment.name}: it is out of {assignment.maximum:g} and scores are out of 10; set its maximum to 10, "
            f"or say --scale-to-maximum (a 5 becomes {assignment.maximum / 2:g})"
        )


def address(
    parcels: Iterable[Parcel], everyone: Sequence[Person], assignment: Assignment, *, largest: int = 0
) -> tuple[list[Delivery], list[Line]]:
    """Give each result to its user; a team's to each of its members who has none of their own.

    `largest` is the largest file that may be uploaded, in bytes, 0 if that is not known. What cannot be given
    is a line.
    """
    by_number = {person.number: person for person in everyone if person.number}
    teams: dict[str, list[Person]] = {}
    for person in everyone:
        teams.setdefault(person.team, []).append(person)
    own: dict[int, tuple[Person, Parcel]] = {}
    shared: dict[int, tuple[Person, Parcel]] = {}
    lines: list[Line] = []
    for parcel in sorted(parcels, key=lambda parcel: parcel.student_id):
        student = by_number.get(parcel.student_id)
        team = _team_of(parcel) if assignment.team else ""
        if student is not None and team and team in teams:
            why = "this number is a student's and a team's; grade with the roster of surdix moodle pull"
            lines.append(Line(parcel.student_id, Fate.UNKNOWN, why))
        elif team and team in teams:
            shared.update({person.user: (person, parcel) for person in teams[team]})
        elif student is not None:
            own[student.user] = (student, parcel)
        else:
            why = "it is nobody's in this assignment; was it graded with the roster of this assignment?"
            lines.append(Line(parcel.student_id, Fate.UNKNOWN, why))
    deliveries = []
    for person, parcel in {**shared, **own}.values():
        who = person.number or parcel.student_id
        if parcel.grade is None:
            lines.append(Line(who, Fate.NO_SCORE, "nothing is sent before there is one"))
        elif not 0 <= parcel.grade <= 10:
            lines.append(Line(who, Fate.NOT_TAKEN, f"{parcel.grade:g} is not between 0 and 10"))
        else:
            deliveries.append(_delivery(person, who, parcel, parcel.grade, assignment, largest))
    return deliveries, lines


def _team_of(parcel: Parcel) -> str:
    """The team that a result belongs to as a whole: without a roster its id is the group's; "" if it is a student's."""
    if parcel.team and parcel.student_id != parcel.team:
        return ""
    return team_id(number_of(parcel.student_id))


def _delivery(person: Person, who: str, parcel: Parcel, score: float, assignment: Assignment, largest: int) -> Delivery:
    """What the assignment has no place for is left out, so that it does not count as a change either."""
    grade = grade_text(score * assignment.maximum / 10)
    comment = parcel.comment if assignment.comments else ""
    page = parcel.page if assignment.files and not 0 < largest < len(parcel.page) else b""
    everything = json.dumps([grade, comment, digest(told(page))]).encode()
    return Delivery(person.user, who, person.team, grade, comment, page, digest(everything))


def told(page: bytes) -> bytes:
    """A page without its foot, which says what it was graded with: a new version of that is no news to a student."""
    before, found, after = page.rpartition(b"<footer")
    return before + after.partition(b"</footer>")[2] if found else page
