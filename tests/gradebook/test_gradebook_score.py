"""Rounding happens once, in decimal, and never by the chance of binary floats."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Note, Outcome, Share, Status, Verdict
from grader.errors import GraderFault
from grader.gradebook.score import raw_score, rounded, total


def verdict(points: float, outcome: Outcome = Outcome.PASS) -> Verdict:
    share = Share(outcome, 1, 1)
    return Verdict("f", "1.1", points, 10.0, outcome, share, share, Note("passes"))


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (0.005, 0.01),  # on paper a half: up
        (1.005, 1.01),  # in memory 1.00499999999999989…
        (2.675, 2.68),
        (0.1 + 0.2, 0.3),
        (1.0049, 1.0),
        (9.995, 10.0),
        (10.000000001, 10.0),
        (12.0, 10.0),
        (-0.3, 0.0),
        (0.0, 0.0),
        (20 / 3, 6.67),
    ],
)
def test_half_up(points: float, expected: float) -> None:
    assert rounded(points) == expected


def test_a_sum_that_is_a_half_on_paper_rounds_up_in_any_order() -> None:
    points = [0.335, 0.67, 1.5 * 7 / 12, 0.125, 3.0]
    assert {total(verdict(p) for p in order) for order in itertools.permutations(points)} == {5.01}


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 60), st.integers(0, 60)), max_size=12))
def test_as_exact_arithmetic_does(checks: list[tuple[int, int, int]]) -> None:
    """Hundredths of a point times the share of cases passed: the float total rounds as the fraction does."""
    shares = [(hundredths, cases, min(passed, cases)) for hundredths, cases, passed in checks]
    exact = sum((Fraction(h, 100) * Fraction(p, n) for h, n, p in shares), Fraction(0))
    half_up = Fraction(int(exact * 100 + Fraction(1, 2)), 100)
    assert total([verdict(h / 100 * (p / n)) for h, n, p in shares]) == float(min(half_up, Fraction(10)))


@pytest.mark.parametrize("points", [float("nan"), float("inf")])
def test_what_is_no_number_is_our_fault(points: float) -> None:
    with pytest.raises(GraderFault):
        total([verdict(points)])


@pytest.mark.parametrize(
    ("status", "expected"),
    [(Status.GRADED, 2.0), (Status.EMPTY, 0.0)]
    + [(s, None) for s in (Status.ABSENT, Status.UNREADABLE, Status.CRASHED, Status.GRADER_FAULT)],
)
def test_score_by_status(status: Status, expected: float | None) -> None:
    assert raw_score(status, [verdict(2.0)]) == expected


def test_a_check_that_is_our_fault_leaves_no_score() -> None:
    assert raw_score(Status.GRADED, [verdict(2.0), verdict(0.0, Outcome.GRADER_FAULT)]) is None
