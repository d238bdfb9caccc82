"""reference.fitting: least squares against numpy's, derivatives against differences, Newton against closed forms."""

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.fitting import (
    cross_validate,
    fit_polynomial,
    k_fold,
    lagrange,
    linear_regression,
    logistic_gradient,
    logistic_hessian,
    logistic_loss,
    logistic_newton,
    mse,
    newton,
    polynomial_features,
    sigmoid,
)

SEEDS = pytest.mark.parametrize("seed", range(5))


def differences(f: Callable[[np.ndarray], np.ndarray | float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Derivatives of f at x (d,) by central differences, error O(h²); a row for each entry of x."""
    steps = h * np.eye(len(x))
    return np.array([(np.asarray(f(x + step)) - np.asarray(f(x - step))) / (2 * h) for step in steps])


class TestLeastSquares:
    @SEEDS
    def test_what_is_left_over_is_orthogonal_to_the_columns(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(20, 4)), rng.normal(size=20)
        theta = linear_regression(X, y)
        assert theta.shape == (4,)
        np.testing.assert_allclose(X.T @ (y - X @ theta), 0.0, atol=1e-12)

    def test_exact_data_give_back_theta_and_there_is_no_intercept(self) -> None:
        X = np.array([[1.0], [2.0], [3.0]])
        assert linear_regression(X, X @ [2.5]) == pytest.approx([2.5])
        assert linear_regression(X, np.array([1.0, 1.0, 1.0])) == pytest.approx([6 / 14])

    def test_mse(self) -> None:
        assert mse(np.array([1.0, 2.0]), np.array([1.0, 5.0])) == pytest.approx(4.5)

    def test_bad_input(self) -> None:
        with pytest.raises(ValueError, match="a number for each row"):
            linear_regression(np.ones((3, 2)), np.ones(2))
        with pytest.raises(ValueError, match="predictions"):
            mse(np.ones(3), np.ones(2))


class TestPolynomials:
    def test_features(self) -> None:
        np.testing.assert_array_equal(
            polynomial_features(np.array([2.0, -1.0, 0.0]), 3), [[1, 2, 4, 8], [1, -1, 1, -1], [1, 0, 0, 0]]
        )
        with pytest.raises(ValueError, match="degree -1"):
            polynomial_features(np.ones(2), -1)

    @SEEDS
    @pytest.mark.parametrize("degree", [0, 1, 3, 6])
    def test_fit_is_numpys_in_ascending_order(self, seed: int, degree: int) -> None:
        rng = np.random.default_rng(seed)
        x, y = rng.uniform(-1, 1, size=30), rng.normal(size=30)
        np.testing.assert_allclose(fit_polynomial(x, y, degree), np.polyfit(x, y, degree)[::-1], rtol=1e-8)

    @SEEDS
    @pytest.mark.parametrize("k", [1, 2, 5])
    def test_lagrange_is_the_polynomial_through_all_points(self, seed: int, k: int) -> None:
        rng = np.random.default_rng(seed)
        nodes, values, x = np.linspace(-1, 1, k), rng.normal(size=k), rng.uniform(-1, 1, size=7)
        np.testing.assert_allclose(lagrange(nodes, values, nodes), values, rtol=1e-12)
        expected = polynomial_features(x, k - 1) @ fit_polynomial(nodes, values, k - 1)
        np.testing.assert_allclose(lagrange(nodes, values, x), expected, rtol=1e-9, atol=1e-9)

    def test_nodes_must_differ(self) -> None:
        with pytest.raises(ValueError, match="different"):
            lagrange(np.zeros(2), np.ones(2), np.ones(1))


class TestCrossValidation:
    @given(st.integers(2, 12), st.integers(0, 60))
    def test_folds_cut_the_samples(self, k: int, more: int) -> None:
        n = k + more
        pairs = k_fold(n, k)
        np.testing.assert_array_equal(np.concatenate([test for _, test in pairs]), np.arange(n))
        assert [len(test) for _, test in pairs] == [n // k + 1] * (n % k) + [n // k] * (k - n % k)
        for train, test in pairs:
            np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(n))

    @pytest.mark.parametrize(("n", "k"), [(3, 4), (3, 1), (0, 0)])
    def test_too_many_folds_or_too_few(self, n: int, k: int) -> None:
        with pytest.raises(ValueError, match="cannot be cut"):
            k_fold(n, k)

    def test_a_constant_is_tested_on_what_it_has_not_seen(self) -> None:
        """The mean of 0 and 0 predicts 3 and 3; the mean of 3 and 3 predicts 0 and 0."""
        y = np.array([0.0, 0.0, 3.0, 3.0])
        assert cross_validate(np.arange(4.0), y, degree=0, k=2) == pytest.approx([9.0, 9.0])

    def test_it_finds_the_degree(self) -> None:
        rng = np.random.default_rng(20)
        x = rng.uniform(-1, 1, size=60)
        y = 1 - 3 * x**2 + 0.1 * rng.normal(size=60)
        errors = [float(np.mean(cross_validate(x, y, degree, 6))) for degree in range(4)]
        assert errors[2] < 0.02 < min(errors[:2])


class TestNewton:
    def test_square_root_of_2_doubles_its_digits(self) -> None:
        iterates = newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0, 5)
        assert iterates[:3] == pytest.approx([1.0, 3 / 2, 17 / 12])
        errors = np.abs(iterates - np.sqrt(2))
        assert np.all(errors[1:4] <= errors[:3] ** 2)
        assert errors[5] < 1e-15

    def test_no_step(self) -> None:
        np.testing.assert_array_equal(newton(lambda x: x, lambda x: 1.0, 3, 0), [3.0])


class TestLogistic:
    @SEEDS
    def test_derivatives(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        X, w, y = rng.normal(size=(9, 3)), rng.normal(size=3), rng.integers(0, 2, size=9)
        gradient, hessian = logistic_gradient(w, X, y), logistic_hessian(w, X, y)
        np.testing.assert_allclose(gradient, differences(lambda w: logistic_loss(w, X, y), w), rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(hessian, differences(lambda w: logistic_gradient(w, X, y), w), rtol=1e-6, atol=1e-9)
        assert np.all(np.linalg.eigvalsh(hessian) > 0)

    def test_sigmoid(self) -> None:
        assert sigmoid(np.array([[0.0, np.log(3.0)], [-np.log(3.0), 2.0]])) == pytest.approx(
            np.array([[0.5, 0.75], [0.25, 1 / (1 + np.exp(-2.0))]])
        )

    def test_nothing_overflows(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            np.testing.assert_array_equal(sigmoid(np.array([1000.0, -1000.0])), [1.0, 0.0])
            X = np.array([[1000.0], [-1000.0]])
            assert logistic_loss(np.ones(1), X, np.array([1, 0])) == 0.0
            assert logistic_loss(np.ones(1), X, np.array([0, 1])) == 1000.0

    def test_one_feature_that_is_always_1_gives_the_log_odds(self) -> None:
        y = np.array([1, 1, 1, 0])
        assert logistic_loss(np.zeros(1), np.ones((4, 1)), y) == pytest.approx(np.log(2))
        assert logistic_newton(np.ones((4, 1)), y, 8) == pytest.approx([np.log(3)])

    @SEEDS
    def test_newton_ends_where_the_gradient_is_zero(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        y = np.arange(80) % 2
        X = np.column_stack([np.ones(80), rng.normal(size=(80, 2)) + 0.5 * y[:, None]])
        np.testing.assert_allclose(logistic_gradient(logistic_newton(X, y, 8), X, y), 0.0, atol=1e-12)

    def test_labels_are_0_and_1(self) -> None:
        with pytest.raises(ValueError, match="0 or 1"):
            logistic_loss(np.zeros(1), np.ones((2, 1)), np.array([-1, 1]))
