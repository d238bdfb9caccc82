"""Intake's notes in words, in each language."""

import string

import pytest

from grader.cli.main import say
from grader.intake.sentences import FRENCH, SENTENCES


def test_every_sentence_is_there_in_both_languages():
    def places(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key: places(text) for key, text in SENTENCES.items()} == {key: places(text) for key, text in FRENCH.items()}


@pytest.mark.parametrize(
    ("key", "values", "english", "french"),
    [
        (
            "picked",
            {"file": "td2.py", "why": "work"},
            "td2.py is the file that was graded: it is the only one with work in it.",
            "td2.py est le fichier qui a été noté : c'est le seul qui contienne du travail.",
        ),
        (
            "not_unpacked",
            {"file": "a.zip/td2.py", "why": "method", "method": 97},
            "a.zip/td2.py cannot be unpacked from its archive (compression method 97 is not known): hand in the .py or "
            ".ipynb itself.",
            "a.zip/td2.py ne peut pas être extrait de son archive (la méthode de compression 97 n'est pas connue) : "
            "rendez le .py ou le .ipynb lui-même.",
        ),
        (
            "several_files",
            {"files": ["a.py", "b.py"]},
            "Several files could be meant (a.py, b.py), and they differ: a person has to say which one counts.",
            "Plusieurs fichiers pourraient être le bon (a.py, b.py), et ils diffèrent : une personne doit dire lequel "
            "compte.",
        ),
        (
            "not_opened",
            {"file": "td2.py", "why": "Permission denied"},
            "td2.py could not be opened: Permission denied.",
            "td2.py n'a pas pu être ouvert : Permission denied.",
        ),
    ],
)
def test_word_for_word(key, values, english, french):
    assert say(key, values) == english
    assert say(key, values, "fr") == french
