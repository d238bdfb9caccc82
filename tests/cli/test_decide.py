"""What people decide: override, void, comment, extend, and the history that explains a score."""

import csv
import json
import re

import pytest

from tests.cli.conftest import GOOD, SCALE


@pytest.fixture
def decide(surdix, course):
    return lambda *arguments: surdix(*arguments, "--course", course.folder)


@pytest.fixture
def graded(surdix, class_folder, course, tmp_path):
    """A class with a late student: due on Monday at noon, a point for each day begun."""
    toml = course.folder / "assignments" / "tdm" / "assignment.toml"
    toml.write_text(toml.read_text() + "[policy]\nlate_per_day = 1.0\nrounding = 0.25\n")
    folder, students, out = class_folder(alice=GOOD + SCALE, bob=GOOD), tmp_path / "roster.csv", tmp_path / "out"
    due, at = "2026-11-23T12:00:00+01:00", "2026-11-24T12:30:00+01:00"
    students.write_text(f"student_id,name,handed_in_at,due\nalice,Alice A.,{at},{due}\nbob,Bob B.,,{due}\n")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 0, done.err
    return out


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: (row["score"], row["late"]) for row in csv.DictReader(file)}


def checks(out, student, passed):
    """Ids of the checks that have points, or that have none, and what they are worth."""
    result = json.loads((out / "results" / f"{student}.json").read_text())
    return {check["id"]: check["max_points"] for check in result["checks"] if bool(check["points"]) is passed}


def sum_of(text):
    """The lines of the sum that `history` prints, and the score below them."""
    table = text.partition("The score")[2]
    lines = re.findall(r"│ (.+?) +│ +([-+\d.]+|no score) │", table)
    return [(name.strip(), float(value)) for name, value in lines[:-1]], float(lines[-1][1])


def test_lateness_is_the_policy_s_and_an_extension_takes_it_back(decide, graded):
    assert scores(graded) == {"alice": ("7", "yes"), "bob": ("5", "")}
    done = decide("extend", graded, "alice", "--until", "2026-11-25T00:00:00+01:00", "--why", "ill")
    assert (done.status, done.out) == (0, "alice Alice A.: 7 -> 9\n"), done.err
    assert scores(graded)["alice"] == ("9", "")
    page = (graded / "feedback" / "alice.html").read_text()
    assert ">late<" not in page


def test_an_override_is_told_to_the_student_and_survives_grading(decide, surdix, graded, class_folder):
    missed = next(iter(checks(graded, "bob", False)))
    done = decide("override", graded, "bob", "--check", missed, "--points", 1.5, "--why", "right on paper")
    assert done.status == 0 and "bob Bob B.: 5 -> 6.5" in done.out
    assert "right on paper" in (graded / "feedback" / "bob.html").read_text()
    assert surdix("grade", "tdm", class_folder(), "--out", graded, "--fresh").status == 0
    assert scores(graded)["bob"][0] == "6.5"
    done = decide("override", graded, "bob", "--points", 3.1, "--why", "copied")
    assert "6.5 -> 3" in done.out and scores(graded)["bob"][0] == "3"


def test_a_void_check_is_given_or_dropped_for_everybody(decide, graded):
    missed, worth = next(iter(checks(graded, "bob", False).items()))
    done = decide("void", graded, missed, "--give", "--why", "ambiguous")
    assert f"bob Bob B.: 5 -> {5 + worth:g}" in done.out, done.out
    given = float(scores(graded)["bob"][0])
    other, points = next(iter(checks(graded, "bob", True).items()))
    assert decide("void", graded, other, "--drop", "--why", "wrong").status == 0
    exact = (given - points) * 10 / (10 - points)
    assert float(scores(graded)["bob"][0]) == round(4 * exact + 1e-9) / 4


def test_the_last_check_that_counts_is_not_dropped(decide, graded):
    """Nothing would be left for the others' points to be made of: all scores would be 0."""
    *others, last = ["proof", *checks(graded, "alice", True)]
    for check in others:
        assert decide("void", graded, check, "--drop", "--why", "wrong").status == 0
    before = scores(graded)
    done = decide("void", graded, last, "--drop", "--why", "wrong")
    assert (done.status, len(done.err.splitlines())) == (2, 1) and f"{last} is the last of tdm that counts" in done.err
    assert scores(graded) == before and float(before["alice"][0]) > 0
    assert decide("void", graded, others[0], "--drop", "--why", "again").status == 0
    assert decide("void", graded, last, "--give", "--why", "wrong").status == 0


def test_words_of_the_instructor(decide, graded):
    done = decide("comment", graded, "bob", "See me <b>on</b> Friday.")
    assert (done.status, done.out) == (0, "No score moves.\n")
    assert "See me &lt;b&gt;on&lt;/b&gt; Friday." in (graded / "feedback" / "bob.html").read_text()


