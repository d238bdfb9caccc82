"""Symbols: what a copy cannot change without changing what the code does, and nothing else."""

import subprocess
import time
from pathlib import Path

import pytest

from grader.similarity.tokens import CHARACTERS, MOST, tokens
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
    return [token.symbol for token in tokens(texts).tokens]


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
    code = "import sys; from grader.similarity.tokens import tokens as of; "
    code += "print([token.symbol for token in of(sys.argv[1:]).tokens])"
    done = subprocess.run([python, "-c", code, CODE, FORMATTED], capture_output=True, text=True, cwd=PROJECT)
    assert done.stdout == f"{symbols(CODE, FORMATTED)}\n", done.stderr


def test_cells_follow_each_other_and_say_where_they_stand():
    found = tokens(["x = 1", "", "def f():\n    return 2"]).tokens
    assert [(token.symbol, token.text, token.start) for token in found if token.symbol in ("1", "2")] == [
        ("1", 0, (1, 4)),
        ("2", 2, (2, 11)),
    ]


def test_a_statement_that_is_no_python_is_read_up_to_the_error():
    assert symbols("x = 1\ny = (2")[:3] == ["NAME", "=", "1"]
    assert symbols("x = 1\n  y\n z = 3")[:3] == ["NAME", "=", "1"]


BROKEN = "if 1:\n        x = 1\n    y = 1\n"


@pytest.mark.parametrize(
    "more", [BROKEN, "'''\n", '"""\n', "x = (\n", "x = [)\n", f'"""{"long " * 50_000}"""\n', "# long\n" * 60_000]
)
def test_what_is_not_run_hides_nothing_of_what_is(more):
    """The loader leaves out what is broken, and runs the rest: so the rest is compared."""
    for text in (more + CODE, CODE.replace("\n\n\nclass", "\n" + more + "class")):
        found = [token.symbol for token in tokens([text]).tokens]
        assert found[-50:] == symbols(CODE)[-50:]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (CODE, True),
        ("x = = 1\n" + CODE, True),
        (BROKEN + CODE, False),
        ("'''\n" + CODE, False),
        ("x = 1\n" * MOST, False),
        (f'"""{"long " * (CHARACTERS // 5)}"""\n' + CODE, False),
    ],
)
def test_what_was_not_read_to_its_end_is_told(text, whole):
    assert tokens([text]).whole is whole


def test_a_symbol_says_where_it_stands_below_what_is_broken():
    (last,) = (token for token in tokens([BROKEN + "y = 7"]).tokens if token.symbol == "7")
    assert (last.start, last.end) == ((4, 4), (4, 5))


@pytest.mark.parametrize(
    "text", ["\t \n", "(", '"', '"""', "\\", "a.", "f'{", "@", "1_", "\\\n", "é", "\0", "$", "import ", "x = 1\n"]
)
def test_hostile_text_is_read_in_time(text):
    started = time.perf_counter()
    found = tokens([text * (CHARACTERS // len(text) + 1), text])
    assert len(found.tokens) <= MOST and not found.whole
    assert time.perf_counter() - started < 30
