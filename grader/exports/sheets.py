"""One examiner's sheet of a jury, as a table: the teams that they hear, with a cell a criterion, and their members.

A team's row takes the marks of the criteria, each member's an adjustment with its reason; who worked alone has one row
for both. As in `marking` an empty cell says nothing, what is known is written in, and reading collects every problem of
the file before anything is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader import csvfile
from grader.contract import MARKED, Manual, Slot
from grader.exports.grades import csv_line
from grader.exports.marking import Mark, cell, number, other_titles, plain, points_of, typed

ADVICE = "write the sheets with `surdix defences DIR` and fill one of those in"
FIRST, LAST = ("examiner", "when", "id", "name"), ("adjustment", "reason")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a team."""

    student_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A team at its defence, and what each examiner has said of its members: `marks` are by examiner, student and
    criterion, an adjustment's is "", its comment the reason."""

    slot: Slot
    name: str
    members: tuple[Person, ...]
    automatic: float | None = None  # points that the grader gave, unrounded
    out_of: float = 0.0  # of these
    marks: Mapping[tuple[str, str, str], Mark] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        return [person.student_id for person in self.members] == [self.slot.team]

    def mark(self, examiner: str, student: str, criterion: str) -> Mark:
        return self.marks.get((examiner, student, criterion), Mark())


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: a team's, a member's, or both in one."""

    heard: Heard
    id: str
    name: str
    of_team: bool  # takes the criteria
    of_person: bool  # takes an adjustment

    @property
    def students(self) -> tuple[str, ...]:
        """Whom it is about."""
        members = tuple(person.student_id for person in self.heard.members)
        return members if self.of_team else (self.id,)

    def known(self, examiner: str, criterion: str) -> Mark:
        """What stands in its cells: nothing where its members have different marks, of other teams before."""
        found = {self.heard.mark(examiner, student, criterion) for student in self.students}
        return found.pop() if len(found) == 1 else Mark()


@dataclass(frozen=True, slots=True)
class Said:
    """What a sheet says that was not known, as an event: `kind` is mark, adjust or comment."""

    kind: str
    row: str  # a team's id, or a student's
    student_id: str
    check: str
    points: float | None
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of one file, and what is wrong with it."""

    said: tuple[Said, ...]
    problems: tuple[str, ...]


def titles(criteria: Sequence[Manual]) -> tuple[str, ...]:
    """The first line of the table."""
    pairs = [(f"{one.id} (of {number(one.points)})", f"{one.id} comment") for one in criteria]
    return (*FIRST, *(title for pair in pairs for title in pair), *LAST)


def rows(heard: Sequence[Heard]) -> Iterator[Row]:
    """The rows, in the order of the defences."""
    for one in sorted(heard, key=lambda one: (one.slot.start, one.slot.team)):
        if one.alone:
            yield Row(one, one.slot.team, one.name, of_team=True, of_person=True)
            continue
        yield Row(one, one.slot.team, one.name, of_team=True, of_person=False)
        for person in one.members:
            yield Row(one, person.student_id, person.name, of_team=False, of_person=True)


def cells(examiner: str, row: Row, criteria: Sequence[Manual]) -> tuple[str, ...]:
    """A row's cells: who, when and whom, then what this examiner has said already."""
    when = row.heard.slot.start.isoformat(sep=" ", timespec="minutes") if row.of_team else ""
    found = [cell(text) for text in (examiner, when, row.id, row.name)]
    for criterion in criteria:
        found += _two(row.known(examiner, criterion.id)) if row.of_team else ("", "")
    return (*found, *(_two(row.known(examiner, "")) if row.of_person else ("", "")))


def table(examiner: str, heard: Sequence[Heard], criteria: Sequence[Manual]) -> list[tuple[str, ...]]:
    """All cells of the table, the titles first."""
    return [titles(criteria), *(cells(examiner, row, criteria) for row in rows(heard))]


def sheet_csv(examiner: str, heard: Sequence[Heard], criteria: Sequence[Manual]) -> str:
    """The table, as spreadsheets take it."""
    return "\ufeff" + "".join(map(csv_line, table(examiner, heard, criteria)))


