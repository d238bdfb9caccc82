# td8 by someone who thinks in signs, in pairs (signal, noise) of rates, and in the signal-to-noise ratio: σ by tanh,
# one table of rates for all times, the posterior by conditioning a joint Gaussian, and guidance over class means.
import numpy as np


def half(z):
    """σ(z), as tanh has it."""
    return (1 + np.tanh(np.asarray(z, dtype=float) / 2)) / 2


def nll(z):
    """-log σ(z)."""
    z = np.asarray(z, dtype=float)
    return np.maximum(-z, 0) + np.log1p(np.exp(-np.abs(z)))


def some(*logits):
    if not all(np.size(values) for values in logits):
        raise ValueError("at least one logit")


SIGN = {"minimax": (-1, -1), "non_saturating": (1, 1)}


def discriminator_loss(real, fake):
    some(real, fake)
    return np.average(nll(real)) + np.average(nll(-fake))


def generator_loss(fake, kind):
    some(fake)
    if kind not in SIGN:
        raise ValueError(f"{kind}?")
    outer, inner = SIGN[kind]
    return outer * np.average(nll(inner * fake))


def discriminator_gradient(real, fake):
    some(real, fake)
    return (half(real) - 1) / real.size, half(fake) / fake.size


def generator_gradient(fake, kind):
    some(fake)
    target = {"minimax": 0, "non_saturating": 1}.get(kind)
    if target is None:
        raise ValueError(f"{kind}?")
    return (half(fake) - target) / fake.size * (1 if target else -1)


def optimal_discriminator(log_p, log_q):
    if log_p.shape != log_q.shape:
        raise ValueError("shapes")
    top = np.maximum(log_p, log_q)
    top = np.where(np.isneginf(top), 0.0, top)
    p, q = np.exp(log_p - top), np.exp(log_q - top)
    return np.divide(p, p + q, out=np.full(p.shape, 0.5), where=p + q > 0)


def gan_value(p, q):
    if p.shape != q.shape or np.min([p, q]) < 0 or np.max(np.abs(np.sum([p, q], axis=1) - 1)) > 1e-9:
        raise ValueError("distributions")
    both = np.stack([p, q])
    share = np.divide(both, both.sum(axis=0), out=np.ones(both.shape), where=both > 0)
    return np.vdot(both, np.log(share))


def gan_step(params, x, z, lr):
    generator, discriminator = np.split(np.array(params, dtype=float), 2)
    basis = np.stack([z, np.ones(len(z))])
    made = generator @ basis
    features = [np.stack([values, np.ones(len(values))]) for values in (x, made)]
    slopes = discriminator_gradient(*(discriminator @ f for f in features))
    discriminator = discriminator - lr * sum(f @ s for f, s in zip(features, slopes))
    by_made = discriminator[0] * generator_gradient(discriminator @ features[1], "non_saturating")
    return np.concatenate([generator - lr * basis @ by_made, discriminator])


def linear_betas(T, start=1e-4, end=0.02):
    if not T > 1:
        raise ValueError("T")
    weight = np.arange(T) / (T - 1)
    return (1 - weight) * start + weight * end


def cosine_betas(T, s=0.008):
    angle = np.pi / 2 * (np.linspace(0, 1, T + 1) + s) / (1 + s)
    left = (1 + np.cos(2 * angle)) / 2
    return np.clip(1 - left[1:] / left[:-1], None, 0.999)


def alpha_bars(betas):
    if np.min(betas) <= 0 or np.max(betas) >= 1:
        raise ValueError("betas")
    return np.exp(np.cumsum(np.log1p(-np.asarray(betas))))


def rates(betas):
    """(T + 1, 2): of each time the roots of signal and noise; the last row, at -1, is all signal."""
    bars = np.append(alpha_bars(betas), 1.0)
    return np.sqrt(np.stack([bars, 1 - bars], axis=1))


