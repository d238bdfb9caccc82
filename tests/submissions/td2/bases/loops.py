# I do not trust broadcasting: one sample at a time, then one entry at a time.
from math import exp, log, sqrt

import numpy as np


def softmax_of_one(z):
    m = max(z)
    e = [exp(v - m) for v in z]
    s = sum(e)
    return [v / s for v in e]


def softmax(logits):
    logits = np.array(logits, dtype=float)
    if logits.ndim == 1:
        return np.array(softmax_of_one(logits))
    return np.array([softmax(part) for part in logits])


class Module:
    def __call__(self, *args):
        return self.forward(*args)


class Linear(Module):
    def __init__(self, dim_in, dim_out, rng):
        self.dim_in = dim_in
        self.dim_out = dim_out
        self.b = np.zeros(dim_out)
        self.W = np.zeros((dim_out, dim_in))
        for j in range(dim_out):
            for k in range(dim_in):
                self.W[j, k] = rng.uniform(-1, 1) / sqrt(dim_in)
        self.grad_b = np.zeros(dim_out)
        self.grad_W = np.zeros((dim_out, dim_in))

    def forward(self, x):
        self.last_input = x.tolist()
        W = self.W.tolist()
        outputs = []
        for sample in self.last_input:
            row = []
            for j in range(self.dim_out):
                total = self.b[j]
                for w, v in zip(W[j], sample):
                    total += w * v
                row.append(total)
            outputs.append(row)
        return np.array(outputs)

    def backward(self, grad):
        W = self.W.tolist()
        dW = [[0.0] * self.dim_in for _ in range(self.dim_out)]
        db = [0.0] * self.dim_out
        dx = []
        for sample, g in zip(self.last_input, grad.tolist()):
            d = [0.0] * self.dim_in
            for j in range(self.dim_out):
                db[j] += g[j]
                for k in range(self.dim_in):
                    dW[j][k] += g[j] * sample[k]
                    d[k] += g[j] * W[j][k]
            dx.append(d)
        self.grad_W = np.array(dW)
        self.grad_b = np.array(db)
        return np.array(dx)

    def step(self, lr):
        for j in range(self.dim_out):
            self.b[j] -= lr * self.grad_b[j]
            self.W[j] -= lr * self.grad_W[j]


class ReLU(Module):
    def forward(self, x):
        self.last_input = x.tolist()
        out = []
        for row in self.last_input:
            out.append([v if v > 0 else 0.0 for v in row])
        return np.array(out)

    def backward(self, grad):
        out = []
        for row, g in zip(self.last_input, grad.tolist()):
            out.append([d if v > 0 else 0.0 for v, d in zip(row, g)])
        return np.array(out)

    def step(self, lr):
        return None


class SquaredLoss(Module):
    def forward(self, outputs, y):
        self.o, self.y = outputs, y
        total = 0.0
        for i in range(len(y)):
            for j in range(y.shape[1]):
                total += (outputs[i][j] - y[i][j]) ** 2
        return total / len(y)

    def backward(self):
        n, k = self.y.shape
        return np.array([[2 * (self.o[i, j] - self.y[i, j]) / n for j in range(k)] for i in range(n)])


class CrossEntropyLoss(Module):
    def forward(self, logits, y):
        self.logits = logits
        self.y = y
        total = 0.0
        for z, c in zip(logits.tolist(), y):
            m = max(z)
            total += log(sum(exp(v - m) for v in z)) + m - z[c]
        return total / len(y)

    def backward(self):
        grad = []
        for z, c in zip(self.logits.tolist(), self.y):
            p = softmax_of_one(z)
            p[c] -= 1.0
            grad.append([v / len(self.y) for v in p])
        return np.array(grad)


class Sequential(Module):
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for i in range(len(self.layers) - 1, -1, -1):
            grad = self.layers[i].backward(grad)
        return grad

    def step(self, lr):
        for layer in self.layers:
            layer.step(lr)


def n_params(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        weights = sizes[i] * sizes[i + 1]
        biases = sizes[i + 1]
        total = total + weights + biases
    return total


def mlp(sizes, rng):
    layers = []
    for i in range(len(sizes) - 1):
        layers.append(Linear(sizes[i], sizes[i + 1], rng))
        if i < len(sizes) - 2:
            layers.append(ReLU())
    return Sequential(layers)


def fit(X, y, sizes, epochs, lr, batch_size, rng):
    model = mlp(sizes, rng)
    loss = CrossEntropyLoss()
    indices = list(range(len(X)))
    for epoch in range(epochs):
        rng.shuffle(indices)
        start = 0
        while start < len(indices):
            chosen = indices[start:start + batch_size]
            xb = np.array([X[i] for i in chosen])
            yb = np.array([y[i] for i in chosen])
            loss.forward(model.forward(xb), yb)
            model.backward(loss.backward())
            model.step(lr)
            start += batch_size
    return model


def predict(model, X):
    classes = []
    for row in model.forward(X):
        best = 0
        for k in range(len(row)):
            if row[k] > row[best]:
                best = k
        classes.append(best)
    return classes
