"""Pairs as sets of which each two are alike: every pair is told, in few sets, and no other."""

from itertools import combinations

import numpy as np
import pytest

from grader.similarity.groups import groups


def told(shares, threshold=0.3):
    return [one.members for one in groups(np.array(shares, dtype=float), threshold)]


def test_a_ring_is_one_set_and_the_most_alike_come_first():
    shares = np.full((4, 4), 0.5)
    shares[1, 3] = shares[3, 1] = 0.9
    (one,) = groups(shares, 0.3)
    assert one.members == (1, 3, 0, 2) and (one.least, one.most) == (0.5, 0.9)


def test_a_friend_in_common_makes_no_set_of_three():
    assert told([[0, 0.8, 0], [0.8, 0, 0.6], [0, 0.6, 0]]) == [(0, 1), (1, 2)]


def test_nobody_is_in_a_set_alone():
    assert told(np.eye(3)) == [] and told(np.zeros((0, 0))) == []


@pytest.mark.parametrize("seed", range(20))
def test_every_pair_above_is_in_a_set_and_no_other(seed):
    shares = np.random.default_rng(seed).random((9, 9))
    shares = np.maximum(shares, shares.T)
    found = [{*pair} for members in told(shares, 0.6) for pair in combinations(sorted(members), 2)]
    above = [{i, j} for i, j in combinations(range(9), 2) if shares[i, j] >= 0.6]
    assert all(pair in found for pair in above) and all(pair in above for pair in found)
