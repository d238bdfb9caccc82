"""Distances in tolerances, and inputs that are off by rounding."""

import math

import numpy as np
import pytest

from grader.authoring import margins
from grader.authoring.margins import EPS, Margin
from grader.contract import Check

CHECK = Check("c", "1.1", 1.0, "It is right.", {"kind": "close", "rtol": 0.01, "atol": 0.1}, ())


@pytest.mark.parametrize(
    ("expected", "answer", "distance"),
    [
        (100.0, 100.0, 0.0),
        (100.0, 101.1, 1.0),
        ([0.0, 100.0], [0.05, 98.9], 1.0),
        ([0.0, np.nan], [0.0, np.nan], 0.0),
        ([0.0, np.inf], [0.0, np.inf], 0.0),
        ([0.0, 1.0], [np.nan, 1.0], math.inf),
        ([0.0, 1.0], [0.0], math.inf),
        ({"a": 0.0, "b": [0.0]}, {"a": 0.05, "b": [0.2]}, 2.0),
        ({"a": 0.0}, {"b": 0.0}, math.inf),
        ({"a": 0.0}, 0.0, math.inf),
        (0.0, None, math.inf),
        (0.0, "text", math.inf),
        (1 + 1j, 1 + 1j, 0.0),
    ],
)
def test_a_distance_is_counted_in_tolerances(expected, answer, distance):
    assert margins.distance(CHECK, expected, answer) == pytest.approx(distance)


def test_the_furthest_case_counts():
    assert margins.furthest(CHECK, [0.0, 0.0, 0.0], [0.05, 0.3, 0.1]) == pytest.approx(3.0)
    assert margins.furthest(CHECK, [], []) == 0.0


def test_numbers_are_off_by_a_unit_in_the_last_place_and_nothing_else_is():
    rng = np.random.default_rng(0)
    labels, whole = np.array([0, 1, 1]), np.array([0.0, -2.0])
    given = {"x": np.array([0.3, 0.0, 7.0]), "y": labels, "whole": whole, "lr": 0.1, "n": 3, "text": "a", "nest": [0.7]}
    got = margins.rounded(given, rng)
    assert list(got) == list(given)
    np.testing.assert_allclose(got["x"], given["x"], rtol=2 * EPS)
    assert got["x"][0] != 0.3 and got["x"][1] == 0.0 and got["lr"] != 0.1 and got["nest"][0] != 0.7
    assert got["y"] is labels and got["whole"] is whole and (got["n"], got["text"]) == (3, "a")


def test_a_margin_keeps_the_worst_right_answer_and_the_best_wrong_one():
    margin = Margin("c").with_right([("ann", 0.1), ("bob", 0.2)]).with_right([("cy", 0.15)])
    margin = margin.with_wrong([("far", math.inf), ("near", 5.0), ("other check", 0.0)]).with_wrong([("m", 9.0)])
    assert margin == Margin("c", 0.2, "bob", 5.0, "near")
    assert list(margin.findings) == []
    assert list(Margin("c", right=0.5, right_by="bob").findings) == ["c is too tight: bob needs 0.5 of its tolerance"]
    assert list(Margin("c", wrong=2.0, wrong_by="m").findings) == [
        "c is too loose: m misses by 2 times its tolerance only"
    ]
    assert list(Margin("c").with_right([]).with_wrong([]).findings) == []
