# td6 in plain Python: lists of floats, dictionaries of counts, eigenvectors by Jacobi's rotations. numpy comes in and
# goes out, draws, and that is all it does; training keeps its vectors in lists.
import math

import numpy as np


def build_vocabulary(sentences, min_count=1):
    tally = {}
    for sentence in sentences:
        for word in sentence:
            tally[word] = tally.get(word, 0) + 1
    words = [word for word in tally if tally[word] >= min_count]
    if words == []:
        raise ValueError("an empty vocabulary")
    words.sort()
    words.sort(key=tally.get, reverse=True)  # stable, also in reverse
    return words, np.array([tally[word] for word in words])


def encode(sentence, words):
    places = dict(zip(words, range(len(words))))
    found = [places.get(word, -1) for word in sentence]
    return np.array([i for i in found if i >= 0], dtype=np.int64)


def windows(sentences, window):
    for sentence in sentences:
        sentence = [int(i) for i in sentence]
        for at, center in enumerate(sentence):
            for context in sentence[max(at - window, 0) : at] + sentence[at + 1 : at + 1 + window]:
                yield center, context


def skipgram_pairs(sentences, window):
    if not window > 0:
        raise ValueError("nobody is in this window")
    pairs = list(windows(sentences, window))
    return np.array(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)


def sampling_distribution(counts, power=0.75):
    counts = [float(c) for c in counts]
    if min(counts, default=0.0) < 0:
        raise ValueError("who occurs less often than never?")
    weights = [math.exp(power * math.log(c)) if c else 0.0 for c in counts]
    total = math.fsum(weights)
    if total == 0.0:
        raise ValueError("nobody occurs")
    return np.array([w / total for w in weights])


def sample_negatives(p, shape, rng):
    return rng.choice(np.arange(len(p)), shape, True, p)


def dot(x, y):
    total = 0.0
    for a, b in zip(x, y):
        total += a * b
    return total


def minus_log_sigma(z):
    if z > 0:
        return math.log1p(math.exp(-z))
    return math.log1p(math.exp(z)) - z


