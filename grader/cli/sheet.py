"""The rows of the page to mark on: what is known, by the marking table; what was handed in, by the gradebook."""

from __future__ import annotations

from collections.abc import Sequence

from grader.cli.results import Results
from grader.contract import Manual
from grader.exports import marking
from grader.exports.marking import Entry
from grader.pages.sheet import Known, Row
from grader.pages.sheet import sheet as page_of
from student_template.runner import reading
from student_template.runner.reading import Cell

PROSE = (".md", ".txt", ".rst")  # files that a proof may be in


def page(results: Results, entries: Sequence[Entry], questions: Sequence[Manual], command: str) -> str:
    """The page for these rows of the table; `command` records the table that comes back."""
    rows = [_row(results, entry, questions) for entry in entries]
    return page_of(results.assignment, questions, marking.table(entries, questions), rows, command)


def _row(results: Results, entry: Entry, questions: Sequence[Manual]) -> Row:
    files, not_shown = _handed_in(results, entry)
    known = {question.id: _known(entry, question.id) for question in questions}
    members = tuple((member.student_id, member.name) for member in entry.members)
    return Row(entry.id, members, entry.team, files, tuple(not_shown), known)


def _known(entry: Entry, question: str) -> Known:
    points = {member.student_id: member.mark(question).points for member in entry.members}
    apart = tuple(
        (member.name or member.student_id, "" if given is None else marking.number(given))
        for member, given in zip(entry.members, points.values(), strict=True)
    )
    comment = marking.plain(entry.comment(question))
    return Known(entry.points(question), comment, apart if len(set(points.values())) > 1 else ())


def _handed_in(results: Results, entry: Entry) -> tuple[dict[str, list[Cell]], list[str]]:
    """The files that can be shown, by name, the one that counts first; and the names of the others."""
    members = {member.student_id for member in entry.members}
    reports = [report for report in results.reports if report.student_id in members]
    submission = next(filter(None, map(results.gradebook.submission_of, reports)), None)
    if submission is None or not submission.source:
        return {}, []
    asked = results.assignment.parts(submission.picked)
    shown = [name for name in submission.others if name in asked or name.casefold().endswith(PROSE)]
    shown.sort(key=lambda name: (name not in asked, name))
    files: dict[str, list[Cell]] = {}
    not_shown = [name for name in submission.others if name not in shown]
    for name, data in [(submission.picked, submission.source), *((name, submission.others[name]) for name in shown)]:
        try:
            cells, _ = reading.read(name.rpartition("/")[2], data, prose=True)
        except reading.Unreadable:
            not_shown.insert(0, name)
            continue
        prose = name.casefold().endswith(PROSE)
        files[name] = [Cell(cell.label, cell.text, cell.code and not prose) for cell in cells]
    return files, not_shown
