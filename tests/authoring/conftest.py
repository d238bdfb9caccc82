"""A tiny course: one module of the reference, one TD `tdm` of three questions."""

import textwrap
from types import SimpleNamespace

import pytest

REFERENCE = '''
    """Mini: what the instructor reads."""

    from __future__ import annotations

    import numpy as np


    def double(x: np.ndarray | list) -> np.ndarray:
        """Twice x."""
        ### BEGIN SOLUTION
        doubled = np.multiply(2, np.asarray(x))
        return doubled
        ### END SOLUTION


    class Base:
        """What can be called."""

        def __call__(self, x):
            return self.forward(x)


    class Scale(Base):
        """Multiplies by k."""

        def __init__(self, k):
            self.k = k

        def forward(self, x):
            """x times k."""
            ### BEGIN SOLUTION
            self.seen = np.array(x, copy=True)
            return self.seen * self.k
            ### END SOLUTION

        def backward(self, grad):
            """dL/dx."""
            ### BEGIN SOLUTION
            if grad.shape != self.seen.shape:
                raise ValueError("not the shape of what was seen")
            return grad * self.k
            ### END SOLUTION
'''
CHECKS = '''
    import numpy as np

    from grader.authoring import check, close, gradient, manual, predicate

    SIZE = 3


    def some_x(rng):
        return {"plain": {"x": rng.normal(size=SIZE)}, "zeros": {"x": np.zeros(SIZE)}}


    def layers(rng):
        return {"one": {"k": float(rng.normal()), "x": rng.normal(size=(2, SIZE)), "grad": rng.normal(size=(2, SIZE))}}


    @check("1.1", points=3, cases=some_x, compare=close(), public=["plain"])
    def doubles(td, x):
        """Your double returns twice
        its argument."""
        return td.double(x)


    def loss(td, k, x, grad):
        return lambda x: float((td.Scale(k)(x) * grad).sum()), x


    @check("1.2", points=4, cases=layers, compare=gradient(of=loss), follows=["doubles"])
    def scale_backward(td, k, x, grad):
        """Your Scale.backward is the derivative of its forward."""
        layer = td.Scale(k)
        layer(x)
        return layer.backward(grad)


    def same_sign(values, answer):
        return bool(np.all(np.sign(answer) == np.sign(values["x"]))) or "a sign is wrong"


    @check("1.1", points=2, cases=some_x, compare=predicate(same_sign))
    def keeps_signs(td, x):
        """Your double keeps signs."""
        return td.double(x)


    @manual("2", points=1)
    def proof():
        """Prove that doubling is linear."""
'''
MISTAKES = """
    from grader.authoring import Mistake

    MISTAKES = [
        Mistake("triples", "np.multiply(2,", "np.multiply(3,", hint="By how much?", advice="2, not 3."),
        Mistake("no_k", "return grad * self.k", "return grad", hint="What does k do?", advice="Chain rule."),
    ]
"""
HANDOUT = """
    # {{ title }}

    {{ hours }} hours.

    ## Question 1.1
    Write double.

    {{ stub("double", "1.1") }}

    ## Question 1.2
    A layer.

    {{ stub("Base") }}
    {{ stub("Scale", "1.2") }}

    ## Question 2
    Prove that doubling is linear.
"""
TOML = """
    title = "Mini"
    data = ["numbers.txt"]
    hours = 1.5
    [files]
    "tdm.py" = ["reference.mini"]
    [limits]
    check_seconds = 5.0
"""


def tiny(folder):
    """Write the course into a folder; with it come `write(path, text)` and `edit(path, old, new)` of its files."""

    def write(path, text):
        path = folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def edit(path, old, new):
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text
        (folder / path).write_text(text.replace(old, new), encoding="utf-8")

    write("reference/mini.py", REFERENCE)
    write("reference/__init__.py", "")
    write("assignments/tdm/assignment.toml", TOML)
    write("assignments/tdm/checks.py", CHECKS)
    write("assignments/tdm/mistakes.py", MISTAKES)
    write("assignments/tdm/handout.md", HANDOUT)
    write("assignments/tdm/data/numbers.txt", "1 2 3\n")
    return SimpleNamespace(folder=folder, write=write, edit=edit, td=folder / "assignments" / "tdm")


@pytest.fixture
def course(tmp_path):
    """The course of one test."""
    return tiny(tmp_path / "course")
