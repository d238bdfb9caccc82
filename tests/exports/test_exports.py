"""Files that scripts rely on: exact columns, exact keys, and never half of one."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Note, Status
from grader.errors import UserError
from grader.exports import grades_csv, result_json, write_all
from grader.exports.numbers import by_question
from tests.exports.exports_samples import report, say

text = st.text(st.characters())


def percent(student_id: str) -> str:
    return "".join(c if c not in '/\\:*?"<>|' else f"%{ord(c):02X}" for c in student_id)


def test_questions_in_the_order_in_which_people_count() -> None:
    assert by_question(["2.10", "2.9", "2.9", "10", "2", "bonus"]) == ["2", "2.9", "2.10", "10", "bonus"]


# grades.csv


def test_grades_in_order_and_in_their_exact_form() -> None:
    reports = [
        report("b", score=10.0, late=True),
        report("a", score=7.5, name="Kowalski, Ewa", team="team-3"),
        report("C", score=6.67, draft=True),
        report("d", score=None, status=Status.UNREADABLE, raw_score=None),
        report("10", score=0.0, status=Status.EMPTY, raw_score=0.0),
        report("9", score=0.1),
    ]
    assert grades_csv(reports) == (
        "student_id,name,status,score,out_of,raw_score,late,draft,team\n"
        "10,Zoé O'Brien,empty,0,10,0,,,\n"
        "9,Zoé O'Brien,graded,0.1,10,1,,,\n"
        "C,Zoé O'Brien,graded,6.67,10,1,,yes,\n"
        'a,"Kowalski, Ewa",graded,7.5,10,1,,,team-3\n'
        "b,Zoé O'Brien,graded,10,10,1,yes,,\n"
        "d,Zoé O'Brien,unreadable,,10,,,,\n"
    )


@pytest.mark.parametrize("name", ["=1+1", "+1", "-x", "@SUM(A1)", "\t=1", " =1", '=HYPERLINK("http://x","y")'])
def test_a_name_is_no_formula_and_an_id_stays_as_it_is(name: str) -> None:
    row = list(csv.reader(io.StringIO(grades_csv([report(name, name=name, team=name)]))))[1]
    assert row[0] == name
    assert row[1] == row[8] == f"'{name.strip(chr(9))}"


@pytest.mark.parametrize("sign", list("=+-@"))
@pytest.mark.parametrize("break_", ["\t", "\n", "\r\n", ";", ",", "|", "; "])
def test_a_name_is_no_formula_where_other_spreadsheets_begin_a_cell(sign: str, break_: str) -> None:
    line = grades_csv([report("s", name=f"x{break_}{sign}1")]).split("\n")[1]
    assert all(not cell.strip(' "').startswith(sign) for cell in re.split("[;,|\t]", line))


@given(text, text)
def test_any_name_is_one_row_of_valid_text(student_id: str, name: str) -> None:
    written = grades_csv([report(student_id, name=name)])
    written.encode()
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert len(rows) == 2
    assert len(rows[1]) == 9
    if student_id.isprintable():
        assert rows[1][0] == student_id


# results/*.json


def test_a_result_has_exactly_its_keys() -> None:
    result = json.loads(result_json(report(), say, "fr"))
    assert (
        list(result)
        == (
            "schema student_id name team status late draft raw_score adjustments score out_of picked notes"
            " submission_id assignment_version grader_version sandbox checks"
        ).split()
    )
    (check,) = result["checks"]
    assert list(check) == "id question points max_points outcome message hint seconds public hidden".split()
    assert check["public"] == {"outcome": "pass", "passed": 2, "cases": 2}
    assert check["points"] == 1.5 * 2 / 3  # unrounded
    assert check["message"] == {
        "key": "differs",
        "values": {"index": [0, 1], "got": "nan", "error": 0.25},
        "text": "[fr] differs index, got, error",
    }
    assert check["hint"]["text"] == "[fr] looks_like mistake"
    assert result["notes"] == [{"key": "left_out", "values": {"line": 3}, "text": "[fr] left_out line"}]
    assert list(result["adjustments"][0]) == ["kind", "points", "reason", "author", "time"]
    assert (result["schema"], result["score"], result["late"]) == (1, 0.5, False)


def test_no_score_is_null() -> None:
    result = json.loads(result_json(report(score=None, raw_score=None, verdicts=()), say))
    assert (result["score"], result["raw_score"], result["checks"]) == (None, None, [])


def test_the_same_twice() -> None:
    assert result_json(report(), say) == result_json(report(), say)


@given(text)
def test_any_name_is_valid_json(name: str) -> None:
    written = result_json(report(name=name), say).encode()
    if not any("\ud800" <= c <= "\udfff" for c in name):  # JSON joins pairs of surrogates
        assert json.loads(written)["name"] == name


def test_a_file_name_in_another_encoding_comes_back() -> None:
    assert json.loads(result_json(report(picked="td\\\udce9.py"), say).encode())["picked"] == "td\\\udce9.py"


def test_values_of_every_kind() -> None:
    values = {"a": np.arange(2.0), "b": b"\xff", "c": np.float64("inf"), "d": 1 << 70, "e": {1: (True, None)}, "f": np}
    result = json.loads(result_json(report(notes=(Note("odd", values),)), say))
    assert result["notes"][0]["values"] == {
        "a": [0.0, 1.0],
        "b": "ff",
        "c": "inf",
        "d": hex(1 << 70),
        "e": {"1": [True, None]},
        "f": str(np),
    }


# The folder


def files(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_everything_is_written_and_private(tmp_path: Path) -> None:
    out = tmp_path / "a" / "out"
    reports = [report("7"), report("team/1")]
    write_all(
        out,
        reports,
        say,
        file_name=percent,
        feedback=lambda r: f"for {r.student_id}",
        report_page=lambda: ["cl", "ass"],
    )
    assert files(out) == {
        "grades.csv",
        "report.html",
        "results/7.json",
        "results/team%2F1.json",
        "feedback/7.html",
        "feedback/team%2F1.html",
    }
    assert (out / "feedback/7.html").read_text() == "for 7"
    assert (out / "grades.csv").read_bytes() == grades_csv(reports).encode()
    for path in (out, *out.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    write_all(tmp_path, [], say, file_name=percent)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_second_call_removes_results_of_nobody(tmp_path: Path) -> None:
    write_all(tmp_path, [report("7"), report("typo")], say, file_name=percent, feedback=lambda r: "page")
    (tmp_path / "results" / "mine.txt").write_text("left alone")
    old, young = (tmp_path / "results" / f".surdix-{name}.tmp" for name in ("old", "young"))
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (0, 0))
    write_all(tmp_path, [report("7")], say, file_name=percent, feedback=lambda r: "page")
    assert files(tmp_path) == {
        "grades.csv",
        "results/7.json",
        "results/mine.txt",
        "results/.surdix-young.tmp",
        "feedback/7.html",
    }


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "cannot be written")],
)
def test_a_disk_in_trouble_is_one_line_and_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    write_all(tmp_path, [report("7", score=1.0)], say, file_name=percent)
    before = (tmp_path / "results/7.json").read_bytes()

    def fail(self: Path, target: Path) -> Path:
        raise OSError(number, os.strerror(number), str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UserError, match=words) as error:
        write_all(tmp_path, [report("7", score=2.0)], say, file_name=percent)
    assert "\n" not in str(error.value)
    assert (tmp_path / "results/7.json").read_bytes() == before
    assert files(tmp_path) == {"grades.csv", "results/7.json"}


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UserError, match="out"):
        write_all(tmp_path / "out", [report()], say, file_name=percent)
