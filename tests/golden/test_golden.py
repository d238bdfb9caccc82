"""The grader says of every golden submission what it should, however it is run, and check.py says the same at home."""

from __future__ import annotations

import csv
import json
import secrets
from typing import Any

import pytest

from grader import batch
from grader.cli.main import say
from grader.contract import Report
from grader.exports.results import result_json
from grader.gradebook.gradebook import Gradebook
from grader.intake import collect
from grader.local import Threads
from grader.pages.words import words
from grader.pipeline import grade, prepare
from grader.sandbox.tiers import open_sandbox
from student_template.runner import home
from tests.golden import build, homes
from tests.golden.conftest import BY_ID, WORDED, pythons
from tests.home.home_page import articles, shown
from tests.pages.parsed import Page

DATA = build.read()
IDS = list(BY_ID)


def described(share: Any) -> str:
    """A share as golden.toml writes it: "pass", "wrong", "partial 2/5", or "partial" where all credit is a ramp's."""
    if share["outcome"] == "partial" and share["passed"]:
        return f"partial {share['passed']}/{share['cases']}"
    return str(share["outcome"])


def without_seconds(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: without_seconds(value) for key, value in tree.items() if key != "seconds"}
    return [without_seconds(item) for item in tree] if isinstance(tree, list) else tree


def differences(golden: build.Golden, result: dict[str, Any], hints: bool = True) -> list[str]:
    """Where a result is not what was expected."""
    found = []
    if result["status"] != golden.status:
        found.append(f"status {result['status']}, not {golden.status}")
    score = result["score"]
    if score != golden.score and not (golden.within and abs(score - golden.score) <= golden.within):
        found.append(f"score {score}, not {golden.score}")
    for check in result["checks"]:
        name, message = check["id"], check["message"]["text"]
        for kind, expected in (("hidden", golden.outcome(name)), ("public", golden.public_outcome(name))):
            if described(check[kind]) != expected:
                found.append(f"{name}, {kind}: {described(check[kind])}, not {expected}: {message}")
        hint = check["hint"]["values"]["mistake"] if check["hint"] else None
        if hints and name in golden.hints and hint != golden.hints[name]:
            found.append(f"{name} looks like {hint}, not like {golden.hints[name]}")
    keys = {note["key"] for note in result["notes"]}
    found += [f"no note {key} among {sorted(keys)}" for key in golden.notes if key not in keys]
    return found


def as_result(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result_json(report, say))
    return found


# --- the data ---------------------------------------------------------------------------------------------------------


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own():
    assert len(IDS) == len(DATA.submission) >= 45
    assert set(DATA.sample.values()) <= set(IDS)


def test_scores_are_the_sums_of_the_outcomes(loaded):
    """So that each expectation was thought of twice."""
    checks = {check.id: check for check in loaded.assignment.checks}
    for golden in DATA.submission:
        named = {*golden.outcomes, *golden.public, *golden.hints} - {"*"}
        assert named <= checks.keys(), f"{golden.id} names {named - checks.keys()}"
        if golden.score is not None:
            points = sum(check.points * credit(golden.outcome(name)) for name, check in checks.items())
            assert abs(points - golden.score) <= max(golden.within, 0.005 + 1e-9), f"{golden.id}: {points}"


def credit(outcome: str) -> float:
    kind, _, share = outcome.partition(" ")
    passed, _, cases = share.partition("/")
    return int(passed) / int(cases) if share else float(kind == "pass")


def test_the_same_data_give_the_same_files(loaded, tmp_path):
    for place in ("a", "b"):
        build.builder("td2", loaded).write(tmp_path / place, ["zip-of-the-whole-folder", "notebook-colab", "latin-1"])
        build.builder("td2", loaded).write_sample(tmp_path / place)
    files = [
        {
            path.relative_to(tmp_path / place): path.read_bytes()
            for path in (tmp_path / place).rglob("*")
            if path.is_file()
        }
        for place in ("a", "b")
    ]
    assert files[0] == files[1]
    sample = collect(tmp_path / "a", loaded.assignment)
    assert {s.student_id for s in sample if s.student_id.isdigit()} == {name.split("_")[1] for name in DATA.sample}


# --- the grader -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("student", IDS)
def test_the_grader_says_what_is_expected(measured, student):
    assert differences(BY_ID[student], measured.result(student)) == []


@pytest.mark.parametrize("jobs", ["one", "two"])
def test_everybody_is_graded_once_and_the_command_tells_who_needs_a_person(measured, jobs):
    assert sorted(path.stem for path in (measured.root / f"results-{jobs}").iterdir()) == sorted(IDS)
    status, out, err = json.loads((measured.root / f"said-{jobs}.json").read_text())
    assert status == 1, err  # some cannot be read
    assert "Traceback" not in out + err
    unreadable = sum(golden.status == "unreadable" for golden in DATA.submission)
    assert f"{len(IDS) - unreadable} graded now, {unreadable} unreadable, 0 as before." in out
    for golden in DATA.submission:
        if golden.status in ("unreadable", "crashed"):
            assert f"{golden.id}: {golden.status}" in out


