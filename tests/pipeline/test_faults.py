"""A fault of the grader is never a student's zero."""

import json

import pytest

from grader import pipeline
from grader.authoring import load
from grader.cli.main import main
from grader.contract import Outcome, Status, Submission
from grader.errors import GraderFault
from grader.sandbox import dialogue
from grader.sandbox.tiers import open_sandbox
from tests.authoring.conftest import course  # noqa: F401  (a fixture)
from tests.cli.conftest import GOOD


def broken(*arguments):
    raise GraderFault("the machine is on fire")


def test_a_fault_has_no_score_and_lists_all_checks(course, monkeypatch):  # noqa: F811
    loaded = load.load(course.folder, "tdm")
    marking = pipeline.prepare(loaded, b"s" * 32)
    with open_sandbox("best", loaded.assignment) as sandbox:
        monkeypatch.setattr(dialogue, "run", broken)
        run, report = pipeline.grade(sandbox, Submission("a", "A", "tdm.py", GOOD.encode()), marking)
    assert run is None and report.status is Status.GRADER_FAULT and report.score is None
    assert [v.outcome for v in report.verdicts] == [Outcome.GRADER_FAULT] * 3


def test_the_command_says_3_writes_the_others_and_tries_again(course, tmp_path, monkeypatch, capsys):  # noqa: F811
    monkeypatch.setenv("SURDIX_STORE", str(tmp_path / "store"))
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    for name in ("ann", "ben"):
        (folder / f"{name}.py").write_text(GOOD)
    whole = dialogue.run
    command = ["grade", "tdm", str(folder), "--out", str(out), "--course", str(course.folder), "--jobs", "1"]
    monkeypatch.setattr(
        dialogue, "run", lambda box, sub, *rest: broken() if sub.student_id == "ann" else whole(box, sub, *rest)
    )
    with pytest.raises(SystemExit) as stopped:
        main(command)
    assert stopped.value.code == 3
    result = json.loads((out / "results" / "ann.json").read_text())
    assert (result["status"], result["score"], len(result["checks"])) == ("grader_fault", None, 3)
    assert json.loads((out / "results" / "ben.json").read_text())["score"] == 5
    monkeypatch.setattr(dialogue, "run", whole)
    with pytest.raises(SystemExit) as stopped:
        main(command)
    assert stopped.value.code == 0 and "1 graded now, 1 as before" in capsys.readouterr().out
    assert json.loads((out / "results" / "ann.json").read_text())["score"] == 5


def test_an_error_of_ours_while_judging_is_a_fault_too(course, monkeypatch):  # noqa: F811
    loaded = load.load(course.folder, "tdm")
    marking = pipeline.prepare(loaded, b"s" * 32)

    def bug(*arguments):
        raise ZeroDivisionError("a bug of ours")

    with open_sandbox("best", loaded.assignment) as sandbox:
        monkeypatch.setattr(pipeline, "judge", bug)
        _, report = pipeline.grade(sandbox, Submission("a", "A", "tdm.py", GOOD.encode()), marking)
    assert report.status is Status.GRADER_FAULT and "ZeroDivisionError" in report.notes[0].values["what"]
