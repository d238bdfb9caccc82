"""What is still to be written, by the text of a file."""

import pytest

from student_template.runner import reading
from student_template.runner.unwritten import unwritten

STUB = '''
def softmax(z):
    """Turn scores into probabilities."""
    raise NotImplementedError("question 2.1: softmax")

class Linear:
    def __init__(self, d):
        """Draw."""
        self.grad_W = 0
        raise NotImplementedError("question 2.2: Linear.__init__")

    def forward(self, x):
        raise NotImplementedError("question 2.2: Linear.forward")

    def given(self):
        return 1
'''
ALL = ["question 2.1: softmax", "question 2.2: Linear.__init__", "question 2.2: Linear.forward"]


def found(text):
    cells, _ = reading.read("td.py", text.encode())
    return unwritten(reading.blocks(cells))


def test_every_stub_is_found_without_running_it():
    assert found("raise SystemExit\n" + STUB) == ALL


@pytest.mark.parametrize(
    "more",
    [
        "def softmax(z):\n    return z\n",
        "def softmax(z):\n    if z:\n        return z\n    raise NotImplementedError('question 2.1: softmax')\n",
        "def softmax(z):\n    return z\n    raise NotImplementedError('question 2.1: softmax')\n",
        "def softmax(z):\n    raise NotImplementedError('later')\n",
        "def softmax(z):\n    raise ValueError\n",
        "class softmax:\n    pass\n",
    ],
)
def test_the_last_definition_counts_and_what_may_return_is_begun(more):
    assert found(STUB + more) == ALL[1:]


def test_what_is_not_python_is_passed_over():
    assert found("def f(:\n    pass\n\n" + STUB) == ALL
    assert found("") == []
