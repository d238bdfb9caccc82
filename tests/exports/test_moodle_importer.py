"""The importer's rules, held against what a real Moodle answered, before anything is tested with them."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.exports.moodle_importer import Refused, Site, csv_import, later, php_read, php_write
from tests.exports.moodle_teams import TEAMS
from tests.moodle.moodle_files import REAL


@pytest.mark.parametrize(
    ("letter", "answer", "reached"),
    [("a-individual", (42, 42), 42), ("b-blind", (42, 42), 42), ("c-team", (43, 43), 33)],
)
def test_what_a_real_moodle_took(letter: str, answer: tuple[int, int], reached: int) -> None:
    site = Site.of(REAL / f"{letter}-worksheet-fr.csv", TEAMS if letter == "c-team" else None)
    data = (REAL / f"{letter}-accepted-filled-worksheet-fr.csv").read_bytes()
    assert site.worksheet(data, "fr") == answer
    assert len(site.feedback((REAL / f"{letter}-accepted-feedback.zip").read_bytes())) == reached
    grades = {student.record.grade for student in site.students.values() if student.record}
    assert {7.5, 10.0, 0.0, 6.25, 9.75} <= grades, "commas are read in French"


def site_of(
    tmp_path: Path, *, graded: str = "-", grade: str = "", maximum: str = "10.00", locked: bool = False
) -> Site:
    path = tmp_path / "w.csv"
    path.write_text(
        "Identifier,Grade,Maximum grade,Grade can be changed,Last modified (grade),Feedback comments\n"
        f'Participant 7,{grade},{maximum},{"No" if locked else "Yes"},"{graded}",{"old" if grade else ""}\n'
    )
    return Site.of(path)


def upload(site: Site, grade: str, comment: str = "<p>new</p>", graded: str = "-", **how: bool) -> tuple[int, int]:
    lines = [
        "Identifier,Grade,Last modified (grade),Feedback comments",
        f'Participant 7,"{grade}","{graded}",{comment}',
    ]
    return site.worksheet("\n".join(lines).encode(), "en", **how)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("7.5", 7.5), ("7,5", 7.0), ("abc", 0.0), ("=1+1", 0.0), ("10.001", None), ("11", None), ("-1", None), ("", None)],
)
def test_a_number_in_english(tmp_path: Path, typed: str, taken: float | None) -> None:
    site = site_of(tmp_path)
    assert upload(site, typed) == (int(taken is not None), 1), "the comment is written all the same"
    record = site.students[7].record
    assert record is not None and record.grade == (-1.0 if taken is None else taken)


GRADED = "Tuesday, 24 November 2026, 11:05 PM"


def test_a_graded_row_and_the_box(tmp_path: Path) -> None:
    assert upload(site_of(tmp_path, graded=GRADED, grade="5.00"), "7", graded=GRADED) == (1, 1)
    assert upload(site_of(tmp_path, graded=GRADED, grade="5.00"), "5", graded=GRADED) == (0, 1)
    assert upload(site_of(tmp_path, graded=GRADED, grade="5.00"), "7", graded=GRADED, west=True) == (0, 0)
    changed = site_of(tmp_path, graded=GRADED, grade="5.00")
    later(changed, timedelta(minutes=5))
    assert upload(changed, "7", graded=GRADED) == (0, 0)
    assert upload(changed, "7", graded=GRADED, box=True) == (1, 1)
    assert upload(site_of(tmp_path, graded=GRADED, grade="5.00"), "7", graded="lundi 23 novembre 2026, 11:51") == (0, 0)
    assert upload(site_of(tmp_path, locked=True), "7", box=True) == (0, 1)


def test_the_zip_makes_a_worksheet_stale(tmp_path: Path) -> None:
    made = tmp_path / "f.zip"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("Ada_7_assignsubmission_file/feedback.html", "x")
        archive.writestr("Eve_8_assignsubmission_file/feedback.html", "x")
        archive.writestr("Ada_7_assignsubmission_file/.hidden", "x")
        archive.writestr("Ada_7_assignsubmission_onlinetext/feedback2.html", "x")
    site = site_of(tmp_path)
    assert site.feedback(made.read_bytes()) == {7}
    assert site.students[7].files == {"feedback.html": b"x"}
    assert upload(site, "7") == (0, 0)


@pytest.mark.parametrize(
    "data",
    [
        "Identifiant,Note,Dernière modification (note)\nParticipant7,1,-\n",
        "Identifier;Grade;Last modified (grade)\nParticipant 7;1;-\n",
        "Identifier,Grade\nParticipant 7,1\n",
        "Identifier,Grade,Last modified (grade)\nParticipant 7,1\n",
        "",
    ],
)
def test_what_is_refused_as_a_whole(tmp_path: Path, data: str) -> None:
    with pytest.raises(Refused):
        site_of(tmp_path).worksheet(data.encode(), "en")


def test_a_first_comment_column_is_ignored(tmp_path: Path) -> None:
    data = "Feedback comments,Identifier,Grade,Last modified (grade)\n<p>x</p>,Participant 7,1,-\n"
    assert site_of(tmp_path).worksheet(data.encode(), "en") == (1, 0)


def test_a_backslash_corrupts_rows() -> None:
    rows = [["a", "b"], ["1", 'say ""'], ["2", "x"]]
    plain = "".join(map(php_write, rows))
    assert list(php_read(plain)) == rows == csv_import(plain.encode())
    for spoilt in (r"C:\ ".strip(), '\\"quoted\\"'):
        text = f'a,b\n1,"{spoilt.replace(chr(34), chr(34) * 2)}"\n2,x\n'
        try:
            assert csv_import(text.encode()) != [["a", "b"], ["1", spoilt], ["2", "x"]]
        except Refused:
            continue
