# %% [markdown]
# # TD 2 : rétropropagation
# Élève : Zoé Lefèvre. **Notes de cours** : $\partial L / \partial W = \delta^T x$.

# %%
import numpy as np
import matplotlib.pyplot as plt

rng = np.random.default_rng(0)
plt.rcParams["figure.figsize"] = (8, 4)

# %%
# first try, too slow and overflows
def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum()

# %%
softmax(np.array([1.0, 2.0, 3.0]))

# %%
# second try
def softmax(logits):
    z = np.array(logits, dtype=float)
    z -= z.max(axis=-1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(axis=-1, keepdims=True)
    return p

test = softmax([[1000.0, 1000.0], [0.0, 1.0]])
print("softmax", test, test.sum(axis=1))

# %%
class Module:
    def __call__(self, *x):
        return self.forward(*x)
    def step(self, lr):
        ...

# %%
class Linear(Module):
    def __init__(self, dim_in, dim_out, rng):
        self.W = rng.normal(size=(dim_out, dim_in)) * np.sqrt(1 / dim_in)
        self.b = np.zeros(dim_out)
    def forward(self, x):
        self.input = x
        return x.dot(self.W.T) + self.b
    def backward(self, grad):
        self.grad_W = np.dot(grad.T, self.input)
        self.grad_b = grad.sum(0)
        return grad.dot(self.W)
    def step(self, lr):
        self.W = self.W - lr * self.grad_W
        self.b = self.b - lr * self.grad_b

layer = Linear(3, 2, rng)
print(layer(np.ones((1, 3))))

# %% [markdown]
# ### ReLU

# %%
class ReLU(Module):
    def forward(self, x):
        self.input = x
        return np.maximum(0, x)
    def backward(self, grad):
        g = grad.copy()
        g[self.input <= 0] = 0
        return g

plt.plot(np.linspace(-2, 2), ReLU()(np.linspace(-2, 2)))
plt.show()

# %%
class SquaredLoss(Module):
    def forward(self, outputs, y):
        self.d = outputs - y
        return (self.d ** 2).sum(axis=1).mean()
    def backward(self):
        return 2 * self.d / len(self.d)

class CrossEntropyLoss(Module):
    def forward(self, logits, y):
        self.z, self.y = logits, np.array(y)
        m = logits.max(1, keepdims=True)
        lse = m[:, 0] + np.log(np.exp(logits - m).sum(1))
        return np.mean(lse - logits[range(len(y)), y])
    def backward(self):
        g = softmax(self.z)
        g[range(len(self.y)), self.y] -= 1
        return g / len(self.y)

# %%
class Sequential(Module):
    def __init__(self, layers):
        self.layers = layers
    def forward(self, x):
        for l in self.layers:
            x = l(x)
        return x
    def backward(self, grad):
        for l in self.layers[::-1]:
            grad = l.backward(grad)
        return grad
    def step(self, lr):
        for l in self.layers:
            l.step(lr)

# %%
def n_params(sizes):
    return sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1)) + sum(sizes[1:])

n_params([64, 32, 10])

# %%
def mlp(sizes, rng):
    layers = []
    for i in range(len(sizes) - 1):
        if i > 0:
            layers.append(ReLU())
        layers.append(Linear(sizes[i], sizes[i + 1], rng))
    return Sequential(layers)

# %%
def fit(X, y, sizes, epochs, lr, batch_size, rng):
    model = mlp(sizes, rng)
    loss = CrossEntropyLoss()
    losses = []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        total = 0
        for k in range(0, len(X), batch_size):
            idx = order[k:k + batch_size]
            total += loss(model(X[idx]), y[idx]) * len(idx)
            model.backward(loss.backward())
            model.step(lr)
        losses.append(total / len(X))
    model.losses = losses
    return model

# %%
def predict(model, X):
    return np.argmax(model(X), axis=1)

# %%
data = np.load("digits.npz")
X, y = data["X"] / 16, data["y"].astype(int)
model = fit(X[:200], y[:200], [64, 10], 3, 0.1, 10, rng)
plt.plot(model.losses, label="loss")
plt.xlabel("époque")
plt.legend()
plt.show()
print("accuracy:", np.mean(predict(model, X[200:400]) == y[200:400]))
