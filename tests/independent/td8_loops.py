# td8 in plain Python: lists, loops and math, one row at a time. numpy draws, and finds the eigenvectors.
import math

import numpy as np


def plain(a):
    return np.asarray(a, dtype=float).tolist()


def softplus(z):
    return z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def mean(values):
    values = list(values)
    if not values:
        raise ValueError("nothing to average")
    return sum(values) / len(values)


def discriminator_loss(real, fake):
    return mean(softplus(-r) for r in plain(real)) + mean(softplus(f) for f in plain(fake))


def generator_loss(fake, kind):
    if kind == "minimax":
        return mean(-softplus(f) for f in plain(fake))
    if kind == "non_saturating":
        return mean(softplus(-f) for f in plain(fake))
    raise ValueError(kind)


def discriminator_gradient(real, fake):
    discriminator_loss(real, fake)
    real, fake = plain(real), plain(fake)
    return [-sigmoid(-r) / len(real) for r in real], [sigmoid(f) / len(fake) for f in fake]


def generator_gradient(fake, kind):
    generator_loss(fake, kind)
    fake = plain(fake)
    return [-(sigmoid(f) if kind == "minimax" else sigmoid(-f)) / len(fake) for f in fake]


def optimal_discriminator(log_p, log_q):
    log_p, log_q = plain(log_p), plain(log_q)
    if len(log_p) != len(log_q):
        raise ValueError("as many of each, please")
    best = []
    for a, b in zip(log_p, log_q):
        if a == b:
            best.append(0.5)
        elif b == -math.inf or a - b > 700:
            best.append(1.0)
        elif a == -math.inf:
            best.append(0.0)
        else:
            best.append(sigmoid(a - b))
    return best


def gan_value(p, q):
    p, q = plain(p), plain(q)
    if len(p) != len(q) or min(p + q) < 0 or abs(sum(p) - 1) > 1e-9 or abs(sum(q) - 1) > 1e-9:
        raise ValueError("two distributions over the same outcomes, please")
    value = 0.0
    for a, b in zip(p, q):
        value += a * math.log(a / (a + b)) if a > 0 else 0.0
        value += b * math.log(b / (a + b)) if b > 0 else 0.0
    return value


def gan_step(params, x, z, lr):
    a, b, u, c = plain(params)
    x, z = plain(x), plain(z)
    fakes = [a * e + b for e in z]
    du = dc = 0.0
    for value in x:
        g = (sigmoid(u * value + c) - 1) / len(x)
        du, dc = du + g * value, dc + g
    for value in fakes:
        g = sigmoid(u * value + c) / len(z)
        du, dc = du + g * value, dc + g
    u, c = u - lr * du, c - lr * dc
    da = db = 0.0
    for e, value in zip(z, fakes):
        g = u * (sigmoid(u * value + c) - 1) / len(z)
        da, db = da + g * e, db + g
    return [a - lr * da, b - lr * db, u, c]


def linear_betas(T, start=1e-4, end=0.02):
    if T < 2:
        raise ValueError("two ends need two steps")
    return [start + (end - start) * i / (T - 1) for i in range(T)]


def cosine_betas(T, s=0.008):
    def f(t):
        return math.cos(math.pi / 2 * (t / T + s) / (1 + s)) ** 2

    return [min(1 - f(t + 1) / f(t), 0.999) for t in range(T)]


def alpha_bars(betas):
    bars, left = [], 1.0
    for beta in plain(betas):
        if not 0 < beta < 1:
            raise ValueError(f"beta {beta}")
        left *= 1 - beta
        bars.append(left)
    return bars


def times(t, n, betas):
    """t as a list of n times that exist."""
    each = np.asarray(t).tolist()
    each = each if isinstance(each, list) else [each] * n
    if len(each) != n or any(time < 0 or time >= len(betas) for time in each):
        raise ValueError(f"times {t}")
    return each


def pairs(x, y, t, betas):
    """Of each row of x and of y: both, and sqrt(bar) and sqrt(1 - bar) of its time."""
    if np.shape(x) != np.shape(y):
        raise ValueError("different shapes")
    bars = alpha_bars(betas)
    found = []
    for one, other, time in zip(plain(x), plain(y), times(t, len(x), betas)):
        found.append((one, other, math.sqrt(bars[time]), math.sqrt(1 - bars[time])))
    return found


def q_sample(x0, t, noise, betas):
    return np.array([[s * a + r * e for a, e in zip(x, n)] for x, n, s, r in pairs(x0, noise, t, betas)])


