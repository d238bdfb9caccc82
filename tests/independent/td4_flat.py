"""td4 by someone who puts all parameters into one long vector, and has one rule for all optimisers."""

import numpy as np


def walk(move, x0, steps):
    """x0 and what `move` makes of it again and again, one below the other."""
    x = np.array(x0, dtype=np.float64)
    rows = [x]
    for _ in range(steps):
        x = move(x)
        rows.append(x)
    return np.vstack(rows)


def gradient_descent(grad, x0, lr, steps):
    return walk(lambda x: x + (-lr) * grad(x), x0, steps)


def newton(grad, hessian, x0, steps):
    return walk(lambda x: x + np.linalg.lstsq(hessian(x), -grad(x), rcond=None)[0], x0, steps)


def minibatches(n, batch_size, rng):
    keys = rng.random(n)
    return np.split(np.argsort(keys), np.arange(batch_size, n, batch_size))


class Flat:
    """All arrays as one vector: `direction(w, g)` returns what is taken off, `shrink` what w is multiplied by before."""

    shrink = 1.0

    def __init__(self, params):
        self.params = params
        self.sizes = np.cumsum([p.size for p in params])[:-1]

    def step(self, grads):
        w = np.concatenate([p.reshape(-1) for p in self.params])
        g = np.concatenate([np.reshape(g, -1) for g in grads])
        w = self.shrink * w - self.direction(w, g)
        for p, values in zip(self.params, np.split(w, self.sizes)):
            p[...] = values.reshape(p.shape)


class SGD(Flat):
    def __init__(self, params, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
        super().__init__(params)
        self.lr = lr
        self.momentum = momentum
        self.nesterov = nesterov
        self.weight_decay = weight_decay
        self.buffer = None  # as torch does it: the first gradient itself

    def direction(self, w, g):
        if self.weight_decay != 0:
            g = g + w * self.weight_decay
        if self.momentum == 0:
            return self.lr * g
        self.buffer = g if self.buffer is None else self.momentum * self.buffer + g
        return self.lr * (self.buffer if not self.nesterov else g + self.momentum * self.buffer)


class Adam(Flat):
    decoupled = False

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params)
        self.lr, self.eps = lr, eps
        self.beta1, self.beta2 = betas
        self.count = 0
        self.weight_decay = 0.0 if self.decoupled else weight_decay
        if self.decoupled:
            self.shrink = 1.0 - lr * weight_decay
        self.mean = self.variance = 0.0

    def direction(self, w, g):
        g = g + self.weight_decay * w
        self.count += 1
        self.mean = self.mean + (1 - self.beta1) * (g - self.mean)
        self.variance = self.variance + (1 - self.beta2) * (np.square(g) - self.variance)
        # the order of torch: both corrections outside
        size = self.lr / (1 - self.beta1**self.count)
        scale = np.sqrt(self.variance) / (1 - self.beta2**self.count) ** 0.5 + self.eps
        return size * self.mean / scale


class AdamW(Adam):
    decoupled = True

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(params, lr, betas, eps, weight_decay)


def dropout(x, p, rng, training=True):
    if training:
        return np.where(rng.random(x.shape) < p, 0.0, x * (1 / (1 - p)))
    return np.array(x)
