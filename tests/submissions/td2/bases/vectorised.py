# TD2, Camille Roux (groupe B)
import numpy as np


def softmax(logits):
    z = np.asarray(logits, dtype=float)
    # softmax(z + c) = softmax(z): take c = -max
    z = z - np.max(z, axis=-1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


class Module:
    def __call__(self, *args):
        return self.forward(*args)

    def step(self, lr):
        pass


class Linear(Module):
    def __init__(self, dim_in, dim_out, rng):
        self.W = rng.normal(0, np.sqrt(2 / dim_in), (dim_out, dim_in))
        self.b = np.zeros(dim_out)

    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b

    def backward(self, grad):
        self.grad_W = grad.T @ self.x
        self.grad_b = grad.sum(axis=0)
        return grad @ self.W

    def step(self, lr):
        self.W -= lr * self.grad_W
        self.b -= lr * self.grad_b


class ReLU(Module):
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


class SquaredLoss(Module):
    def forward(self, outputs, y):
        self.outputs, self.y = outputs, y
        return np.mean(np.sum((outputs - y) ** 2, axis=1))

    def backward(self):
        return 2 * (self.outputs - self.y) / self.y.shape[0]


class CrossEntropyLoss(Module):
    def forward(self, logits, y):
        self.p = softmax(logits)
        self.one_hot = np.eye(logits.shape[1])[y]
        z = logits - logits.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return -np.mean(np.sum(self.one_hot * log_p, axis=1))

    def backward(self):
        return (self.p - self.one_hot) / self.p.shape[0]


class Sequential(Module):
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    def step(self, lr):
        for layer in self.layers:
            layer.step(lr)


def n_params(sizes):
    return sum(a * b + b for a, b in zip(sizes[:-1], sizes[1:]))


def mlp(sizes, rng):
    layers = [Linear(sizes[0], sizes[1], rng)]
    for a, b in zip(sizes[1:-1], sizes[2:]):
        layers += [ReLU(), Linear(a, b, rng)]
    return Sequential(layers)


def fit(X, y, sizes, epochs, lr, batch_size, rng):
    model = mlp(sizes, rng)
    loss = CrossEntropyLoss()
    n = len(X)
    for epoch in range(epochs):
        order = rng.permutation(n)
        for i in range(0, n, batch_size):
            batch = order[i:i + batch_size]
            loss(model(X[batch]), y[batch])
            model.backward(loss.backward())
            model.step(lr)
    return model


def predict(model, X):
    return model(X).argmax(axis=1)
