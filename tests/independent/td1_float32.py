# td1 in single precision and few words: normal equations, Vandermonde, barycentric weights, einsum, tanh.
import numpy as np

f32 = np.float32


def linear_regression(X, y):
    Q, R = np.linalg.qr(np.asarray(X, f32))
    return np.linalg.solve(R, Q.T @ np.asarray(y, f32))


def mse(y, y_hat):
    e = np.asarray(y, f32) - np.asarray(y_hat, f32)
    return e @ e / f32(e.size)


def polynomial_features(x, degree):
    return np.vander(np.asarray(x, f32), degree + 1, increasing=True)


def fit_polynomial(x, y, degree):
    V = polynomial_features(x, degree)
    return np.linalg.solve(V.T @ V, V.T @ np.asarray(y, f32))


def lagrange(x_nodes, y_nodes, x):
    xn, yn, x = np.asarray(x_nodes, f32), np.asarray(y_nodes, f32), np.asarray(x, f32)
    gaps = xn[:, None] - xn
    np.fill_diagonal(gaps, 1)
    weights = 1 / gaps.prod(axis=1)
    apart = x[:, None] - xn
    at_node = apart == 0
    apart[at_node] = 1
    terms = weights / apart
    values = terms @ yn / terms.sum(axis=1)
    for row, column in np.argwhere(at_node):
        values[row] = yn[column]
    return values


def k_fold(n, k):
    tests = np.array_split(np.arange(n), k)
    return [(np.setdiff1d(np.arange(n), test)[::-1], test) for test in tests]


def cross_validate(x, y, degree, k):
    out = np.empty(k, f32)
    for i, (train, test) in enumerate(k_fold(len(x), k)):
        c = fit_polynomial(x[train], y[train], degree)
        out[i] = mse(np.polyval(c[::-1], np.asarray(x[test], f32)), y[test])
    return out


def newton(f, df, x0, steps):
    x = f32(x0)
    xs = [x]
    while len(xs) < steps + 1:
        x = f32(x - f(x) / df(x))
        xs += [x]
    return np.array(xs, f32)


def sigmoid(z):
    return (1 + np.tanh(np.asarray(z, f32) / 2)) / 2


def logistic_loss(w, X, y):
    z = np.asarray(X, f32) @ np.asarray(w, f32)
    return np.logaddexp(f32(0), np.where(np.asarray(y) == 1, -z, z)).mean()


def logistic_gradient(w, X, y):
    X, w = np.asarray(X, f32), np.asarray(w, f32)
    return np.einsum("n,nd->d", sigmoid(X @ w) - np.asarray(y, f32), X) / f32(len(X))


def logistic_hessian(w, X, y):
    X, w = np.asarray(X, f32), np.asarray(w, f32)
    s = np.cosh(X @ w / 2) ** -2 / 4
    return np.einsum("n,nj,nk->jk", s, X, X) / f32(len(X))


def logistic_newton(X, y, steps):
    w = np.zeros(X.shape[1], f32)
    for _ in range(steps):
        w -= np.linalg.inv(logistic_hessian(w, X, y)) @ logistic_gradient(w, X, y)
    return w
