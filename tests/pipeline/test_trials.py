"""Which of a student's functions a check calls, read from the check's own code."""

from __future__ import annotations

import pytest

from grader.authoring import load
from grader.trials import bodies, calls

SOURCE = '''
import numpy as np

def made(td, W):
    layer = td.Linear(3, 2, np.random.default_rng(0))
    return layer

def a_function(td, x):
    """Yours is right."""
    return td.softmax(x)

def a_method(td, x, grad):
    """Yours is right."""
    layer = made(td, x)
    layer.forward(x)
    return layer.backward(grad)

def nothing(x):
    return x
'''


def test_the_last_method_that_is_called_comes_first() -> None:
    found = calls(SOURCE)
    assert found["a_function"][-1] == "softmax"
    assert found["a_method"][:2] == ("Linear.backward", "Linear.forward") and found["a_method"][-1] == "Linear"
    assert found["nothing"] == ()


def test_the_code_of_a_check_is_shown_without_its_sentence() -> None:
    assert bodies(SOURCE)["a_method"].split("\n")[0] == "layer = made(td, x)"


@pytest.mark.parametrize("td", ["td1", "td2"])
def test_each_check_of_a_td_calls_something_of_the_students(td: str) -> None:
    loaded = load.load(load.PROJECT, td)
    found = calls(loaded.assignment.probes)
    written = set(loaded.items)
    assert [check.id for check in loaded.assignment.checks if not written & set(found[check.id])] == []
