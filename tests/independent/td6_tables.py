# td6 by someone who sees tables everywhere: strings in numpy arrays, offsets instead of loops over positions, one-hot
# matrices instead of ids, eigh instead of svd, and Newton's iteration for the orthogonal factor of a matrix.
import itertools

import numpy as np


def build_vocabulary(sentences, min_count=1):
    everything = np.array(list(itertools.chain.from_iterable(sentences)), dtype=str)
    names, counts = np.unique(everything, return_counts=True)
    names, counts = names[counts >= min_count], counts[counts >= min_count]
    if names.size == 0:
        raise ValueError(f"{everything.size} words, all of them too rare")
    order = np.lexsort((np.arange(names.size), -counts))
    return names[order].tolist(), counts[order]


def encode(sentence, words):
    if len(sentence) == 0:
        return np.empty(0, dtype=np.intp)
    same = np.asarray(sentence)[:, None] == np.asarray(words)[None, :]
    return same.argmax(axis=1)[same.any(axis=1)]


def skipgram_pairs(sentences, window):
    if window <= 0:
        raise ValueError(f"window = {window}")
    found = [np.empty((0, 2), dtype=np.intp)]
    offsets = np.concatenate([np.arange(-window, 0), np.arange(1, window + 1)])
    for sentence in sentences:
        ids = np.asarray(sentence, dtype=np.intp)
        there = np.arange(ids.size)[:, None] + offsets
        center, column = np.nonzero((there >= 0) & (there < ids.size))
        found.append(np.stack([ids[center], ids[there[center, column]]], axis=1))
    return np.vstack(found)


def sampling_distribution(counts, power=0.75):
    c = np.array(counts, dtype=np.float64)
    if (c < 0).any() or c.sum() == 0:
        raise ValueError("these are no counts of words")
    raised = np.where(c > 0, np.power(np.maximum(c, 1e-300), power), 0.0)
    return raised / raised.sum()


def sample_negatives(p, shape, rng):
    return rng.choice(p.size, p=p, size=shape)


def softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def scores(U, V, centers, contexts, negatives):
    """Scores (m, 1 + k) times -1 for the pair: what softplus makes of them is the loss."""
    others = np.hstack([contexts[:, None], negatives])
    sign = np.where(np.arange(others.shape[1]) > 0, 1.0, -1.0)
    return others, sign, sign * (V[others] @ U[centers][:, :, None])[:, :, 0]


def negative_sampling_loss(U, V, centers, contexts, negatives):
    return softplus(scores(U, V, centers, contexts, negatives)[2]).sum() / centers.size


def negative_sampling_gradients(U, V, centers, contexts, negatives):
    others, sign, z = scores(U, V, centers, contexts, negatives)
    slope = sign * np.exp(-softplus(-z)) / centers.size  # the derivative of softplus
    is_center = np.eye(len(U))[centers]  # (m, n)
    weight = np.einsum("mk,mkn->mn", slope, np.eye(len(V))[others])
    return is_center.T @ (weight @ V), weight.T @ (is_center @ U)


def train_skipgram(sentences, n_words, dim, window, n_negatives, epochs, lr, rng):
    pairs = skipgram_pairs(sentences, window)
    p = sampling_distribution(np.bincount(np.hstack(sentences), minlength=n_words))
    U, V = rng.normal(scale=dim**-0.5, size=(n_words, dim)), np.zeros((n_words, dim))
    truth = np.r_[1.0, np.zeros(n_negatives)]
    for epoch in range(epochs):
        rate = lr * (1 - epoch / epochs)
        drawn = sample_negatives(p, (len(pairs), n_negatives), rng)
        for i in rng.permutation(len(pairs)):
            c = pairs[i, 0]
            words = np.append(pairs[i, 1], drawn[i])
            u, rows = U[c] + 0.0, V[words]
            error = truth - 1 / (1 + np.exp(-rows @ u))
            U[c] += rate * error @ rows
            for word, e in zip(words, error):
                V[word] += rate * e * u
    return U, V


