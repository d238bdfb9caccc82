"""Loading a submission block by block: what fails is noted, what is defined counts."""

import sys

import pytest

from student_template.runner import loading, reading
from student_template.runner.sentences import left_out, say


def load(source, name="td9.py", **options):
    cells, _ = reading.read(name, source if isinstance(source, bytes) else source.encode())
    options.setdefault("printed", loading.Printed())
    return loading.load(reading.blocks(cells), "td9", file=name, **options)


def test_definitions_around_a_failure_count():
    loaded = load("def f(x):\n    return x\n\nf(1 / 0)\n\ndef g(x):\n    return f(x) + 1\n")
    assert loaded.module.g(1) == 2
    (block,) = loaded.left_out
    assert (block["line"], block["why"], block["error"]) == (4, "raised", "ZeroDivisionError: division by zero")


def test_the_line_of_an_exception_is_the_one_that_raised():
    loaded = load("for i in range(3):\n    if i == 1:\n        raise KeyError(i)\n")
    assert loaded.left_out[0]["line"] == 3


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(:\n    pass\n", "f"),
        ("class Linear(object:\n    pass\n", "Linear"),
        ("x = = 3\n", "x"),
        ("from torch import nn\n", "nn"),
        ("import numpy.nothing as nothing\n", "nothing"),
    ],
)
def test_a_name_knows_the_block_that_was_to_define_it(source, name):
    loaded = load(source + "y = 1\n")
    assert loaded.module.y == 1
    assert name in loaded.why_missing(name)["names"]
    assert loaded.why_missing("unheard_of") is None


def test_a_package_that_the_grader_does_not_have_is_refused_where_it_is_installed():
    loaded = load("import pytest\nimport numpy, math, json\nx = numpy.ones(math.floor(2.5))\n")
    assert len(loaded.module.x) == 2
    assert "the grader does not have 'pytest'" in loaded.left_out[0]["error"]
    assert load("import pytest\n", packages=["numpy", "pytest"]).left_out == []


@pytest.mark.parametrize(
    "source",
    [
        "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\nplt.figure().savefig('x')",
        "from matplotlib import pyplot as plt\nfig, ax = plt.subplots()\nax.set_title('x')\nline, = ax.plot([1], [2])",
        "import seaborn as sns\nsns.set_theme()\nwith sns.axes_style('x'):\n    sns.heatmap([[1]])",
        "from tqdm.notebook import tqdm, trange\nassert [*tqdm(range(3))] == [0, 1, 2] == [*trange(3)]",
        "import tqdm\nassert sum(tqdm.tqdm([1, 2])) == 3",
        "from IPython.display import display, HTML\ndisplay(HTML('x'))",
        "import check\ncheck.question('2.1')\ncheck.all()",
        "get_ipython().run_line_magic('matplotlib', 'inline')\ndisplay(3)",
        "from google.colab import files\nfiles.upload()",
    ],
)
def test_what_only_draws_does_nothing(source):
    assert load(source).left_out == []


def test_dataclasses_annotations_and_classes_work_as_in_a_module():
    loaded = load(
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass P:\n    x: Unknown\n    def get(self) -> Nothing:\n        return self.x\n"
        "class Q(P):\n    def get(self):\n        return super().get() + 1\ny = Q(1).get()\n"
    )
    assert loaded.left_out == [] and loaded.module.y == 2
    assert loaded.module.P.__module__ == "td9" and sys.modules["td9"] is loaded.module


def test_main_is_not_run():
    assert load("if __name__ == '__main__':\n    raise SystemExit\n").left_out == []


def test_a_cell_is_quoted_in_tracebacks(tmp_path):
    notebook = (
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, '
        b'"source": "x = 1\\ndef f():\\n    return y", "outputs": [], "execution_count": 1}]}'
    )
    loaded = load(notebook, "td9.ipynb")
    import linecache

    file = loaded.module.f.__code__.co_filename
    assert file in loaded.files and loaded.files[file] == "cell 1"
    assert linecache.getline(file, 3).strip() == "return y"


def test_a_plan_leaves_out_and_after_time_runs_definitions_only():
    source = "a = 1\nb = len('x')\ndef f():\n    return a\nc = f()\n'text'\nd = lambda s: sum(s)\n"
    asked = []
    loaded = load(source, plan=loading.Plan({1: "time"}), progress=asked.append)
    assert asked == [0, 2, 4, 5]
    assert [(b["line"], b["why"]) for b in loaded.left_out] == [(2, "time"), (5, "late")]
    assert all("line" in left_out(block) for block in loaded.left_out)


def test_printing_is_bounded():
    printed = loading.Printed(10)
    loaded = load("print('x' * 10**6)\nprint('y')\n", printed=printed)
    assert loaded.printed == "x" * 10
    assert printed.dropped == 10**6 - 10 + 3


def test_input_has_nobody_to_ask():
    assert "give the value in the code" in load("n = input('n?')\n").left_out[0]["error"]


def test_hostile_exceptions_are_described():
    loaded = load("class E(BaseException):\n    def __str__(self):\n        raise E\nraise E\nx = 1\n")
    assert loaded.module.x == 1 and loaded.left_out[0]["error"] == "E"


def test_every_reason_has_a_sentence():
    for why in ("syntax", "raised", "died", "time", "late"):
        block = {"label": "cell 3", "line": 2, "text": "x", "why": why, "error": "E", "names": []}
        assert "cell 3, line 2" in say("left_out", {"block": block})
