# td5 in plain Python: lists of floats, loops over points, eigenvectors by Jacobi's rotations. numpy comes in and goes
# out, and that is all it does; the heat of t-SNE's loop is in tuples.
import math

import numpy as np


def rows_of(A):
    return [[float(a) for a in row] for row in A]


def gap(x, y):
    total = 0.0
    for a, b in zip(x, y):
        total += (a - b) * (a - b)
    return total


def pairwise_squared_distances(X, Y):
    if len(np.shape(X)) != 2 or len(np.shape(Y)) != 2:
        raise ValueError("matrices, please")
    if np.shape(X)[1] != np.shape(Y)[1]:
        raise ValueError("these points live in different spaces")
    X, Y = rows_of(X), rows_of(Y)
    return np.array([[gap(x, y) for y in Y] for x in X])


def knn_predict(X_train, y_train, X_test, k):
    train = list(zip(rows_of(X_train), [int(y) for y in y_train]))
    if k < 1 or k > len(X_train):
        raise ValueError("so many neighbours there are not")
    if len(y_train) != len(X_train):
        raise ValueError("a label for each point")
    answers = []
    for x in rows_of(X_test):
        ranked = sorted((gap(x, other), i) for i, (other, _) in enumerate(train))
        urn = {}
        for _, i in ranked[:k]:
            urn[train[i][1]] = urn.get(train[i][1], 0) + 1
        answers.append(min(urn, key=lambda label: (-urn[label], label)))
    return np.array(answers)


def closest(x, centers):
    best, where = math.inf, -1
    for j, c in enumerate(centers):
        d = gap(x, c)
        if d < best:
            best, where = d, j
    return where, best


def assign_clusters(X, centers):
    centers = rows_of(centers)
    return np.array([closest(x, centers)[0] for x in rows_of(X)])


def inertia(X, centers):
    centers = rows_of(centers)
    return math.fsum(closest(x, centers)[1] for x in rows_of(X))


def kmeans_step(X, centers):
    old = rows_of(centers)
    groups = [[] for _ in old]
    labels = []
    for x in rows_of(X):
        j, _ = closest(x, old)
        labels.append(j)
        groups[j].append(x)
    new = [[math.fsum(column) / len(g) for column in zip(*g)] if g else c for g, c in zip(groups, old)]
    return np.array(labels), np.array(new)


def kmeans(X, centers, max_iter=100):
    here, turns, moving = np.array(centers, dtype=float), 0, True
    while moving and turns < max_iter:
        _, there = kmeans_step(X, here)
        moving = there.tolist() != here.tolist()
        here = there
        turns += 1
    return assign_clusters(X, here), here


def kmeans_plus_plus(X, k, rng):
    points = rows_of(X)
    if len(set(map(tuple, points))) < k:
        raise ValueError("not enough different points")
    picked = [int(rng.integers(len(points)))]
    room = [gap(p, points[picked[0]]) for p in points]
    for _ in range(k - 1):
        whole = sum(room)
        new = int(rng.choice(len(points), p=[r / whole for r in room]))
        picked.append(new)
        room = [min(r, gap(p, points[new])) for r, p in zip(room, points)]
    return np.array([points[i] for i in picked])


def purity(clusters, classes):
    if len(clusters) == 0 or len(clusters) != len(classes):
        raise ValueError("a class for each clustered point")
    table = {}
    for a, b in zip(clusters, classes):
        row = table.setdefault(int(a), {})
        row[int(b)] = row.get(int(b), 0) + 1
    return sum(max(row.values()) for row in table.values()) / len(clusters)


class StandardScaler:
    def fit(self, X):
        columns = list(zip(*rows_of(X)))
        means = [math.fsum(c) / len(c) for c in columns]
        spread = [math.sqrt(math.fsum((v - m) ** 2 for v in c) / len(c)) for c, m in zip(columns, means)]
        spread = [1.0 if min(c) == max(c) else s for c, s in zip(columns, spread)]
        self.mean_, self.scale_ = np.array(means), np.array(spread)
        return self

    def transform(self, X):
        return np.array([[(v - m) / s for v, m, s in zip(row, self.mean_, self.scale_)] for row in rows_of(X)])

    def inverse_transform(self, Z):
        return np.array([[v * s + m for v, m, s in zip(row, self.mean_, self.scale_)] for row in rows_of(Z)])


