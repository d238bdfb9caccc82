# td5 by someone who thinks in eigenvectors and three-dimensional arrays: differences by broadcasting, covariances by
# eigh, one-hot tables by comparison, sums by einsum, and Newton's method with bisection as its guard for perplexities.
import numpy as np


def differences(X, Y):
    return np.expand_dims(X, 1) - np.expand_dims(Y, 0)


def pairwise_squared_distances(X, Y):
    X, Y = np.asarray(X), np.asarray(Y)
    if not (X.ndim == Y.ndim == 2 and X.shape[-1] == Y.shape[-1]):
        raise ValueError("two matrices with equal numbers of columns, please")
    return np.einsum("ijk,ijk->ij", differences(X, Y), differences(X, Y))


def one_hot(values):
    names = np.array(sorted(set(np.asarray(values).tolist())))
    return names, (np.asarray(values)[:, None] == names[None, :]).astype(int)


def knn_predict(X_train, y_train, X_test, k):
    n = X_train.shape[0]
    if k not in range(1, n + 1) or np.size(y_train) != n:
        raise ValueError(f"k = {k}, {n} points, {np.size(y_train)} labels")
    D = pairwise_squared_distances(X_test, X_train)
    index = np.broadcast_to(np.arange(n), D.shape)
    nearest = np.lexsort((index, D), axis=-1)[:, :k]
    names, table = one_hot(y_train)
    return names[table[nearest].sum(axis=1).argmax(axis=1)]


def assign_clusters(X, centers):
    return pairwise_squared_distances(X, centers).argmin(axis=-1)


def inertia(X, centers):
    return pairwise_squared_distances(X, centers).min(axis=-1).sum()


def kmeans_step(X, centers):
    labels = assign_clusters(X, centers)
    members = (labels == np.arange(len(centers))[:, None]).astype(float)
    counts = members.sum(axis=1, keepdims=True)
    return labels, np.where(counts > 0, members @ X / np.maximum(counts, 1), centers)


def kmeans(X, centers, max_iter=100):
    if max_iter == 0:
        return assign_clusters(X, centers), centers
    moved = kmeans_step(X, centers)[1]
    if (moved == centers).all():
        return assign_clusters(X, moved), moved
    return kmeans(X, moved, max_iter - 1)


def kmeans_plus_plus(X, k, rng):
    if len({tuple(row) for row in X.tolist()}) < k:
        raise ValueError("rows repeat themselves")
    centers = X[[rng.integers(X.shape[0])]]
    for _ in range(1, k):
        room = pairwise_squared_distances(X, centers).min(axis=1)
        centers = np.vstack([centers, X[rng.choice(X.shape[0], p=room / room.sum())]])
    return centers


def purity(clusters, classes):
    if np.size(clusters) != np.size(classes) or not np.size(classes):
        raise ValueError("points with a cluster and a class each, please")
    table = one_hot(clusters)[1].T @ one_hot(classes)[1]
    return table.max(axis=1).sum() / table.sum()


class StandardScaler:
    def fit(self, X):
        self.mean_ = X.sum(axis=0) / X.shape[0]
        self.scale_ = np.sqrt(((X - self.mean_) ** 2).sum(axis=0) / X.shape[0])
        self.scale_[X.max(axis=0) == X.min(axis=0)] = 1
        return self

    def transform(self, X):
        return np.divide(np.subtract(X, self.mean_), self.scale_)

    def inverse_transform(self, Z):
        return np.add(self.mean_, np.multiply(Z, self.scale_))


def descending(symmetric):
    """Eigenvalues, from the largest on, and eigenvectors as rows."""
    values, vectors = np.linalg.eigh(symmetric)
    return values[::-1], vectors.T[::-1]


class PCA:
    def __init__(self, n_components):
        self.k = n_components

    def fit(self, X):
        n, d = X.shape
        if n == 1 or self.k < 1 or self.k > n or self.k > d:
            raise ValueError(f"{self.k} directions of {n} points in {d} dimensions")
        self.mean_ = np.average(X, axis=0)
        C = np.cov(X, rowvar=False).reshape(d, d)
        values, rows = descending(C)
        flipped = np.array([-row if row.max() < -row.min() else row for row in rows])
        self.components_, self.explained_variance_ = flipped[: self.k], values[: self.k]
        self.explained_variance_ratio_ = self.explained_variance_ / (np.trace(C) or 1.0)
        return self

    def transform(self, X):
        return np.einsum("nd,kd->nk", X - self.mean_, self.components_)

    def fit_transform(self, X):
        return self.fit(X).transform(X)

    def inverse_transform(self, Z):
        return self.mean_ + np.einsum("nk,kd->nd", Z, self.components_)