def cooccurrence(sentences, n_words, window):
    pairs = skipgram_pairs(sentences, window)
    return np.bincount(pairs @ [n_words, 1], minlength=n_words**2).reshape(n_words, n_words).astype(float)


def ppmi(C):
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(C / C.sum()) - np.log(C.sum(axis=1, keepdims=True) / C.sum()) - np.log(C.sum(axis=0) / C.sum())
    return np.where((C > 0) & (log > 0), log, 0.0)


def upright(columns):
    flip = np.take_along_axis(columns, np.abs(columns).argmax(axis=0)[None], axis=0) < 0
    return np.where(flip, -columns, columns)


def svd_embedding(M, dim):
    if dim < 1 or dim > min(M.shape):
        raise ValueError(f"dim = {dim}, and M is {M.shape[0]} x {M.shape[1]}")
    squares, directions = np.linalg.eigh(M @ M.T)
    return upright(directions[:, ::-1][:, :dim] * np.maximum(squares[::-1][:dim], 0.0) ** 0.25)


def cosine_similarity(A, B):
    if np.shape(A)[-1] != np.shape(B)[-1]:
        raise ValueError("rows of different spaces")
    dots = np.tensordot(A, B, axes=(1, 1))
    lengths = np.sqrt(np.square(A).sum(axis=1))[:, None] * np.sqrt(np.square(B).sum(axis=1))
    return np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0)


def where_is(words, word):
    found = np.flatnonzero(np.asarray(words) == word)
    if found.size == 0:
        raise ValueError(f"{word} is not among {len(words)} words")
    return found[0]


def nearest_words(words, E, word, k):
    i = where_is(words, word)
    if not 0 < k < len(words):
        raise ValueError(f"k = {k}")
    others = np.delete(np.arange(len(words)), i)
    cosines = cosine_similarity(E[[i]], E[others]).ravel()
    return [words[j] for j in others[np.lexsort((others, -cosines))][:k]]


def analogy(words, E, a, b, c):
    i = np.array([where_is(words, word) for word in (a, b, c)])
    unit = E / np.maximum(np.linalg.norm(E, axis=1), 1e-300)[:, None]
    target = np.array([1.0, -1.0, 1.0]) @ unit[i]
    others = np.setdiff1d(np.arange(len(words)), i)
    return words[others[(unit[others] @ target).argmax()]]


def pca_projection(E, k=2):
    _, axes = np.linalg.eigh(np.cov(E, rowvar=False))
    return (E - E.mean(axis=0, keepdims=True)) @ upright(axes[:, ::-1][:, :k])


def procrustes(X, Y):
    """Newton's iteration goes from M to its orthogonal factor: the mean with the inverse's transpose, over again."""
    if X.shape != Y.shape:
        raise ValueError("as many x as y, please")
    W = np.einsum("ni,nj->ij", Y, X)
    W = W / np.abs(np.linalg.det(W)) ** (1 / len(W))
    for _ in range(60):
        W = (W + np.linalg.inv(W).T) / 2
    return W


def orthogonalize(W, beta=0.01):
    return W @ ((1 + beta) * np.identity(len(W)) - beta * W.T @ W)


def csls(X, Y, k):
    if k not in range(1, min(len(X), len(Y)) + 1):
        raise ValueError(f"k = {k}")
    near = cosine_similarity(X, Y)
    r = [np.partition(near, -k, axis=axis).take(range(-k, 0), axis=axis).mean(axis=axis, keepdims=True) for axis in (0, 1)]
    return near + near - r[0] - r[1]


def mutual_nearest_neighbours(S):
    n, m = S.shape
    chosen_by_rows = np.arange(m) == S.argmax(axis=1)[:, None]
    chosen_by_columns = np.arange(n)[:, None] == S.argmax(axis=0)
    return np.argwhere(chosen_by_rows & chosen_by_columns)


def refine(X, Y, W, k):
    pairs = mutual_nearest_neighbours(csls(np.einsum("ij,nj->ni", W, X), Y, k))
    return procrustes(X[pairs[:, 0]], Y[pairs[:, 1]])
