"""Learning by distance: nearest neighbours, and k-means, which needs no labels.

Both ask one question of their data: which points are near? So the first function computes all distances at once, and
the others read off what is smallest. The distances are squared: the nearest stays the nearest, and a root is saved.

Points are the rows of float64 arrays, n points of d numbers below. No function changes an array that it is given.
"""

from collections.abc import Callable
from typing import Any

import numpy as np


def pairwise_squared_distances(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """The squared Euclidean distance of every row of X to every row of Y.

    |x - y|² is |x|² + |y|² - 2 x·y: so the work is one product of matrices, O(n m d), and no array is larger than the
    answer. Of equal rows far from 0, rounding can make that slightly negative; a squared distance never is.

    X: shape (n, d); Y: shape (m, d).
    Returns shape (n, m), no entry negative.
    Raises ValueError unless both are 2-D with the same number of columns.
    """
    ### BEGIN SOLUTION
    if np.ndim(X) != 2 or np.ndim(Y) != 2 or X.shape[1] != Y.shape[1]:
        raise ValueError(f"points of shapes {np.shape(X)} and {np.shape(Y)}")
    squares = np.sum(X**2, axis=1)[:, None] + np.sum(Y**2, axis=1)
    distances: np.ndarray = np.maximum(squares - 2 * X @ Y.T, 0.0)
    return distances
    ### END SOLUTION


def knn_predict(X_train: np.ndarray, y_train: np.ndarray, X_test: np.ndarray, k: int) -> np.ndarray:
    """The label that most of the k nearest training points have, for each test point.

    At equal distance the training point with the smaller index is nearer; at equal votes the smallest label wins
    (Fix and Hodges, Discriminatory analysis: nonparametric discrimination, 1951; Cover and Hart, Nearest neighbor
    pattern classification, 1967).

    X_train: shape (n, d); y_train: n integers, of any sign; X_test: shape (m, d).
    Returns m labels. Cost: O(n m (d + log n)); nothing is learnt beforehand.
    Raises ValueError unless 1 <= k <= n and there are n labels.
    """
    ### BEGIN SOLUTION
    if not 1 <= k <= len(X_train) or len(y_train) != len(X_train):
        raise ValueError(f"{k} neighbours among {len(X_train)} points with {len(y_train)} labels")
    order = np.argsort(pairwise_squared_distances(X_test, X_train), axis=1, kind="stable")
    predicted = np.empty(len(X_test), dtype=np.asarray(y_train).dtype)
    for i, nearest in enumerate(order[:, :k]):
        labels, votes = np.unique(y_train[nearest], return_counts=True)  # sorted: the first largest is the smallest
        predicted[i] = labels[np.argmax(votes)]
    return predicted
    ### END SOLUTION


def assign_clusters(X: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """The index of the nearest centre for each point; at equal distance the smallest index.

    X: shape (n, d); centers: shape (k, d). Returns n integers from 0 to k - 1.
    """
    ### BEGIN SOLUTION
    labels: np.ndarray = np.argmin(pairwise_squared_distances(X, centers), axis=1)
    return labels
    ### END SOLUTION


def inertia(X: np.ndarray, centers: np.ndarray) -> float:
    """What k-means minimises: the sum over the points of the squared distance to the nearest centre.

    X: shape (n, d); centers: shape (k, d).
    """
    ### BEGIN SOLUTION
    return float(np.sum(np.min(pairwise_squared_distances(X, centers), axis=1)))
    ### END SOLUTION


def kmeans_step(X: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One step of Lloyd's algorithm: assign each point to its nearest centre, then move each centre to their mean.

    A centre to which no point was assigned stays where it is (S. P. Lloyd, Least squares quantization in PCM, 1982;
    written in 1957).

    X: shape (n, d); centers: shape (k, d).
    Returns the labels (n,) and the centres after they have moved (k, d), a new array.
    """
    ### BEGIN SOLUTION
    labels = assign_clusters(X, centers)
    moved = np.array(centers, dtype=float)
    for j in np.unique(labels):
        moved[j] = np.mean(X[labels == j], axis=0)
    return labels, moved
    ### END SOLUTION


def kmeans(X: np.ndarray, centers: np.ndarray, max_iter: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Lloyd's algorithm: steps from these centres until none of them moves any more, at most max_iter steps.

    The inertia never grows from step to step, and there are finitely many ways to assign points: without the limit it
    ends too, though where depends on the start.

    X: shape (n, d); centers: shape (k, d), where to begin.
    Returns the labels (n,) and the centres (k, d): each point has the label of the nearest of the centres returned.
    """
    ### BEGIN SOLUTION
    for _ in range(max_iter):
        _, moved = kmeans_step(X, centers)
        if np.array_equal(moved, centers):
            break
        centers = moved
    return assign_clusters(X, centers), centers
    ### END SOLUTION


def kmeans_plus_plus(X: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """k of the points to begin k-means with, drawn so that they lie far from each other.

    The first is row rng.integers(n). Each further one is row rng.choice(n, p=D / D.sum()), D (n,) being the squared
    distances of all points to the nearest one chosen so far. The inertia is then within a factor O(log k) of the best,
    on average, before the first step (Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, 2007).

    X: shape (n, d). Returns rows of X, in the order in which they are drawn: shape (k, d).
    Raises ValueError where X has fewer than k different rows, or k < 1.
    """
    ### BEGIN SOLUTION
    if not 1 <= k <= len(np.unique(X, axis=0)):
        raise ValueError(f"{k} different centres from {len(X)} points, some of which may be equal")
    chosen = [int(rng.integers(len(X)))]
    while len(chosen) < k:
        D = np.min(pairwise_squared_distances(X, X[chosen]), axis=1)
        chosen.append(int(rng.choice(len(X), p=D / np.sum(D))))
    rows: np.ndarray = X[chosen]
    return rows
    ### END SOLUTION


def purity(clusters: np.ndarray, classes: np.ndarray) -> float:
    """The share of points that are of the most frequent class of their cluster.

    It grows with the number of clusters: with one for each point it is 1 (Manning, Raghavan and Schütze, Introduction
    to information retrieval, 2008, section 16.3).

    clusters, classes: n integers each, of any values.
    Raises ValueError where they differ in length, or there is no point.
    """
    ### BEGIN SOLUTION
    if len(clusters) != len(classes) or len(classes) == 0:
        raise ValueError(f"{len(clusters)} points in clusters, {len(classes)} in classes")
    most_frequent = 0
    for cluster in np.unique(clusters):
        _, counts = np.unique(classes[clusters == cluster], return_counts=True)
        most_frequent += int(np.max(counts))
    return most_frequent / len(classes)
    ### END SOLUTION


def draw_regions(ax: Any, label: Callable[[np.ndarray], np.ndarray], X: np.ndarray, classes: np.ndarray) -> None:
    """Draw points of the plane on the axes `ax` of matplotlib, and behind them how `label` divides the plane.

    label: takes points (m, 2) to m integers; X: shape (n, 2); classes: n integers, the points' colours.
    """
    low, high = np.min(X, axis=0) - 0.5, np.max(X, axis=0) + 0.5
    x, y = np.meshgrid(np.linspace(low[0], high[0], 80), np.linspace(low[1], high[1], 80))
    regions = label(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
    ax.pcolormesh(x, y, regions, cmap="tab10", vmin=0, vmax=9, alpha=0.25, shading="nearest")
    ax.scatter(X[:, 0], X[:, 1], c=classes, cmap="tab10", vmin=0, vmax=9, s=12)