def jacobi(A):
    """Eigenvalues and eigenvectors of a symmetric matrix, largest first: rotate until nothing is off the diagonal."""
    n = len(A)
    A = [row[:] for row in A]
    E = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        if sum(A[i][j] ** 2 for i in range(n) for j in range(n) if i != j) < 1e-30:
            break
        for p in range(n):
            for q in range(p + 1, n):
                if abs(A[p][q]) < 1e-300:
                    continue
                angle = 0.5 * math.atan2(2 * A[p][q], A[q][q] - A[p][p])
                c, s = math.cos(angle), math.sin(angle)
                for i in range(n):
                    A[i][p], A[i][q] = c * A[i][p] - s * A[i][q], s * A[i][p] + c * A[i][q]
                for i in range(n):
                    A[p][i], A[q][i] = c * A[p][i] - s * A[q][i], s * A[p][i] + c * A[q][i]
                    E[p][i], E[q][i] = c * E[p][i] - s * E[q][i], s * E[p][i] + c * E[q][i]
    order = sorted(range(n), key=lambda i: -A[i][i])
    return [A[i][i] for i in order], [E[i] for i in order]


def scatter(rows):
    """The sums of products of columns."""
    columns = list(zip(*rows))
    return [[math.fsum(a * b for a, b in zip(one, other)) for other in columns] for one in columns]


def along(row, direction):
    return sum(a * b for a, b in zip(row, direction))


class PCA:
    def __init__(self, n_components):
        self.n_components = n_components

    def fit(self, X):
        X = rows_of(X)
        n, d = len(X), len(X[0])
        if n < 2 or self.n_components < 1 or self.n_components > min(n, d):
            raise ValueError("so many components there are not")
        self.mean_ = np.array([math.fsum(c) / n for c in zip(*X)])
        values, directions = jacobi(scatter([[v - m for v, m in zip(row, self.mean_)] for row in X]))
        variances = [max(v, 0.0) / (n - 1) for v in values]
        kept = []
        for direction in directions[: self.n_components]:
            largest = max(direction, key=abs)
            kept.append(direction if largest > 0 else [-v for v in direction])
        self.components_ = np.array(kept)
        self.explained_variance_ = np.array(variances[: self.n_components])
        whole = sum(variances)
        self.explained_variance_ratio_ = self.explained_variance_ * 0.0
        if whole > 0:
            self.explained_variance_ratio_ = self.explained_variance_ / whole
        return self

    def transform(self, X):
        centred = [[v - m for v, m in zip(row, self.mean_)] for row in rows_of(X)]
        return np.array([[along(row, direction) for direction in self.components_] for row in centred])

    def fit_transform(self, X):
        self.fit(X)
        return self.transform(X)

    def inverse_transform(self, Z):
        columns = list(zip(*self.components_))
        return np.array([[m + along(z, c) for m, c in zip(self.mean_, columns)] for z in rows_of(Z)])


def rank_k_approximation(X, k):
    X = rows_of(X)
    if k < 0 or k > min(len(X), len(X[0])):
        raise ValueError("no such rank")
    _, directions = jacobi(scatter(X))
    near = []
    for row in X:
        shadow = [0.0] * len(row)
        for direction in directions[:k]:
            length = along(row, direction)
            shadow = [s + length * v for s, v in zip(shadow, direction)]
        near.append(shadow)
    return np.array(near)


def code_and_error(W, V, x):
    code = [along(w, x) for w in W]
    return code, [along(v, code) - a for v, a in zip(V, x)]


def autoencoder_loss(W, V, X):
    W, V, X = rows_of(W), rows_of(V), rows_of(X)
    return sum(sum(e * e for e in code_and_error(W, V, x)[1]) for x in X) / len(X)


