# td1 by someone who writes plain Python: numbers, lists, loops, Gaussian elimination by hand. numpy only where the
# interface asks for arrays. No code or formula is shared with reference/fitting.py.
import math

import numpy as np


def floats(a):
    return np.asarray(a, dtype=float).tolist()


def solve(A, b):
    """Gauss, with the largest pivot."""
    n = len(b)
    M = [list(A[i]) + [b[i]] for i in range(n)]
    for c in range(n):
        best = max(range(c, n), key=lambda r: abs(M[r][c]))
        M[c], M[best] = M[best], M[c]
        for r in range(c + 1, n):
            q = M[r][c] / M[c][c]
            for k in range(c, n + 1):
                M[r][k] -= q * M[c][k]
    x = [0.0] * n
    for r in range(n - 1, -1, -1):
        s = M[r][n]
        for k in range(r + 1, n):
            s -= M[r][k] * x[k]
        x[r] = s / M[r][r]
    return x


def linear_regression(X, y):
    X, y = floats(X), floats(y)
    d = len(X[0])
    A = [[0.0] * d for _ in range(d)]
    b = [0.0] * d
    for row, t in zip(X, y):
        for i in range(d):
            b[i] += row[i] * t
            for j in range(d):
                A[i][j] += row[i] * row[j]
    return np.array(solve(A, b))


def mse(y, y_hat):
    total = 0
    for a, b in zip(floats(y), floats(y_hat)):
        total += (a - b) * (a - b)
    return total / len(y)


def polynomial_features(x, degree):
    rows = []
    for v in floats(x):
        row = [1.0]
        while len(row) <= degree:
            row.append(row[-1] * v)
        rows.append(row)
    return np.array(rows)


def fit_polynomial(x, y, degree):
    return linear_regression(polynomial_features(x, degree), y)


def lagrange(x_nodes, y_nodes, x):
    # Neville's scheme: polynomials through one node, two neighbours, three, ...
    nodes = floats(x_nodes)
    result = []
    for v in floats(x):
        p = floats(y_nodes)
        for width in range(1, len(nodes)):
            for i in range(len(nodes) - width):
                left, right = nodes[i], nodes[i + width]
                p[i] = ((v - right) * p[i] - (v - left) * p[i + 1]) / (left - right)
        result.append(p[0])
    return np.array(result)


def k_fold(n, k):
    lengths = [0] * k
    for i in range(n):
        lengths[i % k] += 1
    pairs = []
    first = 0
    for length in lengths:
        test = [i for i in range(first, first + length)]
        train = [i for i in range(n) if i < first or i >= first + length]
        pairs.append((np.array(train), np.array(test)))
        first += length
    return pairs


def cross_validate(x, y, degree, k):
    x, y = floats(x), floats(y)
    result = []
    for train, test in k_fold(len(x), k):
        c = floats(fit_polynomial([x[i] for i in train], [y[i] for i in train], degree))
        total = 0.0
        for i in test:
            value = 0.0
            for coefficient in reversed(c):  # Horner
                value = value * x[i] + coefficient
            total += (y[i] - value) ** 2
        result.append(total / len(test))
    return np.array(result)


def newton(f, df, x0, steps):
    trail = np.zeros(steps + 1)
    trail[0] = x0
    for t in range(1, steps + 1):
        trail[t] = trail[t - 1] - f(trail[t - 1]) / df(trail[t - 1])
    return trail


def _one(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (e + 1)


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    return np.array([_one(v) for v in z.ravel().tolist()]).reshape(z.shape)


def _dot(a, b):
    return sum(p * q for p, q in zip(a, b))


def logistic_loss(w, X, y):
    w, total = floats(w), 0.0
    for row, label in zip(floats(X), floats(y)):
        z = _dot(w, row)
        s = -z if label == 1 else z
        total += s + math.log1p(math.exp(-s)) if s > 0 else math.log1p(math.exp(s))
    return total / len(y)


def logistic_gradient(w, X, y):
    w = floats(w)
    g = [0.0] * len(w)
    for row, label in zip(floats(X), floats(y)):
        miss = _one(_dot(w, row)) - label
        for j in range(len(w)):
            g[j] += miss * row[j] / len(y)
    return np.array(g)


def logistic_hessian(w, X, y):
    w = floats(w)
    H = [[0.0] * len(w) for _ in w]
    for row in floats(X):
        z = _dot(w, row)
        slope = _one(z) * _one(-z)
        for j in range(len(w)):
            for k in range(len(w)):
                H[j][k] += slope * row[j] * row[k] / len(y)
    return np.array(H)


def logistic_newton(X, y, steps):
    w = [0.0] * len(floats(X)[0])
    for _ in range(steps):
        step = solve(floats(logistic_hessian(w, X, y)), floats(logistic_gradient(w, X, y)))
        w = [a - b for a, b in zip(w, step)]
    return np.array(w)