def rank_k_approximation(X, k):
    if not 0 <= k <= np.min(np.shape(X)):
        raise ValueError("rank out of range")
    rows = descending(X.T @ X)[1][:k]
    return X @ rows.T @ rows


def autoencoder_loss(W, V, X):
    return np.square(np.linalg.norm(X - X @ (V @ W).T, axis=1)).mean()


def autoencoder_gradients(W, V, X):
    # L = trace((M - I) C (M - I)^T) with M = V W and C = X^T X / n, so that dL/dM = 2 (M - I) C
    C = X.T @ X / len(X)
    slope = 2 * (V @ W - np.eye(len(V))) @ C
    return V.T @ slope, slope @ W.T


def fit_autoencoder(X, k, lr, steps, rng):
    W = rng.standard_normal((k, X.shape[1])) / 10
    V = rng.standard_normal((X.shape[1], k)) / 10
    for _ in range(steps):
        dW, dV = autoencoder_gradients(W, V, X)
        W = W - lr * dW
        V = V - lr * dV
    return W, V


def entropy_of(D, log_beta):
    """Of one row: probabilities, entropy, and the entropy's derivative by log β, which is minus a variance."""
    energy = np.exp(log_beta) * D
    p = np.exp(-energy)
    p = p / p.sum()
    mean = p @ energy
    return p, np.log(np.exp(-energy).sum()) + mean, -(p @ (energy - mean) ** 2)


def conditional_probabilities(D, perplexity):
    n = D.shape[0]
    if not (perplexity > 1 and perplexity < n - 1):
        raise ValueError("perplexity out of range")
    P = np.zeros_like(D, dtype=float)
    for i in range(n):
        others = np.delete(np.arange(n), i)
        row = D[i, others] - D[i, others].min()
        row = row / row.mean()
        below, above, t = -50.0, 50.0, 0.0
        for _ in range(200):
            p, entropy, slope = entropy_of(row, t)
            excess = entropy - np.log(perplexity)
            if abs(excess) < 1e-14:
                break
            below, above = (t, above) if excess > 0 else (below, t)
            t = t - excess / slope if slope < -1e-9 else np.inf
            if not below < t < above:
                t = (below + above) / 2
        P[i, others] = p
    return P


def joint_probabilities(P):
    return np.mean([P, np.transpose(P)], axis=0) / P.shape[0]


def bells(Y):
    return (1 - np.eye(len(Y))) / (1 + pairwise_squared_distances(Y, Y))


def student_t_affinities(Y):
    return bells(Y) / bells(Y).sum()


def kl_divergence(P, Q):
    if ((P > 0) & (Q == 0)).any():
        return np.inf
    ratio = np.ones_like(P)
    np.divide(P, Q, out=ratio, where=P > 0)
    return (P * np.log(ratio)).sum()


def tsne_gradient(P, Y):
    pull = (P - student_t_affinities(Y)) * bells(Y)
    return 4 * np.einsum("ij,ijk->ik", pull, differences(Y, Y))


def tsne(X, perplexity, steps, rng):
    # the paper's recipe: momentum 0.5, then 0.8, and step sizes for each coordinate (Jacobs, 1988)
    P = joint_probabilities(conditional_probabilities(pairwise_squared_distances(X, X), perplexity))
    Y = 1e-3 * rng.standard_normal((len(X), 2))
    speed, gains = np.zeros(Y.shape), np.ones(Y.shape)
    for step in range(steps):
        slope = tsne_gradient(P * (4 if step < 40 else 1), Y)
        gains = np.clip(np.where(np.sign(slope) == np.sign(speed), 0.8 * gains, gains + 0.2), 0.01, None)
        speed = (0.5 if step < 40 else 0.8) * speed - 10 * gains * slope
        Y = Y + speed
    return Y - Y.mean(axis=0)
