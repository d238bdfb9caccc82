"""Who is in the class: `--roster FILE` → `contract.Enrolled`.

A roster is Moodle's grading worksheet, or a csv with the columns `student_id,name,email,team,handed_in_at,due,draft`,
of which only the first is needed. Times are ISO 8601 with an offset. A worksheet's dates are in the time zone of the
teacher's profile, which it does not name: the TD's is taken. It says when work was handed in and until when time was
given, but not when it was due: that is for a person to say, and an unknown time never costs points.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from grader import csvfile, worksheet
from grader.contract import Enrolled
from grader.errors import UserError
from grader.moments import aware
from grader.teams import NO_TEAM, name_key

COLUMNS = ("student_id", "name", "email", "team", "handed_in_at", "due", "draft")
FORMS = f"Moodle's grading worksheet, or a csv with the columns {','.join(COLUMNS)}"
YES = {"yes", "true", "1", "oui", "draft"}
NO = {"", "no", "false", "0", "non"}


@dataclass(frozen=True, slots=True)
class Roster:
    """All students of a class, in the file's order.

    `listed` are those of the file itself (None: there is no file, the archive said it).
    """

    file: str
    students: Mapping[str, Enrolled]
    listed: frozenset[str] | None
    silent: frozenset[str] = frozenset()  # it says that they handed in nothing
    handed_in: frozenset[str] = frozenset()  # it says that they handed in something
    shared: frozenset[str] = frozenset()  # keys of names that more than one team must have
    by_teams: bool = False  # everything was handed in by teams

    @property
    def teams(self) -> frozenset[str]:
        return frozenset(student.team for student in self.students.values() if student.team)


def read(path: Path, zone: tzinfo = UTC, due: datetime | None = None) -> Roster:
    """Read a roster. `zone` is that of a worksheet's dates; `due` is of all who have no other, or an earlier one.

    Raises `UserError`: file, line, what is wrong, what to do.
    """
    file = csvfile.read(path, f"a roster is {FORMS}")
    moodles = worksheet.of(path, file)
    found = _of_worksheet(path, moodles, zone) if moodles else _of_csv(path)
    if due is None:
        return found
    students = {
        one: replace(student, due=max(due, student.due) if student.due else due)
        for one, student in found.students.items()
    }
    return replace(found, students=students)


def merged(roster: Roster | None, archive: str, said: Iterable[Enrolled]) -> Roster | None:
    """The roster, with what an archive says of students (Gradescope's does) where the roster says nothing."""
    theirs = {student.student_id: student for student in said}
    if roster is None:
        return Roster(archive, theirs, None) if theirs else None
    students = {
        **{one: _filled(student, theirs.get(one)) for one, student in roster.students.items()},
        **{one: student for one, student in theirs.items() if one not in roster.students},
    }
    return replace(roster, students=students)


def _filled(student: Enrolled, said: Enrolled | None) -> Enrolled:
    if said is None:
        return student
    return replace(
        student,
        name=student.name or said.name,
        team=student.team or said.team,
        handed_in_at=student.handed_in_at or said.handed_in_at,
    )


def _of_worksheet(path: Path, sheet: worksheet.Worksheet, zone: tzinfo) -> Roster:
    students = {
        row.student_id: Enrolled(
            student_id=row.student_id,
            name=row["name"].strip(),
            team=_team_of_row(row, sheet.language),
            handed_in_at=worksheet.moment(row["handed_in"], sheet.language, zone),
            due=worksheet.extension(row, sheet.language, zone),
            draft=worksheet.is_draft(row, sheet.language),
            late=worksheet.is_late(row, sheet.language),
        )
        for row in sheet.rows
    }
    silent = frozenset(row.student_id for row in sheet.rows if worksheet.handed_nothing(row, sheet.language))
    return Roster(
        path.name,
        students,
        listed=frozenset(students),
        silent=silent,
        handed_in=frozenset(students) - silent,
        shared=_shared(sheet),
        by_teams=sheet.has("team"),
    )


def _shared(sheet: worksheet.Worksheet) -> frozenset[str]:
    """Names of several teams: a team's members share one submission, so two times under one name are two teams."""
    times: dict[str, set[str]] = defaultdict(set)
    for row in sheet.rows:
        if row["team"] and row["team"] != worksheet.DEFAULT_TEAM[sheet.language]:
            times[name_key(row["team"])].add(row["handed_in"])
    return frozenset(name for name, those in times.items() if len(those) > 1)


def _team_of_row(row: worksheet.Row, language: str) -> str:
    return NO_TEAM if row["team"] == worksheet.DEFAULT_TEAM[language] else row["team"]


def _of_csv(path: Path) -> Roster:
    file = csvfile.read(path, f"a roster is {FORMS}", strict=True)  # an open quote would swallow the rest of the class
    header = [cell.strip().casefold() for cell in file.lines[0][1]]
    if "student_id" not in header:
        raise UserError(f"{path}: no column student_id; a roster is {FORMS}")
    twice = next((name for name in header if name in COLUMNS and header.count(name) > 1), "")
    if twice:
        raise UserError(f"{path}: the column {twice} is there twice; keep one")
    unknown = next((name for name in header if name and name not in COLUMNS), "")
    if unknown:
        raise UserError(f"{path}: the column {unknown!r} means nothing here; a roster is {FORMS}")
    places = {name: header.index(name) for name in COLUMNS if name in header}
    students: dict[str, Enrolled] = {}
    for number, cells in file.lines[1:]:
        student = _of_line(f"{path}: line {number}", cells, places, len(header))
        before = students.get(student.student_id)
        if before is not None and before.team and student.team and before.team != student.team:
            raise UserError(
                f"{path}: line {number}: {student.student_id} is in two teams, {before.team} and {student.team}; "
                "keep one"
            )
        if before is not None:
            raise UserError(f"{path}: line {number}: {student.student_id} is there already; keep one line")
        students[student.student_id] = student
    for student in students.values():
        if student.team in students:
            raise UserError(f"{path}: {student.team!r} is a student and a team; write Moodle's teams as team-NUMBER")
    handed_in = frozenset(student.student_id for student in students.values() if student.handed_in_at)
    return Roster(path.name, students, frozenset(students), handed_in=handed_in)


def _of_line(where: str, cells: Sequence[str], places: Mapping[str, int], titles: int) -> Enrolled:
    found = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    if any(cell.strip() for cell in cells[titles:]):
        raise UserError(f"{where}: more cells than titles; put quotes around a name that holds a comma")
    if not found["student_id"]:
        raise UserError(f"{where}: no student_id; write one, or delete the line")
    draft = found.get("draft", "").casefold()
    if draft not in YES | NO:
        raise UserError(f"{where}: draft is {draft!r}; write yes, or leave it empty")
    numbered = worksheet.PARTICIPANT.fullmatch(found["student_id"])  # as Moodle's own table shows it
    return Enrolled(
        student_id=numbered[1] if numbered else found["student_id"],
        name=found.get("name", ""),
        team=found.get("team", ""),
        handed_in_at=_time(f"{where}: handed_in_at", found.get("handed_in_at", "")),
        due=_time(f"{where}: due", found.get("due", "")),
        draft=draft in YES,
    )


def _time(what: str, text: str) -> datetime | None:
    return aware(text, what) if text else None
