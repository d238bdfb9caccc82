"""`grades.csv`: a line a student, for scripts and spreadsheets.

Ids are written as they are, since scripts join on them; in Moodle they are digits. A name is for reading, and whoever
can choose their own could make it a formula that a spreadsheet runs when the teacher opens the file: a name (or team)
that begins like a formula gets an apostrophe in front, which spreadsheets take as "this is text".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from grader.contract import Report
from grader.exports.numbers import points

FORMULA = re.compile(r"(^|[;,|])(?= *[=+\-@])")
BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# In the order of `grades.csv`; the table for reading (`table`) has them, too.
COLUMNS: Mapping[str, Callable[[Report], str]] = {
    "student_id": lambda report: report.student_id,
    "name": lambda report: harmless(report.name),
    "status": lambda report: report.status,
    "score": lambda report: points(report.score),
    "out_of": lambda report: points(report.out_of),
    "raw_score": lambda report: points(report.raw_score),
    "late": lambda report: "yes" if report.late else "",
    "draft": lambda report: "yes" if report.draft else "",
    "team": lambda report: harmless(report.team),
}


def grades_csv(reports: Iterable[Report]) -> str:
    """All of `grades.csv`, in the order of the ids. What UTF-8 cannot hold (a name in another encoding) is escaped."""
    lines = [csv_line(tuple(COLUMNS)), *map(grades_line, sorted(reports, key=lambda report: report.student_id))]
    return "".join(lines).encode("utf-8", "backslashreplace").decode()


def grades_line(report: Report) -> str:
    """A student's line of it."""
    return csv_line([cell(report) for cell in COLUMNS.values()])


def csv_line(fields: Sequence[str]) -> str:
    """One line of csv, ending in a line feed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(fields)  # so that both \r and \n in a field are quoted
    return text.getvalue().removesuffix("\r\n") + "\n"


def harmless(text: str) -> str:
    """On one line, and no formula wherever a cell could begin."""
    return FORMULA.sub(r"\1'", " ".join(text.split()) if BREAKS.search(text) else text)
