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
from dataclasses import dataclass
from pathlib import Path

from grader import csvfile
from grader.contract import Note, Report, Status
from grader.errors import UserError
from grader.exports.marks import Marks, value

NEEDED = ("Student", "ID")
ADVICE = "export the gradebook again"
OWN = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")
POINTS = "Points Possible"
READ_ONLY = "(read only)"
_NUMBER = re.compile(r"\s*\(\d+\)\s*$")


@dataclass(frozen=True, slots=True)
class Canvas:
    """The file to import, how many scores are in it, and what is worth telling: of the file, and of students."""

    text: str
    column: str
    filled: int
    notes: tuple[Note, ...]
    left: tuple[tuple[str, str, Note], ...]  # student's id, name, why


def fill(
    path: Path, reports: Sequence[Report], *, td: str, title: str, column: str = "", to_maximum: bool = False
) -> Canvas:
    """Fill in the column `column`, else the one whose name is the TD's or its title's.

    Raises `UserError` where the file is no gradebook of Canvas, or no column, or more than one, fits.
    """
    file = csvfile.read(path, ADVICE)
    header = [cell.strip() for cell in file.lines[0][1]]
    if any(name not in header for name in NEEDED):
        raise UserError(f"{path}: this is no gradebook of Canvas (its first line has no Student and ID); {ADVICE}")
    csvfile.same_lengths(path, file, ADVICE)
    table = [list(cells) for _, cells in file.lines]
    place = _column(path, header, td, title, column)
    heads = next((line for line, row in enumerate(table) if row[0].strip() == POINTS), 0)
    most = value(table[heads][place]) if heads else None
    by_id = {report.student_id: report for report in reports}
    marks, filled, seen = Marks((), to_maximum), 0, set()
    left: list[tuple[str, str, Note]] = []
    for row in table[heads + 1 :]:
        student = row[header.index("ID")].strip()
        report = by_id.get(student)
        if not student:
            continue  # Canvas's own "Student, Test" may have no number
        seen.add(student)
        if report is None or report.score is None:
            left.append((student, row[0], Note(_why(report))))
            continue
        row[place] = marks.cell(report.score, report.out_of, most)
        filled += 1
    left += [
        (r.student_id, r.name, Note("no_row")) for r in reports if r.student_id not in seen and r.score is not None
    ]
    notes = [
        Note("scaled" if to_maximum else "other_maximum", {"out_of": out_of, "maximum": most})
        for out_of in sorted({report.out_of for report in reports})
        if most is not None and most != out_of
    ]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=file.delimiter, lineterminator="\n").writerows(table)
    bom = "\ufeff" if file.encoding == "utf-8-sig" else ""
    return Canvas(bom + written.getvalue(), header[place], filled, tuple(notes), tuple(left))


def _why(report: Report | None) -> str:
    if report is None:
        return "not_here"
    return "no_score" if report.status is Status.GRADED else report.status


def _column(path: Path, header: Sequence[str], td: str, title: str, wanted: str) -> int:
    """The place of the assignment's column."""
    there = {place: name for place, name in enumerate(header) if name and name not in OWN and READ_ONLY not in name}
    listed = ", ".join(there.values()) or "none"
    if wanted:
        fits = [place for place, name in there.items() if wanted.strip() in (name, _NUMBER.sub("", name))]
        if len(fits) != 1:
            what = f"{len(fits)} columns are called" if fits else "there is no column"
            raise UserError(f"{path}: {what} {wanted!r}; there is {listed}")
        return fits[0]
    names = {place: _NUMBER.sub("", name).casefold() for place, name in there.items()}
    begins = re.compile(re.escape(td.casefold()) + r"(?!\w)")
    exact = [place for place, name in names.items() if name in (td.casefold(), title.casefold())]
    fits = exact or [place for place, name in names.items() if begins.match(name)]
    if len(fits) == 1:
        return fits[0]
    raise UserError(f"{path}: which column is {td}? Say it with --column; there is {listed}")
