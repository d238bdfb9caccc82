"""reference.tsne: probabilities and the gradient against scikit-learn's, and the map's neighbours."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from reference.clustering import pairwise_squared_distances
from reference.tsne import (
    conditional_probabilities,
    joint_probabilities,
    kl_divergence,
    student_t_affinities,
    tsne,
    tsne_gradient,
)
from tests.reference.differences import differences
from tests.reference.made import made

MADE = made("sklearn_unsupervised")
X = np.array(MADE["X"])
P, Y = np.array(MADE["tsne"]["P"]), np.array(MADE["tsne"]["Y"])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestConditional:
    def test_scikit_learns_to_its_own_precision(self) -> None:
        found = conditional_probabilities(pairwise_squared_distances(X, X), 6.0)
        np.testing.assert_allclose(found, MADE["conditional"], rtol=1e-3, atol=1e-5)

    @pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e5, 1e12])
    @pytest.mark.parametrize("perplexity", [1.01, 2.0, 7.5, 22.9])
    def test_entropies_are_those_asked_for_at_any_scale(self, perplexity: float, scale: float) -> None:
        found = conditional_probabilities(scale * pairwise_squared_distances(X, X), perplexity)
        assert np.all(np.diag(found) == 0)
        np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-13)
        logs = np.log(found, out=np.zeros_like(found), where=found > 0)
        np.testing.assert_allclose(-np.sum(found * logs, axis=1), np.log(perplexity), rtol=0, atol=1e-10)

    def test_one_point_far_from_all_others(self) -> None:
        points = np.vstack([X, [[1e6, 0.0, 0.0, 0.0]]])
        found = conditional_probabilities(pairwise_squared_distances(points, points), 5.0)
        logs = np.log(found, out=np.zeros_like(found), where=found > 0)
        np.testing.assert_allclose(-np.sum(found * logs, axis=1), np.log(5.0), rtol=0, atol=1e-10)

    @pytest.mark.parametrize("perplexity", [0.5, 1.0, 23.0, 24.0, 100.0])
    def test_refuses(self, perplexity: float) -> None:
        with pytest.raises(ValueError, match="a perplexity of"):
            conditional_probabilities(pairwise_squared_distances(X, X), perplexity)


class TestMap:
    def test_joint_probabilities(self) -> None:
        found = joint_probabilities(np.array(MADE["conditional"]))
        np.testing.assert_allclose(found, P, rtol=1e-6)
        assert found.sum() == pytest.approx(1.0, abs=1e-6)
        np.testing.assert_array_equal(found, found.T)

    def test_student_t_affinities_are_scikit_learns(self) -> None:
        found = student_t_affinities(Y)
        np.testing.assert_allclose(found[np.triu_indices(24, 1)], MADE["tsne"]["q"], rtol=1e-11)
        assert np.all(np.diag(found) == 0)
        assert found.sum() == pytest.approx(1.0, rel=1e-13)

    def test_kl_divergence(self) -> None:
        uniform = np.full(P.shape, 1 / P.size)
        assert kl_divergence(P, uniform) == pytest.approx(MADE["entropy"], rel=1e-12)
        assert kl_divergence(P, student_t_affinities(Y)) == pytest.approx(MADE["tsne"]["divergence"], rel=1e-9)
        assert kl_divergence(np.array([0.0, 1.0]), np.array([0.0, 1.0])) == 0.0
        assert kl_divergence(np.array([0.5, 0.5]), np.array([0.0, 1.0])) == np.inf

    def test_gradient_is_scikit_learns_and_central_differences(self) -> None:
        found = tsne_gradient(P, Y)
        np.testing.assert_allclose(found, MADE["tsne"]["gradient"], rtol=1e-7, atol=1e-10)
        expected = differences(lambda Y: kl_divergence(P, student_t_affinities(Y)), Y)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)

    def test_digits_lie_beside_their_like(self) -> None:
        images, digits = load_digits(return_X_y=True)
        chosen = np.concatenate([np.flatnonzero(digits == digit)[:10] for digit in range(10)])
        D = pairwise_squared_distances(*2 * [tsne(images[chosen], 10, 100, rng())])
        np.fill_diagonal(D, np.inf)
        assert np.mean(digits[chosen][np.argmin(D, axis=1)] == digits[chosen]) >= 0.8