def test_history_explains_a_score_to_the_last_hundredth(decide, surdix, graded):
    check = next(iter(checks(graded, "alice", True)))
    decide("override", graded, "alice", "--check", check, "--points", 0.13, "--why", "unclear")
    done = surdix("history", graded, "alice")
    assert done.status == 0, done.err
    lines, score = sum_of(done.out)
    assert score == float(scores(graded)["alice"][0])
    assert sum(value for _, value in lines) == pytest.approx(score, abs=1e-9)
    assert [value for name, value in lines if name == "late"] == [-2.0]
    assert "unclear" in done.out and "graded (counts)" in done.out and "handed in" in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("override", "{out}", "bob", "--points", "11", "--why", "x"), "points must be from 0 to 10, not 11"),
        (("override", "{out}", "bob", "--points", "-1", "--why", "x"), "points must be a number, from 0 on"),
        (("override", "{out}", "eve", "--points", "1", "--why", "x"), "there is no student 'eve'"),
        (("override", "{out}", "bob", "--check", "nope", "--points", "1", "--why", "x"), "there is no check 'nope'"),
        (("override", "{out}", "bob", "--points", "1"), "--why"),
        (("override", "{out}", "bob", "--points", "1", "--why", " "), "say why"),
        (("void", "{out}", "nope", "--give", "--why", "x"), "there is no check 'nope' in tdm; ids are in results/"),
        (("void", "{out}", "dubles", "--give", "--why", "x"), "did you mean doubles?"),
        (("void", "{out}", "1.2", "--give", "--why", "x"), "did you mean scale_backward"),
        (("void", "{out}", "Back", "--give", "--why", "x"), "did you mean scale_backward?"),
        (("void", "{out}", "doubles", "--why", "x"), "say --give or --drop"),
        (("extend", "{out}", "bob", "--until", "2026-11-25T00:00", "--why", "x"), "has no offset"),
        (("extend", "{out}", "eve", "--until", "2026-11-25T00:00:00+01:00", "--why", "x"), "there is no student 'eve'"),
        (("comment", "{out}", "bob", " "), "say why"),
    ],
)
def test_a_wrong_decision_is_refused_in_one_line(decide, graded, arguments, says):
    before = scores(graded)
    done = decide(*(str(graded) if one == "{out}" else one for one in arguments))
    assert done.status == 2 and says in done.err and len(done.err.splitlines()) == 1, done.err
    assert scores(graded) == before


def test_a_policy_that_is_none(surdix, class_folder, course, tmp_path):
    toml = course.folder / "assignments" / "tdm" / "assignment.toml"
    text = toml.read_text()
    for line, says in (
        ("late_per_week = 1", "unknown key late_per_week"),
        ("rounding = 0.3", "rounding is 0.3"),
        ("late_per_day = -1", "late_per_day is -1"),
        ("maximum = 5", "maximum is 5"),
        ('counts = "first"', "policy.counts"),
    ):
        toml.write_text(text + f"[policy]\n{line}\n")
        done = surdix("grade", "tdm", class_folder(bob=GOOD), "--out", tmp_path / "out")
        assert done.status == 2 and says in done.err and len(done.err.splitlines()) == 1, done.err


def test_a_bonus_leads_above_10_only_where_the_policy_lets_it(surdix, class_folder, course, tmp_path):
    checks, out = "assignments/tdm/checks.py", tmp_path / "out"
    course.edit(checks, "points=4, cases", "points=4, bonus=True, cases")
    course.edit(checks, "points=3, cases", "points=7, cases")
    folder = class_folder(alice=GOOD + SCALE, bob=GOOD)
    assert surdix("grade", "tdm", folder, "--out", out).status == 0
    assert scores(out) == {"alice": ("10", ""), "bob": ("9", "")}
    toml = course.folder / "assignments" / "tdm" / "assignment.toml"
    toml.write_text(toml.read_text() + "[policy]\nmaximum = 12\n")
    done = surdix("grade", "tdm", folder, "--out", out)
    assert "0 graded now" in done.out and scores(out) == {"alice": ("12", ""), "bob": ("9", "")}
    result = json.loads((out / "results" / "alice.json").read_text())
    assert (result["raw_score"], result["score"], result["out_of"]) == (12.0, 12.0, 10.0)
    assert "width:100.0%" in (out / "feedback" / "alice.html").read_text()


def test_history_of_nobody(surdix, graded, tmp_path):
    assert surdix("history", graded, "eve").status == 2
    assert "nothing was graded here" in surdix("history", tmp_path, "eve").err
