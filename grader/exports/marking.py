"""The table that marks by hand are written into: a row a student (or team), two columns a question that a person marks.

It is written, filled in with a spreadsheet or an editor, and read back. What stands in a cell is either what is known
already or new; an empty cell says nothing, so that two people may share out the questions and each read back their own
copy. Reading collects every problem of the file before anything is recorded.

A cell that begins like a formula gets an apostrophe in front, as in the other exports; here it is taken off again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from grader import csvfile
from grader.contract import Manual
from grader.exports.grades import csv_line

ADVICE = "write the table with `surdix mark DIR --csv FILE` and fill that one in"
# An apostrophe more than there is, so that one that a person typed is still there when it is read.
_FORMULA = re.compile(r"(^|[;,|])(?='* *[=+\-@])")
_APOSTROPHE = re.compile(r"(^|[;,|])'(?='* *[=+\-@])")
_NUMBER = re.compile(r"([+-]?)(\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one question of one student; None and "" where nothing is."""

    points: float | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One student, with the marks by the question's id."""

    student_id: str
    name: str
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def mark(self, question: str) -> Mark:
        return self.marks.get(question, Mark())


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a student, or a team and its members."""

    id: str
    members: tuple[Member, ...]
    team: bool = False

    def points(self, question: str) -> str:
        """The mark's cell; "" where there is none yet, or where members have different ones."""
        found = {member.mark(question).points for member in self.members}
        points = found.pop() if len(found) == 1 else None
        return "" if points is None else number(points)

    def comment(self, question: str) -> str:
        """The comment's cell; "" where members have different ones."""
        found = {member.mark(question).comment for member in self.members}
        return cell(found.pop()) if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Change:
    """What the table says of one student's question that was not known; None: that stays as it is.

    `why` is what stands in the comment's cell, new or not.
    """

    student_id: str
    question: str
    points: float | None
    comment: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a table says, and what is wrong with it: a sentence a problem, with its line."""

    changes: tuple[Change, ...]
    problems: tuple[str, ...]


def titles(questions: Sequence[Manual], members: bool) -> tuple[str, ...]:
    """The first line. `members` is a column where there are teams."""
    first = ("student_id", "name", "members") if members else ("student_id", "name")
    pairs = [(f"{one.id} (of {number(one.points)})", f"{one.id} comment") for one in questions]
    return (*first, *(title for pair in pairs for title in pair))


def table(entries: Sequence[Entry], questions: Sequence[Manual]) -> list[tuple[str, ...]]:
    """All cells of the table, the titles first: what is known stands in them."""
    teams = any(entry.team for entry in entries)
    lines = [titles(questions, teams)]
    for entry in entries:
        who = [cell(f"{member.name} ({member.student_id})".strip()) for member in entry.members]
        name = "" if entry.team else cell(entry.members[0].name)
        first = [cell(entry.id), name, *(["; ".join(who) if entry.team else ""] if teams else [])]
        cells = [text for one in questions for text in (entry.points(one.id), entry.comment(one.id))]
        lines.append((*first, *cells))
    return lines


def marking_csv(entries: Sequence[Entry], questions: Sequence[Manual]) -> str:
    """The table, as spreadsheets take it: UTF-8 with its mark, since most read another encoding without it."""
    return "\ufeff" + "".join(csv_line(line) for line in table(entries, questions))


def read(path: Path, entries: Sequence[Entry], questions: Sequence[Manual]) -> Read:
    """What the table at `path` adds to what is known. Raises `UserError` for a file that is no csv table at all."""
    (_, header), *lines = csvfile.read(path, ADVICE, strict=True).lines
    given = tuple(title.strip() for title in header)
    with_members = given[2:3] == ("members",)
    wanted = titles(questions, with_members)
    if given != wanted:
        return Read((), (other_titles(given, wanted),))
    first = 3 if with_members else 2
    known = _by_cell(entries)
    changes: list[Change] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for line, cells in lines:
        student = cells[0].strip()
        where = f"line {line} ({student})"
        if len(cells) != len(wanted):
            problems.append(f"{where}: {len(cells)} cells where the first line has {len(wanted)} titles")
        elif student not in known:
            problems.append(f"{where}: there is no student or team {student!r} to be marked")
        elif student in seen:
            problems.append(f"{where}: this row is there twice, first in line {seen[student]}")
        else:
            seen[student] = line
            for place, question in enumerate(questions):
                points, comment = cells[first + 2 * place : first + 2 * place + 2]
                found = points_of(points.strip(), question)
                if isinstance(found, str):
                    problems.append(f"{where}, {question.id}: {found}")
                else:
                    changes += _changes(known[student], question, found, plain(comment))
    return Read(tuple(changes), tuple(problems))


def number(points: float) -> str:
    """Points with a decimal point and as many decimals as they have."""
    text = format(Decimal(repr(points)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell(text: str) -> str:
    """A text on one line, that no spreadsheet runs; what UTF-8 cannot hold is escaped."""
    line = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    return _FORMULA.sub(r"\1'", line)


def plain(text: str) -> str:
    """A text as it was before `cell`, or as a person typed it, on one line."""
    return _APOSTROPHE.sub(r"\1", " ".join(text.split()))


def _by_cell(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Rows by their first cell. Two ids that are written alike are no one's: nobody gets another's mark."""
    cells = [cell(entry.id) for entry in entries]
    return {name: entry for name, entry in zip(cells, entries, strict=True) if cells.count(name) == 1}


def points_of(text: str, question: Manual) -> float | str | None:
    """A mark, None for an empty cell, or what is wrong with it."""
    points = typed(text)
    if isinstance(points, float) and points < 0:
        return f"{text} is below 0"
    if isinstance(points, float) and points > question.points:
        return f"{text} is above {number(question.points)}, which the question is worth"
    return points


def typed(text: str) -> float | str | None:
    """A number as people write it, None for an empty cell, or what is wrong with it."""
    if not text:
        return None
    found = _NUMBER.fullmatch(text.replace("\N{MINUS SIGN}", "-"))
    if found is None:
        return f"{text!r} is no number; write points like 0.5, or nothing"
    points = float(found[2].replace(",", "."))
    return -points if found[1] == "-" and points else points


def _changes(entry: Entry, question: Manual, points: float | None, comment: str) -> Iterator[Change]:
    for member in entry.members:
        before = member.mark(question.id)
        new_points = None if points == before.points else points
        new_comment = None if comment == plain(cell(before.comment)) else comment or None
        if new_points is not None or new_comment is not None:
            yield Change(member.student_id, question.id, new_points, new_comment, comment)


def other_titles(given: Sequence[str], wanted: Sequence[str], advice: str = ADVICE) -> str:
    """What is wrong with the first line: the first title that is another one."""
    for place, title in enumerate(wanted):
        if title not in given:
            return f"line 1: the column {title!r} is missing; {advice}"
        if given.count(title) > 1:
            return f"line 1: the column {title!r} is there twice; {advice}"
        if given[place] != title and set(given) == set(wanted):
            return f"line 1: column {place + 1} is {given[place]!r} and was {title!r}; {advice}"
    extra = next(title for title in given if title not in wanted)
    return f"line 1: the column {extra!r} is no question that a person marks; {advice}"
