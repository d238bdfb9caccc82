"""An upload held against its forecast, and small worksheets of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader import worksheet
from grader.exports.forecast import Fate
from tests.exports.moodle_classes import BY_TEAM, Written, page, said
from tests.exports.moodle_importer import Site, php_write
from tests.exports.moodle_teams import teams


def uploaded(path: Path, done: Written, *, box: bool, west: bool = False) -> Site:
    """Upload what was exported as the worksheet's own teacher would, and hold it against the forecast."""
    site = Site.of(path, teams(path) if path in BY_TEAM else None)
    language = worksheet.read(path).language
    data = done.worksheet.read_bytes()
    before = {number: replace(one.record) if one.record else None for number, one in site.students.items()}
    counts = site.worksheet(data, language, box=box, west=west)
    assert counts == done.forecast.counts(box, west)
    sentence = "Updated {} grades and {} feedback instances." if language == "en" else "{} notes et {} instances de "
    assert sentence.format(*counts) in done.forecast.answer(box, west)
    attached = done.placed.attached()
    for line in done.forecast.lines:
        number = int(line.row.student_id)
        record, old = site.students[number].record, before[number]
        scored = line.report is not None and line.report.score is not None
        team = site.students[number].team
        assert line.report is None or line.report.student_id in (str(number), f"team-{team or 'default'}")
        assert (line.grade is not Fate.NONE) == scored
        if line.grade.happens(box, west):
            assert line.report is not None and line.report.score is not None and record is not None
            assert record.grade == expected(line.report.score, site), line
        else:
            assert (record.grade if record else -1.0) == (old.grade if old else -1.0), line
        if line.comment.happens(box, west):
            assert line.report is not None and record is not None
            assert record.comment == said(line.report, line.row.student_id in attached)
        else:
            assert (record.comment if record else "") == (old.comment if old else "")
        plain = line.grade is Fate.TAKEN and line.comment is Fate.TAKEN
        assert plain or line.reasons, f"{line} is not taken, and nobody is told why"
    reached: set[int] = set()
    for zipped, _ in done.zips:
        reached |= site.feedback(zipped.read_bytes())
    assert {str(number) for number in reached} == attached
    for entry in done.placed.attachments:
        for row in entry.rows:
            assert site.students[int(row.student_id)].files == {"feedback.html": page(entry.report, entry.team)}
    return site


def expected(score: float, site: Site) -> float:
    if site.scale:
        return 1.0 + (score >= 5) + (score >= 7) + (score >= 9)
    return score


def small(path: Path, *rows: Sequence[str], header: Sequence[str] = (), language: str = "en") -> Path:
    """A worksheet of one's own, as Moodle would write it: rows of number, name, grade and comment."""
    titles = {
        "en": ("Identifier", "Full name", "Status", "Grade", "Maximum grade", "Grade can be changed"),
        "fr": ("Identifiant", "Nom complet", "Statut", "Note", "Note maximale", "La note peut être modifiée"),
    }[language]
    ends = {
        "en": ("Last modified (grade)", "Feedback comments"),
        "fr": ("Dernière modification (note)", "Feedback par commentaires"),
    }[language]
    path.parent.mkdir(exist_ok=True)
    lines = [list(header or (*titles, *ends)), *map(list, rows)]
    path.write_bytes(("\ufeff" + "".join(map(php_write, lines))).encode())
    return path


def row(number: int, name: str = "Ada", grade: str = "", most: str = "10.00", said: str = "") -> list[str]:
    return [f"Participant {number}", name, "Submitted for grading -  - ", grade, most, "Yes", "-", said]
