"""reference.incontext: layers that do gradient descent, and Bayes's rule against scikit-learn's and plain products."""

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct

from reference.incontext import (
    bayesian_linear_regression,
    few_shot_predict,
    gd_weights,
    in_context_regression,
    linear_attention,
    posterior_predictive,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def descended(W: np.ndarray, X: np.ndarray, Y: np.ndarray, lr: float, steps: int) -> np.ndarray:
    for _ in range(steps):
        W = W - lr / len(X) * (X @ W.T - Y).T @ X
    return W


class TestLinearAttention:
    def test_token_by_token(self) -> None:
        E, C = rng().normal(size=(3, 4)), rng(1).normal(size=(5, 4))
        Q, K, V, P = rng(2).normal(size=(4, 4, 4))
        expected = [e + P @ sum(V @ c * ((K @ c) @ (Q @ e)) for c in C) for e in E]
        np.testing.assert_allclose(linear_attention(E, C, Q, K, V, P), expected, rtol=1e-12)

    def test_shapes_that_do_not_fit(self) -> None:
        square = [np.eye(3)] * 4
        with pytest.raises(ValueError, match="matmul"):
            linear_attention(np.ones((2, 3)), np.ones((2, 4)), *square)
        with pytest.raises(ValueError, match="matmul"):
            linear_attention(np.ones((2, 4)), np.ones((2, 3)), *square)

    def test_a_layer_is_a_step_from_any_weights(self) -> None:
        X, Y, W0 = rng().normal(size=(6, 3)), rng(1).normal(size=(6, 2)), rng(2).normal(size=(2, 3))
        tokens = np.hstack([X, Y])
        after = linear_attention(tokens, tokens, *gd_weights(W0, 0.3, 6))
        moved = descended(W0, X, Y, 0.3, 1) - W0
        np.testing.assert_allclose(after, np.hstack([X, Y - X @ moved.T]), rtol=1e-12)


class TestInContextRegression:
    @pytest.mark.parametrize("layers", [0, 1, 7])
    def test_gradient_descent(self, layers: int) -> None:
        X, Y, X_test = rng().normal(size=(8, 3)), rng(1).normal(size=(8, 2)), rng(2).normal(size=(4, 3))
        expected = X_test @ descended(np.zeros((2, 3)), X, Y, 0.4, layers).T
        found = in_context_regression(X, Y, X_test, 0.4, layers)
        assert found.shape == (4, 2)
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-14)

    def test_shapes_that_do_not_fit(self) -> None:
        for shapes in (((4, 2), (3, 1), (2, 2)), ((4, 2), (4, 1), (2, 3))):
            with pytest.raises(ValueError, match=r"matmul|must match"):
                in_context_regression(*map(np.ones, shapes), 0.1, 2)


class TestPosterior:
    def test_products(self) -> None:
        P = rng().dirichlet(np.ones(3), size=(5, 7))
        y = np.array([0, 2, 1, 1])
        weights = np.prod(P[:, np.arange(4), y], axis=1)
        expected = np.einsum("s,smc->mc", weights / weights.sum(), P[:, 4:])
        np.testing.assert_allclose(posterior_predictive(P[:, :4], y, P[:, 4:]), expected, rtol=1e-12)
        np.testing.assert_allclose(posterior_predictive(P[:, :0], y[:0], P[:, 4:]), P[:, 4:].mean(axis=0), rtol=1e-12)

    def test_thousands_of_points(self) -> None:
        P = np.array([[[0.5, 0.5]], [[0.4, 0.6]]])
        found = posterior_predictive(np.repeat(P, 5000, axis=1), np.repeat([0, 1], [2450, 2550]), P)
        odds = np.exp(2450 * np.log(0.4 / 0.5) + 2550 * np.log(0.6 / 0.5))
        assert found[0, 1] == pytest.approx((0.5 + 0.6 * odds) / (1 + odds), rel=1e-9)

    def test_what_is_impossible(self) -> None:
        P = np.array([[[1.0, 0.0]], [[0.5, 0.5]]])
        assert posterior_predictive(P, np.array([1]), P).tolist() == [[0.5, 0.5]]
        with pytest.raises(ValueError, match="impossible"):
            posterior_predictive(P[:1], np.array([1]), P[:1])

    def test_refuses(self) -> None:
        P = np.full((2, 3, 2), 0.5)
        for y, P_test in (([0, 1], P), ([0, 1, 2], P), ([0, 1, -1], P), ([0, 1, 0], P[:1]), ([0, 1, 0], P[..., :1])):
            with pytest.raises(ValueError, match=r"classes for|an id outside"):
                posterior_predictive(P, np.array(y), P_test)


class TestBayesianRegression:
    def test_scikit_learns_gaussian_process(self) -> None:
        X, y, X_test = rng().normal(size=(9, 3)), rng(1).normal(size=9), rng(2).normal(size=(4, 3))
        kernel = ConstantKernel(1.7**2, "fixed") * DotProduct(0.0, "fixed")
        process = GaussianProcessRegressor(kernel, alpha=0.6**2, optimizer=None).fit(X, y)
        mean, deviation = process.predict(X_test, return_std=True)
        found = bayesian_linear_regression(X, y, X_test, 0.6, 1.7)
        np.testing.assert_allclose(found[0], mean, rtol=1e-9)
        np.testing.assert_allclose(found[1], deviation**2 + 0.6**2, rtol=1e-9)

    def test_before_any_data(self) -> None:
        X_test = rng().normal(size=(4, 3))
        mean, variance = bayesian_linear_regression(np.zeros((0, 3)), np.zeros(0), X_test, 0.5, 2.0)
        assert np.all(mean == 0)
        np.testing.assert_allclose(variance, 0.25 + 4 * np.sum(X_test**2, axis=1), rtol=1e-13)

    def test_refuses(self) -> None:
        for shapes in (((3, 2), (2,), (1, 2)), ((3, 2), (3,), (1, 3)), ((3, 2), (3, 1), (1, 2))):
            with pytest.raises(ValueError, match=r"targets for|matmul"):
                bayesian_linear_regression(*map(np.ones, shapes), 1.0, 1.0)


def test_few_shot_predict_tells_wines_apart() -> None:
    X, y = load_wine(return_X_y=True)
    chosen = np.concatenate([rng(c).permutation(np.flatnonzero(y == c))[:5] for c in range(3)])
    assert np.mean(few_shot_predict(X[chosen], 7 * y[chosen] - 3, X) == 7 * y - 3) > 0.8
