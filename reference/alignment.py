"""Translating without a dictionary: the words of two languages, each with an embedding of its own, in one space.

Two embeddings know nothing of each other's axes. But what is near what is much the same in both languages, so that a
rotation can lay one cloud of words on the other. With a few translations the rotation has a closed form; it then finds
more translations, and these a better rotation. That is G. Lample, A. Conneau, M. Ranzato, L. Denoyer and H. Jégou,
Word translation without parallel data, 2018 (https://arxiv.org/abs/1710.04087), whose sections are named below.
What is left out is how they begin without a single translation: a network tries to tell the languages apart, and W to
fool it.

X has the rows x_i of one language, Y the rows of the other, in as many dimensions; W x_i is a row of X W^T. Arrays are
float64, and no function changes one that it is given.
"""

import numpy as np

from reference.analogies import cosine_similarity


def procrustes(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """The orthogonal matrix W that minimises Σ_i |W x_i - y_i|²; it may reflect as well as rotate.

    It is U V^T, of the singular value decomposition Y^T X = U Σ V^T (P. Schönemann, A generalized solution of the
    orthogonal Procrustes problem, 1966; Lample et al., Word translation without parallel data, 2018, section 2).

    X, Y: shape (n, d) both, row i of one belonging to row i of the other. Returns shape (d, d).
    Raises ValueError where shapes differ.
    """
    ### BEGIN SOLUTION
    if X.shape != Y.shape:
        raise ValueError(f"rows of shapes {X.shape} and {Y.shape}")
    U, _, Vt = np.linalg.svd(Y.T @ X)
    W: np.ndarray = U @ Vt
    return W
    ### END SOLUTION


def orthogonalize(W: np.ndarray, beta: float = 0.01) -> np.ndarray:
    """A step from W, shape (d, d), towards the orthogonal matrices: (1 + β) W - β W W^T W.

    Lample et al., 2018, section 3.3, take it after each step of gradient descent.
    """
    ### BEGIN SOLUTION
    nearer: np.ndarray = (1 + beta) * W - beta * W @ W.T @ W
    return nearer
    ### END SOLUTION


def csls(X: np.ndarray, Y: np.ndarray, k: int) -> np.ndarray:
    """Cross-domain similarity local scaling: 2 cos(x, y) - r_Y(x) - r_X(y) for all rows x of X, y of Y.

    r_Y(x) is the mean of the k largest cosines of x with rows of Y, r_X(y) that of y with rows of X. So a hub, a word
    that is near to everything, is no longer everybody's translation (Lample et al., 2018, section 2.3).

    X: shape (n, d); Y: shape (m, d). Returns shape (n, m).
    Raises ValueError unless 1 <= k <= min(n, m).
    """
    ### BEGIN SOLUTION
    if not 1 <= k <= min(len(X), len(Y)):
        raise ValueError(f"{k} neighbours among {len(X)} and {len(Y)} words")
    cosines = cosine_similarity(X, Y)
    of_x = np.mean(np.sort(cosines, axis=1)[:, -k:], axis=1)
    of_y = np.mean(np.sort(cosines, axis=0)[-k:], axis=0)
    similarities: np.ndarray = 2 * cosines - of_x[:, None] - of_y
    return similarities
    ### END SOLUTION


def mutual_nearest_neighbours(S: np.ndarray) -> np.ndarray:
    """The pairs (i, j) that choose each other: j is the best of row i, and i the best of column j.

    At equal entries the smaller index is better.

    S: similarities (n, m). Returns integers of shape (p, 2), in the order of i.
    """
    ### BEGIN SOLUTION
    best_of_row, best_of_column = np.argmax(S, axis=1), np.argmax(S, axis=0)
    i = np.arange(len(S))
    pairs: np.ndarray = np.column_stack([i, best_of_row])[best_of_column[best_of_row] == i]
    return pairs
    ### END SOLUTION


def refine(X: np.ndarray, Y: np.ndarray, W: np.ndarray, k: int) -> np.ndarray:
    """A better W from a good one: the translations it is surest of, and the rotation that these ask for.

    The pairs are the mutual nearest neighbours of csls(X W^T, Y, k); the answer is `procrustes` on these (Lample et
    al., 2018, section 2.2).

    X: shape (n, d); Y: shape (m, d); W: shape (d, d). Returns shape (d, d).
    """
    ### BEGIN SOLUTION
    i, j = mutual_nearest_neighbours(csls(X @ W.T, Y, k)).T
    return procrustes(X[i], Y[j])
    ### END SOLUTION