def predict_x0(x_t, t, eps, betas):
    return np.array([[(a - r * e) / s for a, e in zip(x, n)] for x, n, s, r in pairs(x_t, eps, t, betas)])


def predict_noise(x_t, t, x0, betas):
    return np.array([[(a - s * e) / r for a, e in zip(x, n)] for x, n, s, r in pairs(x_t, x0, t, betas)])


def misses(W, b, x0, t, noise, betas):
    """Of each row x_t, and what the model misses."""
    W, b = plain(W), plain(b)
    for x, e in zip(plain(q_sample(x0, t, noise, betas)), plain(noise)):
        yield x, [sum(w * a for w, a in zip(W[i], x)) + b[i] - e[i] for i in range(len(b))]


def noise_loss(W, b, x0, t, noise, betas):
    return mean(sum(m * m for m in missed) for _, missed in misses(W, b, x0, t, noise, betas))


def noise_loss_gradient(W, b, x0, t, noise, betas):
    d, n = len(b), len(x0)
    dW, db = [[0.0] * d for _ in range(d)], [0.0] * d
    for x, missed in misses(W, b, x0, t, noise, betas):
        for i in range(d):
            db[i] += 2 * missed[i] / n
            for j in range(d):
                dW[i][j] += 2 * missed[i] * x[j] / n
    return dW, db


def q_posterior(x0, x_t, t, betas):
    if np.shape(x0) != np.shape(x_t):
        raise ValueError("different shapes")
    bars, betas = alpha_bars(betas), plain(betas)
    means, variances = [], []
    for start, now, time in zip(plain(x0), plain(x_t), times(t, len(x0), betas)):
        if time == 0:
            means.append(start)
            variances.append(0.0)
            continue
        # precisions of q(x_{t-1} | x_0) and of q(x_t | x_{t-1}), which is a Gaussian of x_{t-1} too
        of_start, of_now = 1 / (1 - bars[time - 1]), (1 - betas[time]) / betas[time]
        variance = 1 / (of_start + of_now)
        s, r = math.sqrt(bars[time - 1]), math.sqrt(1 - betas[time])
        means.append([variance * (of_start * s * a + of_now * c / r) for a, c in zip(start, now)])
        variances.append(variance)
    return np.array(means), np.array(variances)


def ddpm_step(x_t, t, eps, betas, rng):
    means, variances = q_posterior(predict_x0(x_t, t, eps, betas), x_t, t, betas)
    if t == 0:
        return means
    z = rng.standard_normal(np.shape(x_t)).tolist()
    return np.array([[m + math.sqrt(v) * e for m, e in zip(row, draw)] for row, v, draw in zip(means, variances, z)])


def ddim_step(x_t, t, t_prev, eps, betas, eta=0.0, rng=None):
    bars = alpha_bars(betas)
    if t_prev < -1 or t_prev >= t or eta < 0 or eta > 1 or (eta > 0 and rng is None):
        raise ValueError("no such step")
    starts = predict_x0(x_t, t, eps, betas)
    bar, before = bars[t], (bars[t_prev] if t_prev >= 0 else 1.0)
    variance = eta**2 * (1 - before) / (1 - bar) * (1 - bar / before)
    there, rest = math.sqrt(before), math.sqrt(max(1 - before - variance, 0.0))
    x = np.array([[there * a + rest * e for a, e in zip(start, noise)] for start, noise in zip(starts, plain(eps))])
    return x + math.sqrt(variance) * rng.standard_normal(x.shape) if variance > 0 else x


def ddpm_sample(model, n, d, betas, rng):
    x, t = rng.standard_normal((n, d)), len(betas)
    while t > 0:
        t -= 1
        x = ddpm_step(x, t, model(x, t), betas, rng)
    return x


def ddim_sample(model, n, d, betas, steps, rng):
    T = len(betas)
    if steps < 1 or steps > T:
        raise ValueError(f"{steps} of {T} steps")
    x = rng.standard_normal((n, d))
    for i in range(steps - 1, -1, -1):
        t, t_prev = (i + 1) * T // steps - 1, (i * T // steps - 1 if i else -1)
        x = ddim_step(x, t, t_prev, model(x, t), betas)
    return x


def check_mixture(x, pi, mu, s):
    if min(pi) <= 0 or min(s) <= 0 or abs(sum(pi) - 1) > 1e-9:
        raise ValueError("no mixture")
    if not len(pi) == len(mu) == len(s) or any(len(center) != len(x[0]) for center in mu):
        raise ValueError("shapes that do not fit")


