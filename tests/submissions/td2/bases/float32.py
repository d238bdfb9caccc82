# everything in single precision, as on a GPU
import numpy as np

F = np.float32


def f32(a):
    return np.asarray(a, dtype=F)


def softmax(logits):
    z = f32(logits)
    z = z - z.max(axis=-1, keepdims=True)
    z = np.exp(z)
    return z / z.sum(axis=-1, keepdims=True)


class Module(object):
    def __call__(self, *a):
        return self.forward(*a)

    def forward(self, *a):
        raise NotImplementedError

    def step(self, lr):
        pass


class Linear(Module):
    def __init__(self, dim_in, dim_out, rng):
        self.W = rng.standard_normal((dim_out, dim_in), dtype=F) * F((2 / dim_in) ** 0.5)
        self.b = np.zeros(dim_out, F)

    def forward(self, x):
        self.x = f32(x)
        return self.x @ f32(self.W).T + f32(self.b)

    def backward(self, grad):
        grad = f32(grad)
        self.grad_W = grad.T @ self.x
        self.grad_b = grad.sum(0)
        return grad @ f32(self.W)

    def step(self, lr):
        self.W = f32(self.W) - F(lr) * self.grad_W
        self.b = f32(self.b) - F(lr) * self.grad_b


class ReLU(Module):
    def forward(self, x):
        self.y = np.maximum(f32(x), F(0))
        return self.y

    def backward(self, grad):
        return np.where(self.y > 0, f32(grad), F(0))


class SquaredLoss(Module):
    def forward(self, outputs, y):
        self.e = f32(outputs) - f32(y)
        return (self.e ** 2).sum() / F(len(self.e))

    def backward(self):
        return self.e * F(2 / len(self.e))


class CrossEntropyLoss(Module):
    def forward(self, logits, y):
        z = f32(logits)
        z = z - z.max(1, keepdims=True)
        self.rows, self.y = np.arange(len(z)), y
        lse = np.log(np.exp(z).sum(1))
        self.p = np.exp(z - lse[:, None])
        return (lse - z[self.rows, y]).mean()

    def backward(self):
        g = self.p.copy()
        g[self.rows, self.y] -= F(1)
        return g / F(len(g))


class Sequential(Module):
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        for l in self.layers:
            x = l.forward(x)
        return x

    def backward(self, grad):
        for l in reversed(self.layers):
            grad = l.backward(grad)
        return grad

    def step(self, lr):
        [l.step(lr) for l in self.layers]


def n_params(sizes):
    return float(sum(sizes[i] * sizes[i - 1] + sizes[i] for i in range(1, len(sizes))))


def mlp(sizes, rng):
    layers = []
    for d, e in zip(sizes, sizes[1:]):
        layers += [Linear(d, e, rng), ReLU()]
    layers.pop()
    return Sequential(layers)


def fit(X, y, sizes, epochs, lr, batch_size, rng):
    X = f32(X)
    model, loss = mlp(sizes, rng), CrossEntropyLoss()
    for _ in range(epochs):
        p = rng.permutation(X.shape[0])
        for part in np.split(p, range(batch_size, len(p), batch_size)):
            loss.forward(model.forward(X[part]), y[part])
            model.backward(loss.backward())
            model.step(lr)
    return model


def predict(model, X):
    return np.argmax(model.forward(X), axis=1).astype(np.uint8)
