"""Moodle's grading worksheet, filled in: grades and comments of those who have a score, and not another cell, but one.

Whoever has no score keeps what their row says, grade and comment: nothing was decided about them. But where a
spreadsheet put a decimal comma into such a grade, a point takes its place in an English worksheet, since Moodle reads
`7,5` there as 7; the forecast names the row. The file as a whole is in the form that Moodle takes, whatever it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from grader.contract import Report
from grader.errors import UserError
from grader.exports import forecast
from grader.exports.forecast import Forecast
from grader.exports.marks import Marks, check_maximum, maximum
from grader.exports.matching import Matched
from grader.worksheet import TITLES, Worksheet


@dataclass(frozen=True, slots=True)
class Filled:
    """The worksheet to upload, and what Moodle will do with it."""

    worksheet: Worksheet
    forecast: Forecast


def fill(worksheet: Worksheet, matched: Matched, marks: Marks, comment: Callable[[Report, str], str]) -> Filled:
    """Fill in grades and comments; `comment` makes a report's, for the row of a `student_id`.

    Raises `UserError` for a worksheet that Moodle would refuse as a whole, or whose maximum is another than the scores'
    where `marks` does not scale them.
    """
    if not worksheet.has("graded"):
        title = TITLES[worksheet.language]["graded"]
        raise UserError(
            f"{worksheet.file}: the column {title!r} is missing, and Moodle takes no worksheet without it; "
            "download it again"
        )
    cells: dict[int, dict[str, str]] = {}
    lines = []
    for place, (row, report, reason) in enumerate(zip(worksheet.rows, matched.reports, matched.reasons, strict=True)):
        scored = report is not None and report.score is not None
        if report is not None and scored and not marks.thresholds:
            check_maximum(worksheet.file, report.out_of, maximum(row), marks.to_maximum)
        said = comment(report, row.student_id) if report is not None and scored else ""
        line = forecast.line(worksheet, row, report, reason, marks, said)
        lines.append(line)
        if scored:
            cells[place] = {"grade": line.cell, "comment": said}
        elif line.cell != row["grade"]:
            cells[place] = {"grade": line.cell}
    told = tuple(lines)
    filled = worksheet.filled(cells)
    no_row = matched.no_row
    if not worksheet.has("name"):  # blind: no name may be told, whatever the results know
        no_row = tuple(replace(report, name="") for report in no_row)
    return Filled(filled, Forecast(worksheet.language, told, forecast.notes(filled, marks, told), no_row))
