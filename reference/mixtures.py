"""Mixtures of Gaussians: data whose noise is known exactly, so that nothing has to be learnt to generate them.

A mixture has K parts N(μ_k, s_k² I), part k with probability π_k. With noise it is a mixture again, of other μ and s;
so its density, its score (the gradient of the log density) and the mean noise in a noisy sample are sums of K terms. A
diffusion model that was trained for ever on such data would be `mixture_noise`.

No function changes an array that it is given.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.diffusion import alpha_bars, at_times


def mixture_log_density(x: np.ndarray, pi: np.ndarray, mu: np.ndarray, s: np.ndarray) -> np.ndarray:
    """log Σ_k π_k N(x; μ_k, s_k² I) for each row of x: shape (n,). Exact at |x| = 1000 too.

    x: shape (n, d); pi: shape (K,); mu: shape (K, d); s: shape (K,), standard deviations.
    Raises ValueError unless pi and s are positive, pi sums to 1 (to 1e-9), and the shapes fit.
    """
    ### BEGIN SOLUTION
    _check_mixture(x, pi, mu, s)
    log_joint, _ = _parts(x, pi, mu, s)
    log_density: np.ndarray = np.logaddexp.reduce(log_joint, axis=1)
    return log_density
    ### END SOLUTION


def mixture_score(x: np.ndarray, pi: np.ndarray, mu: np.ndarray, s: np.ndarray) -> np.ndarray:
    """The gradient of `mixture_log_density` with respect to x: shape (n, d). Exact at |x| = 1000 too.

    It is Σ_k r_k (μ_k - x) / s_k², r_k being the probability that x comes from part k.

    Shapes as in `mixture_log_density`. Raises ValueError as it does.
    """
    ### BEGIN SOLUTION
    _check_mixture(x, pi, mu, s)
    return _score(x, pi, mu, s)
    ### END SOLUTION


def mixture_noise(
    x_t: np.ndarray, t: Any, betas: np.ndarray, pi: np.ndarray, mu: np.ndarray, s: np.ndarray
) -> np.ndarray:
    """E[ε | x_t], the mean noise in x_t where x_0 comes from the mixture: shape (n, d).

    The noisy data are the mixture of N(√ᾱ μ_k, (ᾱ s_k² + 1 - ᾱ) I), and the mean noise is -√(1 - ᾱ) times their score
    (Y. Song and S. Ermon, Generative modeling by estimating gradients of the data distribution, 2019; the formula is
    Tweedie's).

    x_t: shape (n, d); t: an int or n ints; betas: shape (T,); pi, mu, s as in `mixture_log_density`.
    Raises ValueError as `mixture_log_density` and `q_sample` do.
    """
    ### BEGIN SOLUTION
    _check_mixture(x_t, pi, mu, s)
    bars = at_times(alpha_bars(betas), t, x_t)
    noisy_mu, noisy_s = np.sqrt(bars)[:, :, None] * mu, np.sqrt(bars * s**2 + 1 - bars)
    noise: np.ndarray = -np.sqrt(1 - bars) * _score(x_t, pi, noisy_mu, noisy_s)
    return noise
    ### END SOLUTION


def guided_noise(eps_cond: np.ndarray, eps_uncond: np.ndarray, w: float) -> np.ndarray:
    """w eps_cond + (1 - w) eps_uncond: from the noise of all data towards that of one class, and beyond it for w > 1.

    It is the noise of a density in proportion to p(x|class)^w p(x)^(1 - w), step by step (J. Ho and T. Salimans,
    Classifier-free diffusion guidance, 2022, equation 6, where w is one less).

    eps_cond, eps_uncond: shape (n, d). Raises ValueError where their shapes differ.
    """
    ### BEGIN SOLUTION
    if np.shape(eps_cond) != np.shape(eps_uncond):
        raise ValueError(f"noises of shapes {np.shape(eps_cond)} and {np.shape(eps_uncond)}")
    return w * eps_cond + (1 - w) * eps_uncond
    ### END SOLUTION


### BEGIN SOLUTION
def _check_mixture(x: np.ndarray, pi: np.ndarray, mu: np.ndarray, s: np.ndarray) -> None:
    if np.any(pi <= 0) or np.any(s <= 0) or abs(np.sum(pi) - 1) > 1e-9:
        raise ValueError("no mixture: pi and s have to be positive, and pi to sum to 1")
    if np.shape(mu) != (len(pi), np.shape(x)[1]) or len(s) != len(pi):
        raise ValueError(f"points {np.shape(x)}, pi {np.shape(pi)}, mu {np.shape(mu)}, s {np.shape(s)}")


def _score(x: np.ndarray, pi: np.ndarray, mu: np.ndarray, s: np.ndarray) -> np.ndarray:
    log_joint, scores = _parts(x, pi, mu, s)
    r = np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=1)[:, None])
    score: np.ndarray = np.sum(r[:, :, None] * scores, axis=1)
    return score


def _parts(x: np.ndarray, pi: np.ndarray, mu: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row and part the logarithm of π_k N (n, K), and its gradient by x, (μ_k - x) / s_k² (n, K, d).

    mu (K, d) and s (K,) may have an axis for rows before these.
    """
    difference = mu - x[:, None]
    log_joint = np.log(pi) - x.shape[1] * np.log(np.sqrt(2 * np.pi) * s) - np.sum(difference**2, axis=2) / (2 * s**2)
    return log_joint, difference / (s**2)[..., None]


### END SOLUTION
