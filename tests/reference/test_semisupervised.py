"""reference.semisupervised: scikit-learn's affinities and spreading, and scipy's spanning forest."""

from typing import Any

import numpy as np
import pytest

from reference.semisupervised import label_spreading, rbf_affinity, self_training, two_moons
from tests.reference.made import made

MADE = made("scipy_other_learning")
X, LABELS = np.array(MADE["X"]), np.array(MADE["y"])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestAffinity:
    def test_scikit_learns_but_for_the_diagonal(self) -> None:
        found = rbf_affinity(X, 0.7)
        np.testing.assert_allclose(found, MADE["kernel"] - np.eye(len(X)), rtol=1e-12, atol=1e-15)
        assert np.all(np.diag(found) == 0)

    def test_nothing_is_like_what_is_far(self) -> None:
        assert rbf_affinity(np.array([[0.0], [1e6], [1.0]]), 2.0).tolist()[0] == [0.0, 0.0, np.exp(-2.0)]


class TestSpreading:
    def test_scikit_learns(self) -> None:
        found = label_spreading(rbf_affinity(X, 0.7), LABELS, 0.8)
        np.testing.assert_allclose(found / found.sum(axis=1, keepdims=True), MADE["spread"], rtol=1e-10)

    def test_is_where_the_iteration_ends(self) -> None:
        W = rng().uniform(size=(7, 7))
        W = W + W.T
        y = np.array([0, -1, 2, -1, -1, 0, -1])
        Y = np.zeros((7, 3))
        Y[[0, 5], 0] = Y[2, 2] = 1.0
        S = np.array([[W[i, j] / np.sqrt(W[i].sum() * W[j].sum()) for j in range(7)] for i in range(7)])
        F = np.zeros((7, 3))
        for _ in range(300):
            F = 0.9 * S @ F + 0.1 * Y
        np.testing.assert_allclose(label_spreading(W, y, 0.9), F, rtol=1e-12, atol=1e-12)

    def test_a_point_without_neighbours_keeps_what_it_was_told(self) -> None:
        W = np.zeros((4, 4))
        W[0, 1] = W[1, 0] = 2.0
        found = label_spreading(W, np.array([1, -1, 0, -1]), 0.5)
        np.testing.assert_allclose(found, [[0, 2 / 3], [0, 1 / 3], [0.5, 0], [0, 0]], rtol=1e-14)

    def test_alpha_0_hears_no_neighbour(self) -> None:
        assert label_spreading(np.ones((3, 3)), np.array([0, 1, -1]), 0.0).tolist() == [[1, 0], [0, 1], [0, 0]]

    @pytest.mark.parametrize(
        ("shape", "y", "alpha"),
        [
            ((3, 3), [0, 1], 0.5),
            ((2, 3), [0, 1], 0.5),
            ((2,), [0, 1], 0.5),
            ((2, 2), [-1, -1], 0.5),
            ((2, 2), [0, 1], 1.0),
            ((2, 2), [0, 1], -0.1),
            ((0, 0), [], 0.5),
        ],
    )
    def test_refuses(self, shape: Any, y: list[int], alpha: float) -> None:
        with pytest.raises(ValueError, match="weights of shape"):
            label_spreading(np.ones(shape), np.array(y, dtype=int), alpha)


class TestSelfTraining:
    def test_each_tree_of_the_shortest_forest_has_one_label(self) -> None:
        assert self_training(X, LABELS).tolist() == MADE["self_training"]

    def test_labels_go_from_hand_to_hand(self) -> None:
        places = np.array([[0.0], [1.0], [2.0], [3.0], [4.5]])
        assert self_training(places, np.array([7, -1, -1, -1, 2])).tolist() == [7, 7, 7, 7, 2]

    def test_ties_go_to_the_smaller_unlabelled_index_then_to_the_smaller_labelled_one(self) -> None:
        places = np.array([[1], [0], [2], [1]])
        assert self_training(places, np.array([-1, 3, 5, -1])).tolist() == [3, 3, 5, 3]
        assert self_training(places, np.array([-1, -1, 5, -1])).tolist() == [5, 5, 5, 5]
        assert self_training(np.array([[0], [1], [-2], [2], [3]]), np.array([-1, 4, 9, -1, 6])).tolist() == [
            4,
            4,
            9,
            4,
            6,
        ]

    def test_labels_given_stay_and_the_argument_too(self) -> None:
        y = np.array([1, -1, 0])
        assert self_training(np.zeros((3, 2)), y).tolist() == [1, 1, 0]
        assert y.tolist() == [1, -1, 0]

    @pytest.mark.parametrize("y", [[-1, -1, -1], [0, 1], [0, 1, 1, -1]])
    def test_refuses(self, y: list[int]) -> None:
        with pytest.raises(ValueError, match="points with labels"):
            self_training(np.zeros((3, 2)), np.array(y))


def test_two_moons_need_neighbours_not_a_line() -> None:
    points, moon = two_moons(300, rng())
    y = np.where(np.arange(300) < 6, moon, -1)
    assert set(y[:6].tolist()) == {0, 1}
    spread = np.argmax(label_spreading(rbf_affinity(points, 30.0), y, 0.99), axis=1)
    assert np.mean(spread == moon) > 0.97
    line = np.linalg.lstsq(np.column_stack([points, np.ones(300)]), moon - 0.5, rcond=None)[0]
    assert np.mean((np.column_stack([points, np.ones(300)]) @ line > 0) == moon) < 0.93
