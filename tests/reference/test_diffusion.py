"""reference.diffusion: closed forms against many steps, gradients against torch's, samples against the data."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from reference.diffusion import (
    alpha_bars,
    cosine_betas,
    ddim_sample,
    ddim_step,
    ddpm_sample,
    ddpm_step,
    linear_betas,
    noise_loss,
    noise_loss_gradient,
    predict_noise,
    predict_x0,
    q_posterior,
    q_sample,
)
from reference.mixtures import mixture_noise
from tests.reference.differences import differences
from tests.reference.made import made

MADE = made("torch_generating")
BETAS = np.array([0.02, 0.05, 0.1, 0.2, 0.3])
X, NOISE = np.random.default_rng(1).normal(size=(2, 4, 3))
T = np.array([0, 4, 2, 2])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestSchedules:
    def test_linear(self) -> None:
        np.testing.assert_allclose(linear_betas(3), [1e-4, 0.01005, 0.02], rtol=1e-14)
        assert linear_betas(2, 0.1, 0.9).tolist() == [0.1, 0.9]
        with pytest.raises(ValueError, match="1 steps"):
            linear_betas(1)

    def test_cosine_leaves_what_it_says(self) -> None:
        f = np.cos(np.pi / 2 * (np.arange(101) / 100 + 0.008) / 1.008) ** 2
        betas = cosine_betas(100)
        np.testing.assert_allclose(alpha_bars(betas)[:-1], f[1:-1] / f[0], rtol=1e-12)
        assert betas[-1] == 0.999
        assert cosine_betas(10, 0.1)[0] == pytest.approx(1 - (np.cos(np.pi / 11) / np.cos(np.pi / 22)) ** 2)

    def test_alpha_bars(self) -> None:
        np.testing.assert_allclose(alpha_bars(BETAS), [0.98, 0.931, 0.8379, 0.67032, 0.469224], rtol=1e-14)


class TestForward:
    def test_is_torchs_and_its_gradient_too(self) -> None:
        made = MADE["noise_loss"]
        given: Any = {name: np.array(value) for name, value in made["given"].items()}
        x_t = q_sample(given["x0"], given["t"], given["noise"], given["betas"])
        np.testing.assert_allclose(x_t, made["x_t"], rtol=1e-13)
        assert noise_loss(**given) == pytest.approx(made["loss"], rel=1e-13)
        for found, expected in zip(noise_loss_gradient(**given), made["gradient"], strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12)

    def test_gradient_is_central_differences(self) -> None:
        W, b = rng().normal(size=(3, 3)), rng(2).normal(size=3)
        dW, db = noise_loss_gradient(W, b, X, 3, NOISE, BETAS)
        np.testing.assert_allclose(dW, differences(lambda W: noise_loss(W, b, X, 3, NOISE, BETAS), W), atol=1e-8)
        np.testing.assert_allclose(db, differences(lambda b: noise_loss(W, b, X, 3, NOISE, BETAS), b), atol=1e-8)

    def test_one_time_for_all_or_one_for_each(self) -> None:
        rows = [q_sample(X[i : i + 1], int(t), NOISE[i : i + 1], BETAS)[0] for i, t in enumerate(T)]
        np.testing.assert_array_equal(q_sample(X, T, NOISE, BETAS), rows)

    def test_steps_of_the_chain_add_up(self) -> None:
        """x_t = √(1 - β_t) x_{t-1} + √β_t ε, many times: mean and variance are those said at once."""
        x = np.full(200_000, 2.0)
        for beta in BETAS:
            x = np.sqrt(1 - beta) * x + np.sqrt(beta) * rng(int(1000 * beta)).normal(size=x.shape)
        bar = alpha_bars(BETAS)[-1]
        assert np.mean(x) == pytest.approx(2 * np.sqrt(bar), abs=5 * np.sqrt((1 - bar) / len(x)))
        assert np.var(x) == pytest.approx(1 - bar, rel=5 * np.sqrt(2 / len(x)))

    @pytest.mark.parametrize("t", [0, 4, T])
    def test_predictions_undo_it(self, t: Any) -> None:
        x_t = q_sample(X, t, NOISE, BETAS)
        np.testing.assert_allclose(predict_x0(x_t, t, NOISE, BETAS), X, rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(predict_noise(x_t, t, X, BETAS), NOISE, rtol=1e-11, atol=1e-12)

    @pytest.mark.parametrize("t", [-1, 5, [0, 1, 2], [[0, 1, 2, 3]], [0, 1, 2, 5], [0, -1, 2, 3], [1]])
    def test_refuses_other_times(self, t: Any) -> None:
        for function in (q_sample, predict_x0, predict_noise):
            with pytest.raises(ValueError, match="time"):
                function(X, np.array(t), NOISE, BETAS)

    @pytest.mark.parametrize("beta", [0.0, 1.0, -0.1, 1.1, np.nan])
    def test_refuses_other_betas_and_shapes(self, beta: float) -> None:
        for function in (q_sample, predict_x0, predict_noise):
            with pytest.raises(ValueError, match="betas outside"):
                function(X, 1, NOISE, np.array([0.1, 0.5, beta]))
            with pytest.raises(ValueError, match="arrays of shapes"):
                function(X, 1, NOISE[:, :2], BETAS)


class TestPosterior:
    def test_is_bayess_rule(self) -> None:
        """q(x_{t-1} | x_0) q(x_t | x_{t-1}), both Gaussian in x_{t-1}: precisions add up."""
        bars = alpha_bars(BETAS)
        for t in range(1, 5):
            prior_mean, prior_var = np.sqrt(bars[t - 1]) * X, 1 - bars[t - 1]
            precision = 1 / prior_var + (1 - BETAS[t]) / BETAS[t]
            mean, var = q_posterior(X, NOISE, t, BETAS)
            expected = (prior_mean / prior_var + np.sqrt(1 - BETAS[t]) * NOISE / BETAS[t]) / precision
            np.testing.assert_allclose(mean, expected, rtol=1e-12)
            np.testing.assert_allclose(var, np.full(4, 1 / precision), rtol=1e-12)

    def test_at_0_and_for_each_row(self) -> None:
        mean, var = q_posterior(X, NOISE, 0, BETAS)
        np.testing.assert_allclose(mean, X, rtol=1e-13)
        assert var.tolist() == [0.0] * 4
        mean, var = q_posterior(X, NOISE, T, BETAS)
        for i, t in enumerate(T):
            one = q_posterior(X[i : i + 1], NOISE[i : i + 1], int(t), BETAS)
            assert np.array_equal(mean[i], one[0][0]) and var[i] == one[1][0]


class TestSteps:
    def test_ddpm_is_the_papers_algorithm(self) -> None:
        """Algorithm 2: (x_t - β_t / √(1 - ᾱ_t) ε) / √α_t + σ_t z, with the smaller of its two σ."""
        bars = alpha_bars(BETAS)
        found = ddpm_step(X, 3, NOISE, BETAS, rng(5))
        mean = (X - BETAS[3] / np.sqrt(1 - bars[3]) * NOISE) / np.sqrt(1 - BETAS[3])
        sigma = np.sqrt(BETAS[3] * (1 - bars[2]) / (1 - bars[3]))
        np.testing.assert_allclose(found, mean + sigma * rng(5).standard_normal(X.shape), rtol=1e-12)

    def test_ddpm_draws_nothing_at_0(self) -> None:
        draws = rng()
        np.testing.assert_allclose(ddpm_step(X, 0, NOISE, BETAS, draws), predict_x0(X, 0, NOISE, BETAS), rtol=1e-12)
        assert draws.random() == rng().random()

    def test_ddim_goes_where_the_noise_leads(self) -> None:
        x_t = q_sample(X, 4, NOISE, BETAS)
        np.testing.assert_allclose(ddim_step(x_t, 4, 1, NOISE, BETAS), q_sample(X, 1, NOISE, BETAS), rtol=1e-12)
        np.testing.assert_allclose(ddim_step(x_t, 4, -1, NOISE, BETAS), X, rtol=1e-11)

    @pytest.mark.parametrize("t", [1, 4])
    def test_ddim_with_eta_1_is_ddpm(self, t: int) -> None:
        found = ddim_step(X, t, t - 1, NOISE, BETAS, 1.0, rng(3))
        np.testing.assert_allclose(found, ddpm_step(X, t, NOISE, BETAS, rng(3)), rtol=1e-12)

    def test_ddim_has_an_answer_where_hardly_any_signal_is_left(self) -> None:
        """1 - ᾱ' - σ² is 0 but for rounding, which puts it below."""
        found = ddim_step(X, 59, 5, X, np.full(60, 0.5), 1.0, rng(3))
        x0 = predict_x0(X, 59, X, np.full(60, 0.5))
        np.testing.assert_allclose(found, x0 / 8 + np.sqrt(63 / 64) * rng(3).standard_normal(X.shape), rtol=1e-12)

    @pytest.mark.parametrize(("t_prev", "eta"), [(2, 0.0), (-1, 1.0)])
    def test_ddim_draws_only_what_it_uses(self, t_prev: int, eta: float) -> None:
        draws = rng()
        ddim_step(X, 4, t_prev, NOISE, BETAS, eta, draws)
        assert draws.random() == rng().random()

    @pytest.mark.parametrize(
        ("t", "t_prev", "eta", "generator"),
        [(2, 2, 0, None), (2, 3, 0, None), (2, -2, 0, None), (5, 1, 0, None), (0, -2, 0, None)]
        + [(2, 1, 0.5, None), (2, 1, 1.01, 0), (2, 1, -0.01, 0), (2, -1, 1.0, None)],
    )
    def test_ddim_refuses(self, t: int, t_prev: int, eta: float, generator: int | None) -> None:
        with pytest.raises(ValueError, match=r"from step|generator|a time outside"):
            ddim_step(X, t, t_prev, NOISE, BETAS, eta, None if generator is None else rng())


