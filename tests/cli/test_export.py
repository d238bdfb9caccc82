"""`surdix export`: from a folder of results to what Moodle, Canvas and spreadsheets take, and what it says."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile

import pytest

from grader.cli import main, told
from grader.contract import Note, Status
from grader.errors import UserError
from grader.exports.reasons import REASONS
from grader.pages import statistics
from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_bad_usage import one_line
from tests.exports.exports_samples import report
from tests.exports.moodle_classes import exported, made_up
from tests.exports.moodle_importer import Site
from tests.moodle.moodle_files import WORKSHEETS

HEADER = (
    "Identifier,Full name,Status,Grade,Maximum grade,Grade can be changed,Last modified (grade),Feedback comments\n"
)
ROW = 'Participant {},"{}",{},,10.00,Yes,-,\n'


@pytest.fixture
def worksheet(tmp_path):
    path = tmp_path / "moodle" / "Grades-TD.csv"
    path.parent.mkdir()
    rows = [(7, "Ada O'Neil", "Submitted"), (8, "Bob", "Submitted"), (9, "Cy", "No submission")]
    path.write_text("\ufeff" + HEADER + "".join(ROW.format(*row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def results(surdix, class_folder, tmp_path):
    """Two students of Moodle's, graded: 9 and 5 points."""
    names = {"Ada ONeil_7_assignsubmission_file": GOOD + SCALE, "Bob_8_assignsubmission_file": GOOD}
    out = tmp_path / "out"
    assert surdix("grade", "tdm", class_folder(**names), "--out", out).status == 0
    return out


@pytest.fixture
def run(surdix, course):
    return lambda *arguments: surdix("export", *arguments, "--course", course.folder)


def test_to_moodle(run, results, worksheet, tmp_path):
    to = tmp_path / "to"
    done = run(results, "--moodle", worksheet, "--to", to)
    assert (done.status, done.err) == (0, "")
    assert "Updated 2 grades and 2 feedback instances." in done.out
    assert done.out.index("1. Upload the grading worksheet Grades-TD.csv") < done.out.index(
        "2. Then upload the feedback"
    )
    assert "2 files for 2 students." in done.out and "1 × handed nothing in" in done.out and "9 Cy" in done.out
    site = Site.of(worksheet)
    assert site.worksheet((to / worksheet.name).read_bytes(), "en") == (2, 2)
    assert site.feedback((to / "feedback.zip").read_bytes()) == {7, 8}
    assert site.students[7].record.grade == 9.0 and site.students[8].record.grade == 5.0
    assert site.students[7].files["feedback.html"] == (results / "feedback" / "7.html").read_bytes()
    assert site.students[8].record.comment.startswith("<p><strong>5 / 10</strong></p>")
    with zipfile.ZipFile(to / "feedback.zip") as archive:
        assert archive.namelist()[0] == "Ada ONeil_7_assignsubmission_file/feedback.html"
    assert "with Moodle in English" in done.out and "kB)" in done.out
    assert to.stat().st_mode & 0o077 == 0 and (to / worksheet.name).stat().st_mode & 0o077 == 0


def test_a_team_gets_one_page_and_each_member_a_row(surdix, run, class_folder, tmp_path):
    path = tmp_path / "moodle" / "w.csv"
    path.parent.mkdir()
    rows = [HEADER.replace("Status,", "Status,Group,")]
    rows += [ROW.format(number, name, "Submitted,L'équipe") for number, name in ((7, "Ada"), (31, "Bob"))]
    path.write_text("".join(rows), encoding="utf-8")
    out, to = tmp_path / "out", tmp_path / "to"
    folder = class_folder(Léquipe_31_assignsubmission_file=GOOD)
    assert surdix("grade", "tdm", folder, "--out", out).status == 0
    done = run(out, "--moodle", path, "--to", to)
    assert (done.status, done.err) == (0, "") and "1 file for 2 students." in done.out
    site = Site.of(path, {7: 31, 31: 31})
    assert site.worksheet((to / "w.csv").read_bytes(), "en") == (2, 2)
    assert site.feedback((to / "feedback.zip").read_bytes()) == {7, 31}
    page = site.students[7].files["feedback.html"].decode()
    assert "<title>L&#39;équipe · " in page and '<p class="who"><bdi>L&#39;équipe</bdi></p>' in page


def test_pages_are_made_from_the_gradebook_alone(run, results, worksheet, tmp_path):
    before = (results / "feedback" / "7.html").read_bytes()
    shutil.rmtree(results / "feedback")
    done = run(results, "--moodle", worksheet, "--to", tmp_path / "to")
    assert (done.status, done.err) == (0, "") and "2 files for 2 students." in done.out
    with zipfile.ZipFile(tmp_path / "to" / "feedback.zip") as archive:
        assert archive.read("Ada ONeil_7_assignsubmission_file/feedback.html") == before