def autoencoder_gradients(W, V, X):
    W, V, X = rows_of(W), rows_of(V), rows_of(X)
    n, k, d = len(X), len(W), len(V)
    gW = [[0.0] * d for _ in range(k)]
    gV = [[0.0] * k for _ in range(d)]
    for x in X:
        code, error = code_and_error(W, V, x)
        for j in range(k):
            back = sum(error[i] * V[i][j] for i in range(d))
            for i in range(d):
                gW[j][i] += 2 * back * x[i] / n
                gV[i][j] += 2 * error[i] * code[j] / n
    return np.array(gW), np.array(gV)


def fit_autoencoder(X, k, lr, steps, rng):
    d = len(X[0])
    params = [0.1 * rng.standard_normal((k, d)), 0.1 * rng.standard_normal((d, k))]
    while steps:
        params = [p - lr * g for p, g in zip(params, autoencoder_gradients(*params, X))]
        steps -= 1
    return tuple(params)


def shares(gaps, beta):
    """Probabilities and entropy of one point's neighbours."""
    weights = [math.exp(-beta * g) for g in gaps]
    total = sum(weights)
    return [w / total for w in weights], math.log(total) + beta * sum(w * g for w, g in zip(weights, gaps)) / total


def conditional_probabilities(D, perplexity):
    n = len(D)
    if perplexity <= 1 or perplexity >= n - 1:
        raise ValueError("such a perplexity nobody can have")
    target = math.log(perplexity)
    P = []
    for i, row in enumerate(rows_of(D)):
        gaps = row[:i] + row[i + 1 :]
        nearest = min(gaps)
        gaps = [g - nearest for g in gaps]
        beta = n / sum(gaps)
        while shares(gaps, beta)[1] < target:
            beta /= 2
        while shares(gaps, beta)[1] > target:
            beta *= 2
        step = beta / 4
        beta -= step
        while step > 1e-17 * beta:
            step /= 2
            beta += step if shares(gaps, beta)[1] > target else -step
        found, _ = shares(gaps, beta)
        P.append(found[:i] + [0.0] + found[i:])
    return np.array(P)


def joint_probabilities(P):
    n = len(P)
    return np.array([[(P[i][j] + P[j][i]) / (2 * n) for j in range(n)] for i in range(n)])


def bells(Y):
    return [[1.0 / (1.0 + gap(a, b)) if i != j else 0.0 for j, b in enumerate(Y)] for i, a in enumerate(Y)]


def student_t_affinities(Y):
    bell = bells(rows_of(Y))
    whole = math.fsum(map(math.fsum, bell))
    return np.array([[b / whole for b in row] for row in bell])


def kl_divergence(P, Q):
    total = 0.0
    for p, q in zip(np.ravel(P).tolist(), np.ravel(Q).tolist()):
        if p > 0 and q == 0:
            return math.inf
        if p > 0:
            total += p * math.log(p / q)
    return total


def tsne_gradient(P, Y):
    P, Y = rows_of(P), [tuple(y) for y in rows_of(Y)]
    bell = []
    for a, b in Y:
        bell.append([1.0 / (1.0 + (a - c) * (a - c) + (b - d) * (b - d)) for c, d in Y])
    whole = sum(map(sum, bell)) - len(Y)
    slopes = []
    for (a, b), ps, ws in zip(Y, P, bell):
        right = up = 0.0
        for (c, d), p, w in zip(Y, ps, ws):
            pull = (p - w / whole) * w
            right += pull * (a - c)
            up += pull * (b - d)
        slopes.append((4.0 * right, 4.0 * up))
    return np.array(slopes)


def tsne(X, perplexity, steps, rng):
    P = joint_probabilities(conditional_probabilities(pairwise_squared_distances(X, X), perplexity).tolist())
    Y = rng.normal(scale=0.001, size=(len(X), 2))
    last = 0.0
    for t in range(steps):
        last = (0.5 if t < 20 else 0.8) * last - 20.0 * tsne_gradient(P * 4.0 if t < 30 else P, Y)
        Y = Y + last
    return Y