def sigma(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def negative_sampling_loss(U, V, centers, contexts, negatives):
    U, V = U.tolist(), V.tolist()
    terms = []
    for c, o, others in zip(centers.tolist(), contexts.tolist(), negatives.tolist()):
        terms.append(minus_log_sigma(dot(U[c], V[o])))
        terms += [minus_log_sigma(-dot(U[c], V[other])) for other in others]
    return math.fsum(terms) / len(centers)


def negative_sampling_gradients(U, V, centers, contexts, negatives):
    dU, dV = [[0.0] * len(row) for row in U], [[0.0] * len(row) for row in V]
    U, V, m = U.tolist(), V.tolist(), len(centers)
    for c, o, others in zip(centers.tolist(), contexts.tolist(), negatives.tolist()):
        for word, truth in [(o, 1.0)] + [(other, 0.0) for other in others]:
            error = (sigma(dot(U[c], V[word])) - truth) / m
            for axis in range(len(U[c])):
                dU[c][axis] += error * V[word][axis]
                dV[word][axis] += error * U[c][axis]
    return np.array(dU), np.array(dV)


def train_skipgram(sentences, n_words, dim, window, n_negatives, epochs, lr, rng):
    tally = [0] * n_words
    for sentence in sentences:
        for word in sentence:
            tally[word] += 1
    p = sampling_distribution(tally)
    pairs = list(windows(sentences, window))
    U, V = (0.1 * rng.standard_normal((2, n_words, dim))).tolist()
    for _ in range(epochs):
        order = rng.permutation(len(pairs)).tolist()
        drawn = sample_negatives(p, (len(pairs), n_negatives), rng).tolist()
        for i in order:
            u = U[pairs[i][0]]
            push = [0.0] * dim
            for word, truth in zip([pairs[i][1], *drawn[i]], [1.0] + [0.0] * n_negatives):
                v = V[word]
                step = lr * (truth - sigma(dot(u, v)))
                for axis in range(dim):
                    push[axis] += step * v[axis]
                    v[axis] += step * u[axis]
            for axis in range(dim):
                u[axis] += push[axis]
    return np.array(U), np.array(V)


def cooccurrence(sentences, n_words, window):
    table = [[0.0] * n_words for _ in range(n_words)]
    for center, context in windows(sentences, window):
        table[center][context] += 1.0
    return np.array(table)


def ppmi(C):
    C = C.tolist()
    rows, columns = [math.fsum(row) for row in C], [math.fsum(column) for column in zip(*C)]
    log_total = math.log(math.fsum(rows) or 1.0)
    answer = [[0.0] * len(columns) for _ in rows]
    for i, row in enumerate(C):
        for j, c in enumerate(row):
            if c > 0:
                answer[i][j] = max(0.0, math.log(c) + log_total - math.log(rows[i]) - math.log(columns[j]))
    return np.array(answer)


def transposed(A):
    return [list(column) for column in zip(*A)]


def product(A, B):
    columns = transposed(B)
    return [[dot(row, column) for column in columns] for row in A]


def eigen(A):
    """Eigenvalues of a symmetric matrix, the largest first, with their eigenvectors as rows: Jacobi's rotations."""
    n = len(A)
    A, Q = [list(row) for row in A], [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(30):
        if sum(A[i][j] ** 2 for i in range(n) for j in range(i)) < 1e-28 * sum(A[i][i] ** 2 for i in range(n)):
            break
        for i in range(n):
            for j in range(i + 1, n):
                if A[i][j] == 0.0:
                    continue
                angle = 0.5 * math.atan2(2 * A[i][j], A[i][i] - A[j][j])
                c, s = math.cos(angle), math.sin(angle)
                for M in (A, Q):
                    M[i], M[j] = [c * x + s * y for x, y in zip(M[i], M[j])], [c * y - s * x for x, y in zip(M[i], M[j])]
                for row in A:
                    row[i], row[j] = c * row[i] + s * row[j], c * row[j] - s * row[i]
    order = sorted(range(n), key=lambda i: -A[i][i])
    return [max(A[i][i], 0.0) for i in order], [Q[i] for i in order]


def upright(row):
    return row if max(row, key=abs) > 0 else [-x for x in row]


def svd_embedding(M, dim):
    if dim not in range(1, min(len(M), len(M[0])) + 1):
        raise ValueError("more dimensions than there are, or none")
    M = M.tolist()
    squares, directions = eigen(product(M, transposed(M)))
    columns = [upright([squares[i] ** 0.25 * x for x in directions[i]]) for i in range(dim)]
    return np.array(transposed(columns))


def cosine(x, y):
    lengths = math.sqrt(dot(x, x)) * math.sqrt(dot(y, y))
    return dot(x, y) / lengths if lengths > 0 else 0.0


def cosine_similarity(A, B):
    if len(A[0]) != len(B[0]):
        raise ValueError("two spaces")
    A, B = A.tolist(), B.tolist()
    return np.array([[cosine(x, y) for y in B] for x in A])


def place(words, word):
    if word not in words:
        raise ValueError(f"who is {word}?")
    return words.index(word)


def ranked(x, E, without):
    return sorted((i for i in range(len(E)) if i not in without), key=lambda i: -cosine(x, E[i]))


def nearest_words(words, E, word, k):
    here, E = place(words, word), E.tolist()
    if k < 1 or k >= len(words):
        raise ValueError("so many others there are not")
    return [words[i] for i in ranked(E[here], E, {here})[:k]]


def scaled(x):
    length = math.sqrt(dot(x, x)) or 1.0
    return [a / length for a in x]


def analogy(words, E, a, b, c):
    ids = [place(words, word) for word in (a, b, c)]
    E = E.tolist()
    x, y, z = (scaled(E[i]) for i in ids)
    return words[ranked([p - q + r for p, q, r in zip(x, y, z)], E, ids)[0]]


def pca_projection(E, k=2):
    n = len(E)
    means = [math.fsum(column) / n for column in E.T.tolist()]
    rows = [[x - mean for x, mean in zip(row, means)] for row in E.tolist()]
    _, axes = eigen(product(transposed(rows), rows))
    return np.array([[dot(row, axis) for axis in map(upright, axes[:k])] for row in rows])


def procrustes(X, Y):
    """The orthogonal factor of M = YᵀX, which is M (MᵀM)^(-1/2)."""
    if np.shape(X) != np.shape(Y):
        raise ValueError("each x needs its y")
    M = product(transposed(Y.tolist()), X.tolist())
    squares, Q = eigen(product(transposed(M), M))
    scaled_rows = [[x / math.sqrt(square) for x in row] for square, row in zip(squares, Q)]
    return np.array(product(M, product(transposed(Q), scaled_rows)))


def orthogonalize(W, beta=0.01):
    rows = W.tolist()
    cubes = product(product(rows, transposed(rows)), rows)
    return np.array([[w + beta * (w - c) for w, c in zip(*pair)] for pair in zip(rows, cubes)])


def csls(X, Y, k):
    if k < 1 or k > len(X) or k > len(Y):
        raise ValueError("k neighbours on both sides, please")
    table = cosine_similarity(X, Y).tolist()
    r_x = [math.fsum(sorted(row, reverse=True)[:k]) / k for row in table]
    r_y = [math.fsum(sorted(column, reverse=True)[:k]) / k for column in zip(*table)]
    return np.array([[2 * c - r_x[i] - r_y[j] for j, c in enumerate(row)] for i, row in enumerate(table)])


def mutual_nearest_neighbours(S):
    S = S.tolist()
    mine = [row.index(max(row)) for row in S]
    theirs = [column.index(max(column)) for column in zip(*S)]
    return np.array([[i, j] for i, j in enumerate(mine) if theirs[j] == i])


def refine(X, Y, W, k):
    mapped = np.array(product(X.tolist(), transposed(W.tolist())))
    pairs = mutual_nearest_neighbours(csls(mapped, Y, k)).tolist()
    return procrustes(np.array([X[i] for i, _ in pairs]), np.array([Y[j] for _, j in pairs]))
