"""Rows of every kind in small worksheets: what is written, what is left, and what is said of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader import worksheet
from grader.cli import told
from grader.contract import Note, Status
from grader.errors import UserError
from grader.exports.forecast import Fate
from tests.exports.exports_samples import report
from tests.exports.moodle_classes import exported, said
from tests.exports.moodle_importer import Refused, Site
from tests.exports.moodle_upload import row, small

HEADER = (
    "Identifier",
    "Full name",
    "Status",
    "Grade",
    "Maximum grade",
    "Grade can be changed",
    "Last modified (grade)",
    "Feedback comments",
)


@pytest.mark.parametrize(
    ("most", "score", "grade", "keys"),
    [
        ("5.00", 8.0, 4.0, ["scaled"]),
        ("20.00", 7.77, 15.54, ["scaled"]),
        ("5.00", 7.77, 3.89, ["scaled"]),  # 3.885, half up
        ("10.00", 7.77, 7.77, []),
        ("5.00", 10.5, -1.0, ["scaled"]),  # by a person; Moodle skips it
    ],
)
def test_another_maximum_is_met(tmp_path: Path, most: str, score: float, grade: float, keys: list[str]) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, most=most))
    done = exported(path, [report("7", score=score)], tmp_path, to_maximum=True)
    site = Site.of(path)
    assert site.worksheet(done.worksheet.read_bytes(), "en") == done.forecast.counts()
    record = site.students[7].record
    assert record is not None and record.grade == grade
    assert [note.key for note in done.forecast.notes] == keys
    assert [note.key for note in done.forecast.lines[0].reasons] == ["over"] * (grade < 0)
    assert done.forecast.findings == (grade < 0)


@pytest.mark.parametrize("most", ["20.00", "5.00", "7,50"])
def test_another_maximum_is_refused(tmp_path: Path, most: str) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, most=most), row(8, most=most))
    said = rf"w\.csv: grades there are out of {float(most.replace(',', '.')):g} .*--scale-to-maximum"
    with pytest.raises(UserError, match=said) as error:
        exported(path, [report("7", score=8.0)], tmp_path / "to")
    assert "\n" not in str(error.value) and not (tmp_path / "to").exists()
    nobody = exported(path, [report("7", score=None, status=Status.CRASHED)], tmp_path / "to")
    assert nobody.forecast.counts() == (0, 0), "where there is nothing to write there is nothing to refuse"


def test_a_row_without_a_score_stays_as_it_is(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, grade="4.00", said="seen"), row(8, grade="7,5"), row(9))
    done = exported(path, [report("7", score=None, status=Status.CRASHED), report("1")], tmp_path)
    rows = worksheet.read(done.worksheet).rows
    assert (rows[0]["grade"], rows[0]["comment"]) == ("4.00", "seen")
    assert rows[1]["grade"] == "7.5", "a spreadsheet's comma, which English Moodle reads as 7"
    assert [[note.key for note in line.reasons] for line in done.forecast.lines] == [
        ["crashed"],
        ["not_here", "comma"],
        ["not_here"],
    ]
    assert done.forecast.lines[1].reasons[1].values == {"was": "7,5", "now": "7.5"}
    assert done.forecast.notes == (Note("flattened", {"students": "7"}),)
    assert [one.student_id for one in done.forecast.no_row] == ["1"] and done.forecast.findings


@pytest.mark.parametrize("grade", ["7,5", "1,000,000", "sept", " 7.5", ""])
def test_a_french_comma_and_what_is_no_number_stay(tmp_path: Path, grade: str) -> None:
    language = "fr" if grade == "7,5" else "en"
    path = small(tmp_path / "in" / "w.csv", row(7, grade=grade), row(8), language=language)
    done = exported(path, [report("8", score=None, status=Status.ABSENT)], tmp_path)
    assert worksheet.read(done.worksheet).rows[0]["grade"] == done.forecast.lines[0].cell == grade
    assert [note.key for note in done.forecast.lines[0].reasons] == ["not_here"]


@pytest.mark.parametrize(
    ("keys", "why"), [(["several_files"], "several_files"), (["no_code_file"], "unreadable"), ([], "unreadable")]
)
def test_a_file_that_is_not_chosen_was_readable(tmp_path: Path, keys: list[str], why: str) -> None:
    notes = tuple(Note(key, {"files": ["a.py", "b.py"]}) for key in keys)
    path = small(tmp_path / "in" / "w.csv", row(7))
    done = exported(path, [report("7", score=None, status=Status.UNREADABLE, notes=notes)], tmp_path)
    assert [note.key for note in done.forecast.lines[0].reasons] == [why] and done.forecast.findings


@pytest.mark.parametrize(
    ("encoding", "form"), [("utf-8-sig", "semicolons"), ("utf-8", "semicolons"), ("cp1252", "semicolons, cp1252")]
)
def test_a_spreadsheets_form_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str, form: str
) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, "Zoé"))
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",", ";"), encoding=encoding)
    told.tell_moodle(tmp_path, exported(path, [report("7")], tmp_path).done)
    assert f"saved by a spreadsheet ({form}), which Moodle refuses" in capsys.readouterr().out


def test_who_is_called_participant_is_told_by_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, "Ada"))
    done = exported(path, [report("7"), report("182", name="Participant"), report("183", name="Bob")], tmp_path)
    told.tell_moodle(tmp_path, done.done)
    assert "\n  Participant 182\n  183 Bob\n" in capsys.readouterr().out


def test_rows_to_delete_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, said="seen"), row(8, said="seen"), row(9), row(10, said="seen"))
    done = exported(path, [report("8")], tmp_path)
    told.tell_moodle(tmp_path, done.done)
    assert "Rows without a score that have a comment from before: 7, 10. Moodle wrote" in capsys.readouterr().out


def test_a_worksheet_of_nobody_is_refused(tmp_path: Path) -> None:
    """Its rows would all stay as they are, and what lies in the folder from before would go."""
    path, to = small(tmp_path / "in" / "w.csv", row(7), row(8)), tmp_path / "to"
    exported(path, [report("7"), report("3")], to)
    before = {one.name: one.read_bytes() for one in to.iterdir()}
    for reports in ([report("3"), report("4", score=None, status=Status.CRASHED)], []):
        with pytest.raises(UserError) as error:
            exported(path, reports, to)
        says = f"{path}: no student of it is in results: is it the worksheet of another assignment?"
        assert str(error.value) == says
    assert {one.name: one.read_bytes() for one in to.iterdir()} == before and "feedback.zip" in before


def test_an_absent_student_with_a_score_by_policy(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7), row(8))
    reports = [report("7", score=0.0, status=Status.ABSENT), report("8", score=None, status=Status.ABSENT)]
    done = exported(path, reports, tmp_path)
    assert [(one.cell, one.grade) for one in done.forecast.lines] == [("0", Fate.TAKEN), ("", Fate.NONE)]
    assert done.forecast.answer() == "Updated 1 grades and 1 feedback instances."
    assert not done.forecast.findings


def test_an_export_that_was_uploaded_before_changes_nothing(tmp_path: Path) -> None:
    one = report("7", score=7.5)
    path = small(tmp_path / "in" / "w.csv", row(7, grade="7.50", said=re.sub("<[^>]+>", "   ", said(one, True))))
    done = exported(path, [one], tmp_path)
    assert (done.forecast.lines[0].grade, done.forecast.lines[0].comment) == (Fate.SAME, Fate.SAME)
    other = exported(path, [report("7", score=7.5, late=True)], tmp_path)
    assert (other.forecast.lines[0].grade, other.forecast.lines[0].comment) == (Fate.SAME, Fate.TAKEN)


def test_drafts_are_told(tmp_path: Path) -> None:
    drafted = row(8)
    drafted[2] = "Draft (not submitted) -  - "
    path = small(tmp_path / "in" / "w.csv", row(7), drafted, row(9))
    done = exported(path, [report("7", draft=True), report("8"), report("9")], tmp_path)
    assert [[note.key for note in line.reasons] for line in done.forecast.lines] == [["draft"], ["draft"], []]
    assert done.forecast.counts() == (3, 3)


def test_a_worksheet_that_moodle_refuses_as_a_whole(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", ["Participant 7", "x", ""], header=["Identifier", "Status", "Grade"])
    with pytest.raises(UserError, match="'Last modified \\(grade\\)' is missing"):
        exported(path, [report("7")], tmp_path)


def test_comments_that_moodle_does_not_look_at(tmp_path: Path) -> None:
    titles = ["Identifier", "Status", "Grade", "Last modified (grade)"]
    cells = ["Participant 7", "Submitted for grading", "", "-"]
    for header, line, key in (
        (["Feedback comments", *titles], ["", *cells], "comment_first"),
        (titles, cells, "no_comments"),
    ):
        path = small(tmp_path / key / "w.csv", line, header=header)
        done = exported(path, [report("7")], tmp_path)
        assert key in [note.key for note in done.forecast.notes]
        path_of_state = small(tmp_path / "state" / "w.csv", row(7))
        assert Site.of(path_of_state).worksheet(done.worksheet.read_bytes(), "en") == done.forecast.counts() == (1, 0)


def test_a_cell_of_moodles_own_that_it_cannot_read_back(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, name="C:\\"), row(8))
    done = exported(path, [report("7"), report("8")], tmp_path)
    assert done.forecast.notes == (Note("backslash", {"row": 2, "column": "Full name"}),)
    assert done.forecast.findings, "there is a cell to empty before the upload"
    with pytest.raises((Refused, AssertionError)):
        site = Site.of(small(tmp_path / "state" / "w.csv", row(7), row(8)))
        assert site.worksheet(done.worksheet.read_bytes(), "en") == done.forecast.counts()


@pytest.mark.parametrize("column", ["Feedback comments", "Department"])
def test_a_cell_of_a_row_that_stays_is_looked_at_too(tmp_path: Path, column: str) -> None:
    """Two rows run into one behind a backslash, whoever wrote it: a teacher's comment, a column of the site's own."""
    header = [*HEADER, "Department"]
    kept = [*row(8, said="see C:\\" if column == "Feedback comments" else ""), "C:\\" if column == "Department" else ""]
    path = small(tmp_path / "in" / "w.csv", [*row(7), "Maths"], kept, header=header)
    done = exported(path, [report("7")], tmp_path)
    assert done.forecast.findings and Note("backslash", {"row": 3, "column": column}) in done.forecast.notes


def test_under_blind_marking_nobody_is_named(tmp_path: Path) -> None:
    path = tmp_path / "in" / "w.csv"
    path.parent.mkdir()
    path.write_text("Identifier,Status,Grade,Last modified (grade),Feedback comments\nParticipant 7,x,,-,\n")
    done = exported(path, [report("7", name="Ada"), report("8", name="Bob")], tmp_path)
    assert [(one.student_id, one.name) for one in done.forecast.no_row] == [("8", "")]


TEAMS = "Identifier,Full name,Status,Group,Grade,Last modified (grade),Feedback comments\n"


@pytest.mark.parametrize(
    ("now", "sent", "changed"),
    [
        ({7: "Alpha", 8: "Alpha", 9: "Beta"}, {"team-22", "team-23"}, set()),
        ({7: "Alpha", 8: "Beta", 9: "Beta"}, set(), {"7", "8", "9"}),  # one went over: Beta's page would reach 8
        ({7: "Alpha 2", 8: "Alpha 2", 9: "Beta"}, {"team-22", "team-23"}, set()),  # only renamed
        ({7: "Duo", 8: "Duo", 9: "Duo"}, {"team-22", "team-23"}, set()),  # two of one name, told by a roster
    ],
)
def test_a_page_reaches_nobody_who_came_to_a_team_later(
    tmp_path: Path, now: dict[int, str], sent: set[str], changed: set[str]
) -> None:
    path = tmp_path / "in" / "w.csv"
    path.parent.mkdir()
    path.write_text(TEAMS + "".join(f"Participant {number},N,x,{team},,-,\n" for number, team in now.items()))
    graded = [report("7", team="team-22"), report("8", team="team-22"), report("9", team="team-23")]
    done = exported(path, graded, tmp_path)
    assert {one.report.team for one in done.placed.attachments} == sent
    assert {one.student_id for one, note in done.placed.left if note.key == "team_changed"} == changed
