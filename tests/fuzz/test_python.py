"""Python with bytes flipped, lines moved, any encoding declared: read, cut into blocks, and every line is in one."""

import ast
import warnings

from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Status
from student_template.runner import reading
from tests.fuzz.harness import bounded, fuzz
from tests.fuzz.mutated import damaged, shuffled_lines
from tests.fuzz.one_file import read_whole
from tests.fuzz.samples import as_json, sources

LENGTH = 60_000
TOKENS = (
    "( ) [ ] { } ' \" \"\"\" ''' \\ # @ ? ! % = , ; : . x 1 f( get_ipython().a( get_ipython().system('ls') %%time !ls "
    "x=!ls >>> pip def class import from if else: for try: TOOLS= PARTNERS=[ lambda: -*- coding: async \u00e9"
).split(" ") + [" ", "\t", "\f", "\n", "\n", "\\\n", "\n    ", " = ", "def f(x):\n", "class A:\n", "\r"]
SMALL = [*"()[]{}'\"\\#?!%=;x1 \t\n", "get_ipython().a()", "get_ipython().a(", "def f(x):\n"]  # more often together
some = st.lists(st.sampled_from(TOKENS) | st.sampled_from(SMALL), max_size=3).map("".join)
repeated = st.builds(
    lambda before, again, after: (before + again * (LENGTH // max(len(again), 1)) + after).encode(), some, some, some
)
texts = damaged(sources()) | shuffled_lines(sources())


@fuzz(60)
@given(texts)
def test_any_python_is_read_or_unreadable(data: bytes) -> None:
    with bounded("python"):
        submission = read_whole("td2.py", data)
    assert submission.status in (Status.GRADED, Status.EMPTY, Status.UNREADABLE)


@fuzz(25)
@given(repeated, st.sampled_from(["td2.py", "td2.ipynb"]))
def test_time_is_linear_whatever_is_repeated(data: bytes, name: str) -> None:
    with bounded("repeated"):
        read_whole(name, as_json({"cells": [{"cell_type": "code", "source": data.decode()}]}) if "nb" in name else data)


@fuzz(60)
@given(shuffled_lines(sources()))
def test_what_parses_stays_as_it_is(data: bytes) -> None:
    """A text without IPython's syntax that Python takes is one block a statement, and is not changed."""
    with bounded("blocks"):
        try:
            (cell,), _ = reading.read("td2.py", data)
        except reading.Unreadable:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree, _ = reading._parse(cell.text)
        if tree is None or "get_ipython" in cell.text:
            return
        assert reading.clean(cell.text) == (cell.text, [])
        found = reading.blocks([cell])
        assert not any(block.error for block in found)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            again = [node for block in found for node in ast.parse(block.text).body]
        assert list(map(ast.dump, again)) == list(map(ast.dump, tree.body))
