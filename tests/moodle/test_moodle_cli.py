"""`surdix moodle …` as a teacher runs it: real processes, against the fake Moodle on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.gradebook import Gradebook
from grader.intake import file_name
from tests.gradebook.gradebook_samples import record, report_of, submission
from tests.moodle.moodle_server import PASSWORD, TOKEN, serving
from tests.moodle.recorded_site import site


@pytest.fixture
def moodle():
    made = site()
    with serving(made):
        yield made


@pytest.fixture
def surdix(tmp_path):
    """Run a command with a home of its own: exit status, and all that it printed."""
    shown = []
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.casefold()}
    home = {**clean, "XDG_CONFIG_HOME": str(tmp_path / "config"), "COLUMNS": "120"}

    def run(*arguments, given="", **variables):
        command = [sys.executable, "-m", "grader", "moodle", *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, input=given, env={**home, **variables}, timeout=120
        )
        shown.append(done.stdout + done.stderr)
        assert "Traceback" not in shown[-1]
        return done.returncode, done.stdout + done.stderr

    yield run
    assert TOKEN not in "".join(shown)


def graded(folder, scores):
    """What `surdix grade --out` leaves, with made-up scores."""
    with Gradebook.open(folder / "gradebook.sqlite", td="td1") as gradebook:
        for student_id, score in scores.items():
            handed_in = submission(student_id)
            record(gradebook, handed_in, replace(report_of(handed_in), score=score, raw_score=score))
    (folder / "feedback").mkdir(exist_ok=True)
    for student_id, score in scores.items():
        (folder / "feedback" / f"{file_name(student_id)}.html").write_text(f"<html>{score}</html>")


def test_a_round_trip(moodle, surdix, tmp_path):
    page = f"{moodle.site}/mod/assign/view.php?id=10"
    status, shown = surdix("login", page, "--user", "prof", given=f"{PASSWORD}\n")
    assert status == 0 and "logged in as Anna Teacher (Moodle 5.1+" in shown
    assert (tmp_path / "config" / "surdix" / "moodle.json").stat().st_mode & 0o777 == 0o600

    status, shown = surdix("list", moodle.site)
    assert status == 0 and "TP1 - Perceptron" in shown and "out of 10, team" in shown and "2026-11-2" in shown

    folder = tmp_path / "handed in"
    status, shown = surdix("pull", page, "--to", folder)
    assert status == 0 and "42 handed in, 45 enrolled; 84 files fetched" in shown, shown
    assert shown.splitlines()[-1] == (f"Now: surdix grade TD '{folder}' --roster '{folder}/roster.csv' --out RESULTS")
    assert "0 files fetched" in surdix("pull", moodle.site, "Perceptron", "--to", folder)[1]

    out = tmp_path / "out"
    out.mkdir()
    graded(out, {"148": 7.5, "136": 6.0, "159": None})
    status, shown = surdix("push", page, out, "--dry-run")
    assert status == 0 and "148: would send: 7.5 (Moodle has none)" in shown and moodle.assigns[10].grades == {}
    status, shown = surdix("push", moodle.site, "TP1 - Perceptron", out)
    assert status == 0 and "148: sent: 7.5" in shown and "159: no score" in shown
    assert shown.splitlines()[-1] == "TP1 - Perceptron: 2 sent, 1 no score"
    assert {user: given.grade for user, given in moodle.assigns[10].grades.items()} == {62: "7.50000", 63: "6.00000"}
    assert moodle.assigns[10].files[62] == {("/", "feedback.html"): b"<html>7.5</html>"}
    assert surdix("push", page, out)[1].splitlines()[-1] == "TP1 - Perceptron: 2 unchanged, 1 no score"
    moodle.assigns[10].grades[63].grade = "1.00000"
    status, shown = surdix("push", page, out)
    assert status == 1 and "136: kept: Moodle has 1, the last push left 6; --overwrite replaces it" in shown
    written = b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "config" not in path.parts
    )
    assert TOKEN.encode() not in written


def test_login_by_token(moodle, surdix, tmp_path):
    status, shown = surdix("login", moodle.site, "--token", given=f"{TOKEN}\n")
    assert status == 0 and "Anna Teacher" in shown
    status, shown = surdix("login", moodle.site, "--token", given="x" * 32 + "\n")
    assert status == 2 and "is not valid" in shown


def test_a_token_from_the_environment(moodle, surdix):
    assert surdix("list", moodle.site)[0] == 2
    assert surdix("list", moodle.site, SURDIX_MOODLE_TOKEN=TOKEN)[0] == 0


@pytest.mark.parametrize(
    "change, arguments, given, says",
    [
        ({}, ["--user", "prof"], "wrong\n", "user name or password is wrong"),
        ({}, ["--user", "prof"], "", "no password was given"),
        ({}, ["--token"], "short\n", "this is no token"),
        ({"off": frozenset({"webservices"})}, [], "", "enablewebservices"),
        ({"off": frozenset({"mobile"})}, [], "", "enablemobilewebservice"),
        ({"login_type": 2}, [], "", "surdix moodle login --token"),
        ({"maintenance": "cli"}, [], "", "maintenance"),
    ],
)
def test_a_login_that_fails(moodle, surdix, tmp_path, change, arguments, given, says):
    for name, value in change.items():
        setattr(moodle, name, value)
    status, shown = surdix("login", moodle.site, *arguments, given=given)
    assert status == 2 and says in shown and len(shown.splitlines()) == 1
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["login", "http://moodle.example"], "use https://moodle.example"),
        (["list", "https://moodle.example"], "surdix moodle login https://moodle.example"),
        (["push", "https://moodle.example", "/nowhere"], "nothing was graded here"),
        (["push", "https://moodle.example", "a", "b", "c"], "then RESULTS"),
        (["pull", "https://moodle.example"], "--to"),
    ],
)
def test_bad_usage_is_one_line(surdix, arguments, says):
    status, shown = surdix(*arguments)
    assert status == 2 and says in shown and len(shown.splitlines()) == 1
