"""Symbols: what a copy cannot change without changing what the code does, and nothing else."""

import subprocess
import time
from pathlib import Path

import pytest

from grader.similarity.tokens import MOST, tokens
from tests.home.home_pythons import interpreter
from tests.similarity.disguise import disguised

PROJECT = Path(__file__).parents[2]
CODE = '''
"""A module."""
import numpy as np


class Linear:
    """A layer."""

    def __init__(self, n, m):
        self.weight = np.zeros((n, m))  # all nought

    def forward(self, x):
        """Times x."""
        out = np.maximum(x @ self.weight, 0.5)
        return out.sum(axis=0)
'''


def symbols(*texts):
    return [token.symbol for token in tokens(texts)]


def test_names_comments_docstrings_and_layout_do_not_matter():
    renamed = (
        CODE.replace("weight", "w").replace("out", "result").replace("forward", "apply").replace("Linear", "Dense")
    )
    assert symbols(renamed.replace("  # all nought", "").replace('        """Times x."""\n', "\n\n")) == symbols(CODE)
    assert symbols(disguised(CODE)) == symbols(CODE)


@pytest.mark.parametrize(("old", "new"), [("maximum", "minimum"), ("0.5", "0.25"), ("sum", "mean"), ("@", "*")])
def test_what_the_code_does_matters(old, new):
    assert symbols(CODE.replace(old, new)) != symbols(CODE)


def test_a_string_that_is_a_value_stays():
    assert symbols('x = "a"\n"b"\ny = f("c")') == ["NAME", "=", "STRING", "NAME", "=", "NAME", "(", "STRING", ")"]
    assert symbols('"a" + b') == ["STRING", "+", "NAME"]


FORMATTED = """x = f"a{y}b" + f'{y:{width}}' + rf"{f'{z}'}!"
f"begins a statement" + f"{f(x)}"
def f(x):
    f"{x} is no docstring, and does as little"
"""


def test_a_formatted_string_is_a_string():
    assert symbols('x = f"a{y}b"') == ["NAME", "=", "STRING"]
    assert symbols(FORMATTED).count("STRING") == 5


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_every_python_that_grades_reads_the_same(version):
    """From 3.12 on the tokenizer takes f-strings apart."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    code = "import sys; from grader.similarity.tokens import tokens; print([t.symbol for t in tokens(sys.argv[1:])])"
    done = subprocess.run([python, "-c", code, CODE, FORMATTED], capture_output=True, text=True, cwd=PROJECT)
    assert done.stdout == f"{symbols(CODE, FORMATTED)}\n", done.stderr


def test_cells_follow_each_other_and_say_where_they_stand():
    found = tokens(["x = 1", "", "def f():\n    return 2"])
    assert [(token.symbol, token.text, token.start) for token in found if token.symbol in ("1", "2")] == [
        ("1", 0, (1, 4)),
        ("2", 2, (2, 11)),
    ]


def test_what_is_no_python_is_read_up_to_the_error():
    assert symbols("x = 1\ny = (2")[:3] == ["NAME", "=", "1"]
    assert symbols("x = 1\n  y\n z = 3")[:3] == ["NAME", "=", "1"]


@pytest.mark.parametrize(
    "text", ["\t \n", "(", '"', '"""', "\\", "a.", "f'{", "@", "1_", "\\\n", "é", "\0", "$", "import ", "x = 1\n"]
)
def test_hostile_text_is_read_in_time(text):
    started = time.perf_counter()
    found = tokens([text * (MOST // len(text) + 1), text])
    assert len(found) <= MOST + 2
    assert time.perf_counter() - started < 30
