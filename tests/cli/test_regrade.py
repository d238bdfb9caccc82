"""`surdix regrade`: after a tolerance was mended exactly those move who should, nothing runs, no decision is undone."""

import csv
import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import GOOD, SCALE

# Right to 1 in 1000: wrong by the TD's tolerance, right by a wider one.
NEARLY = "import numpy as np\ndef double(x):\n    return 2.001 * np.asarray(x)\n" + SCALE
WIDER = (
    'cases=some_x, compare=close(), public=["plain"])',
    'cases=some_x, compare=close(rtol=0.01), public=["plain"])',
)
CHECKS = "assignments/tdm/checks.py"


@pytest.fixture
def graded(surdix, class_folder, tmp_path):
    folder, out = class_folder(alice=GOOD + SCALE, bob=GOOD, near=NEARLY, nearer=NEARLY, none=""), tmp_path / "out"
    assert surdix("grade", "tdm", folder, "--out", out).status == 0
    return out


@pytest.fixture
def regrade(surdix, course, graded):
    return lambda *more: surdix("regrade", graded, *more, "--course", course.folder)


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def page(out, name):
    return (out / "feedback" / f"{name}.html").read_text()


def runs(out):
    with closing(sqlite3.connect(out / "gradebook.sqlite")) as book:
        return book.execute("SELECT count(*) FROM check_runs").fetchone()[0]


def test_a_wider_tolerance_moves_those_whom_it_should(surdix, course, class_folder, graded, regrade):
    before, ran = scores(graded), runs(graded)
    decide = ("override", graded, "nearer", "--points", "2", "--why", "copied", "--course", course.folder)
    assert surdix(*decide).status == 0
    course.edit(CHECKS, *WIDER)
    told = regrade()
    assert told.status == 0 and "Nothing is written yet" in told.out, told.err
    assert [line.split()[0] for line in told.out.splitlines() if "->" in line] == ["near:"]
    assert scores(graded) == before | {"nearer": 2.0}, "only told"
    done = regrade("--yes")
    assert done.status == 0 and "near: 7.5 -> 9 (+1.50)" in done.out and "4 judged again, 1 move." in done.out, done.out
    assert scores(graded) == before | {"near": 9.0, "nearer": 2.0}, "a person's decision stays"
    assert runs(graded) == ran, "nothing was run"
    told = {name: "which do not count any more" in page(graded, name) for name in ("near", "bob")}
    assert told == {"near": True, "bob": False}
    again = regrade("--yes")
    assert "0 judged again, 0 move." in again.out
    # `grade` finds it done, too; back to the first tolerance, the first gradings count again.
    assert "1 graded now, 4 as before" in surdix("grade", "tdm", class_folder(), "--out", graded).out
    course.edit(CHECKS, *reversed(WIDER))
    assert "0 graded now, 5 as before" in surdix("grade", "tdm", class_folder(), "--out", graded).out
    assert scores(graded) == before | {"nearer": 2.0}


def test_a_score_that_was_judged_again_can_be_judged_once_more(course, graded, regrade):
    before = scores(graded)
    course.edit(CHECKS, *WIDER)
    assert regrade("--yes").status == 0
    course.edit(CHECKS, "rtol=0.01", "rtol=0.00001")
    assert regrade("--yes").status == 0
    assert scores(graded) == before


def test_other_questions_have_to_be_run_again(course, graded, regrade):
    before = scores(graded)
    sentence = '"""Your double keeps signs."""\n'
    course.edit(CHECKS, f"{sentence}    return td.double(x)", f"{sentence}    return td.double(-x)")
    done = regrade("--yes")
    assert done.status == 1 and "alice, bob, near, nearer" in done.out.splitlines()[-1], done.out
    assert scores(graded) == before


def test_a_policy_that_changed_is_applied(course, graded, regrade):
    toml = "assignments/tdm/assignment.toml"
    (course.folder / toml).write_text((course.folder / toml).read_text() + "[policy]\nrounding = 0.5\nmaximum = 10\n")
    assert regrade("--yes").status == 0
    assert all(score % 0.5 == 0 for score in scores(graded).values())


def test_nothing_to_regrade(surdix, tmp_path):
    done = surdix("regrade", tmp_path)
    assert done.status == 2 and "nothing was graded here" in done.err
