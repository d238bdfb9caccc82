"""A TD is handed out in French too: all is said, with the same ids, and nothing that must not be said."""

from __future__ import annotations

import pytest

from grader.authoring import handout, leaks, load
from grader.authoring.settings import LANGUAGES
from grader.contract import Status
from grader.errors import AssignmentError
from grader.intake import collect
from tests.authoring.test_tds import TDS

FRENCH = [td for td in TDS if (load.PROJECT / "assignments" / td / "handout.fr.md").exists()]


@pytest.fixture(scope="module", params=FRENCH)
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
