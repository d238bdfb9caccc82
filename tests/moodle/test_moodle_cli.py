"""`surdix moodle …` as a teacher runs it, against the fake Moodle on loopback; once with real processes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.cli import main
from grader.gradebook import Gradebook
from grader.moodle import tokens
from tests.gradebook.gradebook_samples import record, report_of, submission, verdict
from tests.moodle.moodle_server import PASSWORD, TOKEN, serving
from tests.moodle.recorded_site import site


@pytest.fixture
def moodle():
    made = site()
    with serving(made):
        yield made


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home without tokens and proxies."""
    for name in [name for name in os.environ if "proxy" in name.casefold() or name.startswith("SURDIX")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path / "config"


@pytest.fixture
def surdix(home, capsys, monkeypatch):
    """Run a command: its exit status, and all that it printed. What it prints never holds the token."""

    def run(*arguments, given=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as left:
            main(["moodle", *map(str, arguments)])
        shown = "".join(capsys.readouterr())
        assert TOKEN not in shown and "Traceback" not in shown
        return left.value.code, shown

    return run


@pytest.fixture
def logged_in(surdix, moodle):
    status, shown = surdix("login", moodle.site, "--token", given=f"{TOKEN}\n")
    assert status == 0 and "logged in as Anna Teacher (Moodle 5.1+" in shown


def graded(folder, scores, **more):
    """What `surdix grade --out` leaves, with made-up scores."""
    folder.mkdir(exist_ok=True)
    with Gradebook.open(folder / "gradebook.sqlite", td="td1") as gradebook:
        for student_id, score in scores.items():
            handed_in = submission(student_id)
            checks = [] if score is None else [verdict("mse", score, 10.0)]  # a score is the sum of these
            report = replace(report_of(handed_in, *checks), name=f"Name {student_id}", **more)
            record(gradebook, handed_in, report)
    return folder


def test_a_round_trip_of_real_processes(moodle, home, tmp_path):
    shown = []

    def run(*arguments, given=""):
        command = [sys.executable, "-m", "grader", "moodle", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, input=given, timeout=120)
        shown.append(done.stdout + done.stderr)
        return done.returncode, shown[-1]

    page = f"{moodle.site}/mod/assign/view.php?id=10"
    assert run("login", page, "--user", "prof", given=f"{PASSWORD}\n")[0] == 0
    folder = tmp_path / "handed in"
    status, text = run("pull", page, "--to", folder)
    assert status == 0 and "42 handed in, 45 enrolled; 84 files fetched" in text
    assert text.splitlines()[-1] == f"Now: surdix grade TD '{folder}' --roster '{folder}/roster.csv' --out RESULTS"
    out = graded(tmp_path / "out", {"148": 7.5, "136": 6.0, "159": None})
    status, text = run("push", page, out)
    assert status == 0 and "148: sent: 7.5" in text and "159: no score" in text
    assert text.splitlines()[-1] == "TP1 - Perceptron: 2 sent, 1 no score"
    assert {user: given.grade for user, given in moodle.assigns[10].grades.items()} == {62: "7.50000", 63: "6.00000"}
    assert "7.5 / 10" in moodle.assigns[10].comments[62] and moodle.assigns[10].files[62].keys() == {
        ("/", "feedback.html")
    }
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and home not in path.parents]
    assert TOKEN not in "".join(shown) and TOKEN.encode() not in b"".join(written)


def test_login_keeps_the_token_in_private(surdix, moodle, home):
    status, shown = surdix("login", moodle.site, "--user", "prof", given=f"{PASSWORD}\n")
    path = home / "surdix" / "moodle.json"
    assert status == 0 and str(path) in shown and PASSWORD not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_list_shows_what_can_be_named(surdix, moodle, logged_in):
    status, shown = surdix("list", moodle.site)
    assert status == 0 and "Apprentissage profond" in shown
    row = next(line for line in shown.splitlines() if "Projet en équipe" in line)
    assert " 12 " in row and "2026-11-2" in row and "out of 10, team" in row
    assert "No assignment" in surdix("list", f"{moodle.site}/course/view.php?id=5")[1]


def test_push_says_who_and_why(surdix, moodle, logged_in, tmp_path):
    out = graded(tmp_path / "out", {"148": 7.5, "136": 6.0, "99": 1.0})
    page = f"{moodle.site}/mod/assign/view.php?id=10"
    status, shown = surdix("push", page, out, "--dry-run")
    assert status == 1 and "148: would send: 7.5 (Moodle has none)" in shown and "99: unknown: " in shown
    assert moodle.assigns[10].grades == {}
    surdix("push", moodle.site, "perceptron", out)
    moodle.assigns[10].grades[63].grade = "1.00000"
    status, shown = surdix("push", page, out)
    assert status == 1 and "136: kept: Moodle has 1, the last push left 6; --overwrite replaces it" in shown
    assert shown.splitlines()[-1] == "TP1 - Perceptron: 1 unchanged, 1 kept, 1 unknown"


def test_a_page_for_a_team_names_no_member(surdix, moodle, logged_in, tmp_path):
    scores = {str(number): 5.0 for user, number in moodle.assigns[12].numbers.items() if user in (70, 71, 72)}
    out = graded(tmp_path / "out", scores, team="team-27")
    status, shown = surdix("push", f"{moodle.site}/mod/assign/view.php?id=12", out)
    assert status == 0 and "3 sent" in shown and moodle.calls["mod_assign_save_grades"] == 1
    pages = {page for files in moodle.assigns[12].files.values() for page in files.values()}
    assert len(pages) == 1
    page = pages.pop().decode()
    assert "<title>Équipe 1 · " in page and '<p class="who"><bdi>Équipe 1</bdi></p>' in page and "Name " not in page


def test_a_token_from_the_environment(surdix, moodle, monkeypatch):
    assert surdix("list", moodle.site)[0] == 2
    monkeypatch.setenv("SURDIX_MOODLE_TOKEN", TOKEN)
    assert surdix("list", moodle.site)[0] == 0


@pytest.mark.parametrize(
    "token, says",
    [("abc", "SURDIX_MOODLE_TOKEN: this is no token"), ("x" * 32, "the token in SURDIX_MOODLE_TOKEN is not valid")],
)
def test_a_bad_token_of_the_environment_is_named(surdix, moodle, logged_in, monkeypatch, token, says):
    """It comes before the kept one, so that to log in again would not help."""
    monkeypatch.setenv("SURDIX_MOODLE_TOKEN", token)
    status, shown = surdix("list", moodle.site)
    assert status == 2 and says in shown and "unset it" in shown and len(shown.splitlines()) == 1


def test_a_bad_token_that_is_kept_asks_for_a_login(surdix, moodle, home):
    tokens.keep(moodle.site, tokens.Secret("y" * 32))
    status, shown = surdix("list", moodle.site)
    assert status == 2 and "run surdix moodle login again" in shown and "SURDIX_MOODLE_TOKEN" not in shown


@pytest.mark.parametrize("command", ["login", "list", "pull", "push"])
def test_help_says_what_comes_before(surdix, command):
    status, shown = surdix(command, "--help")
    assert status == 0 and "SURDIX_MOODLE_TOKEN in the environment" in shown
    assert ("ASSIGNMENT is an id" in shown) == (command in ("pull", "push"))


@pytest.mark.parametrize("command", [["list"], ["pull", "--out", "folder"], ["push", "RESULTS"]])
def test_an_address_without_a_moodle_comes_before_a_login(surdix, moodle, tmp_path, monkeypatch, command):
    monkeypatch.setattr("grader.moodle.client.time.sleep", lambda seconds: None)
    rest = [graded(tmp_path / "out", {"148": 7.5}) if word == "RESULTS" else word for word in command[1:]]
    status, shown = surdix(command[0], f"{moodle.site}/elsewhere", *rest)
    assert status == 2 and "is this the address of a Moodle" in shown and "logged in" not in shown
    status, shown = surdix(command[0], "http://127.0.0.1:9", *rest)
    assert status == 2 and "http://127.0.0.1:9: cannot be reached; look at the address" in shown
    assert "(" not in shown and "core_" not in shown
    status, shown = surdix(command[0], moodle.site, *rest)
    assert status == 2 and f"you are not logged in there; run: surdix moodle login {moodle.site}" in shown


@pytest.mark.parametrize(
    "change, arguments, given, says",
    [
        ({}, ["--user", "prof"], "wrong\n", "user name or password is wrong"),
        ({}, ["--user", "prof"], "", "no password was given"),
        ({}, ["--token"], "short\n", "this is no token"),
        ({}, ["--token"], "x" * 32, "not valid"),
        ({"off": frozenset({"webservices"})}, [], "", "enablewebservices"),
        ({"off": frozenset({"mobile"})}, [], "", "enablemobilewebservice"),
        ({"login_type": 2}, [], "", "surdix moodle login --token"),
        ({"maintenance": "cli"}, [], "", "maintenance"),
    ],
)
def test_a_login_that_fails(surdix, moodle, home, monkeypatch, change, arguments, given, says):
    for name, value in change.items():
        setattr(moodle, name, value)
    monkeypatch.setattr("grader.moodle.client.time.sleep", lambda seconds: None)
    status, shown = surdix("login", moodle.site, *arguments, given=given)
    assert status == 2 and says in shown and len(shown.splitlines()) == 1
    assert not home.exists()


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["login", "http://moodle.example"], "use https://moodle.example"),
        (["push", "https://moodle.example", "/nowhere"], "nothing was graded here"),
        (["push", "https://moodle.example", "a", "b", "c"], "then RESULTS"),
        (["pull", "https://moodle.example"], "--to"),
    ],
)
def test_bad_usage_is_one_line(surdix, arguments, says):
    status, shown = surdix(*arguments)
    assert status == 2 and says in shown and len(shown.splitlines()) == 1
