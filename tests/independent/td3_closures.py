# td3 again, with closures: each result keeps pairs (parent, function from its gradient to the parent's), all of them
# functions of tensors, in an order found by counting users. Shares no code with reference/autodiff.py.
import numpy as np


def lift(a):
    return a if isinstance(a, Tensor) else Tensor(a)


class Tensor:
    __array_priority__ = 100
    __array_ufunc__ = None

    def __init__(self, data, ways=()):
        self.data = np.array(data, dtype=float)
        self.grad = None
        self.ways = ways

    @property
    def shape(self):
        return self.data.shape

    def __add__(self, other):
        other = lift(other)
        return Tensor(self.data + other.data, ((self, lambda g: fit(g, self)), (other, lambda g: fit(g, other))))

    def __mul__(self, other):
        other = lift(other)
        ways = ((self, lambda g: fit(g * other, self)), (other, lambda g: fit(g * self, other)))
        return Tensor(self.data * other.data, ways)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return Tensor(-self.data, ((self, lambda g: -g),))

    def __sub__(self, other):
        return self + -lift(other)

    def __rsub__(self, other):
        return lift(other) + -self

    def __truediv__(self, other):
        return self * lift(other) ** -1

    def __rtruediv__(self, other):
        return lift(other) * self**-1

    def __pow__(self, n):
        if isinstance(n, Tensor):
            return exp(n * log(self))
        return Tensor(self.data**n, ((self, lambda g: g * self ** (n - 1) * n if n else g * 0.0),))

    def __rpow__(self, base):
        return exp(self * np.log(base))

    def __matmul__(self, other):
        other = lift(other)
        a = self.reshape(1, -1) if self.data.ndim == 1 else self
        b = other.reshape(-1, 1) if other.data.ndim == 1 else other
        ways = ((a, lambda g: g @ b.T), (b, lambda g: a.T @ g))
        return Tensor(a.data @ b.data, ways).reshape((self.data @ other.data).shape)

    def __rmatmul__(self, other):
        return lift(other) @ self

    @property
    def T(self):
        return Tensor(self.data.T, ((self, lambda g: g.T),))

    def reshape(self, *shape):
        if len(shape) == 1:
            shape = shape[0]
        return Tensor(self.data.reshape(shape), ((self, lambda g: g.reshape(self.shape)),))

    def sum(self, axis=None, keepdims=False):
        kept = self.data.sum(axis=axis, keepdims=True).shape
        way = (self, lambda g: g.reshape(kept) + Tensor(np.zeros(self.shape)))
        return Tensor(self.data.sum(axis=axis, keepdims=keepdims), (way,))

    def mean(self, axis=None, keepdims=False):
        total = self.sum(axis, keepdims)
        return total * (total.data.size / self.data.size)

    def __getitem__(self, key):
        return Tensor(self.data[key], ((self, lambda g: put(g, key, self.shape)),))

    def backward(self):
        for leaf, g in travel(self):
            leaf.grad = g.data.copy() if leaf.grad is None else leaf.grad + g.data


def put(g, key, shape):
    numbers = np.arange(int(np.prod(shape))).reshape(shape)[key]
    added = np.bincount(numbers.ravel(), weights=g.data.ravel(), minlength=int(np.prod(shape)))
    return Tensor(added.reshape(shape), ((g, lambda h: h[key]),))


def fit(g, like):
    while len(g.shape) > len(like.shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(like.shape):
        if g.shape[axis] != size:
            g = g.sum(axis=axis, keepdims=True)
    return g


def travel(root, only=None):
    users, seen, stack = {}, {id(root)}, [root]
    while stack:
        for parent, _ in stack.pop().ways:
            users[id(parent)] = users.get(id(parent), 0) + 1
            if id(parent) not in seen:
                seen.add(id(parent))
                stack.append(parent)
    parts, ready, found = {id(root): Tensor(np.ones(root.shape))}, [root], []
    while ready:
        node = ready.pop()
        g = parts.pop(id(node))
        if node is only or not node.ways:
            found.append((node, g))
        for parent, way in node.ways:
            part = way(g)
            parts[id(parent)] = parts[id(parent)] + part if id(parent) in parts else part
            users[id(parent)] -= 1
            if not users[id(parent)]:
                ready.append(parent)
    return found


def elementwise(value, slope):
    def function(x):
        x = lift(x)
        y = Tensor(value(x.data), ())
        y.ways = ((x, lambda g: g * slope(x, y)),)
        return y

    return function


exp = elementwise(np.exp, lambda x, y: y)
log = elementwise(np.log, lambda x, y: 1 / x)
tanh = elementwise(np.tanh, lambda x, y: 1 - y**2)


def _logistic(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


sigmoid = elementwise(_logistic, lambda x, y: y - y * y)
relu = elementwise(lambda x: x * (x > 0), lambda x, y: (x.data > 0) * 1.0)
softplus = elementwise(lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), lambda x, y: sigmoid(x))


def logsumexp(x, axis=-1):
    x = lift(x)
    top = x.data.max(axis=axis, keepdims=True)
    return log(exp(x - top).sum(axis=axis)) + top.squeeze(axis)


def elementwise_grad(f):
    def slope(x):
        x = lift(x)
        own = Tensor(x.data, ((x, lambda g: g),))
        for node, g in travel(f(own), only=own):
            if node is own:
                return g
        return Tensor(np.zeros(x.shape))

    return slope


grad = elementwise_grad


def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    flat = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        flat.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(flat).reshape(x.shape)


def check_gradient(f, x):
    a = grad(f)(Tensor(x)).data
    b = numerical_gradient(lambda p: float(f(Tensor(p)).data), x)
    return float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-8))
