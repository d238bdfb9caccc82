# td2 again, by someone who does not think in matrices: plain Python numbers, loops over samples, outputs and inputs,
# no sharing of code or formulas with reference/backprop.py. Arrays only where the interface asks for them.
import math

import numpy as np


def floats(a):
    return np.asarray(a, dtype=float).tolist()


def _softmax_list(z):
    if isinstance(z[0], list):
        return [_softmax_list(row) for row in z]
    # p_k = 1 / sum_j exp(z_j - z_k), with an exponent that is too large standing for an infinite sum
    p = []
    for zk in z:
        total = 0.0
        for zj in z:
            total += math.exp(zj - zk) if zj - zk < 700 else math.inf
        p.append(1 / total)
    return p


def softmax(logits):
    return np.array(_softmax_list(floats(logits)))


class Module(object):
    def __call__(self, *args):
        return self.forward(*args)


class Linear(Module):
    def __init__(self, dim_in, dim_out, rng):
        # uniform in +-1/sqrt(dim_in), one weight at a time
        bound = 1 / math.sqrt(dim_in)
        self.W = np.array([[bound * (2 * rng.random() - 1) for _ in range(dim_in)] for _ in range(dim_out)])
        self.b = np.array([0.0 for _ in range(dim_out)])
        self.grad_W = None
        self.grad_b = None

    def forward(self, x):
        self.inputs = floats(x)
        W, b = floats(self.W), floats(self.b)
        out = []
        for sample in self.inputs:
            line = []
            for weights, bias in zip(W, b):
                s = bias
                for w, v in zip(weights, sample):
                    s += w * v
                line.append(s)
            out.append(line)
        return np.array(out).reshape(len(out), len(b))

    def backward(self, grad):
        W = floats(self.W)
        n_out, n_in = len(W), len(W[0])
        gw = [[0.0] * n_in for _ in range(n_out)]
        gb = [0.0] * n_out
        result = []
        for sample, g in zip(self.inputs, floats(grad)):
            gx = [0.0] * n_in
            for o in range(n_out):
                go = g[o]
                gb[o] += go
                gwo, wo = gw[o], W[o]
                for i in range(n_in):
                    gwo[i] += go * sample[i]
                    gx[i] += go * wo[i]
            result.append(gx)
        self.grad_W, self.grad_b = np.array(gw), np.array(gb)
        return np.array(result).reshape(len(result), n_in)

    def step(self, lr):
        self.W -= lr * self.grad_W
        self.b -= lr * self.grad_b


class ReLU(Module):
    def forward(self, x):
        out = []
        self.open = []
        for row in floats(x):
            self.open.append([v > 0 for v in row])
            out.append([v if v > 0 else 0.0 for v in row])
        return np.array(out)

    def backward(self, grad):
        return np.array([[g if o else 0.0 for g, o in zip(gs, os)] for gs, os in zip(floats(grad), self.open)])

    def step(self, lr):
        pass


class SquaredLoss(Module):
    def forward(self, outputs, y):
        self.pairs = list(zip(floats(outputs), floats(y)))
        total = 0.0
        for o, t in self.pairs:
            for a, b in zip(o, t):
                total += (a - b) ** 2
        return total / len(self.pairs)

    def backward(self):
        n = len(self.pairs)
        return np.array([[(a - b) * 2 / n for a, b in zip(o, t)] for o, t in self.pairs])


class CrossEntropyLoss(Module):
    def forward(self, logits, y):
        self.logits, self.y = floats(logits), [int(c) for c in y]
        total = 0.0
        for z, c in zip(self.logits, self.y):
            top = max(z)
            total += top + math.log(math.fsum(math.exp(v - top) for v in z)) - z[c]
        return total / len(self.y)

    def backward(self):
        n = len(self.y)
        grad = []
        for z, c in zip(self.logits, self.y):
            p = _softmax_list(z)
            grad.append([(p[k] - (1 if k == c else 0)) / n for k in range(len(p))])
        return np.array(grad)


class Sequential(Module):
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        i = 0
        while i < len(self.layers):
            x = self.layers[i](x)
            i += 1
        return x

    def backward(self, grad):
        i = len(self.layers) - 1
        while i >= 0:
            grad = self.layers[i].backward(grad)
            i -= 1
        return grad

    def step(self, lr):
        for i in range(len(self.layers)):
            self.layers[i].step(lr)


def n_params(sizes):
    total = 0
    previous = sizes[0]
    for size in sizes[1:]:
        total += previous * size
        total += size
        previous = size
    return total


def mlp(sizes, rng):
    layers = [Linear(sizes[0], sizes[1], rng)]
    for a, b in zip(sizes[1:], sizes[2:]):
        layers.append(ReLU())
        layers.append(Linear(a, b, rng))
    return Sequential(layers)


def fit(X, y, sizes, epochs, lr, batch_size, rng):
    network = mlp(sizes, rng)
    criterion = CrossEntropyLoss()
    samples = list(zip(floats(X), [int(c) for c in y]))
    for epoch in range(epochs):
        rng.shuffle(samples)
        rest = samples
        while rest:
            batch, rest = rest[:batch_size], rest[batch_size:]
            criterion(network(np.array([s for s, _ in batch])), [c for _, c in batch])
            network.backward(criterion.backward())
            network.step(lr)
    return network


def predict(model, X):
    labels = []
    for z in floats(model(X)):
        best = 0
        for k in range(len(z)):
            if z[k] > z[best]:
                best = k
        labels.append(best)
    return np.array(labels)
