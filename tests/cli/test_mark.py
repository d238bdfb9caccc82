"""`surdix mark`: a table of the questions that a person marks is written, filled in, and read back."""

import csv
import json
import stat

import pytest

from tests.cli.conftest import GOOD, SCALE

BROKEN = "\x00"  # no text that could be read


@pytest.fixture
def mark(surdix, course):
    return lambda *arguments: surdix("mark", *arguments, "--course", course.folder)


@pytest.fixture
def graded(surdix, class_folder, tmp_path):
    """Alice has everything, Bob half, Dora nobody has seen."""
    folder, students, out = class_folder(alice=GOOD + SCALE, bob=GOOD), tmp_path / "roster.csv", tmp_path / "out"
    students.write_text("student_id,name\nalice,Alice A.\nbob,=Bob\ndora,Dora\n")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 0, done.err
    assert "Not marked yet: proof of 2 of 2 who handed in." in done.out
    return out


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def fill(path, **cells):
    """Fill in a mark and a comment by student, as a spreadsheet does."""
    lines = read(path)
    for line in lines[1:]:
        line[-2:] = cells.get(line[0], line[-2:])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(lines)


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


def adjustments(out, student):
    result = json.loads((out / "results" / f"{student}.json").read_text())
    return [(one["check"], one["points"], one["reason"], one["author"]) for one in result["adjustments"]]


def test_a_class_is_marked(mark, surdix, graded, class_folder, tmp_path):
    table = tmp_path / "marks.csv"
    done = mark(graded, "--csv", table)
    assert done.status == 0 and "2 rows" in done.out, done.err
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    header = ["student_id", "name", "proof (of 1)", "proof comment"]
    assert read(table) == [header, ["alice", "Alice A.", "", ""], ["bob", "'=Bob", "", ""]]

    fill(table, alice=["0,75", "k = 0?"], bob=["", "Where is it?"])
    done = mark(graded, "--read", table, "--who", "Prof. X")
    assert done.status == 0, done.err
    assert "Recorded: 1 mark, 1 comment without" in done.out and "alice Alice A.: 9 -> 9.75\n" in done.out
    assert "bob" not in done.out and "Not marked yet: proof of 1 of 2" in done.out
    assert adjustments(graded, "alice") == [("proof", 0.75, "k = 0?", "Prof. X")]
    assert adjustments(graded, "bob") == [] and scores(graded) == {"alice": "9.75", "bob": "5", "dora": ""}
    assert "Where is it?" in (graded / "feedback" / "bob.html").read_text()

    done = mark(graded)
    told = "Question 2, proof (of 1): 1 of 2 marked; not yet: bob\n"
    assert (done.status, done.out) == (0, f"{told}To mark: surdix mark {graded} --page marks.html\n")
    assert "No score moves." in mark(graded, "--read", table).out  # a second time: nothing is new
    assert adjustments(graded, "alice") == [("proof", 0.75, "k = 0?", "Prof. X")]
    assert "Recorded: 0 marks, 0 comments" in mark(graded, "--read", table).out

    assert mark(graded, "--csv", table).status == 0  # a later table keeps what was marked
    assert read(table)[1:] == [["alice", "Alice A.", "0.75", "k = 0?"], ["bob", "'=Bob", "", "Where is it?"]]
    fill(table, alice=["0.75", "k = 0 is missing"], bob=["0", "Where is it?"])
    done = mark(graded, "--read", table)
    assert (
        "Recorded: 1 mark, 1 comment without" in done.out
        and "No score moves." in done.out
        and "All is marked." in done.out
    )
    assert surdix("grade", "tdm", class_folder(), "--out", graded, "--fresh").status == 0
    assert scores(graded)["alice"] == "9.75" and [one[:3] for one in adjustments(graded, "bob")] == [
        ("proof", 0.0, "Where is it?")
    ]
    assert mark(graded).out == "Question 2, proof (of 1): 2 of 2 marked\n"


def test_a_mark_without_a_comment_has_a_reason_and_the_marker_s_login(mark, graded, tmp_path):
    table = tmp_path / "marks.csv"
    mark(graded, "--csv", table)
    fill(table, alice=["1", ""])
    assert mark(graded, "--read", table).status == 0
    ((check, points, reason, author),) = adjustments(graded, "alice")
    assert (check, points, reason) == ("proof", 1.0, "marked") and author
    mark(graded, "--csv", tmp_path / "again.csv")
    assert read(tmp_path / "again.csv")[1] == ["alice", "Alice A.", "1", ""]


def test_problems_are_all_named_and_nothing_is_recorded(mark, graded, tmp_path):
    table = tmp_path / "marks.csv"
    mark(graded, "--csv", table)
    fill(table, alice=["1.5", ""], bob=["0.5", "fine"])
    table.write_text(table.read_text() + "eve;Eve;1;\n")
    before = (graded / "grades.csv").read_bytes()
    done = mark(graded, "--read", table)
    assert done.status == 2 and done.out == ""
    assert done.err.splitlines() == [
        f"{table}: line 2 (alice), proof: 1.5 is above 1, which the question is worth",
        f"{table}: line 4 (eve): there is no student or team 'eve' to be marked",
        f"surdix: {table}: 2 problems, see above; nothing was recorded",
    ]
    assert (graded / "grades.csv").read_bytes() == before
    assert "0 of 2 marked; not yet: alice, bob" in mark(graded).out
    table.unlink()
    mark(graded, "--csv", table)
    fill(table, alice=["much", ""])
    done = mark(graded, "--read", table)
    assert done.status == 2 and len(done.err.splitlines()) == 1 and "'much' is no number" in done.err
    assert "nothing was recorded" in done.err


