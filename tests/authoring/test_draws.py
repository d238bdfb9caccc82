"""Public and hidden cases differ in drawn numbers, and in nothing else."""

import numpy as np
import pytest

from grader.authoring import draws, load
from grader.errors import AssignmentError

SECRET = b"s" * 32


def test_public_and_hidden_cases(course):
    loaded = load.load(course.folder, "tdm")
    public, hidden = draws.draw(loaded, SECRET)
    assert [case.name for case in public["doubles"]] == ["plain"]
    assert [case.name for case in hidden["doubles"]] == ["plain", "zeros"]
    assert not np.array_equal(public["doubles"][0].values["x"], hidden["doubles"][0].values["x"])
    again = draws.draw(loaded, SECRET)[1]
    assert np.array_equal(again["doubles"][0].values["x"], hidden["doubles"][0].values["x"])
    others = draws.draw(loaded, b"t" * 32)
    assert np.array_equal(others[0]["doubles"][0].values["x"], public["doubles"][0].values["x"])
    assert not np.array_equal(others[1]["doubles"][0].values["x"], hidden["doubles"][0].values["x"])
    own = draws.draw(loaded, SECRET, student="42")[1]
    assert not np.array_equal(own["doubles"][0].values["x"], hidden["doubles"][0].values["x"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rng.normal(size=SIZE)}, ", "rng.normal(size=rng.integers(1000))}, ", r"case 'plain': x is an array \(\d+,\)"),
        ('"zeros": {', 'f"{rng.random()}": {', "doubles have other names at another draw"),
        ('"x": np.zeros', 'f"{rng.random()}": np.zeros', "case 'zeros': has other values at another draw"),
        ('"x": np.zeros', '"y": np.zeros', "case 'zeros': there is no x among its values"),
        ('{"x": np.zeros(SIZE)}', '{"x": {1, 2}}', r"x cannot be sent to the sandbox \(an object of type set"),
        ('{"x": np.zeros(SIZE)}', "1", "must be a dictionary from a case's name"),
        ('"zeros": {', "1: {", "a name that is no text: 1"),
        ("np.zeros(SIZE)", "np.zeros(-1)", r"the cases of doubles: .*checks.py, line \d+: ValueError: negative"),
        ('public=["plain"]', 'public=["plane"]', "doubles shows 'plane', and its cases are plain, zeros"),
        ('public=["plain"]', "public=[]", "doubles shows no case"),
        ("def loss(td, k, x, grad)", "def loss(td, x, k, grad)", "loss must take what scale_backward takes"),
        ("compare=close()", 'compare=accuracy("y", full=1, none=0)', "case 'plain': there is no y among"),
        ("compare=close()", 'compare=accuracy("x", full=1, none=0)', "the probe takes the labels x"),
        ("def doubles(td, x)", "def doubles(td, *x)", "doubles must name its parameters"),
    ],
)
def test_what_a_draw_may_not_do(course, old, new, says):
    course.edit("assignments/tdm/checks.py", "import check,", "import accuracy, check,")
    course.edit("assignments/tdm/checks.py", old, new)
    loaded = load.load(course.folder, "tdm")
    with pytest.raises(AssignmentError, match=says):
        draws.draw(loaded, SECRET)
