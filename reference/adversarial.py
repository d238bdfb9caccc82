"""Generative adversarial networks: a generator and a discriminator that learn against each other.

The discriminator D says how likely a sample is real, the generator G turns noise into samples, and each has a loss
that the other one makes worse. Of D only its logit is ever seen here, D = σ(logit): losses of logits are exact where σ
itself is 0 or 1 in floating point.

Source of what is not said otherwise: I. Goodfellow et al., Generative adversarial nets, 2014
(https://arxiv.org/abs/1406.2661); numbers of equations and sections are the paper's.
"""

from __future__ import annotations

import numpy as np


def discriminator_loss(real: np.ndarray, fake: np.ndarray) -> float:
    """The mean of -log σ(real) plus the mean of -log(1 - σ(fake)): what D minimises, equation 1 with its sign changed.

    real: the logits of n real samples (n,); fake: those of m generated ones (m,).
    Exact at |logit| = 1000, without a warning. Raises ValueError if either is empty.
    """
    ### BEGIN SOLUTION
    _not_empty(real, fake)
    return float(np.mean(np.logaddexp(0.0, -real)) + np.mean(np.logaddexp(0.0, fake)))
    ### END SOLUTION


def generator_loss(fake: np.ndarray, kind: str) -> float:
    """What G minimises: "minimax", the mean of log(1 - σ(fake)), or "non_saturating", the mean of -log σ(fake).

    The first is equation 1; the second has the same optimum, and a large gradient where D is sure that a sample is
    fake (section 3).

    fake: the logits of m generated samples (m,). Exact at |logit| = 1000, without a warning.
    Raises ValueError if it is empty, or for another kind.
    """
    ### BEGIN SOLUTION
    _not_empty(fake)
    if kind == "minimax":
        return -float(np.mean(np.logaddexp(0.0, fake)))
    if kind == "non_saturating":
        return float(np.mean(np.logaddexp(0.0, -fake)))
    raise ValueError(f"a generator's loss of kind {kind!r}")
    ### END SOLUTION


def discriminator_gradient(real: np.ndarray, fake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The gradient of `discriminator_loss` with respect to each logit: shapes (n,) and (m,).

    Exact at |logit| = 1000. Raises ValueError if either is empty.
    """
    ### BEGIN SOLUTION
    _not_empty(real, fake)
    return -_sigmoid(-real) / len(real), _sigmoid(fake) / len(fake)
    ### END SOLUTION


def generator_gradient(fake: np.ndarray, kind: str) -> np.ndarray:
    """The gradient of `generator_loss` with respect to each logit: shape (m,).

    Exact at |logit| = 1000. Raises ValueError if `fake` is empty, or for another kind.
    """
    ### BEGIN SOLUTION
    _not_empty(fake)
    if kind == "minimax":
        return -_sigmoid(fake) / len(fake)
    if kind == "non_saturating":
        return -_sigmoid(-fake) / len(fake)
    raise ValueError(f"a generator's loss of kind {kind!r}")
    ### END SOLUTION


def optimal_discriminator(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """The best D where the data have density p and generated samples density q: p / (p + q) (proposition 1).

    log_p, log_q: logarithms of the densities at n places (n,); -2000, whose exponential is 0, is as good as any other,
    and -inf is a density of 0. Where both are -inf no sample ever lies, and the answer is 0.5.
    Raises ValueError unless both have the same shape.
    """
    ### BEGIN SOLUTION
    if np.shape(log_p) != np.shape(log_q):
        raise ValueError(f"log densities of shapes {np.shape(log_p)} and {np.shape(log_q)}")
    logit = np.zeros(np.shape(log_p))
    np.subtract(log_p, log_q, out=logit, where=log_p != log_q)  # -inf - -inf is nan
    return _sigmoid(logit)
    ### END SOLUTION


def gan_value(p: np.ndarray, q: np.ndarray) -> float:
    """The largest value over D of E_p log D + E_q log(1 - D): 2 JS(p, q) - log 4, by the best D (theorem 1).

    It is smallest, -log 4, where the generator's distribution q is the data's p. 0 log 0 counts as 0.

    p, q: the probabilities of k outcomes (k,).
    Raises ValueError unless they have the same shape, no entry is negative, and each sums to 1, to 1e-9.
    """
    ### BEGIN SOLUTION
    if np.shape(p) != np.shape(q):
        raise ValueError(f"probabilities of shapes {np.shape(p)} and {np.shape(q)}")
    for probabilities in (p, q):
        if np.any(probabilities < 0) or abs(np.sum(probabilities) - 1) > 1e-9:
            raise ValueError("wrong probabilities: none may be negative, and they have to sum to 1")
    return _log_share(p, q) + _log_share(q, p)
    ### END SOLUTION


def gan_step(params: np.ndarray, x: np.ndarray, z: np.ndarray, lr: float) -> np.ndarray:
    """One step of the smallest GAN: G(z) = a z + b, and the logit of D(x) = u x + c (algorithm 1, with k = 1).

    First u and c move by lr down the gradient of `discriminator_loss` on x and G(z); then a and b move down the
    gradient of the non-saturating loss of the same z, through the discriminator as it now is.

    params: a, b, u, c (4,); x: n real numbers (n,); z: m draws of noise (m,).
    Returns a, b, u, c after the step: shape (4,), a new array.
    """
    ### BEGIN SOLUTION
    a, b, u, c = params
    fake = a * z + b
    grad_real, grad_fake = discriminator_gradient(u * x + c, u * fake + c)
    u = u - lr * (grad_real @ x + grad_fake @ fake)
    c = c - lr * (np.sum(grad_real) + np.sum(grad_fake))
    grad = u * generator_gradient(u * fake + c, "non_saturating")  # with respect to G(z)
    return np.array([a - lr * (grad @ z), b - lr * np.sum(grad), u, c])
    ### END SOLUTION


### BEGIN SOLUTION
def _not_empty(*logits: np.ndarray) -> None:
    if any(np.size(one) == 0 for one in logits):
        raise ValueError("no logit")


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)): the exponential of a number that is never positive cannot overflow."""
    probabilities: np.ndarray = np.exp(-np.logaddexp(0.0, -z))
    return probabilities


def _log_share(p: np.ndarray, q: np.ndarray) -> float:
    """E_p log(p / (p + q))."""
    there = p > 0
    return float(np.sum(p[there] * np.log(p[there] / (p + q)[there])))


### END SOLUTION
