"""Few labels and many points: labels that spread along what lies close together.

All of it rests on one assumption: points that are near each other, or joined by a chain of points that are, have the
same label. Where it is wrong, the unlabelled points do harm.

Points are the rows of float64 arrays. A label is an integer from 0 to C - 1, and -1 where nobody has given one. No
function changes an array that it is given.
"""

import numpy as np


def rbf_affinity(X: np.ndarray, gamma: float) -> np.ndarray:
    """How alike each two points are, exp(-γ |x - x'|²), and 0 for a point and itself.

    It is the weight of the edge between them in a graph that has all points as its nodes.

    X: shape (n, d). Returns (n, n). Cost: O(n² d).
    """
    ### BEGIN SOLUTION
    affinity: np.ndarray = np.exp(-gamma * _squared_distances(X))
    np.fill_diagonal(affinity, 0.0)
    return affinity
    ### END SOLUTION


### BEGIN SOLUTION
def _squared_distances(X: np.ndarray) -> np.ndarray:
    """Of all pairs of rows."""
    distances: np.ndarray = np.sum((X[:, None] - X) ** 2, axis=2)
    return distances


### END SOLUTION


def label_spreading(W: np.ndarray, y: np.ndarray, alpha: float) -> np.ndarray:
    """How much of each label reaches each point of a graph: (1 - α) (I - α S)⁻¹ Y.

    Y (n, C) has a 1 where a point has a label, and C = max(y) + 1. S_ij = W_ij / √(d_i d_j), d_i the sum of W's row i,
    and 0 where one of the two degrees is 0. It is where F ← α S F + (1 - α) Y ends: each point listens to its
    neighbours, and does not forget what it was told (Zhou et al., Learning with local and global consistency, 2004).

    W: symmetric (n, n), no entry negative; y: n labels, -1 for none; alpha: how much comes from neighbours.
    Returns (n, C): the largest entry of row i says what label i should have. Cost: O(n³).
    Raises ValueError unless W is (n, n), there is a label, and 0 <= alpha < 1.
    """
    ### BEGIN SOLUTION
    n = len(y)
    if np.shape(W) != (n, n) or np.all(y < 0) or not 0 <= alpha < 1:
        raise ValueError(f"weights of shape {np.shape(W)} for labels {y}, alpha {alpha}")
    Y = (y[:, None] == np.arange(np.max(y) + 1)).astype(float)
    roots = np.sqrt(np.outer(np.sum(W, axis=1), np.sum(W, axis=1)))
    S = np.divide(W, roots, out=np.zeros((n, n)), where=roots > 0)
    spread: np.ndarray = (1 - alpha) * np.linalg.solve(np.eye(n) - alpha * S, Y)
    return spread
    ### END SOLUTION


def self_training(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """All labels, by the surest step first: the unlabelled point nearest to a labelled one takes its label.

    That point is a labelled one from then on, and so it goes until no point is left without. At equal distance the
    smaller unlabelled index comes first, then the smaller labelled one (Zhu and Goldberg, Introduction to
    semi-supervised learning, 2009: propagating the nearest neighbour; the idea is Scudder's, 1965).

    X: shape (n, d); y: n labels, -1 for none. Returns n labels. Cost: O(n² d), and the search.
    Raises ValueError if there is no label, or if y's length is not n.
    """
    ### BEGIN SOLUTION
    if len(X) != len(y) or np.all(y < 0):
        raise ValueError(f"{len(X)} points with labels {y}")
    labels = np.array(y)
    distances = _squared_distances(X)
    while np.any(labels < 0):
        without, given = np.flatnonzero(labels < 0), np.flatnonzero(labels >= 0)
        gaps = distances[np.ix_(without, given)]
        i, j = np.unravel_index(np.argmin(gaps), gaps.shape)  # the first by rows, as ties want it
        labels[without[i]] = labels[given[j]]
    return labels
    ### END SOLUTION


def two_moons(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """n points of two half circles that reach into each other, (n, 2), and which of the two each is on, (n,)."""
    moon = rng.integers(2, size=n)
    angle = np.pi * (rng.random(n) + moon)
    centres = np.stack([moon - 0.5, 0.5 * moon - 0.25], axis=1)
    return centres + np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.08 * rng.normal(size=(n, 2)), moon
