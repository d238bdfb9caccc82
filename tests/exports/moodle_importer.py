"""What Moodle does with a worksheet and a zip of feedback that somebody uploads, silence included.

Written from what real Moodles 4.5 and 5.1 did and from Moodle's public source (its csv reader, the import of grades of
mod_assign's "offline" feedback, the zip import of its "file" feedback), for facts alone. It knows nothing of the
exporter: titles, dates and csv are read here anew, the way PHP reads them.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = 1_795_000_000  # seconds; when somebody uploads
TITLES = {
    "en": ("Identifier", "Grade", "Last modified (grade)", "Feedback comments", "Participant "),
    "fr": ("Identifiant", "Note", "Dernière modification (note)", "Feedback par commentaires", "Participant"),
}
FLOAT = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


class Refused(Exception):
    """The whole file."""


@dataclass
class Record:
    """What Moodle keeps of one student's grading."""

    modified: int
    grade: float = -1.0  # none; of a scale, the place of the word from 1 on
    comment: str = ""


@dataclass
class Student:
    record: Record | None = None
    locked: bool = False
    team: int | None = None  # None: in no team
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Site:
    """One assignment: its students by their numbers."""

    students: dict[int, Student]
    maximum: float = 10.0
    scale: tuple[str, ...] = ()
    teams: bool = False

    @classmethod
    def of(cls, path: Path, teams: Mapping[int, int] | None = None) -> Site:
        """The state in which a worksheet was downloaded. `teams` is each student's team."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        english = rows[0][0] == "Identifier"
        site = cls({}, teams=teams is not None)
        for row in rows[1:]:
            cells = dict(zip(rows[0], row, strict=True))
            number = int(re.sub(r"\D", "", row[0]))
            open_to_changes = cells["Grade can be changed" if english else "La note peut être modifiée"]
            student = Student(locked=open_to_changes in ("No", "Non"), team=(teams or {}).get(number))
            scale = cells.get("Scale" if english else "Barème", "")
            site.scale = tuple(re.split(r" {2,}", scale)) if scale else ()
            most = cells.get("Maximum grade" if english else "Note maximale")
            if most:
                site.maximum = float(most.replace(",", "."))
            date, grade = cells[TITLES["en" if english else "fr"][2]], cells["Grade" if english else "Note"]
            if date != "-":
                # Seconds are not in the file. A French date is only known to be some day or other.
                student.record = Record((english_date(date) if english else NOW - 86_400) + 30)
                student.record.comment = cells[TITLES["en" if english else "fr"][3]]
                if grade:
                    student.record.grade = float(grade.replace(",", "."))
            site.students[number] = student
        return site

    def worksheet(self, data: bytes, language: str, *, box: bool = False, west: bool = False) -> tuple[int, int]:
        """Upload a worksheet: how many grades and comments Moodle says that it took. `west`: of the site's zone."""
        identifier, grade_title, date_title, comment_title, hidden = TITLES[language]
        header, *rows = csv_import(data)
        if identifier not in header or grade_title not in header or date_title not in header:
            raise Refused("could not read the uploaded worksheet")
        last = {title: place for place, title in enumerate(header)}
        said = last.get(comment_title, 0)  # the first place counts as none
        grades = comments = 0
        for row in rows:
            number = leading_int(cell(row, last[identifier])[len(hidden.encode()) :])
            student = self.students.get(number)
            if student is None:
                continue
            date = english_date(cell(row, last[date_title]))
            if west and date:
                date -= 3_600
            stale = student.record is not None and student.record.modified > date + 60
            typed = cell(row, last[grade_title])
            new = self._scaled(typed) if self.scale else unformat(typed, language)
            skipped = (
                (student.record is not None and new is not None and student.record.grade == new)
                or new is None
                or new < 0
                or (stale and not box)
                or student.locked
                or (not self.scale and new > self.maximum)
            )
            before = student.record.comment if student.record else ""
            if not skipped and new is not None:
                self._of(student).grade = new
                grades += 1
            if said and (box or not stale) and cell(row, said) != before:
                self._of(student).comment = cell(row, said)
                comments += 1
        return grades, comments

    def feedback(self, data: bytes) -> set[int]:
        """Upload a zip of feedback files: the students whom it reaches."""
        reached: set[int] = set()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                found = self._whose(info.filename)
                if found is None:
                    continue
                numbers, name = found
                for number in numbers:
                    student = self.students[number]
                    self._of(student)
                    student.files[name] = archive.read(info)
                    reached.add(number)
        return reached

    def _of(self, student: Student) -> Record:
        """The record of a student, made if there is none, and modified now."""
        student.record = student.record or Record(NOW)
        student.record.modified = NOW
        return student.record

    def _scaled(self, typed: str) -> float | None:
        return float(self.scale.index(typed) + 1) if typed in self.scale else None

    def _whose(self, path: str) -> tuple[list[int], str] | None:
        """By the number in the first part of a path that has one which is known."""
        parts = path.split("/")
        if parts[-1].startswith((".", "~")):
            return None
        while parts:
            info = parts.pop(0).split("_", 4)
            if len(info) < 4 or not re.fullmatch(r"\s*[+-]?\d+(\.\d+)?\s*", info[1]):
                continue
            number = int(float(info[1]))
            if self.teams:
                numbers = [one for one, student in self.students.items() if student.team == number]
            else:
                numbers = [number] if number in self.students else []
            if not numbers or info[2:4] not in (["assignsubmission", "file"], ["assignfeedback", "file"]):
                continue
            name = "/".join([info[4] if len(info) == 5 else "", *parts])
            return numbers, name.lstrip("/")
        return None


