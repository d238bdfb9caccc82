"""Diffusion: noise is added to data step by step, and a model of that noise leads back from noise to data.

The way there is fixed. At each of T steps a sample shrinks a little and gets a little noise, of variance β_t; so after
any number of steps it is known at once, from the product ᾱ_t of all 1 - β so far: x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε. All
that is learnt is to tell ε from x_t. The way back takes it away, with new noise at every step (DDPM) or with none
(DDIM).

Samples are the rows of float64 arrays x (n, d); ε has their shape. t counts from 0 to T - 1, and ᾱ is 1 before t = 0.
It is one int for all rows, or n ints, one for each. No function changes an array that it is given.

Source of what is not said otherwise: J. Ho, A. Jain and P. Abbeel, Denoising diffusion probabilistic models, 2020
(https://arxiv.org/abs/2006.11239), whose t counts from 1; numbers of equations are the paper's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def linear_betas(T: int, start: float = 1e-4, end: float = 0.02) -> np.ndarray:
    """T variances at equal distances from start to end, both of them in (section 4).

    Raises ValueError unless T >= 2.
    """
    ### BEGIN SOLUTION
    if T < 2:
        raise ValueError(f"{T} steps")
    return np.linspace(start, end, T)
    ### END SOLUTION


def cosine_betas(T: int, s: float = 0.008) -> np.ndarray:
    """The T variances with which ᾱ_t is f(t + 1) / f(0), f(t) = cos²(π/2 (t/T + s) / (1 + s)); none above 0.999.

    So β_t = min(1 - f(t + 1) / f(t), 0.999) for t = 0 … T - 1 (A. Nichol and P. Dhariwal, Improved denoising diffusion
    probabilistic models, 2021, equation 17).
    """
    ### BEGIN SOLUTION
    f = np.cos(np.pi / 2 * (np.arange(T + 1) / T + s) / (1 + s)) ** 2
    betas: np.ndarray = np.minimum(1 - f[1:] / f[:-1], 0.999)
    return betas
    ### END SOLUTION


def alpha_bars(betas: np.ndarray) -> np.ndarray:
    """ᾱ_t, the product of 1 - β_s over all s <= t, for every t: shape (T,). What is left of a signal's variance.

    Raises ValueError unless every β is inside (0, 1).
    """
    ### BEGIN SOLUTION
    _check_betas(betas)
    return np.cumprod(1 - betas)
    ### END SOLUTION


def q_sample(x0: np.ndarray, t: Any, noise: np.ndarray, betas: np.ndarray) -> np.ndarray:
    """x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε, at once (equation 4). x0, noise: shape (n, d); t: an int or n ints.

    Raises ValueError unless every t is in 0 … T - 1, they are one or n, every β is inside (0, 1), and x0 and noise have
    the same shape.
    """
    ### BEGIN SOLUTION
    bars = at_times(alpha_bars(betas), t, x0, noise)
    x_t: np.ndarray = np.sqrt(bars) * x0 + np.sqrt(1 - bars) * noise
    return x_t
    ### END SOLUTION


def predict_x0(x_t: np.ndarray, t: Any, eps: np.ndarray, betas: np.ndarray) -> np.ndarray:
    """The x_0 from which noise `eps` leads to x_t: equation 4 solved for x_0. Shape (n, d).

    Raises ValueError as `q_sample` does.
    """
    ### BEGIN SOLUTION
    bars = at_times(alpha_bars(betas), t, x_t, eps)
    x0: np.ndarray = (x_t - np.sqrt(1 - bars) * eps) / np.sqrt(bars)
    return x0
    ### END SOLUTION


def predict_noise(x_t: np.ndarray, t: Any, x0: np.ndarray, betas: np.ndarray) -> np.ndarray:
    """The noise that leads from x0 to x_t: equation 4 solved for ε. Shape (n, d).

    Raises ValueError as `q_sample` does.
    """
    ### BEGIN SOLUTION
    bars = at_times(alpha_bars(betas), t, x_t, x0)
    noise: np.ndarray = (x_t - np.sqrt(bars) * x0) / np.sqrt(1 - bars)
    return noise
    ### END SOLUTION


def noise_loss(W: np.ndarray, b: np.ndarray, x0: np.ndarray, t: Any, noise: np.ndarray, betas: np.ndarray) -> float:
    """The mean over the rows of |W x_t + b - ε|²: what the noise model W x + b misses (equation 14).

    W: shape (d, d); b: shape (d,); x0, noise: shape (n, d); t: an int or n ints.
    Raises ValueError as `q_sample` does.
    """
    ### BEGIN SOLUTION
    x_t = q_sample(x0, t, noise, betas)
    return float(np.sum((x_t @ W.T + b - noise) ** 2) / len(x0))
    ### END SOLUTION


def noise_loss_gradient(
    W: np.ndarray, b: np.ndarray, x0: np.ndarray, t: Any, noise: np.ndarray, betas: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of `noise_loss` with respect to W, shape (d, d), and to b, shape (d,).

    Raises ValueError as `q_sample` does.
    """
    ### BEGIN SOLUTION
    x_t = q_sample(x0, t, noise, betas)
    grad = 2 * (x_t @ W.T + b - noise) / len(x0)  # with respect to the predictions
    return grad.T @ x_t, np.sum(grad, axis=0)
    ### END SOLUTION