def test_a_folder_that_is_there_stays_as_open_as_it_was(run, results, tmp_path):
    to = tmp_path / "shared"
    to.mkdir()
    to.chmod(0o755)
    assert run(results, "--csv", "--to", to).status == 0
    assert to.stat().st_mode & 0o777 == 0o755 and (to / "tdm.csv").stat().st_mode & 0o777 == 0o600


def test_to_canvas_and_tables(run, results, tmp_path):
    book = tmp_path / "canvas" / "book.csv"
    book.parent.mkdir()
    book.write_text('Student,ID,TDM (3)\n    Points Possible,,10\n"O, Ada",7,\n"B, Bob",8,\n', encoding="utf-8")
    to = tmp_path / "to"
    done = run(results, "--canvas", book, "--to", to)
    assert (done.status, done.err) == (0, "") and "2 scores in “TDM (3)”" in done.out
    assert (to / "book.csv").read_text().endswith('"O, Ada",7,9\n"B, Bob",8,5\n')
    assert run(results, "--csv", "--to", to).status == run(results, "--json", "--out", to).status == 0
    with (to / "tdm.csv").open(newline="") as file:
        assert [(row["student_id"], row["score"]) for row in csv.DictReader(file)] == [("7", "9"), ("8", "5")]
    assert [one["score"] for one in json.loads((to / "tdm.json").read_text())] == [9, 5]


def test_another_maximum_needs_a_word(run, results, worksheet, tmp_path):
    worksheet.write_text(worksheet.read_text(encoding="utf-8").replace("10.00", "20.00"), encoding="utf-8")
    to = tmp_path / "to"
    one_line(
        run(results, "--moodle", worksheet, "--to", to), "out of 20 and scores are out of 10", "--scale-to-maximum"
    )
    assert not to.exists()
    done = run(results, "--moodle", worksheet, "--to", to, "--scale-to-maximum")
    assert done.status == 0 and "Scores out of 10 were made scores out of 20, as you asked." in done.out
    site = Site.of(worksheet)
    assert site.worksheet((to / worksheet.name).read_bytes(), "en") == (2, 2) and site.students[7].record.grade == 18.0


def test_what_is_to_be_done_before_the_upload_is_a_finding(run, results, worksheet, tmp_path):
    worksheet.write_text(worksheet.read_text(encoding="utf-8").replace("Cy", "C:\\"), encoding="utf-8")
    done = run(results, "--moodle", worksheet, "--to", tmp_path / "to")
    assert done.status == 1 and "empty that cell before you upload" in done.out


def test_a_score_that_nobody_looked_at_is_a_finding(surdix, run, course, class_folder, worksheet, tmp_path):
    """`grade` lists them under "Needs you": they are filled in, and told, until a person settles them."""
    other, to, book = "def unrelated(x):\n    return x\n", tmp_path / "to", tmp_path / "canvas" / "book.csv"
    names = {"Ada ONeil_7_assignsubmission_file": GOOD + SCALE, "Bob_8_assignsubmission_file": other}
    book.parent.mkdir()
    book.write_text('Student,ID,TDM (3)\n    Points Possible,,10\n"O, Ada",7,\n"B, Bob",8,\n', encoding="utf-8")
    out = tmp_path / "out"
    assert "is it of another homework?" in surdix("grade", "tdm", class_folder(**names), "--out", out).out
    says = "1 × filled in, but you have not looked yet (nothing that was asked for is in the file: is it of another"
    for form in (["--moodle", worksheet], ["--canvas", book]):
        done = run(out, *form, "--to", to)
        assert (done.status, done.err) == (1, "")
        unseen = done.out[done.out.index(says) :].splitlines()
        assert unseen[1].startswith("  8 ") and unseen[2] == "" and f"surdix override {out} STUDENT" in done.out
    assert '"B, Bob",8,0' in (to / "book.csv").read_text()
    settled = surdix("override", out, "8", "--points", 0, "--why", "seen", "--course", course.folder)
    assert settled.status == 0
    for form in (["--moodle", worksheet], ["--canvas", book]):
        done = run(out, *form, "--to", to)
        assert (done.status, done.err) == (0, "") and "have not looked" not in done.out


def test_every_reason_to_look_has_its_words():
    """Those of `needs` that leave a score; the others have no score, and words among the reasons of a row."""
    reports = [report("1", status=Status.EMPTY, score=0.0), report("2", score=0.0)]
    reports.append(report("3", notes=(Note("nothing_recognised", {}),)))
    reports.append(report("4", notes=(Note("left_out", {"block": {"names": ["softmax"]}}),)))
    reports.append(report("5", notes=(Note("last_unscored", {"why": "crashed"}),)))
    assert {why for why, _ in statistics.needs(reports, ["softmax"])} == told.UNSEEN.keys()


