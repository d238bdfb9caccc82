# td7 in plain Python: lists of floats, recursion over batch axes, loops over positions. numpy comes in and goes out.
import math

import numpy as np


# bytes and pairs


def most_frequent_pair(ids):
    if len(ids) < 2:
        raise ValueError("a pair takes two")
    tally = {}
    for i in range(1, len(ids)):
        pair = (ids[i - 1], ids[i])
        tally[pair] = tally.get(pair, 0) + 1
    return min(tally, key=lambda pair: (-tally[pair], pair))


def merge_pair(ids, pair, new_id):
    out, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and ids[i] == pair[0] and ids[i + 1] == pair[1]:
            out.append(new_id)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out


def bpe_train(text, n_merges):
    ids, learnt = list(text.encode("utf-8")), []
    for new_id in range(256, 256 + n_merges):
        if len(ids) < 2:
            break
        pair = most_frequent_pair(ids)
        if sum((ids[i], ids[i + 1]) == pair for i in range(len(ids) - 1)) == 1:
            break
        learnt.append(list(pair))
        ids = merge_pair(ids, pair, new_id)
    return np.array(learnt, dtype=int) if learnt else np.zeros((0, 2), dtype=int)


def bpe_encode(text, merges):
    ids = list(text.encode("utf-8"))
    new_id = 256
    for pair in merges:
        ids = merge_pair(ids, (int(pair[0]), int(pair[1])), new_id)
        new_id += 1
    return ids


def bpe_decode(ids, merges):
    stack, out = [int(i) for i in reversed(list(ids))], []
    while stack:
        i = stack.pop()
        if i < 0 or i >= 256 + len(merges):
            raise ValueError(f"{i} is no token")
        if i < 256:
            out.append(i)
        else:
            stack += [int(merges[i - 256][1]), int(merges[i - 256][0])]
    return bytes(out).decode("utf-8", "replace")


# attention


def causal_mask(n, m=None):
    m = n if m is None else m
    if n > m:
        raise ValueError("queries of positions that there are not")
    return np.array([[j <= i + m - n for j in range(m)] for i in range(n)])


def dot(x, y):
    total = 0.0
    for a, b in zip(x, y):
        total += a * b
    return total


def columns_of(A):
    return [list(column) for column in zip(*A)]


def softmax(row, free):
    seen = [s for s, f in zip(row, free) if f]
    if not seen:
        return [0.0] * len(row)
    top = max(seen)
    powers = [math.exp(s - top) if f else 0.0 for s, f in zip(row, free)]
    total = math.fsum(powers)
    return [p / total for p in powers]


def attend(Q, K, V, mask):
    scale = math.sqrt(len(Q[0]))
    weights = [softmax([dot(q, k) / scale for k in K], free) for q, free in zip(Q, mask)]
    values = columns_of(V)
    return [[dot(w, v) for v in values] for w in weights], weights


def attention(Q, K, V, mask=None):
    Q, K, V = np.asarray(Q, float), np.asarray(K, float), np.asarray(V, float)
    fits = Q.shape[:-2] == K.shape[:-2] == V.shape[:-2] and Q.shape[-1] == K.shape[-1] and K.shape[-2] == V.shape[-2]
    if not fits:
        raise ValueError("queries, keys and values of different worlds")
    shape = (*Q.shape[:-1], K.shape[-2])
    mask = np.broadcast_to(np.ones(shape, bool) if mask is None else mask, shape)
    out, weights = np.zeros((*Q.shape[:-1], V.shape[-1])), np.zeros(shape)
    for b in np.ndindex(*Q.shape[:-2]):
        out[b], weights[b] = attend(Q[b].tolist(), K[b].tolist(), V[b].tolist(), mask[b].tolist())
    return out, weights


def attention_backward(grad, Q, K, V, mask=None):
    out, A = attention(Q, K, V, mask)
    if np.shape(grad) != out.shape:
        raise ValueError("this gradient is of something else")
    dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)
    scale = math.sqrt(Q.shape[-1])
    for b in np.ndindex(*Q.shape[:-2]):
        for i in range(Q.shape[-2]):
            g, a = grad[b][i], A[b][i]
            da = [dot(g, v) for v in V[b]]
            mean = dot(a, da)
            for j in range(K.shape[-2]):
                ds = a[j] * (da[j] - mean) / scale
                dQ[b][i] += ds * K[b][j]
                dK[b][j] += ds * Q[b][i]
                dV[b][j] += a[j] * g
    return dQ, dK, dV


