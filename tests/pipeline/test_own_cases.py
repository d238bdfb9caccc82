"""Hidden cases drawn for each student: theirs alone, and the same whenever they are graded."""

import json
import sqlite3
import threading
from contextlib import closing

import numpy as np
import pytest

from grader import batch, local, pipeline
from grader.authoring import load
from grader.cli.main import main
from grader.contract import Outcome, Status, Submission
from grader.gradebook import Gradebook
from grader.sandbox import dialogue
from grader.sandbox.tiers import open_sandbox
from student_template.runner import codec
from tests.authoring.conftest import course  # noqa: F401  (a fixture)
from tests.cli.conftest import GOOD, SCALE

SECRET = b"s" * 32
TRIPLES = GOOD.replace("2 *", "3 *") + SCALE


@pytest.fixture
def loaded(course):  # noqa: F811
    course.edit("assignments/tdm/assignment.toml", "hours = 1.5", "hours = 1.5\nown_cases = true")
    return load.load(course.folder, "tdm")


@pytest.fixture
def marking(loaded):
    return pipeline.prepare(loaded, SECRET)


def drawn(marking, student):
    own = marking.of(Submission(student, "A"))
    return own.hidden["doubles"][0].values["x"], own


def test_each_has_cases_of_their_own_and_the_same_again(marking, loaded):
    ann, of_ann = drawn(marking, "ann")
    ben, _ = drawn(marking, "ben")
    again, _ = drawn(pipeline.prepare(loaded, SECRET), "ann")
    drawn(marking, "caf\udce9")  # a file name that is no UTF-8
    elsewhere, _ = drawn(pipeline.prepare(loaded, b"t" * 32), "ann")
    assert np.array_equal(ann, again)
    for other in (ben, elsewhere, marking.hidden["doubles"][0].values["x"]):
        assert not np.array_equal(ann, other)
    assert np.allclose(of_ann.expectations["doubles"].hidden_expected[0], 2 * ann)
    assert of_ann.public is marking.public and of_ann.case_names == marking.case_names


def test_a_student_is_asked_their_own_cases_and_nobody_elses(marking, loaded, monkeypatch):
    asked = {}
    whole = dialogue.run

    def run(sandbox, submission, questions):
        sent = codec.decode(next(q for q in questions if q.check.id == "doubles").message)
        asked.setdefault(submission.student_id, [case["x"] for case in sent["cases"]])
        return whole(sandbox, submission, questions)

    monkeypatch.setattr(dialogue, "run", run)
    with open_sandbox("best", loaded.assignment) as sandbox:
        for student in ("ann", "ben"):
            source = (GOOD + SCALE).encode()
            _, report = pipeline.grade(sandbox, Submission(student, "A", "tdm.py", source), marking)
            assert report.score == 9, [v.message for v in report.verdicts]
    public = marking.public["doubles"][0].values["x"]
    for student in asked:
        assert np.array_equal(asked[student][0], public)
        assert np.array_equal(asked[student][1], drawn(marking, student)[0])


def test_a_known_mistake_is_recognised_by_own_cases_too(marking, loaded):
    with open_sandbox("best", loaded.assignment) as sandbox:
        _, report = pipeline.grade(sandbox, Submission("ann", "A", "tdm.py", TRIPLES.encode()), marking)
    verdict = next(v for v in report.verdicts if v.id == "doubles")
    assert verdict.outcome is not Outcome.PASS
    assert verdict.hint is not None and verdict.hint.values["mistake"] == "triples"
    _, of_ann = drawn(marking, "ann")
    mistakes = of_ann.expectations["doubles"].mistakes
    assert {name: len(answers) for name, answers in mistakes.items()} == {"triples": 3}


def test_a_draw_that_fails_is_ours(course, loaded):  # noqa: F811
    course.edit("assignments/tdm/checks.py", '"zeros": {', 'f"{int(rng.integers(3)) // 2}": {')
    secret = next(s for s in (bytes([n]) * 32 for n in range(99)) if _fits(course, s))
    loaded = load.load(course.folder, "tdm")
    marking = pipeline.prepare(loaded, secret)
    statuses = set()
    with open_sandbox("best", loaded.assignment) as sandbox:
        for student in "abcdefgh":
            _, report = pipeline.grade(sandbox, Submission(student, "A", "tdm.py", GOOD.encode()), marking)
            statuses.add(report.status)
    assert statuses == {Status.GRADED, Status.GRADER_FAULT}


def _fits(course, secret):  # noqa: F811
    try:
        pipeline.prepare(load.load(course.folder, "tdm"), secret, mistakes=False)
    except Exception:
        return False
    return True


def test_they_are_part_of_the_version(course, loaded):  # noqa: F811
    course.edit("assignments/tdm/assignment.toml", "own_cases = true", "own_cases = false")
    assert load.load(course.folder, "tdm").assignment.version != loaded.assignment.version


def test_the_command_grades_a_class_with_several_workers_and_goes_on(
    course,  # noqa: F811
    loaded,
    tmp_path,
    monkeypatch,
    capsys,
):
    monkeypatch.setenv("SURDIX_STORE", str(tmp_path / "store"))
    folder, out = tmp_path / "class", tmp_path / "out"
    for number in range(6):
        path = folder / f"student{number}" / "tdm.py"
        path.parent.mkdir(parents=True)
        path.write_text(GOOD + SCALE if number else TRIPLES)
    command = ["grade", "tdm", str(folder), "--out", str(out), "--course", str(course.folder), "--jobs", "3"]

    def scores():
        with pytest.raises(SystemExit) as stopped:
            main(command)
        assert stopped.value.code == 0
        return {path.stem: json.loads(path.read_text())["score"] for path in (out / "results").iterdir()}

    first = scores()
    assert first == {"student0": 7.5, **{f"student{n}": 9 for n in range(1, 6)}}
    assert scores() == first and "0 graded now, 6 as before" in capsys.readouterr().out
    command.append("--fresh")
    assert scores() == first


def test_nobody_waits_for_the_gradebook_while_cases_are_drawn(marking, tmp_path, monkeypatch):
    handed_in = [Submission(str(n), "A", "tdm.py", f"{GOOD}{SCALE}# {n}".encode()) for n in range(4)]
    book = tmp_path / "gradebook.sqlite"
    whole, free = pipeline.Marking.of, []

    def of(self, submission):
        if threading.current_thread() is threading.main_thread():
            with closing(sqlite3.connect(book, timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")  # sqlite3.OperationalError where the run holds it
                free.append(submission.student_id)
        return whole(self, submission)

    monkeypatch.setattr(pipeline.Marking, "of", of)
    with Gradebook.open(book, td="tdm") as gradebook:
        became = batch.grade_all(handed_in, marking, gradebook, lambda work: local.Threads(marking))
    assert became == {Status.GRADED: 4} and sorted(free) == ["0", "1", "2", "3"]
