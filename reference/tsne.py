"""t-SNE: a map of the plane on which points that are neighbours in many dimensions are neighbours too.

Who is whose neighbour is told by probabilities: p_ij of the data, from Gaussians, and q_ij of the map, from a curve
with heavier tails, so that what is moderately far may be much farther on the map. The map's points move until the q_ij
are as near to the p_ij as they can be, in Kullback and Leibler's sense.

All formulas are those of L. van der Maaten and G. Hinton, Visualizing data using t-SNE, 2008
(https://www.jmlr.org/papers/v9/vandermaaten08a.html); the numbers of the equations are the paper's.

Arrays are float64, and no function changes one that it is given.
"""

import numpy as np

from reference.clustering import pairwise_squared_distances


def conditional_probabilities(D: np.ndarray, perplexity: float) -> np.ndarray:
    """How likely each point is to pick each other one as its neighbour, from a Gaussian around it.

    Row i is p(j|i), proportional to exp(-β_i D_ij) for j != i and 0 at j = i. Its β_i = 1 / (2 σ_i²) is such that its
    entropy -Σ_j p(j|i) log p(j|i) is log(perplexity), natural logarithms: so each point has about `perplexity`
    neighbours, in dense regions and in sparse ones. The larger β is, the smaller the entropy: that is what bisection
    needs (van der Maaten and Hinton, 2008, equation 1).

    D: squared distances (n, n), of any scale. Returns (n, n); entropies are right to 1e-10.
    Raises ValueError unless 1 < perplexity < n - 1.
    """
    ### BEGIN SOLUTION
    n = len(D)
    if not 1 < perplexity < n - 1:
        raise ValueError(f"a perplexity of {perplexity} for {n} points")
    others = ~np.eye(n, dtype=bool)
    D = D[others].reshape(n, -1)
    D = D - np.min(D, axis=1, keepdims=True)  # the probabilities are the same, and some exponential is 1
    high = np.full((n, 1), 300.0)  # of log β, so that any scale will do
    low = -high
    for _ in range(64):
        middle = (low + high) / 2
        too_flat = _gaussian(np.exp(middle) * D)[1] > np.log(perplexity)
        low, high = np.where(too_flat, middle, low), np.where(too_flat, high, middle)
    P = np.zeros((n, n))
    P[others] = _gaussian(np.exp(low) * D)[0].ravel()
    return P
    ### END SOLUTION


def joint_probabilities(P: np.ndarray) -> np.ndarray:
    """From p(j|i), shape (n, n), the symmetric p_ij = (p(j|i) + p(i|j)) / 2n, whose sum is 1.

    That is section 3.1 of van der Maaten and Hinton, 2008.
    """
    ### BEGIN SOLUTION
    joint: np.ndarray = (P + P.T) / (2 * len(P))
    return joint
    ### END SOLUTION


def student_t_affinities(Y: np.ndarray) -> np.ndarray:
    """The map's q_ij, proportional to 1 / (1 + |y_i - y_j|²), 0 at i = j, with sum 1 over all pairs.

    Y: the map's points (n, d). Returns (n, n). It is equation 4 of van der Maaten and Hinton, 2008.
    """
    ### BEGIN SOLUTION
    affinities: np.ndarray = _heavy_tailed(Y) / np.sum(_heavy_tailed(Y))
    return affinities
    ### END SOLUTION


def kl_divergence(P: np.ndarray, Q: np.ndarray) -> float:
    """Σ p log(p / q), what it costs to take Q for P (Kullback and Leibler, On information and sufficiency, 1951).

    A term is 0 where p = 0, whatever q is, and infinite where p > 0 = q. P, Q: arrays of the same shape.
    """
    ### BEGIN SOLUTION
    there = P > 0
    with np.errstate(divide="ignore"):  # log 0 is -inf, as it should be
        return float(np.sum(P[there] * (np.log(P[there]) - np.log(Q[there]))))
    ### END SOLUTION


def tsne_gradient(P: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """The gradient of kl_divergence(P, student_t_affinities(Y)) with respect to Y, shape (n, 2).

    Row i is 4 Σ_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|²): a spring between each two points, which pulls where
    they are too rarely neighbours on the map and pushes where they are so too often (van der Maaten and Hinton, 2008,
    equation 5).

    P: symmetric (n, n), with sum 1; Y: shape (n, 2).
    """
    ### BEGIN SOLUTION
    weights = _heavy_tailed(Y)
    springs = (P - weights / np.sum(weights)) * weights
    gradient: np.ndarray = 4 * (np.sum(springs, axis=1)[:, None] * Y - springs @ Y)
    return gradient
    ### END SOLUTION


def exaggerated(P: np.ndarray, step: int, steps: int) -> np.ndarray:
    """4 P in the first half of the steps, then P: so neighbours find together before the map spreads.

    Its inventors call it early exaggeration (van der Maaten and Hinton, 2008, section 3.4).
    """
    return 4 * P if step < steps / 2 else P


def tsne(X: np.ndarray, perplexity: float, steps: int, rng: np.random.Generator) -> np.ndarray:
    """A map of the rows of X, shape (n, d), by gradient descent from a small random cloud: shape (n, 2).

    It takes early exaggeration to get out of that cloud, `exaggerated`. Any recipe will do that makes a good map within
    a hundred steps.
    """
    ### BEGIN SOLUTION
    D = pairwise_squared_distances(X, X)
    P = joint_probabilities(conditional_probabilities(D, perplexity))
    Y = rng.normal(scale=1e-4, size=(len(X), 2))
    for step in range(steps):
        Y -= len(X) * tsne_gradient(exaggerated(P, step, steps), Y)
    return Y
    ### END SOLUTION


### BEGIN SOLUTION
def _gaussian(E: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row, the probabilities p ~ exp(-E), and their entropy, log Σ exp(-E) + Σ p E, as a column."""
    weights = np.exp(-E)
    total = np.sum(weights, axis=1, keepdims=True)
    p = weights / total
    return p, np.log(total) + np.sum(p * E, axis=1, keepdims=True)


def _heavy_tailed(Y: np.ndarray) -> np.ndarray:
    """Student's t density, one degree of freedom, of all pairs of rows, but for its factor; no row is its own pair."""
    weights: np.ndarray = 1 / (1 + pairwise_squared_distances(Y, Y))
    np.fill_diagonal(weights, 0.0)
    return weights


### END SOLUTION
