"""Fitting: least squares, polynomials, cross-validation, Newton's method, logistic regression.

A model is fitted to data when it makes an error as small as it can. For least squares one linear system does that;
for logistic regression it takes a few steps of Newton's method, each of them a linear system. How good the model is,
only data that it has not seen can tell.

Arrays are float64. A matrix X of samples has a row for each sample and a column for each feature: shape (n, d).
"""

from collections.abc import Callable

import numpy as np


def linear_regression(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The theta that makes the squared error |X theta - y|^2 as small as possible.

    X: shape (n, d), of full column rank; y: shape (n,). No intercept is added: who wants one gives X a column of ones.
    Returns theta, shape (d,). Raises ValueError where there is not one y for each row.
    """
    ### BEGIN SOLUTION
    if X.ndim != 2 or y.shape != (len(X),):
        raise ValueError(f"X of shape {X.shape} needs a number for each row, not {y.shape}")
    theta: np.ndarray = np.linalg.lstsq(X, y, rcond=None)[0]
    return theta
    ### END SOLUTION


def mse(y: np.ndarray, y_hat: np.ndarray) -> float:
    """The mean squared error of the predictions y_hat of y: the mean of (y_i - y_hat_i)^2.

    y, y_hat: shape (n,) both. Raises ValueError where they differ in shape.
    """
    ### BEGIN SOLUTION
    if y.shape != y_hat.shape:
        raise ValueError(f"{y.shape} numbers, {y_hat.shape} predictions")
    return float(np.mean((y - y_hat) ** 2))
    ### END SOLUTION


def polynomial_features(x: np.ndarray, degree: int) -> np.ndarray:
    """The powers of x up to the degree, side by side: column j is x**j, j = 0, ..., degree.

    x: shape (n,); degree >= 0. Returns an array (n, degree + 1).
    Raises ValueError where x is not one-dimensional or the degree is negative.
    """
    ### BEGIN SOLUTION
    if x.ndim != 1 or degree < 0:
        raise ValueError(f"powers of an array of shape {x.shape} up to degree {degree}")
    return np.stack([x**j for j in range(degree + 1)], axis=1)
    ### END SOLUTION


def fit_polynomial(x: np.ndarray, y: np.ndarray, degree: int) -> np.ndarray:
    """The coefficients of the polynomial of this degree that is nearest to the points (x_i, y_i) in squared error.

    x, y: shape (n,), with more than `degree` different numbers in x.
    Returns c, shape (degree + 1,), ascending: the polynomial is c[0] + c[1] x + c[2] x^2 + ...
    """
    ### BEGIN SOLUTION
    return linear_regression(polynomial_features(x, degree), y)
    ### END SOLUTION


def lagrange(x_nodes: np.ndarray, y_nodes: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The values at x of the polynomial of degree below k that goes through the k points (x_nodes_i, y_nodes_i).

    It is the sum of y_nodes_i l_i(x), where l_i is 1 at node i and 0 at all the others. Any x will do, nodes included.

    x_nodes: shape (k,), all different; y_nodes: shape (k,); x: shape (m,). Returns an array (m,). Cost: O(m k^2).
    Raises ValueError where nodes coincide or lack a value.
    """
    ### BEGIN SOLUTION
    if x_nodes.shape != y_nodes.shape or len(np.unique(x_nodes)) < len(x_nodes):
        raise ValueError("nodes must be different, with one value each")
    values = np.zeros(len(x))
    for i in range(len(x_nodes)):
        basis = np.ones(len(x))
        for j in range(len(x_nodes)):
            if j != i:
                basis *= (x - x_nodes[j]) / (x_nodes[i] - x_nodes[j])
        values += y_nodes[i] * basis
    return values
    ### END SOLUTION


def k_fold(n: int, k: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut range(n) into k folds and let each of them be the test set once.

    Folds are contiguous and in order; where k does not divide n, the first n % k of them are longer by one.
    With n = 7 and k = 3 the test sets are 0 1 2, then 3 4, then 5 6.

    Returns k pairs (train, test) of index arrays; train holds all that test does not.
    Raises ValueError unless 2 <= k <= n.
    """
    ### BEGIN SOLUTION
    if not 2 <= k <= n:
        raise ValueError(f"{n} samples cannot be cut into {k} folds")
    pairs = []
    start = 0
    for fold in range(k):
        stop = start + n // k + (fold < n % k)
        train = np.concatenate([np.arange(start), np.arange(stop, n)])
        pairs.append((train, np.arange(start, stop)))
        start = stop
    return pairs
    ### END SOLUTION


def cross_validate(x: np.ndarray, y: np.ndarray, degree: int, k: int) -> np.ndarray:
    """How well a polynomial predicts what it was not fitted to: the mean squared error on each fold of k_fold.

    For each pair (train, test) a polynomial of this degree is fitted to the training points alone and predicts y at
    the test points.

    x, y: shape (n,). Returns the k errors, shape (k,).
    """
    ### BEGIN SOLUTION
    errors = []
    for train, test in k_fold(len(x), k):
        coefficients = fit_polynomial(x[train], y[train], degree)
        errors.append(mse(y[test], polynomial_features(x[test], degree) @ coefficients))
    return np.array(errors)
    ### END SOLUTION


def newton(f: Callable[[float], float], df: Callable[[float], float], x0: float, steps: int) -> np.ndarray:
    """Newton's method for a root of f: go to where the tangent at x is zero, again and again.

    f, df: functions of a number, df the derivative of f; x0: where to start; steps: how often.
    Returns all iterates, shape (steps + 1,), x0 first.
    """
    ### BEGIN SOLUTION
    iterates = [float(x0)]
    for _ in range(steps):
        x = iterates[-1]
        iterates.append(x - f(x) / df(x))
    return np.array(iterates)
    ### END SOLUTION


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), entry by entry; numpy neither warns nor gives nan, not even at z = 1000 or z = -1000.

    z: an array of any shape. Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))  # at most 1: nothing overflows
    probabilities: np.ndarray = np.where(z >= 0, 1.0, small) / (1.0 + small)
    return probabilities
    ### END SOLUTION


def logistic_loss(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """The mean over the n rows of -log P(y_i), where P(1) = sigmoid(x_i . w) and P(0) = 1 - P(1).

    Finite at |x_i . w| = 1000, where a probability may be 0 in floating point: simplify the logarithm first.

    w: shape (d,); X: shape (n, d); y: n labels, 0 or 1. Raises ValueError for any other label.
    """
    ### BEGIN SOLUTION
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("labels must be 0 or 1")
    z = X @ w
    return float(np.mean(np.logaddexp(0.0, z) - y * z))
    ### END SOLUTION


def logistic_gradient(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The gradient of logistic_loss with respect to w, shape (d,)."""
    ### BEGIN SOLUTION
    gradient: np.ndarray = X.T @ (sigmoid(X @ w) - y) / len(y)
    return gradient
    ### END SOLUTION


def logistic_hessian(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The second derivatives of logistic_loss: entry (j, k) is d^2 L / dw_j dw_k, shape (d, d)."""
    ### BEGIN SOLUTION
    p = sigmoid(X @ w)
    weights = p * (1.0 - p)
    hessian: np.ndarray = X.T @ (weights[:, None] * X) / len(y)
    return hessian
    ### END SOLUTION


def logistic_newton(X: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """Fit a logistic regression: Newton's method from w = 0 for a zero of the gradient of logistic_loss.

    X: shape (n, d); y: n labels, 0 or 1; steps: how many Newton steps. Returns w, shape (d,).
    """
    ### BEGIN SOLUTION
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - np.linalg.solve(logistic_hessian(w, X, y), logistic_gradient(w, X, y))
    return w
    ### END SOLUTION
