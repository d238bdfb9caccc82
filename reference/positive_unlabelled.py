"""Learning from positive and unlabelled examples: nobody has said of any what it is not.

Among the unlabelled ones are positives and negatives; their share of positives, the prior π, is known. Two ways lead
from there to a classifier. One rewrites its risk so that no negative example is needed, the other takes "labelled or
not" as the class and corrects what comes out.

The scores here are linear, g(x) = w·x (a column of ones gives a threshold), and the loss is the logistic one,
ℓ(z) = log(1 + e⁻ᶻ): ℓ(g) is what a score costs on a positive, ℓ(-g) on a negative. Rows of X_p (n_p, d) are positives,
those of X_u (n_u, d) unlabelled. Arrays are float64, and no function changes one that it is given.
"""

import numpy as np


def upu_risk(w: np.ndarray, X_p: np.ndarray, X_u: np.ndarray, prior: float) -> float:
    """The risk of g(x) = w·x without negatives: π mean_p ℓ(g) + R⁻, with R⁻ = mean_u ℓ(-g) - π mean_p ℓ(-g).

    R⁻ estimates what negatives cost: the unlabelled, all taken for negatives, less the positives among them. It is
    unbiased, and so may come out negative, though a mean loss never is (du Plessis et al., Convex formulation for
    learning from positive and unlabeled data, 2015).

    w: shape (d,); X_p: positives, (n_p, d); X_u: unlabelled, (n_u, d). Exact for large scores, |g| = 1000, too.
    Raises ValueError unless 0 < prior < 1.
    """
    ### BEGIN SOLUTION
    negative = _negative_risk(w, X_p, X_u, prior)
    return float(prior * np.mean(_loss(X_p @ w)) + negative)
    ### END SOLUTION


def upu_gradient(w: np.ndarray, X_p: np.ndarray, X_u: np.ndarray, prior: float) -> np.ndarray:
    """The gradient of upu_risk with respect to w, shape (d,).

    w: shape (d,); X_p: positives, (n_p, d); X_u: unlabelled, (n_u, d). Raises ValueError unless 0 < prior < 1.
    """
    ### BEGIN SOLUTION
    gradient: np.ndarray = _negative_gradient(w, X_p, X_u, prior) - prior * _sigmoid(-X_p @ w) @ X_p / len(X_p)
    return gradient
    ### END SOLUTION


def nnpu_risk(w: np.ndarray, X_p: np.ndarray, X_u: np.ndarray, prior: float) -> float:
    """upu_risk with max(0, R⁻) in place of R⁻, as negatives cannot cost less than nothing.

    R. Kiryo et al., Positive-unlabeled learning with non-negative risk estimator, 2017
    (https://arxiv.org/abs/1703.00593). Exact for |g| = 1000 too.

    w: shape (d,); X_p: positives, (n_p, d); X_u: unlabelled, (n_u, d). Raises ValueError unless 0 < prior < 1.
    """
    ### BEGIN SOLUTION
    negative = _negative_risk(w, X_p, X_u, prior)
    return float(prior * np.mean(_loss(X_p @ w)) + max(0.0, negative))
    ### END SOLUTION


def nnpu_gradient(w: np.ndarray, X_p: np.ndarray, X_u: np.ndarray, prior: float) -> np.ndarray:
    """The gradient of nnpu_risk with respect to w, shape (d,).

    Where R⁻ < 0 only the positives' part is left; at R⁻ = 0, where there is no derivative, R⁻'s gradient counts.

    w: shape (d,); X_p: positives, (n_p, d); X_u: unlabelled, (n_u, d). Raises ValueError unless 0 < prior < 1.
    """
    ### BEGIN SOLUTION
    gradient = upu_gradient(w, X_p, X_u, prior)
    if _negative_risk(w, X_p, X_u, prior) < 0:
        gradient = gradient - _negative_gradient(w, X_p, X_u, prior)
    return gradient
    ### END SOLUTION


def nnpu_step(
    w: np.ndarray,
    X_p: np.ndarray,
    X_u: np.ndarray,
    prior: float,
    lr: float,
    beta: float = 0.0,
    gamma: float = 1.0,
) -> np.ndarray:
    """One step of training: down uPU's gradient where R⁻ >= -β, otherwise γ lr up the gradient of R⁻.

    So a risk that has become too small to be true is made larger again, rather than left alone (Kiryo et al., 2017,
    algorithm 1, on all data at once).

    w: shape (d,); X_p: positives, (n_p, d); X_u: unlabelled, (n_u, d). Returns the new weights, shape (d,).
    Raises ValueError unless 0 < prior < 1.
    """
    ### BEGIN SOLUTION
    if _negative_risk(w, X_p, X_u, prior) >= -beta:
        moved: np.ndarray = w - lr * upu_gradient(w, X_p, X_u, prior)
    else:
        moved = w + gamma * lr * _negative_gradient(w, X_p, X_u, prior)
    return moved
    ### END SOLUTION


