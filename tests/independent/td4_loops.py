# td4 by someone who does not think in arrays: plain Python numbers, entry by entry, each optimiser a class of its own.
# No code and no class hierarchy of reference/optim.py.
import itertools
import math

import numpy as np


def gradient_descent(grad, x0, lr, steps):
    x = [float(v) for v in x0]
    way = [x]
    for _ in range(steps):
        slope = grad(np.array(x))
        x = [xi - lr * float(si) for xi, si in zip(x, slope)]
        way.append(x)
    return np.array(way)


def _gauss(matrix, right):
    """Gaussian elimination with the largest pivot."""
    rows = [[float(v) for v in row] + [float(r)] for row, r in zip(matrix, right)]
    d = len(rows)
    for i in range(d):
        best = max(range(i, d), key=lambda j: abs(rows[j][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for j in range(i + 1, d):
            factor = rows[j][i] / rows[i][i]
            for k in range(i, d + 1):
                rows[j][k] -= factor * rows[i][k]
    solution = [0.0] * d
    for i in reversed(range(d)):
        known = sum(rows[i][k] * solution[k] for k in range(i + 1, d))
        solution[i] = (rows[i][d] - known) / rows[i][i]
    return solution


def newton(grad, hessian, x0, steps):
    way = [np.array(x0, dtype=float)]
    while len(way) < steps + 1:
        here = way[-1]
        way.append(here + np.array(_gauss(hessian(here), [-g for g in grad(here)])))
    return np.array(way)


def minibatches(n, batch_size, rng):
    # Fisher and Yates, by hand
    cards = list(range(n))
    for i in range(n - 1, 0, -1):
        j = int(rng.integers(i + 1))
        cards[i], cards[j] = cards[j], cards[i]
    batches, batch = [], []
    for card in cards:
        batch.append(card)
        if len(batch) == batch_size:
            batches.append(np.array(batch))
            batch = []
    if batch:
        batches.append(np.array(batch))
    return batches


def entries(arrays):
    """(number of the array, index) of every entry."""
    for i, a in enumerate(arrays):
        for index in itertools.product(*(range(length) for length in a.shape)):
            yield i, index


class SGD:
    def __init__(self, params, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
        self.arrays = params
        self.rate, self.mu, self.ahead, self.decay = lr, momentum, nesterov, weight_decay
        self.speed = {}

    def step(self, grads):
        for where in entries(self.arrays):
            i, index = where
            w = float(self.arrays[i][index])
            g = float(grads[i][index]) + self.decay * w
            speed = g + self.mu * self.speed.get(where, 0.0)
            self.speed[where] = speed
            change = g + self.mu * speed if self.ahead else speed
            self.arrays[i][index] = w - self.rate * change


class _Averages:
    def __init__(self):
        self.first = 0.0
        self.second = 0.0
        self.left1 = 1.0  # beta1 to the power of the steps so far
        self.left2 = 1.0

    def direction(self, g, beta1, beta2, eps):
        self.first = beta1 * self.first + (1 - beta1) * g
        self.second = beta2 * self.second + (1 - beta2) * g * g
        self.left1 *= beta1
        self.left2 *= beta2
        return self.first / (1 - self.left1) / (math.sqrt(self.second / (1 - self.left2)) + eps)


class Adam:
    coupled = True

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.arrays = params
        self.settings = lr, betas, eps, weight_decay
        self.averages = {where: _Averages() for where in entries(params)}

    def step(self, grads):
        lr, (beta1, beta2), eps, decay = self.settings
        for (i, index), averages in self.averages.items():
            w, g = float(self.arrays[i][index]), float(grads[i][index])
            if self.coupled:
                g += decay * w
            else:
                w -= lr * decay * w
            self.arrays[i][index] = w - lr * averages.direction(g, beta1, beta2, eps)


class AdamW(Adam):
    coupled = False

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        Adam.__init__(self, params, lr, betas, eps, weight_decay)


def dropout(x, p, rng, training=True):
    if not training:
        return x
    luck = rng.random(x.shape)
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        if luck[index] >= p:
            out[index] = x[index] / (1.0 - p)
    return out
