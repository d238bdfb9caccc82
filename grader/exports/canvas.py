"""Canvas's gradebook, as it was downloaded, with one column filled in.

Its first line has the titles (`Student, ID, …, TD2 (12345)`), then come lines about the columns, the last of which says
`Points Possible`, then the students. Students are found by `ID`. An empty cell changes nothing in Canvas; what is
filled in overwrites what is there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader import csvfile
from grader.contract import Note, Report
from grader.errors import UserError
from grader.exports.marks import Marks, check_maximum, value
from grader.exports.reasons import loud, no_score

NEEDED = ("Student", "ID")
ADVICE = "export the gradebook again"
OWN = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")
POINTS = "Points Possible"
READ_ONLY = "(read only)"
_NUMBER = re.compile(r"\s*\(\d+\)\s*$")


@dataclass(frozen=True, slots=True)
class Book:
    """A gradebook as it was exported: all its cells, by line; `heads` lines come before the students'."""

    path: Path
    delimiter: str
    mark: str  # what the file begins with, if anything, to say that it is UTF-8
    table: tuple[tuple[str, ...], ...]
    heads: int
    points: tuple[str, ...]  # the line of the most that there is to get; none where it is not there

    @property
    def header(self) -> list[str]:
        return [cell.strip() for cell in self.table[0]]

    def text(self) -> str:
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=self.delimiter, lineterminator="\n").writerows(self.table)
        return self.mark + written.getvalue()


@dataclass(frozen=True, slots=True)
class Filled:
    """The gradebook to import, how many scores are in it, and what is worth telling: of the file, and of students."""

    book: Book
    column: str
    filled: int
    notes: tuple[Note, ...]
    left: tuple[tuple[str, str, Note], ...]  # student's id, name, why

    @property
    def findings(self) -> bool:
        """Is there something that a person should look at before, or instead of, importing?"""
        return loud([*self.notes, *(note for _, _, note in self.left)])


def read(path: Path) -> Book:
    """Read a gradebook. Raises `UserError` where the file is none."""
    file = csvfile.read(path, ADVICE)
    table = tuple(cells for _, cells in file.lines)
    header = [cell.strip() for cell in table[0]]
    if any(name not in header for name in NEEDED):
        raise UserError(f"{path}: this is no gradebook of Canvas (its first line has no Student and ID); {ADVICE}")
    csvfile.same_lengths(path, file, ADVICE)
    place = next((line for line, cells in enumerate(table) if cells[0].strip() == POINTS), 0)
    mark = "\ufeff" if file.encoding == "utf-8-sig" else ""
    return Book(path, file.delimiter, mark, table, place + 1, table[place] if place else ())


def fill(
    book: Book, reports: Sequence[Report], *, td: str, title: str, column: str = "", to_maximum: bool = False
) -> Filled:
    """Fill in the column `column`, else the one whose name is the TD's or its title's.

    Raises `UserError` where no column, or more than one, fits, and where its maximum is another than the scores' and
    they are not to be scaled.
    """
    header = book.header
    place, student = _column(book.path, header, td, title, column), header.index("ID")
    most = value(book.points[place]) if book.points else None
    outs = sorted({report.out_of for report in reports if report.score is not None})
    for out_of in outs:
        check_maximum(book.path.name, out_of, most, to_maximum)
    marks = Marks((), to_maximum)
    by_id = {report.student_id: report for report in reports}
    table = list(book.table[: book.heads])
    filled = 0
    seen: set[str] = set()
    left: list[tuple[str, str, Note]] = []
    for cells in book.table[book.heads :]:
        number = cells[student].strip()
        report = by_id.get(number)
        seen.add(number)
        if report is not None and report.score is not None:
            cells = (*cells[:place], marks.cell(report.score, report.out_of, most), *cells[place + 1 :])
            filled += 1
        elif number:  # Canvas's own "Student, Test" may have none
            left.append((number, cells[0], Note(no_score(report) if report else "not_here")))
        table.append(cells)
    left += [
        (r.student_id, r.name, Note("no_row")) for r in reports if r.student_id not in seen and r.score is not None
    ]
    notes = [
        Note("scaled", {"out_of": out_of, "maximum": most}) for out_of in outs if most is not None and most != out_of
    ]
    return Filled(replace(book, table=tuple(table)), header[place], filled, tuple(notes), tuple(left))


def _column(path: Path, header: Sequence[str], td: str, title: str, wanted: str) -> int:
    """The place of the assignment's column."""
    there = {place: name for place, name in enumerate(header) if name and name not in OWN and READ_ONLY not in name}
    if not there:
        raise UserError(f"{path}: it has no column of an assignment; make the assignment in Canvas, then {ADVICE}")
    listed = ", ".join(there.values())
    if wanted:
        fits = [place for place, name in there.items() if wanted.strip() in (name, _NUMBER.sub("", name))]
        if len(fits) != 1:
            what = f"{len(fits)} columns are called" if fits else "there is no column"
            raise UserError(f"{path}: {what} {wanted!r}; say --column with one of these: {listed}")
        return fits[0]
    names = {place: _NUMBER.sub("", name).casefold() for place, name in there.items()}
    begins = re.compile(re.escape(td.casefold()) + r"(?!\w)")
    exact = [place for place, name in names.items() if name in (td.casefold(), title.casefold())]
    fits = exact or [place for place, name in names.items() if begins.match(name)]
    if len(fits) == 1:
        return fits[0]
    raise UserError(f"{path}: it is not clear which column is {td}; say --column with one of these: {listed}")
