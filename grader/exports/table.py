"""A class as one table: a line a student, a column a check, notes in words; for a spreadsheet and for scripts.

`grades.csv` stays as scripts know it; this one has all the points, too.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.contract import Report
from grader.exports.grades import COLUMNS, csv_line, harmless
from grader.exports.numbers import by_question, points
from grader.exports.results import Say

FIRST = ("student_id", "name", "team", "status", "score", "out_of", "raw_score", "late", "draft")
MOST = 2_000  # characters of notes


def table_csv(reports: Iterable[Report], say: Say, language: str = "en") -> str:
    """The table, in the order of the ids; `points` of a check are the grader's, before people's adjustments.

    What people mark has columns of its own, by its id.
    """
    reports = sorted(reports, key=lambda report: report.student_id)
    question = {verdict.id: verdict.question for report in reports for verdict in report.verdicts}
    places = {number: place for place, number in enumerate(by_question(question.values()))}
    checks = sorted(question, key=lambda check: places[question[check]])
    marked = sorted({check for report in reports for check in report.given if check not in question})
    titles = [harmless(f"{question[check]} {check}") for check in checks]
    lines = [csv_line((*FIRST, *titles, *map(harmless, marked), "adjustments", "notes"))]
    for report in reports:
        got = {verdict.id: points(verdict.points) for verdict in report.verdicts}
        moved = sum(float(adjustment.get("points") or 0.0) for adjustment in report.adjustments)
        notes = " ".join(say(note.key, note.values, language) for note in report.notes)
        fields = (
            *(COLUMNS[name](report) for name in FIRST),
            *(got.get(check, "") for check in checks),
            *(points(report.given.get(check)) for check in marked),
            points(moved) if report.adjustments else "",
            harmless(notes[:MOST]),
        )
        lines.append(csv_line(fields))
    return "".join(lines).encode("utf-8", "backslashreplace").decode()