def test_bad_usage(run, results, worksheet, tmp_path):
    to = tmp_path / "to"
    one_line(run(results, "--to", to), "one of --moodle")
    one_line(run(results, "--csv", "--json", "--to", to), "one of --moodle")
    one_line(run(results, "--csv"), "--to")
    one_line(run(tmp_path / "nowhere", "--csv", "--to", to), "nothing was graded here")
    one_line(run(results, "--moodle", tmp_path / "none.csv", "--to", to), "none.csv", "cannot be read")
    one_line(run(results, "--moodle", results / "grades.csv", "--to", to), "no grading worksheet")
    one_line(run(results, "--moodle", worksheet, "--to", worksheet.parent), "the file that you gave")
    one_line(run(results, "--moodle", worksheet, "--to", results / "feedback"), "where results are")
    one_line(run(results, "--csv", "--to", results), "where results are")
    one_line(run(results, "--moodle", worksheet, "--to", to, "--scale", "0:Bad"), "graded in points")
    one_line(run(results, "--canvas", worksheet, "--to", to), "no gradebook of Canvas")
    worksheet.write_text(HEADER + ROW.format(70, "Dee", "Submitted"), encoding="utf-8")
    one_line(run(results, "--moodle", worksheet, "--to", to), f"no student of it is in {results}: is it the worksheet")
    assert not to.exists()


@pytest.mark.parametrize(
    ("form", "option", "says"),
    [
        ("--canvas", ["--scale", "0:Bad"], "--scale goes with --moodle, not with --canvas"),
        ("--canvas", ["--max-mb", "50"], "--max-mb goes with --moodle, not with --canvas"),
        ("--moodle", ["--column", "TD"], "--column goes with --canvas, not with --moodle"),
        ("--csv", ["--column", "TD"], "--column goes with --canvas, not with --csv"),
        ("--csv", ["--scale-to-maximum"], "--scale-to-maximum goes with --moodle or --canvas, not with --csv"),
        ("--json", ["--max-mb", "5"], "--max-mb goes with --moodle, not with --json"),
    ],
)
def test_an_option_of_another_form(tmp_path, capsys, form, option, says):
    file = ["any.csv"] if form in ("--moodle", "--canvas") else []
    with pytest.raises(SystemExit) as left:
        main(["export", str(tmp_path), form, *file, "--to", str(tmp_path / "to"), *option])
    shown = capsys.readouterr()
    assert left.value.code == 2 and says in shown.err and len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("scale", "says"),
    [
        ("", ["graded by a scale: Insuffisant, Passable, Bien, Très bien", "--scale '0:Insuffisant"]),
        ("0:Insuffisant,5:Bon", ["'Bon' is not on this scale"]),
        ("5:Passable", ["begin at 0"]),
        ("0:Insuffisant,0:Bien", ["must grow"]),
        ("Insuffisant", ["not SCORE:WORD"]),
    ],
)
def test_a_scale_needs_its_words(tmp_path, scale, says):
    path = next(path for path in WORKSHEETS if path.stem == "f-scale-worksheet-fr")
    with pytest.raises(UserError) as error:
        exported(path, made_up(path, False), tmp_path, scale=scale)
    assert all(word in str(error.value) for word in says) and "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", WORKSHEETS, ids=lambda path: path.stem)
def test_everything_is_said_in_words(tmp_path, capsys, path):
    reports = made_up(path, "team" in path.name)
    done = exported(path, reports, tmp_path)
    told.tell_moodle(tmp_path, done.done)
    shown = capsys.readouterr().out
    assert done.forecast.answer(done.forecast.needs_box) in shown
    assert ("Or fewer, down to" in shown) == (done.forecast.counts() != done.forecast.counts(west=True))
    for line in done.forecast.lines:
        for note in line.reasons:
            sentence = REASONS[note.key].sentence.replace("{folder}", "results").partition("(")[0]
            assert line.row.student_id in shown and sentence in shown
    for note in done.forecast.notes:
        assert REASONS[note.key].sentence.partition("{")[0] in shown
    assert "{" not in shown and "Note(" not in shown


def test_a_teacher_west_of_the_site_is_told_of_fewer(tmp_path, capsys):
    path = next(path for path in WORKSHEETS if path.stem == "i-already-graded-worksheet-en")
    done = exported(path, made_up(path, False), tmp_path)
    told.tell_moodle(tmp_path, done.done)
    grades, comments = done.forecast.counts()
    fewer, west = Site.of(path), done.forecast.counts(west=True)
    assert fewer.worksheet(done.worksheet.read_bytes(), "en", west=True) == west < (grades, comments)
    line = next(line for line in capsys.readouterr().out.splitlines() if "Without the box" in line)
    assert f"Updated {grades} grades and {comments} feedback instances. Or fewer, down to {west[0]} grades and " in line


def test_every_status_has_its_words():
    assert REASONS.keys() >= {*Status} - {"graded", "empty"}