def look_up(betas, t, x, y):
    if np.shape(x) != np.shape(y):
        raise ValueError("shapes")
    t = np.asarray(t)
    if t.ndim > 1 or (t.ndim == 1 and len(t) != len(x)) or t.min() < 0 or t.max() >= len(betas):
        raise ValueError("times")
    signal, noise = np.moveaxis(rates(betas)[t], -1, 0)
    return signal[..., None], noise[..., None]


def q_sample(x0, t, noise, betas):
    signal, rate = look_up(betas, t, x0, noise)
    return signal * x0 + rate * noise


def predict_x0(x_t, t, eps, betas):
    signal, rate = look_up(betas, t, x_t, eps)
    return x_t / signal - rate / signal * eps


def predict_noise(x_t, t, x0, betas):
    signal, rate = look_up(betas, t, x_t, x0)
    return x_t / rate - signal / rate * x0


def design(x0, t, noise, betas):
    return np.column_stack([q_sample(x0, t, noise, betas), np.ones(len(x0))])


def noise_loss(W, b, x0, t, noise, betas):
    residual = design(x0, t, noise, betas) @ np.column_stack([W, b]).T - noise
    return np.einsum("ij,ij", residual, residual) / len(x0)


def noise_loss_gradient(W, b, x0, t, noise, betas):
    A = design(x0, t, noise, betas)
    G = 2 / len(x0) * np.einsum("ni,nj->ij", A @ np.column_stack([W, b]).T - noise, A)
    return G[:, :-1], G[:, -1]


def q_posterior(x0, x_t, t, betas):
    # given x_0, the pair (x_{t-1}, x_t) is Gaussian, with covariance root (1 - bar'); condition on x_t
    look_up(betas, t, x0, x_t)
    t = np.broadcast_to(t, len(x0))
    bars = rates(betas)[:, 0] ** 2
    bar, before = bars[t][:, None], bars[t - 1][:, None]
    root = np.sqrt(1 - np.asarray(betas))[t][:, None]
    gain = root * (1 - before) / (1 - bar)
    mean = np.sqrt(before) * x0 + gain * (x_t - np.sqrt(bar) * x0)
    return mean, ((1 - before) * (1 - gain * root))[:, 0]


def ddpm_step(x_t, t, eps, betas, rng):
    mean, var = q_posterior(predict_x0(x_t, t, eps, betas), x_t, t, betas)
    return mean + (np.sqrt(var[0]) * rng.standard_normal(x_t.shape) if t else 0)


def ddim_step(x_t, t, t_prev, eps, betas, eta=0.0, rng=None):
    if not (-2 < t_prev < t and 0 <= eta <= 1) or (eta and rng is None):
        raise ValueError("step")
    x0 = predict_x0(x_t, t, eps, betas)
    (signal, rate), (signal_, rate_) = rates(betas)[[t, t_prev]]
    sigma = eta * rate_ / rate * np.sqrt(1 - (signal / signal_) ** 2)
    z = rng.standard_normal(x_t.shape) if sigma else np.zeros(x_t.shape)
    return signal_ * x0 + np.sqrt(max(rate_ - sigma, 0) * (rate_ + sigma)) * eps + sigma * z


def ddpm_sample(model, n, d, betas, rng):
    x = rng.standard_normal((n, d))
    for t in np.arange(len(betas))[::-1].tolist():
        x = ddpm_step(x, t, model(x, t), betas, rng)
    return x


def ddim_sample(model, n, d, betas, steps, rng):
    if steps not in range(1, len(betas) + 1):
        raise ValueError("steps")
    stops = np.arange(steps, -1, -1) * len(betas) // steps - 1
    x = rng.standard_normal((n, d))
    for t, t_prev in zip(stops[:-1].tolist(), stops[1:].tolist()):
        x = ddim_step(x, t, t_prev, model(x, t), betas)
    return x