def fit_nnpu(X_p: np.ndarray, X_u: np.ndarray, prior: float, lr: float, steps: int) -> np.ndarray:
    """The weights after `steps` calls of nnpu_step from 0, with β = 0 and γ = 1: shape (d,).

    A point x is then taken for a positive where w·x > 0. X_p: positives, (n_p, d); X_u: unlabelled, (n_u, d).
    Raises ValueError unless 0 < prior < 1.
    """
    ### BEGIN SOLUTION
    w = np.zeros(X_p.shape[1])
    for _ in range(steps):
        w = nnpu_step(w, X_p, X_u, prior, lr=lr)
    return w
    ### END SOLUTION


def label_frequency(g: np.ndarray, s: np.ndarray) -> float:
    """c = P(s = 1 | y = 1), the share of the positives that are labelled: the mean of g where s = 1.

    g (n,) estimates P(s = 1 | x), the probability that an example is labelled; it is c times P(y = 1 | x), and certain
    positives have g = c (Elkan and Noto, Learning classifiers from only positive and unlabeled data, 2008,
    estimator e1; it wants examples that g was not trained on).

    s: shape (n,), 1 where an example is labelled and 0 elsewhere. Raises ValueError if s is 1 nowhere.
    """
    ### BEGIN SOLUTION
    if not np.any(s == 1):
        raise ValueError("no example is labelled")
    return float(np.mean(g[s == 1]))
    ### END SOLUTION


def elkan_noto(g: np.ndarray, c: float) -> np.ndarray:
    """P(y = 1 | x) = g / c, at most 1, of g = P(s = 1 | x): lemma 1 of Elkan and Noto, 2008.

    It holds if positives are labelled at random, each with probability c. g: shape (n,), and so is what is returned.
    Raises ValueError unless 0 < c <= 1.
    """
    ### BEGIN SOLUTION
    if not 0 < c <= 1:
        raise ValueError(f"a share {c} of the positives that are labelled")
    probability: np.ndarray = np.minimum(g / c, 1.0)
    return probability
    ### END SOLUTION


def elkan_noto_weights(g: np.ndarray, c: float) -> np.ndarray:
    """P(y = 1 | x, s = 0) = (1 - c) / c · g / (1 - g): how likely each example is positive though it is not labelled.

    An unlabelled example can then count as a positive with this weight, and as a negative with the rest (Elkan and
    Noto, 2008, section 3). The weight is at most 1, and 1 at g = 1. g: shape (n,), and so is what is returned.
    Raises ValueError unless 0 < c <= 1.
    """
    ### BEGIN SOLUTION
    if not 0 < c <= 1:
        raise ValueError(f"a share {c} of the positives that are labelled")
    weights = np.ones(len(g))
    below = g < c  # the formula gives 1 at g = c, and grows
    weights[below] = (1 - c) / c * g[below] / (1 - g[below])
    return weights
    ### END SOLUTION


### BEGIN SOLUTION
def _loss(z: np.ndarray) -> np.ndarray:
    """ℓ(z) = log(1 + e⁻ᶻ), without forming e⁻ᶻ."""
    loss: np.ndarray = np.logaddexp(0.0, -z)
    return loss


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + e⁻ᶻ), which is exp(-ℓ(z)), and -ℓ'(-z)."""
    sigmoid: np.ndarray = np.exp(-_loss(z))
    return sigmoid


def _check_prior(prior: float) -> None:
    if not 0 < prior < 1:
        raise ValueError(f"a prior of {prior}")


def _negative_risk(w: np.ndarray, X_p: np.ndarray, X_u: np.ndarray, prior: float) -> float:
    """R⁻, what negatives cost."""
    _check_prior(prior)
    return float(np.mean(_loss(-X_u @ w)) - prior * np.mean(_loss(-X_p @ w)))


def _negative_gradient(w: np.ndarray, X_p: np.ndarray, X_u: np.ndarray, prior: float) -> np.ndarray:
    """R⁻'s derivative by w: ℓ(-g) grows with g by σ(g)."""
    _check_prior(prior)
    gradient: np.ndarray = _sigmoid(X_u @ w) @ X_u / len(X_u) - prior * _sigmoid(X_p @ w) @ X_p / len(X_p)
    return gradient


### END SOLUTION