def test_a_table_with_marks_is_not_written_over(mark, graded, tmp_path):
    table = tmp_path / "marks.csv"
    mark(graded, "--csv", table)
    fill(table, alice=["1", ""])
    filled = table.read_bytes()
    done = mark(graded, "--csv", table)
    assert done.status == 2 and f"surdix mark {graded} --read {table}" in done.err
    assert table.read_bytes() == filled
    grades = (graded / "grades.csv").read_bytes()
    assert mark(graded, "--csv", graded / "grades.csv").status == 2
    assert (graded / "grades.csv").read_bytes() == grades


def test_a_team_is_marked_once(mark, surdix, class_folder, tmp_path):
    folder = class_folder(Duo_7_assignsubmission_file=GOOD + SCALE, Solo_8_assignsubmission_file=GOOD)
    out, students, table = tmp_path / "out", tmp_path / "roster.csv", tmp_path / "marks.csv"
    students.write_text("student_id,name,team\n1,Ada,team-7\n2,Bob,team-7\n3,Cy,team-8\n")
    assert surdix("grade", "tdm", folder, "--out", out, "--roster", students).status == 0
    assert mark(out, "--csv", table).status == 0
    assert [line[:3] for line in read(table)] == [
        ["student_id", "name", "members"],
        ["team-7", "", "Ada (1); Bob (2)"],
        ["team-8", "", "Cy (3)"],
    ]
    fill(table, **{"team-7": ["0.5", "half"]})
    done = mark(out, "--read", table, "--who", "X")
    assert "1 Ada: 9 -> 9.5\n2 Bob: 9 -> 9.5\n" in done.out and "not yet: team-8" in mark(out).out
    assert adjustments(out, "1") == adjustments(out, "2") == [("proof", 0.5, "half", "X")]


def test_who_cannot_be_marked_yet_is_told_and_gets_no_score_by_it(mark, surdix, class_folder, tmp_path):
    folder, out, table = class_folder(alice=GOOD, zoe=GOOD), tmp_path / "out", tmp_path / "marks.csv"
    (folder / "zoe" / "tdm.py").write_bytes(BROKEN.encode())
    assert surdix("grade", "tdm", folder, "--out", out).status == 1
    done = mark(out, "--csv", table)
    assert "To be looked at before they can be marked: zoe (unreadable)" in done.out
    assert [line[0] for line in read(table)] == ["student_id", "alice"]
    assert "zoe (unreadable)" in mark(out).out
    table.write_text(table.read_text() + "zoe,,1,\n")
    assert mark(out, "--read", table).status == 2 and scores(out)["zoe"] == ""


def test_an_export_says_that_scores_are_provisional(mark, surdix, course, graded, tmp_path):
    def export():
        return surdix("export", graded, "--csv", "--to", tmp_path / "export", "--course", course.folder)

    assert "Not marked yet: proof of 2 of 2" in export().out
    table = tmp_path / "marks.csv"
    mark(graded, "--csv", table)
    fill(table, alice=["1", ""], bob=["0", ""])
    mark(graded, "--read", table)
    done = export()
    assert done.status == 0 and "Not marked" not in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("{out}", "--read", "{none}"), "none.csv: cannot be read"),
        (("{out}", "--csv", "a.csv", "--read", "a.csv"), "one of them"),
        (("{out}", "--who", "X"), "--who goes with --read"),
        (("{none}",), "nothing was graded here"),
        (("{out}", "--csv", "{out}/gradebook.sqlite/a.csv"), "cannot be written"),
    ],
)
def test_bad_usage_in_one_line(mark, graded, tmp_path, arguments, says):
    none = "none.csv" if "--read" in arguments else "nowhere"
    done = mark(*(one.format(out=graded, none=tmp_path / none) for one in arguments))
    assert done.status == 2 and says in done.err and len(done.err.splitlines()) == 1, done.err


def test_a_td_without_such_questions(mark, course, surdix, class_folder, tmp_path):
    course.edit("assignments/tdm/checks.py", '@manual("2", points=1)\ndef proof():', "def proof():")
    course.edit("assignments/tdm/checks.py", "points=3", "points=4")
    done = surdix("grade", "tdm", class_folder(alice=GOOD), "--out", tmp_path / "out")
    assert done.status == 0 and "Not marked" not in done.out, done.err
    for arguments in ((), ("--csv", tmp_path / "a.csv"), ("--read", tmp_path / "a.csv")):
        done = mark(tmp_path / "out", *arguments)
        assert done.status == 2 and "no question of this TD is marked by a person" in done.err