def unread(path: Path, examiner: str, heard: Sequence[Heard], criteria: Sequence[Manual]) -> bool:
    """Whether a sheet holds anything that is not known: a filled cell, whosever row it is in."""
    (_, header), *lines = csvfile.read(path, ADVICE).lines
    known = {row.id: row for row in rows(heard)}
    same = tuple(title.strip() for title in header) == titles(criteria)
    for _, texts in lines:
        filled = [text.strip() for text in texts[len(FIRST) :]]
        row = known.get(texts[2].strip()) if same and len(texts) > 2 else None
        there = list(cells(examiner, row, criteria)[len(FIRST) :]) if row else []
        if any(filled) and filled != there:
            return True
    return False


def read(path: Path, heard: Sequence[Heard], criteria: Sequence[Manual], most: float) -> Sheet:
    """What the sheets in a file (one, or several one below the other) add to what is known.

    An adjustment is from -`most` to `most`. Raises `UserError` for a file that is no csv table at all.
    """
    (_, header), *lines = csvfile.read(path, ADVICE, strict=True).lines
    given, wanted = tuple(title.strip() for title in header), titles(criteria)
    if given != wanted:
        return Sheet((), (other_titles(given, wanted, ADVICE),))
    known = {(cell(name), cell(row.id)): (name, row) for row in rows(heard) for name in row.heard.slot.examiners}
    said: list[Said] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for line, these in lines:
        texts = [text.strip() for text in these]
        who, one = texts[0], texts[2] if len(texts) > 2 else ""
        where = f"line {line} ({one}, {who})"
        if len(texts) != len(wanted):
            problems.append(f"{where}: {len(texts)} cells where the first line has {len(wanted)} titles")
        elif tuple(texts) == tuple(title.strip() for title in wanted):
            continue  # the first line of another sheet
        elif (who, one) not in known:
            problems.append(f"{where}: {who or 'nobody'} examines no team, or member of one, {one!r}")
        elif (who, one) in seen:
            problems.append(f"{where}: this row is there twice, first in line {seen[who, one]}")
        else:
            seen[who, one] = line
            examiner, row = known[who, one]
            found, wrong = _of_row(examiner, row, texts[len(FIRST) :], criteria, most)
            said += found
            problems += [f"{where}{text}" for text in wrong]
    return Sheet(tuple(said), tuple(problems))


def _of_row(
    examiner: str, row: Row, texts: Sequence[str], criteria: Sequence[Manual], most: float
) -> tuple[list[Said], list[str]]:
    said: list[Said] = []
    wrong: list[str] = []
    for place, criterion in enumerate(criteria):
        text, comment = texts[2 * place : 2 * place + 2]
        points = points_of(text, criterion)
        if isinstance(points, str):
            wrong.append(f", {criterion.id}: {points}")
        elif not row.of_team and (text or comment):
            wrong.append(
                f", {criterion.id}: it is the team's, in the row of {row.heard.slot.team}; here is an adjustment"
            )
        else:
            said += _said("mark", examiner, row, criterion.id, Mark(points, plain(comment)))
    text, reason = texts[-2:]
    points = typed(text)
    if isinstance(points, str):
        return said, [*wrong, f", adjustment: {points}"]
    if not row.of_person and (text or reason):
        return said, [*wrong, ", adjustment: it is of a person; write it in the row of a member"]
    if points is not None and abs(points) > most:
        return said, [*wrong, f", adjustment: {text} is not within {number(-most)} and {number(most)}"]
    if points is None and reason:
        return said, [*wrong, ", adjustment: a reason without points; write 0 where nothing moves"]
    if points and not reason:
        return said, [*wrong, f", adjustment: say why it is {text}"]
    return [*said, *_said("adjust", examiner, row, "", Mark(points, plain(reason)))], wrong


def _said(kind: str, who: str, row: Row, check: str, now: Mark) -> Iterator[Said]:
    """What is new, of each student of a row. A comment that comes without new points is a comment of its own, but of an
    adjustment, whose reason it is."""
    for student in row.students:
        before = row.heard.mark(who, student, check)
        comment = now.comment if now.comment != plain(cell(before.comment)) else ""
        if now.points is not None and (now.points != before.points or (kind == "adjust" and comment)):
            yield Said(kind, row.id, student, check, now.points, who, now.comment or before.comment or MARKED)
        elif comment:
            yield Said("comment", row.id, student, check, None, who, comment)


def _two(mark: Mark) -> tuple[str, str]:
    return ("" if mark.points is None else number(mark.points)), cell(mark.comment)