class TestSamples:
    PI, MU, S = np.array([0.3, 0.7]), np.array([[3.0, 0.0], [-1.0, 1.0]]), np.array([0.5, 0.8])

    @pytest.mark.parametrize("sampler", [ddpm_sample, partial(ddim_sample, steps=50)])
    def test_of_a_known_mixture_have_its_moments(self, sampler: Any) -> None:
        betas = linear_betas(100, 1e-3, 0.2)
        model = partial(mixture_noise, betas=betas, pi=self.PI, mu=self.MU, s=self.S)
        x = sampler(model, 4000, 2, betas, rng=rng())
        mean = self.PI @ self.MU
        var = self.PI @ (self.MU**2 + self.S[:, None] ** 2) - mean**2
        np.testing.assert_allclose(np.mean(x, axis=0), mean, atol=5 * np.sqrt(np.max(var) / 4000))
        np.testing.assert_allclose(np.var(x, axis=0), var, rtol=0.1)
        assert np.mean(x[:, 0] > 1) == pytest.approx(0.3, abs=0.04)

    def test_ddpm_asks_the_model_at_every_time(self) -> None:
        asked: list[int] = []

        def model(x: np.ndarray, t: int) -> np.ndarray:
            asked.append(t)
            return 0.5 * x

        found = ddpm_sample(model, 3, 2, BETAS, rng(4))
        draws = rng(4)
        expected = draws.standard_normal((3, 2))
        for t in (4, 3, 2, 1, 0):
            expected = ddpm_step(expected, t, 0.5 * expected, BETAS, draws)
        assert asked == [4, 3, 2, 1, 0]
        assert np.array_equal(found, expected)

    @pytest.mark.parametrize(("steps", "times"), [(1, [4]), (2, [4, 1]), (3, [4, 2, 0]), (5, [4, 3, 2, 1, 0])])
    def test_ddim_goes_in_strides(self, steps: int, times: list[int]) -> None:
        asked: list[int] = []

        def model(x: np.ndarray, t: int) -> np.ndarray:
            asked.append(t)
            return 0.5 * x

        found = ddim_sample(model, 3, 2, BETAS, steps, rng(4))
        expected = rng(4).standard_normal((3, 2))
        for t, t_prev in zip(times, [*times[1:], -1], strict=True):
            expected = ddim_step(expected, t, t_prev, 0.5 * expected, BETAS)
        assert asked == times
        assert np.array_equal(found, expected)

    @pytest.mark.parametrize("steps", [0, 6, -1])
    def test_ddim_refuses(self, steps: int) -> None:
        with pytest.raises(ValueError, match="steps through"):
            ddim_sample(lambda x, t: x, 3, 2, BETAS, steps, rng())
