"""Findings: what passes, what does not, and that the message names the mistake without giving the answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from student_template.runner import compare
from student_template.runner.compare import Finding, share
from student_template.runner.sentences import say

CLOSE = {"kind": "close", "rtol": 1e-4, "atol": 1e-8}
GRADIENT = {"kind": "gradient", "rtol": 1e-4, "atol": 1e-8, "of": None}
EQUAL = {"kind": "equal"}
RAMP = {"kind": "accuracy", "labels": "y", "full": 0.9, "none": 0.5}
WANT = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("spec", "want", "answer"),
    [
        (CLOSE, WANT, WANT),
        (CLOSE, WANT, WANT.astype(np.float32)),
        (CLOSE, WANT, [[1, 2], (3, 4)]),
        (CLOSE, 2.0, 2),
        (CLOSE, 2.0, np.float64(2.0)),
        (CLOSE, 2.0, np.array(2.0)),
        (CLOSE, {"a": WANT, "b": {"c": 1.0}}, {"b": {"c": 1}, "a": WANT}),
        (CLOSE, np.array([np.inf, np.nan]), np.array([np.inf, np.nan])),
        (CLOSE, np.zeros((0, 3)), np.zeros((0, 3))),
        (EQUAL, (2, 3), [2, 3]),
        (EQUAL, [1, "a", None, {"b": True}], [1, "a", None, {"b": True}]),
        (EQUAL, 27, np.int64(27)),
        (EQUAL, 27, 27.0),
    ],
)
def test_right_answers_pass(spec, want, answer):
    assert compare.compare(spec, want, answer) == compare.PASSED


@pytest.mark.parametrize(
    ("spec", "want", "answer", "words"),
    [
        (CLOSE, WANT, None, "None: is a `return` missing?"),
        (CLOSE, WANT, "text", "is text; it should be an array of shape (2, 2)"),
        (CLOSE, WANT, [[1, 2], [3]], "a list of unequal parts"),
        (CLOSE, WANT, {"a": 1}, "a dictionary"),
        (CLOSE, WANT, np.array(["a"]), "an array of <U1"),
        (CLOSE, WANT, WANT[0], "has the shape (2,); it should be (2, 2)"),
        (CLOSE, WANT, np.full((2, 2), np.nan), "holds nan at index (0, 0)"),
        (CLOSE, WANT, WANT + [[0, 0], [0, 1]], "wrong in 1 of 4 entries; furthest off at index (1, 1): yours is 5"),
        (CLOSE, WANT, WANT * 2, "2 times what it should be"),
        (CLOSE, WANT, -WANT, "-1 times what it should be"),
        (CLOSE, WANT, WANT.T, "the transpose"),
        (CLOSE, {"grad_W": WANT}, {"grad_W": WANT + 1}, "`grad_W`"),
        (GRADIENT, WANT, WANT + [[0, 0], [0.5, 0]], "at index (1, 0)"),
        (EQUAL, 27, 28, "28, which is not what was asked"),
        (EQUAL, [1, 2], 1, "is a number; it should be"),
        (EQUAL, float("nan"), 1.0, "1.0"),
    ],
)
def test_wrong_answers_are_told_how(spec, want, answer, words):
    finding = compare.compare(spec, want, answer)
    assert (finding.outcome, finding.credit) == ("wrong", 0.0)
    assert words in say(finding.key, finding.values)


def test_a_wrong_value_does_not_show_the_right_one():
    finding = compare.compare(CLOSE, np.array([0.123456789, 7.0]), np.array([0.2, 7.0]))
    assert "0.123" not in say(finding.key, finding.values)


@pytest.mark.parametrize(("own", "words"), [(WANT + 1, "look for the mistake there"), (WANT, "does not agree")])
def test_a_gradient_is_held_against_the_students_own_function(own, words):
    finding = compare.compare(GRADIENT, WANT, WANT + 1, numeric=own)
    assert words in say(finding.key, finding.values)


@pytest.mark.parametrize(("right", "outcome", "credit"), [(9, "pass", 1.0), (7, "partial", 0.5), (5, "wrong", 0.0)])
def test_accuracy_is_a_ramp(right, outcome, credit):
    labels = np.arange(10)
    answer = np.where(np.arange(10) < right, labels, -1)
    finding = compare.compare(RAMP, None, answer, {"y": labels})
    assert finding.outcome == outcome and finding.credit == pytest.approx(credit)


def test_a_predicate_may_say_why():
    functions = {"small": lambda values, answer: True if answer < values["most"] else "It is too large."}
    spec = {"kind": "predicate", "function": "small"}
    assert compare.compare(spec, None, 1, {"most": 2}, functions).outcome == "pass"
    assert compare.compare(spec, None, 3, {"most": 2}, functions).values == {"why": "It is too large."}
    assert compare.compare(spec, None, "text", {"most": 2}, functions).key == "predicate_error"


answers = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(np.zeros(3)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("want", "got", "values", "first"),
    [
        ([1, 2, 3], [1, 5, 4], {}, {"place": "[1]", "got": "5"}),
        ([[1, 2], [3, 4]], [[1, 2], [3, 0]], {}, {"place": "[1][1]", "got": "0"}),
        ({"labels": [1, 2]}, {"labels": [1, 1]}, {"k": 2}, {"place": "['labels'][1]", "got": "1"}),
        (
            [True, False],
            [True, True],
            {"calls": np.array([[1, 2], [4, 0]]), "k": 3, "text": "ab", "ragged": [[1], [2, 3], [4]], "z": np.array(1)},
            {"place": "[1]", "got": "True", "given": "calls[1] = [4, 0]"},
        ),
        ([1, 2], [1, 2, 3], {}, None),
        ([1, {"a": 2}], [1, {"b": 2}], {}, {"place": "[1]", "got": "{'b': 2}"}),
        (3, 4, {}, None),
    ],
)
def test_where_two_answers_differ_first(want, got, values, first):
    finding = compare.compare(EQUAL, want, got, values)
    assert finding.key == "not_equal" and finding.values.get("first") == first
    said = say(finding.key, finding.values)
    assert (
        said.endswith("not what was asked.")
        if first is None
        else f"differs is {first['place']}: yours is {first['got']}" in said
    )


@given(answers, st.sampled_from([CLOSE, GRADIENT, EQUAL, RAMP]), st.sampled_from([WANT, 1.0, {"a": WANT}, [1, 2]]))
def test_no_answer_makes_the_judge_raise(answer, spec, want):
    finding = compare.compare(spec, want, answer, {"y": np.arange(3)})
    assert finding.outcome in ("pass", "partial", "wrong")
    assert isinstance(say(finding.key, finding.values), str)


def test_shares():
    right, half, late = Finding("pass", 1.0, ""), Finding("partial", 0.5, ""), Finding("timeout", 0.0, "")
    assert share([right, right]) == ("pass", 2, 1.0)
    assert share([right, late]) == ("partial", 1, 0.5)
    assert share([half, late]) == ("partial", 0, 0.25)
    assert share([late, Finding("wrong", 0.0, "")]) == ("timeout", 0, 0.0)


def test_a_mistake_is_named_only_if_it_is_the_only_one():
    known = {"a": [[WANT], [1.0]], "b": [[WANT], [2.0]], "c": [[WANT], "error error ValueError: x"]}
    assert compare.mistake([[WANT + 1e-12], [2.0]], known) == "b"
    assert compare.mistake([[WANT], [3.0]], known) is None
    assert compare.mistake([[WANT], "error error ValueError: x"], known) == "c"
    assert compare.mistake([[WANT], [2.0]], {**known, "d": known["b"]}) is None