def parts(x, pi, mu, s):
    """Logarithms of the parts' densities with their shares, by expanded squares; mu and s may differ by row."""
    products = x @ mu.T if mu.ndim == 2 else np.einsum("nd,nkd->nk", x, mu)
    squares = np.sum(x**2, axis=1)[:, None] + np.sum(mu**2, axis=-1) - 2 * products
    return np.log(pi) - squares / (2 * s**2) - x.shape[1] / 2 * np.log(2 * np.pi * s**2)


def proper(x, pi, mu, s):
    pi, mu, s = np.asarray(pi), np.asarray(mu), np.asarray(s)
    if not ((pi > 0).all() and (s > 0).all() and np.isclose(pi.sum(), 1, rtol=0, atol=1e-9)):
        raise ValueError("mixture")
    if mu.shape != (pi.size, x.shape[1]) or s.shape != pi.shape:
        raise ValueError("shapes")


def mixture_log_density(x, pi, mu, s):
    proper(x, pi, mu, s)
    logs = parts(x, pi, mu, s)
    top = logs.max(axis=1)
    return top + np.log(np.exp(logs - top[:, None]).sum(axis=1))


def score(x, pi, mu, s):
    logs = parts(x, pi, mu, s)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True) / s**2
    pulled = weights @ mu if mu.ndim == 2 else np.einsum("nk,nkd->nd", weights, mu)
    return pulled - weights.sum(axis=1, keepdims=True) * x


def mixture_score(x, pi, mu, s):
    proper(x, pi, mu, s)
    return score(x, pi, mu, s)


def mixture_noise(x_t, t, betas, pi, mu, s):
    proper(x_t, pi, mu, s)
    signal, rate = look_up(betas, np.broadcast_to(t, len(x_t)) if np.ndim(t) == 0 else t, x_t, x_t)
    return -rate * score(x_t, pi, signal[:, :, None] * mu, np.hypot(signal * s, rate))


def guided_noise(eps_cond, eps_uncond, w):
    if eps_cond.shape != eps_uncond.shape:
        raise ValueError("shapes")
    return np.tensordot([w, 1 - w], np.stack([eps_cond, eps_uncond]), axes=1)


def pca_fit(X, k):
    if not 0 < k <= min(X.shape):
        raise ValueError("k")
    mean = X.sum(axis=0) / len(X)
    values, vectors = np.linalg.eigh(np.cov(X, rowvar=False, bias=True).reshape(X.shape[1], -1))
    values, rows = values[::-1][:k], vectors.T[::-1][:k]
    if values.min() < 1e-20:
        raise ValueError("constant")
    flip = np.where(rows.max(axis=1) >= -rows.min(axis=1), 1.0, -1.0)
    return mean, rows * flip[:, None], np.sqrt(values)


def pca_encode(X, pca):
    mean, components, std = pca
    return np.linalg.solve(np.diag(std), components @ (X - mean).T).T


def pca_decode(Z, pca):
    mean, components, std = pca
    return mean + Z @ (std[:, None] * components)


def generate_rows(X, y, labels, k, betas, rng):
    # classes are the parts of a mixture, of one width; guidance leads to the one that is asked for, by DDIM
    pca = pca_fit(X, k)
    Z = pca_encode(X, pca)
    classes = np.unique(y)
    mu = np.stack([Z[y == c].mean(axis=0) for c in classes])
    s = np.full(len(classes), np.sqrt(np.mean((Z - mu[np.searchsorted(classes, y)]) ** 2)))
    pi = np.full(len(classes), 1 / len(classes))
    codes = np.empty((len(labels), k))
    for i, c in enumerate(classes):
        here = labels == c

        def model(x, t, i=i):
            of_class = mixture_noise(x, t, betas, np.ones(1), mu[[i]], s[[i]])
            return guided_noise(of_class, mixture_noise(x, t, betas, pi, mu, s), 1.5)

        codes[here] = ddim_sample(model, here.sum(), k, betas, len(betas), rng)
    return pca_decode(codes, pca)
