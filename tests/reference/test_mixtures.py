"""reference.mixtures: densities and scores against torch's, and the expected noise against Bayes's rule by sampling."""

from typing import Any

import numpy as np
import pytest

from reference.diffusion import alpha_bars, q_sample
from reference.mixtures import guided_noise, mixture_log_density, mixture_noise, mixture_score
from tests.reference.differences import differences
from tests.reference.made import made

MADE = made("torch_generating")
X, PI, MU, S = (np.array(MADE["mixture"][name]) for name in ("x", "pi", "mu", "s"))
BETAS = np.array([0.02, 0.1, 0.3])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestDensity:
    def test_is_torchs_far_away_too(self) -> None:
        np.testing.assert_allclose(mixture_log_density(X, PI, MU, S), MADE["mixture"]["log_density"], rtol=1e-13)
        np.testing.assert_allclose(mixture_score(X, PI, MU, S), MADE["mixture"]["score"], rtol=1e-11)

    def test_score_is_central_differences(self) -> None:
        expected = differences(lambda x: float(np.sum(mixture_log_density(x, PI, MU, S))), X[:5])
        np.testing.assert_allclose(mixture_score(X[:5], PI, MU, S), expected, rtol=1e-6, atol=1e-8)

    @pytest.mark.parametrize(
        ("pi", "mu", "s"),
        [
            ([0.5, 0.4], MU[:2], S[:2]),
            ([1.5, -0.5], MU[:2], S[:2]),
            ([1.0, 0.0], MU[:2], S[:2]),
            ([0.5, 0.5], MU[:2], [1.0, 0.0]),
            ([0.5, 0.5], MU[:2], [1.0, -1.0]),
            ([0.5, 0.5], MU, S),
            ([0.5, 0.5], MU[:2], S),
            ([0.5, 0.5], MU[:2, :1], S[:2]),
        ],
    )
    def test_refuses(self, pi: Any, mu: np.ndarray, s: Any) -> None:
        for function in (mixture_log_density, mixture_score):
            with pytest.raises(ValueError, match=r"no mixture|points"):
                function(X, np.array(pi), mu, np.array(s))
        with pytest.raises(ValueError, match=r"no mixture|points"):
            mixture_noise(X, 1, BETAS, np.array(pi), mu, np.array(s))


class TestNoise:
    def test_of_one_gaussian_is_a_line(self) -> None:
        """x_t and ε are Gaussian together: E[ε | x_t] is √(1 - ᾱ) (x_t - √ᾱ μ) / (ᾱ s² + 1 - ᾱ)."""
        for t, bar in enumerate(alpha_bars(BETAS)):
            found = mixture_noise(X[:5], t, BETAS, np.ones(1), MU[:1], S[:1])
            expected = np.sqrt(1 - bar) * (X[:5] - np.sqrt(bar) * MU[0]) / (bar * S[0] ** 2 + 1 - bar)
            np.testing.assert_allclose(found, expected, rtol=1e-12)

    def test_is_the_best_guess_on_average(self) -> None:
        """The error of a conditional mean is orthogonal to every function of what is known."""
        n, draws = 200_000, rng(3)
        part = draws.choice(3, size=n, p=PI)
        x0, noise = MU[part] + S[part, None] * draws.normal(size=(n, 2)), draws.normal(size=(n, 2))
        t = draws.integers(3, size=n)
        x_t = q_sample(x0, t, noise, BETAS)
        error = noise - mixture_noise(x_t, t, BETAS, PI, MU, S)
        for known in (np.ones_like(x_t), x_t, np.sin(3 * x_t), t[:, None] * x_t):
            assert np.all(np.abs(np.mean(error * known, axis=0)) < 5 * np.std(error * known, axis=0) / np.sqrt(n))

    def test_one_time_for_all_or_one_for_each(self) -> None:
        t = np.arange(7) % 3
        rows = [mixture_noise(X[i : i + 1], int(t[i]), BETAS, PI, MU, S)[0] for i in range(7)]
        np.testing.assert_allclose(mixture_noise(X, t, BETAS, PI, MU, S), rows, rtol=1e-13)

    @pytest.mark.parametrize("t", [-1, 3, np.array([0, 1])])
    def test_refuses_other_times(self, t: Any) -> None:
        with pytest.raises(ValueError, match="time"):
            mixture_noise(X, t, BETAS, PI, MU, S)


def test_guidance_goes_on_beyond_the_class() -> None:
    cond, uncond = np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]])
    assert guided_noise(cond, uncond, 0.0).tolist() == [[0.0, 4.0]]
    assert guided_noise(cond, uncond, 1.0).tolist() == [[1.0, 2.0]]
    assert guided_noise(cond, uncond, 3.0).tolist() == [[3.0, -2.0]]
    with pytest.raises(ValueError, match="noises of shapes"):
        guided_noise(cond, uncond[0], 3.0)
