"""reference.positive_unlabelled: scikit-learn's log losses, gradients by differences, Elkan and Noto by Bayes."""

from typing import Any

import numpy as np
import pytest

from reference.positive_unlabelled import (
    elkan_noto,
    elkan_noto_weights,
    fit_nnpu,
    label_frequency,
    nnpu_gradient,
    nnpu_risk,
    nnpu_step,
    upu_gradient,
    upu_risk,
)
from tests.reference.differences import differences
from tests.reference.made import made

MADE = made("scipy_other_learning")
PU = MADE["pu"]
W, X_P, X_U = np.array(PU["w"]), np.array(PU["X_p"]), np.array(PU["X_u"])
FAR = np.array([[-1000.0], [-40.0], [-1.0], [0.0], [1.0], [40.0], [1000.0]])
BELOW_0 = (np.array([2.0, 1.0, 0.5]), X_P + 2.0, X_U - 2.0, 0.6)
"""Arguments at which R⁻ is negative."""
AT_0 = (np.array([1.0, 0.0]), np.array([[3.0, 5.0]]), np.array([[3.0, -7.0], [-1000.0, 2.0]]), 0.5)
"""Arguments at which R⁻ is exactly 0 and its gradient is not."""


def negative(w: np.ndarray, X_p: np.ndarray, X_u: np.ndarray, prior: float) -> float:
    """R⁻ in plain numbers of moderate size."""
    return float(np.mean(np.log(1 + np.exp(X_u @ w))) - prior * np.mean(np.log(1 + np.exp(X_p @ w))))


class TestRisks:
    def test_by_scikit_learns_log_losses(self) -> None:
        assert upu_risk(W, X_P, X_U, 0.3) == pytest.approx(PU["risk"], rel=1e-12)
        assert nnpu_risk(W, X_P, X_U, 0.3) == pytest.approx(PU["risk"], rel=1e-12)

    def test_scipys_losses_at_large_scores(self) -> None:
        losses = np.array(MADE["log_losses"])
        one = np.ones(1)
        expected = 0.25 * losses.mean() + losses[::-1].mean() - 0.25 * losses[::-1].mean()
        assert upu_risk(one, FAR, FAR, 0.25) == pytest.approx(expected, rel=1e-14)
        assert np.all(np.isfinite(upu_gradient(one, FAR, FAR, 0.25)))

    def test_one_goes_below_0_where_the_other_does_not(self) -> None:
        below = negative(*BELOW_0)
        assert below < -0.5
        assert upu_risk(*BELOW_0) == pytest.approx(nnpu_risk(*BELOW_0) + below, rel=1e-12)
        assert nnpu_risk(*BELOW_0) == pytest.approx(0.6 * np.mean(np.log(1 + np.exp(-BELOW_0[1] @ BELOW_0[0]))))

    def test_unbiased(self) -> None:
        """Over all that can be drawn, the risk is that of the labels, which it has not seen."""
        X, w, positive = np.eye(4), np.array([1.0, -0.5, 0.3, 2.0]), np.array([0.9, 0.2, 0.5, 0.4])
        costs = positive * np.log(1 + np.exp(-w)) + (1 - positive) * np.log(1 + np.exp(w))
        drawn = np.repeat(np.arange(4), (10 * positive).astype(int))  # positives, as often as they should be
        assert upu_risk(w, X[drawn], X, positive.mean()) == pytest.approx(costs.mean(), rel=1e-12)


class TestGradients:
    @pytest.mark.parametrize("arguments", [(W, X_P, X_U, 0.3), BELOW_0])
    @pytest.mark.parametrize(("gradient", "risk"), [(upu_gradient, upu_risk), (nnpu_gradient, nnpu_risk)])
    def test_central_differences(self, gradient: Any, risk: Any, arguments: Any) -> None:
        w, *data = arguments
        expected = differences(lambda w: risk(w, *data), w)
        np.testing.assert_allclose(gradient(w, *data), expected, rtol=1e-7, atol=1e-9)

    def test_at_0_the_gradient_of_the_rest_counts(self) -> None:
        assert negative(*AT_0) == 0.0
        assert np.array_equal(nnpu_gradient(*AT_0), upu_gradient(*AT_0))
        assert upu_gradient(*AT_0)[1] == pytest.approx(-0.5 * 5 - 7 / 2 / (1 + np.exp(-3)))