def split_heads(x, h):
    n, d = x.shape[-2:]
    if d % h:
        raise ValueError("some column would be left")
    out = np.zeros((*x.shape[:-2], h, n, d // h))
    for i in range(h):
        for c in range(d // h):
            out[..., i, :, c] = x[..., i * (d // h) + c]
    return out


def merge_heads(x):
    h, n, e = x.shape[-3:]
    out = np.zeros((*x.shape[:-3], n, h * e))
    for i in range(h):
        for c in range(e):
            out[..., i * e + c] = x[..., i, :, c]
    return out


# a GPT


def statistics(row, eps):
    mean = math.fsum(row) / len(row)
    return mean, math.sqrt(math.fsum((a - mean) ** 2 for a in row) / len(row) + eps)


def layer_norm(x, gamma, beta, eps=1e-5):
    d = x.shape[-1]
    if np.shape(gamma) != (d,) or np.shape(beta) != (d,):
        raise ValueError("one gamma and one beta for each column")
    out = []
    for row in np.reshape(x, (-1, d)).tolist():
        mean, deviation = statistics(row, eps)
        out.append([g * (a - mean) / deviation + b for a, g, b in zip(row, gamma, beta)])
    return np.array(out).reshape(x.shape)


def layer_norm_backward(grad, x, gamma, eps=1e-5):
    d = x.shape[-1]
    if np.shape(grad) != x.shape or np.shape(gamma) != (d,):
        raise ValueError("these shapes do not go together")
    dx, dgamma, dbeta = [], [0.0] * d, [0.0] * d
    for row, out in zip(np.reshape(x, (-1, d)).tolist(), np.reshape(grad, (-1, d)).tolist()):
        mean, s = statistics(row, eps)
        z = [(a - mean) / s for a in row]
        g = [o * c for o, c in zip(out, gamma)]
        g_mean, gz_mean = math.fsum(g) / d, dot(g, z) / d
        dx.append([(a - g_mean - b * gz_mean) / s for a, b in zip(g, z)])
        for i in range(d):
            dgamma[i] += out[i] * z[i]
            dbeta[i] += out[i]
    return np.array(dx).reshape(x.shape), np.array(dgamma), np.array(dbeta)


def position(p, d):
    angles = [p / 10000 ** (2 * i / d) for i in range(d // 2)]
    return [f(angle) for angle in angles for f in (math.sin, math.cos)]


def sinusoidal_positions(n, d):
    if d % 2:
        raise ValueError("each sine has its cosine")
    return np.array([position(p, d) for p in range(n)])


def gelu(x):
    x = np.asarray(x, float)
    c = math.sqrt(2 / math.pi)
    return np.array([a / 2 * (1 + math.tanh(c * (a + 0.044715 * a**3))) for a in x.ravel().tolist()]).reshape(x.shape)


def times(x, W):
    rows = [[dot(row, w) for w in W.tolist()] for row in np.reshape(x, (-1, x.shape[-1])).tolist()]
    return np.array(rows).reshape(*x.shape[:-1], len(W))


def through(x, p, h, before=None):
    z = layer_norm(x, p["ln1_gamma"], p["ln1_beta"])
    q, k, v = [split_heads(times(z, p["W_" + name]), h) for name in "qkv"]
    if before:
        k, v = np.concatenate([before[0], k], axis=1), np.concatenate([before[1], v], axis=1)
    heads, _ = attention(q, k, v, causal_mask(q.shape[-2], k.shape[-2]))
    y = x + times(merge_heads(heads), p["W_o"])
    z = gelu(times(layer_norm(y, p["ln2_gamma"], p["ln2_beta"]), p["W_1"]) + p["b_1"])
    return y + times(z, p["W_2"]) + p["b_2"], (k, v)


def gpt_block(x, p, h):
    return through(x, p, h)[0]


def said(x, params):
    return times(layer_norm(x, params["lnf_gamma"], params["lnf_beta"]), params["E"])


def gpt_logits(ids, params, h):
    ids = np.asarray(ids)
    if any(i < 0 or i >= len(params["E"]) for i in ids.ravel().tolist()):
        raise ValueError("nobody has heard of this token")
    x = np.zeros((*ids.shape, params["E"].shape[1]))
    for where in np.ndindex(*ids.shape):
        x[where] = params["E"][ids[where]] + position(where[-1], x.shape[-1])
    for p in params["blocks"]:
        x = gpt_block(x, p, h)
    return said(x, params)


def gpt_step(id, cache, params, h):
    if id < 0 or id >= len(params["E"]):
        raise ValueError("nobody has heard of this token")
    blocks = params["blocks"]
    cache = cache or [None] * len(blocks)
    t = cache[0][0].shape[1] if cache[0] else 0
    x = (params["E"][id] + position(t, params["E"].shape[1]))[None]
    new = []
    for p, before in zip(blocks, cache):
        x, after = through(x, p, h, before)
        new.append(after)
    return said(x, params)[0], new


# what comes next


def log_softmax(row):
    top = max(row)
    total = math.log(math.fsum(math.exp(a - top) for a in row))
    return [a - top - total for a in row]


def in_sentences(logits, ids):
    logits, ids = np.asarray(logits, float), np.asarray(ids)
    if logits.shape[:-1] != ids.shape or ids.shape[-1] < 2:
        raise ValueError("rows and ids, at least two of each")
    if any(i < 0 or i >= logits.shape[-1] for i in ids.ravel().tolist()):
        raise ValueError("an id without a logit")
    n, v = logits.shape[-2:]
    return logits.reshape(-1, n, v).tolist(), ids.reshape(-1, n).tolist()


def next_token_loss(logits, ids):
    terms = []
    for rows, tokens in zip(*in_sentences(logits, ids)):
        terms += [-log_softmax(row)[token] for row, token in zip(rows, tokens[1:])]
    return math.fsum(terms) / len(terms)


def perplexity(logits, ids):
    return math.exp(next_token_loss(logits, ids))


def next_token_gradient(logits, ids):
    sentences = list(zip(*in_sentences(logits, ids)))
    n, v = np.shape(logits)[-2:]
    terms = len(sentences) * (n - 1)
    out = []
    for rows, tokens in sentences:
        for row, token in zip(rows, tokens[1:]):
            out.append([(math.exp(lp) - (i == token)) / terms for i, lp in enumerate(log_softmax(row))])
        out.append([0.0] * v)
    return np.array(out).reshape(np.shape(logits))


def token_probabilities(logits, temperature=1.0, top_k=None):
    logits = [float(a) for a in logits]
    if temperature < 0 or (top_k is not None and top_k < 1):
        raise ValueError("neither below absolute zero nor among nobody")
    kept = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    kept = kept[: 1 if temperature == 0 else top_k]
    p = [0.0] * len(logits)
    for i, lp in zip(kept, log_softmax([logits[i] / (temperature or 1.0) for i in kept])):
        p[i] = math.exp(lp)
    return np.array(p)


def sample_token(logits, rng, temperature=1.0, top_k=None):
    p = token_probabilities(logits, temperature, top_k).tolist()
    if temperature == 0:
        return p.index(1.0)
    u, total = rng.random(), 0.0
    for i, share in enumerate(p):
        total += share
        if total > u:
            return i
    return max(i for i in range(len(p)) if p[i] > 0)


def generate(model, ids, n_new, context, rng=None, temperature=0.0, top_k=None):
    said = [int(i) for i in ids]
    if not said:
        raise ValueError("in the beginning was a word")
    while len(said) < len(ids) + n_new:
        logits = model(said[max(0, len(said) - context) :])
        said = said + [sample_token(logits[len(logits) - 1], rng, temperature, top_k)]
    return said


def fit_language_model(ids, vocab_size, rng):
    # Of each context of 0 to 4 letters, how often which letter followed.
    ids, followers = [int(i) for i in ids], {}
    for t in range(len(ids)):
        for length in range(5):
            if t >= length:
                seen = followers.setdefault(tuple(ids[t - length : t]), {})
                seen[ids[t]] = seen.get(ids[t], 0) + 1
    return followers, vocab_size


def language_model_logits(model, ids):
    # Witten and Bell: the more different letters followed a context, the more is left to the shorter one.
    followers, v = model
    ids, out = [int(i) for i in ids], []
    for t in range(1, len(ids) + 1):
        p = [1.0 / v] * v
        for length in range(min(t, 4) + 1):
            seen = followers.get(tuple(ids[t - length : t]))
            if seen:
                total = sum(seen.values()) + len(seen)
                p = [(seen.get(i, 0) + len(seen) * p[i]) / total for i in range(v)]
        out.append([math.log(a) for a in p])
    return np.array(out)


# in context


def linear_attention(E, C, W_Q, W_K, W_V, P):
    d = len(P)
    if any(np.shape(W) != (d, d) for W in (W_Q, W_K, W_V, P)) or np.shape(E)[1] != d or np.shape(C)[1] != d:
        raise ValueError("tokens and matrices of one size")
    keys, values = times(C, W_K).tolist(), times(C, W_V).tolist()
    out = []
    for e, q in zip(E.tolist(), times(E, W_Q).tolist()):
        total = [0.0] * d
        for k, v in zip(keys, values):
            fit = dot(k, q)
            total = [a + fit * b for a, b in zip(total, v)]
        out.append([a + dot(row, total) for a, row in zip(e, P.tolist())])
    return np.array(out)


def gd_weights(W0, lr, n):
    k, d = np.shape(W0)
    size = d + k
    first = [[float(i == j and i < d) for j in range(size)] for i in range(size)]
    change = [[0.0] * size for _ in range(d)]
    for i in range(k):
        change.append([*map(float, W0[i]), *[-float(i == j) for j in range(k)]])
    rate = [[lr / n * (i == j) for j in range(size)] for i in range(size)]
    return np.array(first), np.array(first), np.array(change), np.array(rate)


def in_context_regression(X, Y, X_test, lr, layers):
    # Descent as it stands in a textbook: the layers do nothing else.
    if len(X) != len(Y) or X.shape[1] != X_test.shape[1]:
        raise ValueError("examples and questions of one kind")
    W = [[0.0] * X.shape[1] for _ in range(Y.shape[1])]
    for _ in range(layers):
        step = [[0.0] * X.shape[1] for _ in W]
        for x, y in zip(X.tolist(), Y.tolist()):
            for a, w in enumerate(W):
                error = dot(w, x) - y[a]
                step[a] = [s + error * b for s, b in zip(step[a], x)]
        W = [[w - lr / len(X) * s for w, s in zip(row, steps)] for row, steps in zip(W, step)]
    return np.array([[dot(w, x) for w in W] for x in X_test.tolist()])


def posterior_predictive(P_train, y, P_test):
    S, n, C = np.shape(P_train)
    if np.shape(P_test)[0] != S or np.shape(P_test)[2] != C or len(y) != n or any(c < 0 or c >= C for c in y):
        raise ValueError("samples, points and classes do not match")
    logs = []
    for s in range(S):
        factors = [P_train[s][i][int(y[i])] for i in range(n)]
        logs.append(-math.inf if 0.0 in factors else math.fsum(map(math.log, factors)))
    if max(logs) == -math.inf:
        raise ValueError("nobody saw this coming")
    weights = [math.exp(w - max(logs)) for w in logs]
    total = math.fsum(weights)
    out = [[math.fsum(w * P_test[s][i][c] for s, w in enumerate(weights)) / total for c in range(C)] for i in range(np.shape(P_test)[1])]
    return np.array(out)


def solved(A, B):
    # Gauss and Jordan, with the largest pivot.
    rows = [list(a) + list(b) for a, b in zip(A, B)]
    for i in range(len(rows)):
        best = max(range(i, len(rows)), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        rows[i] = [a / rows[i][i] for a in rows[i]]
        for r in range(len(rows)):
            if r != i:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i])]
    return [row[len(A) :] for row in rows]


def bayesian_linear_regression(X, y, X_test, sigma, tau):
    d = np.shape(X)[1]
    if len(y) != len(X) or np.shape(X_test)[1] != d:
        raise ValueError("a target for each point, in as many columns")
    A = [[float(i == j) / tau**2 for j in range(d)] for i in range(d)]
    b = [0.0] * d
    for x, t in zip(np.asarray(X).tolist(), np.asarray(y).tolist()):
        for i in range(d):
            b[i] += x[i] * t / sigma**2
            for j in range(d):
                A[i][j] += x[i] * x[j] / sigma**2
    inverse = solved(A, [[float(i == j) for j in range(d)] for i in range(d)])
    w = [dot(row, b) for row in inverse]
    X_test = np.asarray(X_test).tolist()
    mean = [dot(w, x) for x in X_test]
    return np.array(mean), np.array([sigma**2 + dot(x, [dot(row, x) for row in inverse]) for x in X_test])


def few_shot_predict(X, y, X_test):
    # Columns between their deviations over all rows that are there; then the nearest mean.
    rows = X.tolist() + X_test.tolist()
    scales = [statistics(list(column), 0.0) for column in zip(*rows)]

    def scaled(row):
        return [(a - mean) / (deviation or 1.0) for a, (mean, deviation) in zip(row, scales)]

    groups = {}
    for row, label in zip(X.tolist(), y.tolist()):
        groups.setdefault(label, []).append(scaled(row))
    centres = {label: [sum(c) / len(c) for c in zip(*group)] for label, group in groups.items()}
    answers = []
    for row in map(scaled, X_test.tolist()):
        answers.append(min(centres, key=lambda label: sum((a - b) ** 2 for a, b in zip(row, centres[label]))))
    return np.array(answers)