def logs_of_parts(row, pi, mu, s):
    logs = []
    for share, center, width in zip(pi, mu, s):
        square = sum((a - m) ** 2 for a, m in zip(row, center))
        logs.append(math.log(share) - len(row) * math.log(width * math.sqrt(2 * math.pi)) - square / (2 * width**2))
    return logs


def score_of_row(row, pi, mu, s):
    logs = logs_of_parts(row, pi, mu, s)
    weights = [math.exp(value - max(logs)) for value in logs]
    score = [0.0] * len(row)
    for weight, center, width in zip(weights, mu, s):
        if weight > 1e-18:
            for j, (a, m) in enumerate(zip(row, center)):
                score[j] += weight / sum(weights) * (m - a) / width**2
    return score


def mixture_log_density(x, pi, mu, s):
    x, pi, mu, s = plain(x), plain(pi), plain(mu), plain(s)
    check_mixture(x, pi, mu, s)
    found = []
    for row in x:
        logs = logs_of_parts(row, pi, mu, s)
        found.append(max(logs) + math.log(sum(math.exp(value - max(logs)) for value in logs)))
    return found


def mixture_score(x, pi, mu, s):
    x, pi, mu, s = plain(x), plain(pi), plain(mu), plain(s)
    check_mixture(x, pi, mu, s)
    return np.array([score_of_row(row, pi, mu, s) for row in x])


def mixture_noise(x_t, t, betas, pi, mu, s):
    x, pi, mu, s = plain(x_t), plain(pi), plain(mu), plain(s)
    check_mixture(x, pi, mu, s)
    bars = alpha_bars(betas)
    found = []
    for row, time in zip(x, times(t, len(x), betas)):
        bar = bars[time]
        centers = [[math.sqrt(bar) * m for m in center] for center in mu]
        widths = [math.sqrt(bar * width**2 + 1 - bar) for width in s]
        found.append([-math.sqrt(1 - bar) * g for g in score_of_row(row, pi, centers, widths)])
    return np.array(found)


def guided_noise(eps_cond, eps_uncond, w):
    if np.shape(eps_cond) != np.shape(eps_uncond):
        raise ValueError("different shapes")
    return [[b + w * (a - b) for a, b in zip(one, all_)] for one, all_ in zip(plain(eps_cond), plain(eps_uncond))]


def pca_fit(X, k):
    n, d = X.shape
    if k < 1 or k > n or k > d:
        raise ValueError(f"{k} components")
    center = [mean(X[:, j].tolist()) for j in range(d)]
    C = (X - center).T @ (X - center) / n
    values, vectors = np.linalg.eigh(C)
    components, std = [], []
    for value, vector in sorted(zip(values.tolist(), vectors.T.tolist()), reverse=True)[:k]:
        if value <= 1e-20:
            raise ValueError("no variance")
        components.append([-v for v in vector] if -min(vector) > max(vector) else vector)
        std.append(math.sqrt(value))
    return np.array(center), np.array(components), np.array(std)


def pca_encode(X, pca):
    center, components, std = map(plain, pca)
    codes = []
    for row in plain(X):
        off = [a - m for a, m in zip(row, center)]
        codes.append([sum(c * a for c, a in zip(axis, off)) / width for axis, width in zip(components, std)])
    return np.array(codes)


def pca_decode(Z, pca):
    center, components, std = map(plain, pca)
    rows = []
    for code in plain(Z):
        row = list(center)
        for z, axis, width in zip(code, components, std):
            for j, c in enumerate(axis):
                row[j] += z * width * c
        rows.append(row)
    return np.array(rows)


def generate_rows(X, y, labels, k, betas, rng):
    # a Gaussian for each class: its mean, and one width
    pca = pca_fit(X, k)
    codes = pca_encode(X, pca)
    drawn = np.zeros((len(labels), k))
    for label in sorted(set(labels.tolist())):
        mine = [code for code, of in zip(codes.tolist(), y.tolist()) if of == label]
        center = [mean(code[j] for code in mine) for j in range(k)]
        width = math.sqrt(mean((code[j] - center[j]) ** 2 for code in mine for j in range(k)))
        here = [i for i, of in enumerate(labels.tolist()) if of == label]
        drawn[here] = ddpm_sample(
            lambda x, t: mixture_noise(x, t, betas, [1.0], [center], [width]), len(here), k, betas, rng
        )
    return pca_decode(drawn, pca)
