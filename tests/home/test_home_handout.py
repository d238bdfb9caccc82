"""The same handout for everyone: its bytes depend on the assignment, and on no secret."""

import string

from grader.authoring import draws, generate, load
from grader.pipeline import prepare
from student_template.runner import codec, home


def test_the_same_bytes_whatever_the_secret(tiny, tmp_path):
    folder = generate.generate(tiny.loaded, prepare(tiny.loaded, b"another secret of 32 bytes......"), tmp_path)
    assert folder.with_suffix(".zip").read_bytes() == tiny.folder.with_suffix(".zip").read_bytes()


def test_public_cases_are_the_same_whatever_the_secret(td2):
    def public(secret):
        cases, _ = draws.draw(td2.loaded, secret)
        return {name: [(case.name, codec.encode(dict(case.values))) for case in these] for name, these in cases.items()}

    assert public(b"one" * 11) == public(b"other" * 7)


def test_the_same_bytes_from_the_same_inputs(tiny, tmp_path):
    again = load.load(tiny.loaded.course.folder, "tdh")
    folder = generate.generate(again, prepare(again, b"s" * 32), tmp_path)
    assert folder.with_suffix(".zip").read_bytes() == tiny.folder.with_suffix(".zip").read_bytes()


def test_every_sentence_is_there_in_both_languages():
    def places(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key: places(text) for key, text in home.ENGLISH.items()} == {
        key: places(text) for key, text in home.FRENCH.items()
    }
