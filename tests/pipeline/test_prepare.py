"""What is computed before a class is graded."""

import numpy as np

from grader import pipeline
from grader.authoring import load
from student_template.runner import codec
from tests.authoring.conftest import course  # noqa: F401  (a fixture)


def test_a_mistake_answers_the_checks_that_run_what_it_changes_and_no_others(course):  # noqa: F811
    marking = pipeline.prepare(load.load(course.folder, "tdm"), b"s" * 32)
    by_check = {name: set(known.mistakes) for name, known in marking.expectations.items()}
    assert by_check == {"doubles": {"triples"}, "scale_backward": {"no_k"}, "keeps_signs": set()}


def test_one_in_code_that_runs_when_the_module_is_loaded_answers_all(course):  # noqa: F811
    course.edit("reference/mini.py", "class Base", "def two():\n    return 2\n\n\nTWO = two()\n\n\nclass Base")
    course.edit(
        "assignments/tdm/mistakes.py",
        'Mistake("triples", "np.multiply(2,", "np.multiply(3,"',
        'Mistake("triples", "return 2\\n", "return 3\\n"',
    )
    marking = pipeline.prepare(load.load(course.folder, "tdm"), b"s" * 32)
    by_check = {name: set(known.mistakes) for name, known in marking.expectations.items()}
    assert by_check == {"doubles": {"triples"}, "scale_backward": {"triples", "no_k"}, "keeps_signs": set()}


def test_with_and_without_mistakes_the_reference_answers_the_same(course):  # noqa: F811
    loaded = load.load(course.folder, "tdm")
    whole, bare = (pipeline.prepare(loaded, b"s" * 32, mistakes=mistakes) for mistakes in (True, False))
    for name, known in whole.expectations.items():
        assert codec.encode(list(known.hidden_expected)) == codec.encode(list(bare.expectations[name].hidden_expected))
        assert bare.expectations[name].mistakes == {} and np.size(known.hidden_expected) > 0


def test_check_py_knows_the_mistakes_that_its_cases_show(course):  # noqa: F811
    """Twice nothing is nothing, also three times: with such a case alone there is nothing to be told apart."""
    loaded = load.load(course.folder, "tdm")
    marking = pipeline.prepare(loaded, b"s" * 32)
    _, _, mistakes = pipeline.with_public_only(marking)
    assert {name: set(known) for name, known in mistakes.items()} == {
        "doubles": {"triples"},
        "scale_backward": {"no_k"},
        "keeps_signs": set(),
    }
    course.edit("assignments/tdm/checks.py", 'public=["plain"]', 'public=["zeros"]')
    marking = pipeline.prepare(load.load(course.folder, "tdm"), b"s" * 32)
    _, _, mistakes = pipeline.with_public_only(marking)
    assert mistakes["doubles"] == {} and set(marking.expectations["doubles"].mistakes) == {"triples"}
