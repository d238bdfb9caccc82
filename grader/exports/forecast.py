"""What Moodle will do with a filled worksheet, row by row, told before anybody uploads it.

Moodle skips rows without a word. Its rules, in short: a grade that is there already, empty, below 0, above the maximum
or not on the scale is not taken, nor one that is locked or overridden in the gradebook; and where a row was graded
before, nothing of it is taken, comment included, if the date in the file is older than Moodle's own, unless a box is
ticked. French dates cannot be parsed, so they are always older; English ones are where the teacher's time zone lies
west of the site's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.contract import Note, Report
from grader.exports.marks import Marks, maximum, value
from grader.exports.reasons import loud, no_score
from grader.worksheet import Row, Worksheet, handed_nothing, is_draft, locked

ANSWERS = {
    "en": "Updated {grades} grades and {comments} feedback instances.",
    "fr": "{grades} notes et {comments} instances de feedbacks modifiées.",
}
_COMMA = re.compile(r"(-?\d+),(\d+)")
_TAG = re.compile(r"<[^>]*>")


class Fate(StrEnum):
    """What becomes of a cell."""

    TAKEN = "taken"
    BOX = "box"  # only if the box is ticked
    ZONE = "zone"  # unless the teacher's time zone lies west of the site's; with the box always
    SAME = "same"  # Moodle has it already
    SKIPPED = "skipped"
    NONE = "none"  # nothing of ours: the cell is as it was

    def happens(self, box: bool, west: bool = False) -> bool:
        """Whether Moodle takes it, with the box ticked or not, for a teacher west of the site or not."""
        return self is Fate.TAKEN or (self is Fate.BOX and box) or (self is Fate.ZONE and (box or not west))


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what its grade's cell holds now, what becomes of grade and comment, and why, where worth a word."""

    row: Row
    report: Report | None
    cell: str
    grade: Fate
    comment: Fate
    reasons: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """All rows in the file's order; `notes` are about the file as a whole, `no_row` are reports that it lacks."""

    language: str
    lines: tuple[Line, ...]
    notes: tuple[Note, ...] = ()
    no_row: tuple[Report, ...] = ()

    def counts(self, box: bool = False, west: bool = False) -> tuple[int, int]:
        """How many grades and how many comments Moodle will say that it took."""
        return (
            sum(line.grade.happens(box, west) for line in self.lines),
            sum(line.comment.happens(box, west) for line in self.lines),
        )

    def answer(self, box: bool = False, west: bool = False) -> str:
        """What Moodle will answer, in the worksheet's language."""
        grades, comments = self.counts(box, west)
        return ANSWERS[self.language].format(grades=grades, comments=comments)

    @property
    def needs_box(self) -> bool:
        return any(fate in (Fate.BOX, Fate.ZONE) for line in self.lines for fate in (line.grade, line.comment))

    @property
    def findings(self) -> bool:
        """Is there something that a person should look at before, or instead of, uploading?"""
        said = [note for line in self.lines for note in line.reasons]
        return bool(self.no_row) or loud([*said, *self.notes])


def line(worksheet: Worksheet, row: Row, report: Report | None, reason: Note | None, marks: Marks, said: str) -> Line:
    """What Moodle will do with one row, if `said` is the comment and the score is written by `marks`."""
    if report is None or report.score is None:
        why = reason or Note(no_score(report) if report else "no_score")
        if why.key == "not_here" and handed_nothing(row, worksheet.language):
            why = Note("absent")
        cell = _with_point(row["grade"]) if worksheet.language == "en" else row["grade"]
        comma = [Note("comma", {"was": row["grade"].strip(), "now": cell})] if cell != row["grade"] else []
        return Line(row, report, cell, Fate.NONE, Fate.NONE, (why, *comma))
    most = maximum(row)
    cell = marks.cell(report.score, report.out_of, most)
    graded = row["graded"].strip() not in ("", "-")
    stale = {"fr": Fate.BOX, "en": Fate.ZONE}[worksheet.language] if graded else Fate.TAKEN
    reasons: list[Note] = []
    grade = stale
    if _same(row["grade"], cell):
        grade = Fate.SAME
        reasons.append(Note("same"))
    elif locked(row, worksheet.language):
        grade = Fate.SKIPPED
        reasons.append(Note("locked"))
    elif most is not None and not marks.thresholds and float(cell) > most:
        grade = Fate.SKIPPED
        reasons.append(Note("over", {"grade": cell, "maximum": most}))
    elif row["grade"].strip():
        reasons.append(Note("was", {"was": row["grade"].strip(), "now": cell}))
    if not worksheet.columns.get("comment"):  # no such column, or the first, which Moodle takes for none
        comment = Fate.NONE
    elif bare(said) == bare(row["comment"]):
        comment = Fate.SAME
    else:
        comment = stale
    for fate in (Fate.BOX, Fate.ZONE):
        if fate in (grade, comment):
            reasons.append(Note(fate.value))
    if report.draft or is_draft(row, worksheet.language):
        reasons.append(Note("draft"))
    return Line(row, report, cell, grade, comment, tuple(reasons))


def notes(worksheet: Worksheet, marks: Marks, lines: tuple[Line, ...]) -> tuple[Note, ...]:
    """What is to be said of the file as a whole, as it is filled in."""
    found: list[Note] = []
    if worksheet.delimiter != "," or worksheet.encoding not in ("utf-8", "utf-8-sig"):
        found.append(Note("spreadsheet", {"delimiter": worksheet.delimiter, "encoding": worksheet.encoding}))
    if not worksheet.has("comment"):
        found.append(Note("no_comments"))
    elif worksheet.columns["comment"] == 0:
        found.append(Note("comment_first"))
    if worksheet.has("workflow"):
        found.append(Note("workflow"))
    scored = [one for one in lines if one.report is not None and one.report.score is not None]
    others = {
        (one.report.out_of, most)
        for one in scored
        if one.report is not None and (most := maximum(one.row)) is not None and most != one.report.out_of
    }
    for out_of, most in sorted(others):
        found.append(Note("scaled", {"out_of": out_of, "maximum": most}))
    for one, cells in zip(lines, worksheet.table, strict=True):
        column = misread(worksheet, cells)
        if column:
            found.append(Note("backslash", {"row": one.row.line, "column": column}))
    flattened = [one.row.student_id for one in lines if one.comment is Fate.NONE and one.row["comment"].strip()]
    if flattened and worksheet.columns.get("comment"):
        found.append(Note("flattened", {"students": ", ".join(flattened)}))
    return tuple(found)


def misread(worksheet: Worksheet, cells: Sequence[str]) -> str:
    """The title of a column whose cell Moodle cannot read back: a backslash before a quote, or last. Ours have none."""
    found = (title for title, cell in zip(worksheet.header, cells, strict=True) if '\\"' in cell or cell.endswith("\\"))
    return next(found, "")


def bare(text: str) -> str:
    """The letters and digits of a comment: all that is sure to stay of it in a worksheet, where Moodle strips tags."""
    return "".join(c for c in html.unescape(_TAG.sub(" ", text)).casefold() if c.isalnum())


def _same(old: str, new: str) -> bool:
    before, after = value(old), value(new)
    return old.strip() == new if before is None or after is None else before == after


def _with_point(cell: str) -> str:
    """A grade that a spreadsheet wrote with a comma, as English Moodle has to be given it; any other cell as it is."""
    return _COMMA.sub(r"\1.\2", cell.strip()) if _COMMA.fullmatch(cell.strip()) else cell
