"""reference.clustering: distances, neighbours and clusters against scikit-learn's and scipy's, ties on integers."""

from typing import Any

import numpy as np
import pytest

from reference.clustering import (
    assign_clusters,
    inertia,
    kmeans,
    kmeans_plus_plus,
    kmeans_step,
    knn_predict,
    pairwise_squared_distances,
    purity,
)
from tests.reference.made import made

MADE = made("sklearn_unsupervised")
X, Y, LABELS = np.array(MADE["X"]), np.array(MADE["Y"]), np.array(MADE["labels"])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestDistances:
    def test_scipys(self) -> None:
        np.testing.assert_allclose(pairwise_squared_distances(X, Y), MADE["distances"], rtol=1e-12, atol=1e-12)

    def test_never_negative_far_from_0(self) -> None:
        far = np.repeat(rng().normal(size=(20, 3)) + 1e4, 2, axis=0)
        assert np.all(pairwise_squared_distances(far, far) >= 0)

    def test_exact_on_integers(self) -> None:
        one, other = rng().integers(-9, 10, size=(5, 3)), rng(1).integers(-9, 10, size=(4, 3))
        expected = [[sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) for y in other] for x in one]
        assert np.array_equal(pairwise_squared_distances(one, other), expected)

    @pytest.mark.parametrize("shapes", [((3, 2), (3, 4)), ((3,), (3, 3)), ((3, 3), (3,)), ((2, 2, 2), (2, 2))])
    def test_shapes_that_do_not_fit(self, shapes: Any) -> None:
        with pytest.raises(ValueError, match="points of shapes"):
            pairwise_squared_distances(*map(np.zeros, shapes))


class TestKNN:
    @pytest.mark.parametrize(("k", "expected"), list(zip((1, 5, 24), MADE["knn"], strict=True)))
    def test_scikit_learns(self, k: int, expected: list[int]) -> None:
        assert knn_predict(X, LABELS, Y, k).tolist() == expected

    def test_the_smaller_index_is_nearer_at_equal_distance(self) -> None:
        train = np.array([[1.0], [-1.0], [1.0], [-1.0]])
        assert knn_predict(train, np.array([7, 3, 4, 4]), np.zeros((1, 1)), 1) == [7]
        assert knn_predict(train, np.array([7, 3, 4, 4]), np.array([[-0.0]]), 3) == [3]

    def test_the_smallest_label_wins_at_equal_votes(self) -> None:
        train = np.arange(4.0)[:, None]
        assert knn_predict(train, np.array([5, 2, -8, -8]), np.zeros((1, 1)), 2) == [2]
        assert knn_predict(train, np.array([5, -3, -3, 5]), np.zeros((1, 1)), 4) == [-3]

    @pytest.mark.parametrize(("n_labels", "k"), [(24, 0), (24, 25), (23, 3), (25, 3), (24, -1)])
    def test_refuses(self, n_labels: int, k: int) -> None:
        with pytest.raises(ValueError, match="neighbours among"):
            knn_predict(X, np.zeros(n_labels, dtype=int), Y, k)


class TestKMeans:
    def test_scikit_learns(self) -> None:
        labels, centers = kmeans(X, X[:3])
        assert labels.tolist() == MADE["kmeans"]["labels"]
        np.testing.assert_allclose(centers, MADE["kmeans"]["centers"], rtol=1e-12, atol=1e-12)
        assert inertia(X, centers) == pytest.approx(MADE["kmeans"]["inertia"], rel=1e-12)

    def test_the_smallest_index_at_ties(self) -> None:
        assert assign_clusters(np.zeros((1, 2)), np.array([[3.0, 4.0], [0.0, 5.0], [-5.0, 0.0]])) == [0]
        assert assign_clusters(np.zeros((1, 2)), np.array([[9.0, 4.0], [0.0, 5.0], [-5.0, 0.0]])) == [1]

    def test_a_step_moves_centres_to_means_and_leaves_empty_ones(self) -> None:
        centers = np.array([[0.0, 0.0], [50.0, 50.0], [10.0, 0.0]])
        labels, moved = kmeans_step(np.array([[1.0, 0.0], [-1.0, 2.0], [9.0, 0.0]]), centers)
        assert labels.tolist() == [0, 0, 2]
        assert moved.tolist() == [[0.0, 1.0], [50.0, 50.0], [9.0, 0.0]]
        assert centers.tolist() == [[0.0, 0.0], [50.0, 50.0], [10.0, 0.0]]

    def test_inertia_never_grows_and_the_end_is_a_fixed_point(self) -> None:
        points = rng().normal(size=(200, 2))
        values = [inertia(points, kmeans(points, points[:5], steps)[1]) for steps in range(30)]
        assert np.all(np.diff(values) <= 0)
        _, centers = kmeans(points, points[:5])
        assert np.array_equal(kmeans_step(points, centers)[1], centers)

    @pytest.mark.parametrize("max_iter", [0, 1, 2, 3])
    def test_labels_are_those_of_the_centres_returned(self, max_iter: int) -> None:
        points = rng().normal(size=(200, 2))
        labels, centers = kmeans(points, points[:5], max_iter)
        expected = points[:5]
        for _ in range(max_iter):
            expected = kmeans_step(points, expected)[1]
        assert np.array_equal(centers, expected)
        assert np.array_equal(labels, assign_clusters(points, centers))


class TestPlusPlus:
    def test_draws_as_agreed(self) -> None:
        chosen = kmeans_plus_plus(X, 4, rng(3))
        generator = rng(3)
        expected = [X[generator.integers(len(X))]]
        for _ in range(3):
            D = np.array([min(np.sum((x - c) ** 2) for c in expected) for x in X])
            expected.append(X[generator.choice(len(X), p=D / D.sum())])
        np.testing.assert_array_equal(chosen, expected)

    def test_far_points_are_drawn_as_often_as_they_should_be(self) -> None:
        line = np.array([[0.0], [1.0], [3.0]])
        drawn = [kmeans_plus_plus(line, 2, rng(seed)).ravel().tolist() for seed in range(3000)]
        from_0 = [second for first, second in drawn if first == 0.0]
        assert np.mean(np.array(from_0) == 3.0) == pytest.approx(0.9, abs=0.04)

    def test_every_different_row_is_drawn_before_one_comes_twice(self) -> None:
        rows = np.repeat(np.arange(5.0), 3)[:, None]
        for seed in range(50):
            assert sorted(kmeans_plus_plus(rows, 5, rng(seed)).ravel().tolist()) == [0, 1, 2, 3, 4]
        for k in (0, 6, 15):
            with pytest.raises(ValueError, match="different centres"):
                kmeans_plus_plus(rows, k, rng())


class TestPurity:
    def test_scikit_learns(self) -> None:
        assert purity(np.array(MADE["clusters"]), LABELS) == pytest.approx(MADE["purity"], rel=1e-15)

    def test_by_hand(self) -> None:
        assert purity(np.array([4, 4, 4, -1, -1]), np.array([9, 9, 2, 2, 2])) == 0.8
        assert purity(np.arange(5), np.zeros(5)) == 1.0

    @pytest.mark.parametrize(("n", "m"), [(0, 0), (3, 2), (0, 1)])
    def test_refuses(self, n: int, m: int) -> None:
        with pytest.raises(ValueError, match="points in clusters"):
            purity(np.zeros(n, dtype=int), np.zeros(m, dtype=int))
