"""Learning a subspace: scaling, principal components, and the linear autoencoder that finds the same plane.

Few directions may hold most of what varies in many columns. Principal component analysis computes these directions, by
a singular value decomposition; an autoencoder finds them by gradient descent, and is the door to all that is not
linear.

Points are the rows of float64 arrays, n points of d numbers. No function or method changes an array that it is given.
"""

from typing import Any

import numpy as np


class StandardScaler:
    """Shift and scale each column to mean 0 and standard deviation 1, as it was in the data given to `fit`.

    mean_: the columns' means (d,); scale_: their standard deviations (d,), over n and not n - 1, and 1 for a constant
    column, which cannot be scaled. As in scikit-learn, what `fit` finds ends in an underscore.
    """

    def fit(self, X: np.ndarray) -> "StandardScaler":
        """Find mean_ and scale_ of the columns of X, shape (n, d), and return self."""
        ### BEGIN SOLUTION
        self.mean_ = np.mean(X, axis=0)
        self.scale_ = np.where(np.ptp(X, axis=0) == 0, 1.0, np.std(X, axis=0))
        return self
        ### END SOLUTION

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The rows of X, shifted and scaled by what `fit` has found: (X - mean_) / scale_."""
        ### BEGIN SOLUTION
        scaled: np.ndarray = (X - self.mean_) / self.scale_
        return scaled
        ### END SOLUTION

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """The rows whose `transform` is Z."""
        ### BEGIN SOLUTION
        rows: np.ndarray = Z * self.scale_ + self.mean_
        return rows
        ### END SOLUTION


class PCA:
    """Principal component analysis: the n_components orthogonal directions in which centred data vary most.

    They are the first right singular vectors of the centred data X - mean_ = U S V^T, or what is the same, the first
    eigenvectors of its covariance matrix (Pearson, On lines and planes of closest fit to systems of points in space,
    1901; Hotelling, 1933).

    mean_: the columns' means (d,);
    components_: the directions, unit vectors, as rows (k, d), that of the largest variance first; in each of them the
    entry largest in absolute value is positive, as a direction's sign is otherwise anybody's choice;
    explained_variance_: the data's variance along each of them (k,), over n - 1;
    explained_variance_ratio_: the same, as a share of the sum of the variances of all d columns; 0 for constant data.
    """

    def __init__(self, n_components: int) -> None:
        self.n_components = n_components

    def fit(self, X: np.ndarray) -> "PCA":
        """Find all of the above for X, shape (n, d), and return self.

        Raises ValueError unless 1 <= n_components <= min(n, d) and n >= 2.
        """
        ### BEGIN SOLUTION
        n, k = len(X), self.n_components
        if n < 2 or not 1 <= k <= min(X.shape):
            raise ValueError(f"{k} components of data of shape {X.shape}")
        self.mean_ = np.mean(X, axis=0)
        _, singular_values, Vt = np.linalg.svd(X - self.mean_, full_matrices=False)
        variances = singular_values**2 / (n - 1)
        peaks = Vt[np.arange(k), np.argmax(np.abs(Vt[:k]), axis=1)]
        self.components_ = np.sign(peaks)[:, None] * Vt[:k]
        self.explained_variance_ = variances[:k]
        varies = np.any(np.ptp(X, axis=0) > 0)  # else all ratios are 0 / 0
        self.explained_variance_ratio_ = variances[:k] / np.sum(variances) if varies else np.zeros(k)
        return self
        ### END SOLUTION

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The coordinates of the rows of X along the components, seen from mean_: shape (m, k)."""
        ### BEGIN SOLUTION
        coordinates: np.ndarray = (X - self.mean_) @ self.components_.T
        return coordinates
        ### END SOLUTION

    def fit_transform(self, X: np.ndarray) -> np.ndarray:
        """fit(X), then transform(X)."""
        ### BEGIN SOLUTION
        return self.fit(X).transform(X)
        ### END SOLUTION

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """The points of the plane that have these coordinates: shape (m, d) for Z of shape (m, k)."""
        ### BEGIN SOLUTION
        points: np.ndarray = Z @ self.components_ + self.mean_
        return points
        ### END SOLUTION


def rank_k_approximation(X: np.ndarray, k: int) -> np.ndarray:
    """The matrix of rank k (or less) nearest to X in the sum of squared differences. Nothing is centred.

    It keeps the k largest singular values of X and drops the others (Eckart and Young, The approximation of one matrix
    by another of lower rank, 1936).

    X: shape (n, d). Returns the same shape.
    Raises ValueError unless 0 <= k <= min(n, d).
    """
    ### BEGIN SOLUTION
    if not 0 <= k <= min(X.shape):
        raise ValueError(f"rank {k} of a matrix of shape {X.shape}")
    U, singular_values, Vt = np.linalg.svd(X, full_matrices=False)
    nearest: np.ndarray = (U[:, :k] * singular_values[:k]) @ Vt[:k]
    return nearest
    ### END SOLUTION


def autoencoder_loss(W: np.ndarray, V: np.ndarray, X: np.ndarray) -> float:
    """The mean over the rows x of X of |V W x - x|², the squared error of a linear autoencoder.

    W: the encoder (k, d); V: the decoder (d, k); X: shape (n, d).
    """
    ### BEGIN SOLUTION
    return float(np.sum((X @ W.T @ V.T - X) ** 2) / len(X))
    ### END SOLUTION


def autoencoder_gradients(W: np.ndarray, V: np.ndarray, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of `autoencoder_loss` with respect to W, shape (k, d), and to V, shape (d, k)."""
    ### BEGIN SOLUTION
    codes = X @ W.T
    grad = 2 * (codes @ V.T - X) / len(X)  # with respect to the reconstructions
    return V.T @ grad.T @ X, grad.T @ codes
    ### END SOLUTION


def fit_autoencoder(
    X: np.ndarray, k: int, lr: float, steps: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Train a linear autoencoder by gradient descent on all of X: encoder W (k, d) and decoder V (d, k).

    W starts from 0.1 * rng.standard_normal((k, d)), then V from 0.1 * rng.standard_normal((d, k)). In each step both
    move at once, by lr times the gradients at the W and V before the step. All minima of the loss are global, and there
    the V W of centred data is the projection on its first k principal components (Baldi and Hornik, Neural networks and
    principal component analysis: learning from examples without local minima, 1989).
    """
    ### BEGIN SOLUTION
    W = 0.1 * rng.standard_normal((k, X.shape[1]))
    V = 0.1 * rng.standard_normal((X.shape[1], k))
    for _ in range(steps):
        grad_W, grad_V = autoencoder_gradients(W, V, X)
        W, V = W - lr * grad_W, V - lr * grad_V
    return W, V
    ### END SOLUTION


def draw_map(ax: Any, Y: np.ndarray, classes: np.ndarray) -> None:
    """Draw the points Y (n, 2) on the axes `ax` of matplotlib, each as the digit that is its class."""
    for digit in range(10):
        here = Y[classes == digit]
        ax.scatter(here[:, 0], here[:, 1], marker=f"${digit}$", color=f"C{digit}", s=25, linewidths=0.3)
