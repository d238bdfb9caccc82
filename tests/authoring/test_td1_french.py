"""td1 is handed out in French too: its texts are complete, and they say nothing of what must not be said."""

from __future__ import annotations

import shutil

import pytest

from grader.authoring import handout, leaks, load


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(load.PROJECT / "reference", course / "reference", ignore=ignore)
    shutil.copytree(load.PROJECT / "assignments" / "td1", course / "assignments" / "td1", ignore=ignore)
    toml = course / "assignments" / "td1" / "assignment.toml"
    text = toml.read_text(encoding="utf-8")
    assert 'title = "Fitting"' in text and 'language = "en"' in text
    toml.write_text(
        text.replace('title = "Fitting"', 'title = "Ajuster"').replace('language = "en"', 'language = "fr"'),
        encoding="utf-8",
    )
    return load.load(course, "td1")


def test_every_text_is_translated(french):
    english = load.load(load.PROJECT, "td1")
    for ours, theirs in zip(french.assignment.checks, english.assignment.checks, strict=True):
        assert ours.id == theirs.id and ours.sentence != theirs.sentence
    for ours, theirs in zip(french.mistakes, english.mistakes, strict=True):
        assert ours.hint != theirs.hint and ours.advice != theirs.advice
    assert french.items == english.items


def test_the_french_handout_shows_no_solution(french, tmp_path):
    folder = handout.write(french, french.probes_with_predicates, tmp_path)
    assert "Moindres carrés" in (folder / "td1.py").read_text(encoding="utf-8")
    assert leaks.leaks(french, folder) == []
