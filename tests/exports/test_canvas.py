"""Canvas's gradebook, and the tables for spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from grader.contract import Note, Report, Status
from grader.errors import UserError
from grader.exports import results_json, table_csv
from grader.exports.canvas import fill, read
from tests.exports.exports_samples import report, say

TITLES = "Student,ID,SIS User ID,SIS Login ID,Section,TD1 (11),TD2 - Backprop (12),TD20 (13),Current Score (read only)"
HEAD = f"{TITLES}\n,,,,,Manual Posting,,,(read only)\n    Points Possible,,,,,10,10,10,(read only)\n"
ROWS = (
    '"Lovelace, Ada",7,s7,ada,A,5,,,50\n"=1+1, Bob",8,s8,bob,A,,6,,\n'
    '"Doe, Jo",9,s9,jo,A,1,2,3,4\n"Student, Test",,,x,A,,,,\n'
)


@pytest.fixture
def gradebook(tmp_path: Path) -> Path:
    path = tmp_path / "grades.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8-sig")
    return path


def test_one_column_is_filled_and_nothing_else(gradebook: Path) -> None:
    reports = [report("7", score=7.5), report("8", score=None, status=Status.CRASHED), report("x", score=1.0)]
    done = fill(read(gradebook), reports, td="td2", title="Backpropagation")
    assert done.book.text() == "\ufeff" + HEAD + ROWS.replace("ada,A,5,,,50", "ada,A,5,7.5,,50")
    assert (done.column, done.filled, done.notes) == ("TD2 - Backprop (12)", 1, ())
    assert [(student, note.key) for student, _, note in done.left] == [
        ("8", "crashed"),
        ("9", "not_here"),
        ("x", "no_row"),
    ]
    assert done.findings


def test_a_file_that_is_not_chosen_is_told_as_such(gradebook: Path) -> None:
    undecided = report("9", score=None, status=Status.UNREADABLE, notes=(Note("several_files", {"files": ["a.py"]}),))
    done = fill(read(gradebook), [report("7"), report("8"), undecided], td="td2", title="t")
    assert done.left == (("9", "Doe, Jo", Note("several_files")),)


@pytest.mark.parametrize(
    ("third", "findings"),
    [
        (report("9", score=1.0), False),
        (report("9", score=None, status=Status.ABSENT), False),
        (report("9", score=None, status=Status.UNREADABLE), True),
        (report("1", score=None, status=Status.ABSENT), True),
    ],
    ids=["scored", "absent", "unreadable", "not here"],
)
def test_who_has_no_score_is_a_finding_unless_they_are_absent(gradebook: Path, third: Report, findings: bool) -> None:
    done = fill(read(gradebook), [report("7"), report("8"), third], td="td2", title="t")
    assert done.findings == findings


@pytest.mark.parametrize(
    ("td", "title", "column", "wanted"),
    [
        ("td2", "", "", "TD2 - Backprop (12)"),
        ("td1", "x", "", "TD1 (11)"),
        ("x", "td2 - backprop", "", "TD2 - Backprop (12)"),
        ("x", "", "TD20", "TD20 (13)"),
        ("x", "", "TD20 (13)", "TD20 (13)"),
    ],
)
def test_the_column(gradebook: Path, td: str, title: str, column: str, wanted: str) -> None:
    assert fill(read(gradebook), [], td=td, title=title, column=column).column == wanted


@pytest.mark.parametrize(
    ("column", "says"),
    [("", "not clear which column is td;"), ("TD3", "no column 'TD3'"), ("Current Score (read only)", "no column")],
)
def test_no_column_fits(gradebook: Path, column: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as error:
        fill(read(gradebook), [], td="td", title="t", column=column)
    assert str(error.value).endswith("; say --column with one of these: TD1 (11), TD2 - Backprop (12), TD20 (13)")


def test_two_columns_of_one_name_and_none(gradebook: Path) -> None:
    text = gradebook.read_text(encoding="utf-8-sig")
    gradebook.write_text(text.replace("TD20 (13)", "TD1 (13)"), encoding="utf-8")
    with pytest.raises(UserError, match=r"2 columns are called 'TD1'; say --column with .*TD1 \(13\)"):
        fill(read(gradebook), [], td="td", title="t", column="TD1")
    assert fill(read(gradebook), [], td="td", title="t", column="TD1 (13)").column == "TD1 (13)"
    gradebook.write_text("Student,ID,Section\nAda,7,A\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column of an assignment; make the assignment in Canvas"):
        fill(read(gradebook), [], td="td", title="t")


@pytest.mark.parametrize("text", ["", "a,b\n", "Student;ID\n1;2;3\n", "Student,ID,TD2 (1)\nx,1\n"])
def test_what_is_no_gradebook_of_canvas(tmp_path: Path, text: str) -> None:
    path = tmp_path / "g.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=r"g\.csv") as error:
        read(path)
    assert "\n" not in str(error.value)


def test_another_maximum_is_refused_or_met(gradebook: Path) -> None:
    gradebook.write_text((HEAD + ROWS).replace("10,10,10", "10,20,10"), encoding="utf-8")
    with pytest.raises(UserError, match=r"^grades\.csv: .* out of 20 .* out of 10; .*--scale-to-maximum") as error:
        fill(read(gradebook), [report("7", score=7.5)], td="td2", title="t")
    assert "\n" not in str(error.value)
    scaled = fill(read(gradebook), [report("7", score=7.5)], td="td2", title="t", to_maximum=True)
    assert scaled.notes[0].key == "scaled" and "ada,A,5,15,,50" in scaled.book.text()
    assert not scaled.book.text().startswith("\ufeff")
    gradebook.write_text(HEAD.replace("Points Possible", "") + ROWS, encoding="utf-8")
    with pytest.raises(UserError, match="does not say what its maximum is"):
        fill(read(gradebook), [report("7", score=7.5)], td="td2", title="t", to_maximum=True)


def test_the_table() -> None:
    reports = [report("b", name="=1+1", team="@x", late=True), report("a", verdicts=(), notes=(), adjustments=())]
    rows = list(csv.DictReader(io.StringIO(table_csv(reports, say))))
    assert [row["student_id"] for row in rows] == ["a", "b"]
    assert rows[1]["name"] == "'=1+1" and rows[1]["team"] == "'@x" and rows[1]["late"] == "yes"
    assert rows[1]["2.3 softmax_is_stable"] == "1" and rows[0]["2.3 softmax_is_stable"] == ""
    assert rows[1]["notes"] == "[en] left_out line" and rows[1]["adjustments"] == "-0.5"
    assert rows[1]["score"] == "0.5" and rows[1]["out_of"] == "10"


def test_all_results_as_one_array() -> None:
    found = json.loads(results_json([report("b"), report("a")], say, "fr"))
    assert [one["student_id"] for one in found] == ["a", "b"]
    assert found[0]["checks"][0]["message"]["text"].startswith("[fr]")