class TestTraining:
    def test_a_step_down_while_the_rest_can_be_true(self) -> None:
        expected = W - 0.2 * upu_gradient(W, X_P, X_U, 0.3)
        np.testing.assert_array_equal(nnpu_step(W, X_P, X_U, 0.3, 0.2), expected)
        np.testing.assert_array_equal(nnpu_step(*AT_0, 0.1), AT_0[0] - 0.1 * upu_gradient(*AT_0))

    def test_a_step_up_where_it_cannot(self) -> None:
        w, *data = BELOW_0
        up = differences(lambda w: negative(w, *data), w)
        np.testing.assert_allclose(nnpu_step(*BELOW_0, 0.1, 0.0, 0.5), w + 0.05 * up, rtol=1e-8)
        limit = -negative(*BELOW_0)
        np.testing.assert_allclose(nnpu_step(*BELOW_0, 0.1, limit - 1e-6), w + 0.1 * up, rtol=1e-8)
        expected = w - 0.1 * upu_gradient(*BELOW_0)
        np.testing.assert_array_equal(nnpu_step(*BELOW_0, 0.1, limit + 1e-6), expected)

    def test_fit_is_made_of_steps(self) -> None:
        w = np.zeros(3)
        for _ in range(40):
            w = nnpu_step(w, X_P, X_U, 0.3, 0.5)
        np.testing.assert_array_equal(fit_nnpu(X_P, X_U, 0.3, 0.5, 40), w)
        assert nnpu_risk(w, X_P, X_U, 0.3) < nnpu_risk(np.zeros(3), X_P, X_U, 0.3)

    def test_nothing_is_changed(self) -> None:
        given = [np.array(value) for value in BELOW_0[:3]]
        nnpu_step(*given, 0.6, 0.1)
        assert all(np.array_equal(value, as_before) for value, as_before in zip(given, BELOW_0, strict=False))

    @pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, 1.1])
    @pytest.mark.parametrize("function", [upu_risk, upu_gradient, nnpu_risk, nnpu_gradient])
    def test_refuses(self, function: Any, prior: float) -> None:
        with pytest.raises(ValueError, match="a prior of"):
            function(W, X_P, X_U, prior)
        with pytest.raises(ValueError, match="a prior of"):
            nnpu_step(W, X_P, X_U, prior, 0.1)
        with pytest.raises(ValueError, match="a prior of"):
            fit_nnpu(X_P, X_U, prior, 0.1, 1)


class TestElkanNoto:
    Y = np.array([0.0, 0.1, 0.5, 0.9, 1.0])  # P(y = 1 | x)

    @pytest.mark.parametrize("c", [0.1, 0.4, 1.0])
    def test_bayes(self, c: float) -> None:
        np.testing.assert_allclose(elkan_noto(c * self.Y, c), self.Y, rtol=1e-14)
        unlabelled = self.Y * (1 - c) + (1 - self.Y)
        weights = elkan_noto_weights(c * self.Y, c)
        there = unlabelled > 0
        np.testing.assert_allclose(weights[there], (self.Y * (1 - c))[there] / unlabelled[there], rtol=1e-13)
        assert np.all(weights[~there] == 1)

    def test_never_above_1(self) -> None:
        assert elkan_noto(np.array([0.2, 0.6, 1.0]), 0.5).tolist() == [0.4, 1.0, 1.0]
        assert elkan_noto_weights(np.array([0.0, 0.25, 0.6, 1.0]), 0.5).tolist() == [0.0, 1 / 3, 1.0, 1.0]

    def test_label_frequency(self) -> None:
        assert label_frequency(np.array([0.5, 0.9, 0.25, 0.1]), np.array([1, 0, 1, 0])) == 0.375
        with pytest.raises(ValueError, match="no example"):
            label_frequency(np.array([0.5, 0.9]), np.array([0, 0]))

    @pytest.mark.parametrize("c", [0.0, -0.5, 1.01])
    def test_refuses(self, c: float) -> None:
        for function in (elkan_noto, elkan_noto_weights):
            with pytest.raises(ValueError, match="a share"):
                function(np.array([0.5]), c)