def english_date(text: str) -> int:
    """Seconds; 0 where it cannot be parsed, as a French date or a dash. The site is in one zone with itself."""
    try:
        return int(datetime.strptime(text, "%A, %d %B %Y, %I:%M %p").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def later(site: Site, by: timedelta) -> None:
    """Let every record have been changed later than the worksheet says."""
    for student in site.students.values():
        if student.record:
            student.record.modified += int(by.total_seconds())


def unformat(typed: str, language: str) -> float | None:
    """A number as Moodle reads it from a cell: never an error."""
    typed = typed.strip().replace(" ", "")
    if not typed:
        return None
    found = FLOAT.match(typed.replace(",", ".") if language == "fr" else typed)
    return float(found[0]) if found else 0.0


def leading_int(text: str) -> int:
    found = re.match(r"\s*\d+", text)
    return int(found[0]) if found else 0


def cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


# PHP's csv: a backslash inside of quotes hides the quote after it, in reading and in writing. Moodle reads the upload,
# writes it to a file of its own, and reads that.


def csv_import(data: bytes) -> list[list[str]]:
    """All rows with their titles. Raises `Refused` where a row has another length than the titles."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None
    text = re.sub("\r\n?", "\n", text.removeprefix("\ufeff")).strip(" \t\n\r\0\x0b")
    rows = list(php_read(text))
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise Refused("No modified grades found")
    return list(php_read("".join(map(php_write, rows))))


def php_read(text: str) -> Iterator[list[str]]:
    place, end = 0, len(text)
    while place < end:
        if text[place] == "\n":
            place += 1
            continue
        fields = []
        while True:
            start = place
            while start < end and text[start] in " \t\v\f":
                start += 1
            quoted = ""
            if start < end and text[start] == '"':
                quoted, place = _quoted(text, start + 1)
            rest = re.compile(r"[^,\n]*").match(text, place)
            assert rest is not None
            fields.append(quoted + rest[0])
            place = rest.end()
            more = place < end and text[place] == ","
            place += 1
            if not more:
                break
        yield fields


def _quoted(text: str, place: int) -> tuple[str, int]:
    """What is between quotes, and where it ends: at a quote that is neither doubled nor after a backslash."""
    found = ""
    while place < len(text):
        here = text[place]
        if here == "\\" and place + 1 < len(text):
            found += text[place : place + 2]
            place += 2
        elif here != '"':
            found += here
            place += 1
        elif text[place + 1 : place + 2] == '"':
            found += '"'
            place += 2
        else:
            return found, place + 1
    return found, place


def php_write(row: list[str]) -> str:
    return ",".join(map(_written, row)) + "\n"


def _written(field: str) -> str:
    if not re.search(r'[,"\\\n\r\t ]', field):
        return field
    made, hidden = '"', False
    for here in field:
        if here == "\\":
            hidden = True
        elif here == '"' and not hidden:
            made += '"'
        else:
            hidden = False
        made += here
    return made + '"'
