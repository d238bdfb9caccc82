"""Whatever text and values a message holds come back from the gradebook as they went in."""

from __future__ import annotations

import sqlite3

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.values import dumps, from_text, loads, to_text

text = st.text(st.characters() | st.sampled_from("\ud83d\ude00"))  # surrogates too, and in pairs
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text | st.binary()
trees = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(text, inner, max_size=4)
    ),
    max_leaves=20,
)


@given(trees)
def test_trees_come_back(tree: object) -> None:
    written = dumps(tree)
    assert written.isascii()
    again = loads(written)
    assert again == tree
    assert repr(again) == repr(tree)  # tuples stay tuples, True is not 1


@given(text)
def test_text_comes_back_from_a_column(value: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (x TEXT)")
    connection.execute("INSERT INTO t VALUES (?)", (to_text(value),))
    found = connection.execute("SELECT x FROM t WHERE x = ?", (to_text(value),)).fetchone()
    connection.close()
    assert from_text(found[0]) == value


def test_nan_and_numpy_and_objects() -> None:
    assert repr(loads(dumps(float("nan")))) == "nan"
    assert loads(dumps(float("-inf"))) == float("-inf")
    assert loads(dumps({"at": (np.int64(2),), "x": np.arange(2.0), "why": ValueError("no")})) == {
        "at": (2,),
        "x": [0.0, 1.0],
        "why": "no",
    }