def q_posterior(x0: np.ndarray, x_t: np.ndarray, t: Any, betas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n, d) and variance (n,) of the Gaussian q(x_{t-1} | x_t, x_0), one step back given x_0.

    With ᾱ' = ᾱ_{t-1}, the mean is (√ᾱ' β_t x_0 + √(1 - β_t) (1 - ᾱ') x_t) / (1 - ᾱ_t), and the variance
    β_t (1 - ᾱ') / (1 - ᾱ_t) (equations 6 and 7). At t = 0, where ᾱ' = 1, they are x_0 and 0.

    Raises ValueError as `q_sample` does.
    """
    ### BEGIN SOLUTION
    bars = alpha_bars(betas)
    bar = at_times(bars, t, x0, x_t)
    before = at_times(np.concatenate([[1.0], bars[:-1]]), t, x0, x_t)
    beta = at_times(betas, t, x0, x_t)
    mean = (np.sqrt(before) * beta * x0 + np.sqrt(1 - beta) * (1 - before) * x_t) / (1 - bar)
    return mean, (beta * (1 - before) / (1 - bar))[:, 0]
    ### END SOLUTION


def ddpm_step(x_t: np.ndarray, t: int, eps: np.ndarray, betas: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """From x_t a draw of x_{t-1}, where `eps` is thought to be its noise (algorithm 2, line 4).

    That is the mean of `q_posterior` at the x_0 of `predict_x0`, plus the root of its variance times z,
    z = rng.standard_normal(x_t.shape). At t = 0 nothing is drawn. (For σ_t² the paper has two choices, β_t and, as
    here, the posterior's variance: section 3.2.)

    Raises ValueError as `q_sample` does.
    """
    ### BEGIN SOLUTION
    mean, var = q_posterior(predict_x0(x_t, t, eps, betas), x_t, t, betas)
    if t == 0:
        return mean
    drawn: np.ndarray = mean + np.sqrt(var)[:, None] * rng.standard_normal(x_t.shape)
    return drawn
    ### END SOLUTION


def ddim_step(
    x_t: np.ndarray,
    t: int,
    t_prev: int,
    eps: np.ndarray,
    betas: np.ndarray,
    eta: float = 0.0,
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """From x_t to x_{t_prev}, many steps at once and, with eta = 0, without a draw.

    With ᾱ = ᾱ_t, ᾱ' = ᾱ_{t_prev} (1 for t_prev = -1) and σ = eta √((1 - ᾱ') / (1 - ᾱ)) √(1 - ᾱ / ᾱ'), it is
    √ᾱ' predict_x0 + √(1 - ᾱ' - σ²) eps + σ z, z = rng.standard_normal(x_t.shape), drawn only if σ > 0 (J. Song, C.
    Meng and S. Ermon, Denoising diffusion implicit models, 2021, equations 12 and 16). Where rounding puts 1 - ᾱ' - σ²
    below 0, it counts as 0. eta = 1 and t_prev = t - 1 is `ddpm_step`.

    Raises ValueError as `q_sample` does, and unless -1 <= t_prev < t and 0 <= eta <= 1, with an rng if eta > 0.
    """
    ### BEGIN SOLUTION
    x0 = predict_x0(x_t, t, eps, betas)
    if not -1 <= t_prev < t or not 0 <= eta <= 1:
        raise ValueError(f"from step {t} to step {t_prev} with eta = {eta}")
    if eta > 0 and rng is None:
        raise ValueError("eta > 0 needs a generator")
    bar, before = np.append(alpha_bars(betas), 1.0)[[t, t_prev]]  # the last one, at -1, is 1
    sigma = eta * np.sqrt((1 - before) / (1 - bar)) * np.sqrt(1 - bar / before)
    x: np.ndarray = np.sqrt(before) * x0 + np.sqrt(np.maximum(1 - before - sigma**2, 0.0)) * eps
    if sigma > 0 and rng is not None:
        x = x + sigma * rng.standard_normal(x_t.shape)
    return x
    ### END SOLUTION


def ddpm_sample(
    model: Callable[[np.ndarray, int], np.ndarray], n: int, d: int, betas: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """n samples of d numbers, from noise: `rng.standard_normal((n, d))`, then ddpm_step from t = T - 1 to 0.

    model: takes x_t (n, d) and t to the noise that it finds in x_t (n, d); called once a step (algorithm 2).
    Raises ValueError unless every β is inside (0, 1).
    """
    ### BEGIN SOLUTION
    x = rng.standard_normal((n, d))
    for t in reversed(range(len(betas))):
        x = ddpm_step(x, t, model(x, t), betas, rng)
    return x
    ### END SOLUTION


def ddim_sample(
    model: Callable[[np.ndarray, int], np.ndarray],
    n: int,
    d: int,
    betas: np.ndarray,
    steps: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """n samples of d numbers, from noise in few steps: `rng.standard_normal((n, d))`, then ddim_step with eta = 0.

    It goes through the times (i + 1) T // steps - 1 for i = steps - 1, …, 0, and then to -1 (Song et al., section 4.2).

    Raises ValueError unless 1 <= steps <= T and every β is inside (0, 1).
    """
    ### BEGIN SOLUTION
    if not 1 <= steps <= len(betas):
        raise ValueError(f"{steps} steps through {len(betas)} times")
    x = rng.standard_normal((n, d))
    times = [i * len(betas) // steps - 1 for i in range(steps + 1)]
    for i in reversed(range(steps)):
        x = ddim_step(x, times[i + 1], times[i], model(x, times[i + 1]), betas)
    return x
    ### END SOLUTION


### BEGIN SOLUTION
def _check_betas(betas: np.ndarray) -> None:
    if not np.all((betas > 0) & (betas < 1)):
        raise ValueError("betas outside (0, 1)")


def at_times(values: np.ndarray, t: Any, *arrays: np.ndarray) -> np.ndarray:
    """Of T values those at t, as a column (n, 1) for arrays of n rows, whose shapes have to be the same."""
    shapes = {np.shape(array) for array in arrays}
    n = len(arrays[0])
    if len(shapes) > 1 or np.shape(t) not in ((), (n,)):
        raise ValueError(f"arrays of shapes {shapes} with times of shape {np.shape(t)}")
    if np.any(np.less(t, 0) | np.greater_equal(t, len(values))):
        raise ValueError(f"a time outside 0 … {len(values) - 1}")
    column: np.ndarray = np.broadcast_to(values[t], n)[:, None]
    return column


### END SOLUTION
