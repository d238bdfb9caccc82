"""Homeworks of other courses, one written for surdix and one from a notebook of nbgrader: fit, and graded."""

import csv
from pathlib import Path

import pytest

from grader.cli.main import main

COURSES = Path(__file__).parents[1] / "courses"
TDS = [("bayes", "spam", 5.0), ("convolution", "convolution", 6.33)]  # course, TD, what its wrong submission gets


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("SURDIX_STORE", str(tmp_path / "store"))


def surdix(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments)])
    return ended.value.code


@pytest.mark.parametrize(("course", "td", "wrong"), TDS)
def test_it_is_fit_to_grade_with(course, td, wrong, capsys):
    assert surdix("validate", td, "--course", COURSES / course, "--secrets", 20) == 0, capsys.readouterr().out
    assert f"{td} is fit to grade with." in capsys.readouterr().out


@pytest.mark.parametrize(("course", "td", "wrong"), TDS)
def test_a_right_submission_gets_ten_and_a_wrong_one_less(course, td, wrong, tmp_path):
    folder = COURSES / course
    (tmp_path / "class").mkdir()
    (right,) = (folder / "tests" / "independent").glob(f"{td}_*.py")
    for name, path in (("right", right), ("wrong", folder / "wrong.py")):
        (tmp_path / "class" / f"{name}.py").write_bytes(path.read_bytes())
    assert surdix("grade", td, tmp_path / "class", "--course", folder, "--out", tmp_path / "out") == 0
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {"right": 10.0, "wrong": wrong}


@pytest.mark.parametrize(("course", "td", "wrong"), TDS)
def test_a_handout_can_be_made(course, td, wrong, tmp_path):
    assert surdix("generate", td, "--course", COURSES / course, "--out", tmp_path) == 0
    assert (tmp_path / td / f"{td}.ipynb").is_file()
