"""A TD is handed out in French too: all is said, with the same ids, and nothing that must not be said."""

from __future__ import annotations

import ast
import re

import pytest

from grader.authoring import handout, leaks, load
from grader.authoring.settings import LANGUAGES
from grader.contract import Status
from grader.errors import AssignmentError
from grader.intake import collect
from tests.authoring.test_tds import TDS


@pytest.fixture(scope="module", params=TDS)
def both(request):
    return load.load(load.PROJECT, request.param, "en"), load.load(load.PROJECT, request.param, "fr")


def test_every_text_is_translated_and_nothing_else(both):
    english, french = both
    assert french.assignment.title != english.assignment.title
    for ours, theirs in zip(french.assignment.checks, english.assignment.checks, strict=True):
        assert (ours.id, ours.question, ours.points) == (theirs.id, theirs.question, theirs.points)
        assert ours.sentence != theirs.sentence
    for ours, theirs in zip(french.mistakes, english.mistakes, strict=True):
        assert ours.id == theirs.id
        assert ours.hint != theirs.hint and ours.advice != theirs.advice
    assert french.items == english.items
    assert french.assignment.version == english.assignment.version, "what changes a score is the same"


def test_every_reason_of_a_predicate_is_translated(both):
    english, french = both
    said = set()
    for function in ast.walk(ast.parse((english.folder / "checks.py").read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and function.name in english.functions:
            for returned in ast.walk(function):
                if isinstance(returned, ast.Return) and returned.value is not None:
                    said |= reasons(returned.value)
    assert said == {re.sub(r"{\w+}", "{}", reason) for reason in french.assignment.reasons}


def reasons(node):
    """The texts that an expression may be: constants, and f-strings with {} for what they fill in."""
    if isinstance(node, ast.IfExp):
        return reasons(node.body) | reasons(node.orelse)
    if isinstance(node, ast.BoolOp):
        return set().union(*map(reasons, node.values))
    if isinstance(node, ast.JoinedStr):
        return {"".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)}
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_both_handouts_place_the_same_code(both):
    english, french = (each.prose.stubs for each in both)
    assert [(stub.name, stub.items) for stub in english] == [(stub.name, stub.items) for stub in french]


def test_the_french_handout_shows_no_solution(both, tmp_path):
    _, french = both
    folder = handout.write(french, french.probes_with_predicates, tmp_path)
    assert leaks.leaks(french, folder) == []
    text = (folder / french.assignment.file).read_text(encoding="utf-8")
    assert french.assignment.title in text


def test_a_handout_in_one_language_is_nobodys_work_in_the_other(both, tmp_path):
    english, french = both
    for ours, theirs in ((english, french), (french, english)):
        content = handout.files(theirs, "")
        for name in (theirs.assignment.file, f"{theirs.handed.module}.ipynb"):
            folder = tmp_path / ours.assignment.language / name
            folder.mkdir(parents=True)
            (folder / name).write_bytes(content[name])
            (submission,) = collect(folder / name, ours.assignment, {})
            assert submission.status is Status.EMPTY


def test_a_language_that_a_td_does_not_speak_is_refused(course):
    assert set(LANGUAGES) == {"en", "fr"}
    with pytest.raises(AssignmentError, match=r"texts\.fr\.toml: language is 'fr', so this file is needed"):
        load.load(course.folder, "tdm", "fr")
