"""TD 2 -- everything with Einstein's summation."""
from __future__ import annotations

import typing as t

import numpy as np

Array = np.ndarray


class Module:
    """Base class; parameters live in two dictionaries."""

    def __init__(self):
        self.params: dict[str, Array] = {}
        self.grads: dict[str, Array] = {}

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def step(self, lr: float) -> None:
        for name in self.params:
            self.params[name] = self.params[name] - lr * self.grads[name]


def _parameter(name: str) -> property:
    def get(self):
        return self.params[name]

    def put(self, value):
        self.params[name] = np.asarray(value, dtype=np.float64)

    return property(get, put)


def _gradient(name: str) -> property:
    return property(lambda self: self.grads[name])


class Linear(Module):
    W = _parameter("W")
    b = _parameter("b")
    grad_W = _gradient("W")
    grad_b = _gradient("b")

    def __init__(self, dim_in: int, dim_out: int, rng: np.random.Generator):
        super().__init__()
        limit = np.sqrt(6.0 / (dim_in + dim_out))
        self.b = np.zeros((dim_out,))
        self.W = rng.uniform(-limit, limit, (dim_out, dim_in))

    def forward(self, x: Array) -> Array:
        self.cache = x.copy()
        return np.einsum("nk,jk->nj", x, self.W) + self.b[None, :]

    def backward(self, grad: Array) -> Array:
        self.grads["W"] = np.einsum("nj,nk->jk", grad, self.cache)
        self.grads["b"] = np.einsum("nj->j", grad)
        return np.einsum("nj,jk->nk", grad, self.W)


class ReLU(Module):
    def forward(self, x: Array) -> Array:
        self.out = np.clip(x, 0.0, None)
        return self.out

    def backward(self, grad: Array) -> Array:
        return np.einsum("nj,nj->nj", grad, np.heaviside(self.out, 0.0))


def log_softmax(logits) -> Array:
    z = np.asarray(logits, dtype=np.float64)
    z = z - np.amax(z, axis=-1, keepdims=True)
    return z - np.log(np.einsum("...k->...", np.exp(z)))[..., None]


def softmax(logits) -> Array:
    return np.exp(log_softmax(logits))


class SquaredLoss(Module):
    def forward(self, outputs: Array, y: Array) -> float:
        self.residual = outputs - y
        return np.einsum("nk,nk->", self.residual, self.residual) / outputs.shape[0]

    def backward(self) -> Array:
        return self.residual * (2.0 / self.residual.shape[0])


class CrossEntropyLoss(Module):
    def forward(self, logits: Array, y: Array) -> float:
        n, k = logits.shape
        self.target = np.zeros((n, k))
        np.put_along_axis(self.target, np.asarray(y)[:, None], 1.0, axis=1)
        self.log_p = log_softmax(logits)
        return -np.einsum("nk,nk->", self.target, self.log_p) / n

    def backward(self) -> Array:
        return (np.exp(self.log_p) - self.target) / len(self.target)


class Sequential(Module):
    def __init__(self, layers: t.Sequence[Module]):
        super().__init__()
        self.layers = tuple(layers)

    def forward(self, x: Array) -> Array:
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, grad: Array) -> Array:
        for layer in self.layers[::-1]:
            grad = layer.backward(grad)
        return grad

    def step(self, lr: float) -> None:
        for layer in self.layers:
            layer.step(lr)


def n_params(sizes: t.Sequence[int]) -> int:
    d = np.asarray(sizes)
    return np.einsum("i,i->", d[:-1] + 1, d[1:])


def mlp(sizes: t.Sequence[int], rng: np.random.Generator) -> Sequential:
    pairs = list(zip(sizes, sizes[1:]))
    layers: list[Module] = []
    for position, (d, e) in enumerate(pairs):
        layers.append(Linear(d, e, rng))
        if position + 1 < len(pairs):
            layers.append(ReLU())
    return Sequential(layers)


def batches(n: int, size: int, rng: np.random.Generator) -> t.Iterator[Array]:
    order = rng.permutation(n)
    while len(order):
        yield order[:size]
        order = order[size:]


def fit(X, y, sizes, epochs, lr, batch_size, rng) -> Sequential:
    net, criterion = mlp(sizes, rng), CrossEntropyLoss()
    for _ in range(epochs):
        for idx in batches(len(X), batch_size, rng):
            criterion(net(X[idx]), y[idx])
            net.backward(criterion.backward())
            net.step(lr)
    return net


def predict(model, X) -> Array:
    return np.argmax(model(X), axis=-1)