def test_grades_csv_has_the_same_scores(measured):
    with (measured.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert list(rows) == sorted(IDS)
    for golden in DATA.submission:
        row = rows[golden.id]
        assert row["status"] == golden.status
        if not golden.within:
            assert row["score"] == ("" if golden.score is None else f"{golden.score:g}")


@pytest.mark.parametrize("student", IDS)
def test_two_jobs_say_the_same_as_one(measured, student):
    assert without_seconds(measured.result(student, "two")) == without_seconds(measured.result(student, "one"))


@pytest.mark.parametrize(
    "student", ["compact", "softmax-over-everything", "crashes-in-a-function", "helper-module", "two-files-that-differ"]
)
def test_alone_a_submission_gets_what_it_gets_in_company(measured, loaded, marking, tmp_path, student):
    build.builder("td2", loaded).write(tmp_path, [student])
    (alone,) = collect(tmp_path, loaded.assignment)
    with open_sandbox("best", loaded.assignment) as box:
        _, report = grade(box, alone, marking)
    assert without_seconds(as_result(report)) == without_seconds(measured.result(student))


def test_after_a_hostile_submission_a_good_one_gets_what_it_gets_alone(measured, loaded, marking):
    """In one sandbox, which is never started again between them."""
    submissions = {s.student_id: s for s in collect(measured.submissions, loaded.assignment)}
    good = submissions["first-part"]
    expected = without_seconds(measured.result("first-part"))
    with open_sandbox("best", loaded.assignment) as box:
        for golden in DATA.submission:
            if golden.hostile and "endless-loop" not in golden.id:
                _, hostile = grade(box, submissions[golden.id], marking)
                assert without_seconds(as_result(hostile)) == without_seconds(measured.result(golden.id))
                _, report = grade(box, good, marking)
                assert without_seconds(as_result(report)) == expected, f"after {golden.id}"


def test_another_secret_gives_the_same_scores(measured, loaded, tmp_path):
    """Of those that differ by what they answer; how a file is read or stopped has nothing to do with a secret."""
    wanted = [golden.id for golden in DATA.submission if golden.plain or golden.id in ("float32", "compact")]
    other = prepare(loaded, secrets.token_bytes(32), mistakes=False)
    submissions = [s for s in collect(measured.submissions, loaded.assignment) if s.student_id in wanted]
    with Gradebook.open(tmp_path / "gradebook.sqlite", td="td2") as gradebook:
        batch.grade_all(submissions, other, gradebook, lambda _: Threads(other, jobs=2))
        results = {report.student_id: as_result(report) for report in gradebook.reports()}
    assert sorted(results) == sorted(wanted)
    found = {student: differences(BY_ID[student], results[student], hints=False) for student in wanted}
    assert {student: what for student, what in found.items() if what} == {}


# --- at home ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("student", IDS)
@pytest.mark.parametrize("python", ["own", "oldest"])
def test_at_home_check_py_says_what_the_grader_says(measured, python, student):
    golden, result = BY_ID[student], measured.result(student)
    if python not in pythons(golden):
        pytest.skip(homes.oldest_python()[1] or "a plain text, judged with the oldest Python alone")
    if python in golden.home_differs:
        pytest.skip(golden.home_differs[python])
    if golden.status == "unreadable":
        pytest.skip("the grader has no verdict to agree with")
    told = measured.home(python, student)
    said = {
        name: {key: verdict[key] for key in ("outcome", "passed", "cases")}
        for name, verdict in told["verdicts"].items()
    }
    assert said == {check["id"]: check["public"] for check in result["checks"]}, told["err"]
    assert told["status"] == int(any(check["public"]["outcome"] != "pass" for check in result["checks"]))
    assert "Traceback" not in told["err"]


@pytest.mark.parametrize("student", IDS)
@pytest.mark.parametrize("python", ["own", "oldest"])
def test_the_page_at_home_says_what_the_graders_page_says(measured, loaded, python, student):
    """Of every public check: its outcome and, where the grader speaks of a public case, its sentence."""
    golden, result = BY_ID[student], measured.result(student)
    if python not in pythons(golden) or python in golden.home_differs or golden.status == "unreadable":
        pytest.skip("there is nothing to compare, as above")
    local, graders = measured.pages(python, student)
    at_home, page = articles(local), " ".join(Page(graders).text.split())
    assert list(at_home) and set(at_home) == {check["id"] for check in result["checks"]}
    sentences = {check.id: check.sentence for check in loaded.assignment.checks}
    for check in result["checks"]:
        article, public, message = at_home[check["id"]], check["public"], check["message"]
        assert article.outcome == words("en")[public["outcome"]], check["id"]
        assert article.sentence == shown(sentences[check["id"]])
        assert result["status"] not in ("graded", "grader_fault") or article.sentence in page
        if not message["values"].get("public") or (python == "oldest" and student in WORDED):
            continue  # nothing is wrong, it is of a hidden case, or Python's own words are in it
        said = message["text"]
        if message["key"] != "not_written":
            case = json.dumps(message["values"]["case"], ensure_ascii=False)
            case = {"text": said, "case": case, "passed": public["passed"], "cases": public["cases"]}
            said = home.ENGLISH["home_case"].format(**case)
        assert article.message == shown(said), check["id"]
        assert result["status"] not in ("graded", "grader_fault") or shown(message["text"]) in page


@pytest.mark.parametrize("student", ["pdf-called-py", "garbage", "notebook-cut-short"])
def test_at_home_what_cannot_be_read_is_refused_with_the_same_sentence(measured, loaded, tmp_path, student):
    ((name, content),) = build.builder("td2", loaded).files(BY_ID[student]).items()
    told = homes.check(homes.OWN, measured.handout, tmp_path / "desk", name, {name: content})
    (reason, *_) = measured.result(student)["notes"]
    sentence = say(reason["key"], {**reason["values"], "file": name})
    assert told["status"] == 2
    assert sentence in told["err"] and "Traceback" not in told["err"]
