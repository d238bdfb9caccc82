# td3 again, with a tape: every operation writes a line on it, and the way back reads the lines from the last one on.
# An operation is an object that knows its options; matrix products are einsum. Shares no code with reference/autodiff.py.
import itertools
import weakref

import numpy as np

TAPE = weakref.WeakValueDictionary()  # number of a line -> the tensor made there; what nobody holds any more falls off
LINES = itertools.count(1)


class Tensor:
    __array_ufunc__ = None

    def __init__(self, data):
        self.data = np.array(data, dtype=float)
        self.grad = None
        self.line = 0  # a leaf is on no line

    def __repr__(self):
        return f"<{self.data} on line {self.line}>"

    def __len__(self):
        return len(self.data)

    def __neg__(self):
        return Negative()(self)

    def __getitem__(self, key):
        return Pick(key)(self)

    @property
    def shape(self):
        return self.data.shape

    @property
    def T(self):
        return Transpose()(self)

    def reshape(self, *shape):
        return Reshape(*shape)(self)

    def sum(self, axis=None, keepdims=False):
        return Sum(axis, keepdims)(self)

    def mean(self, axis=None, keepdims=False):
        total = self.sum(axis, keepdims)
        return total / (self.data.size / total.data.size)

    def backward(self):
        if self.data.size > 1:
            raise ValueError("only a single number has a gradient")
        for leaf, g in rewind(self, np.ones(self.shape), 0).items():
            leaf.grad = np.array(g) if leaf.grad is None else leaf.grad + g

    def parts(self, g):
        """(argument, its part of the gradient) of the operation that made this tensor; tensors if g is one."""
        again = isinstance(g, Tensor)
        given = self.inputs if again else self.arrays
        for which, argument in enumerate(self.inputs):
            if isinstance(argument, Tensor):
                part = self.operation.pull(which, g, self if again else self.data, *given)
                yield argument, part if part.shape == argument.shape else shrink(part, argument.shape)


def rewind(last, g, first):
    """Read the tape from the line of `last` back to the line after `first`: what has arrived at tensors before that."""
    due, arrived = {}, {}

    def arrive(tensor, part):
        place = due if tensor.line > first else arrived
        place[tensor] = place[tensor] + part if tensor in place else part

    arrive(last, g)
    line = last.line
    while due:
        result = TAPE.get(line)
        if result in due:
            for argument, part in result.parts(due.pop(result)):
                arrive(argument, part)
        line -= 1
    return arrived


def shrink(part, shape):
    front = len(part.shape) - len(shape)
    axes = [*range(front), *(front + i for i, n in enumerate(shape) if n == 1)]
    return part.sum(axis=tuple(axes), keepdims=True).reshape(shape)


class Operation:
    """`value` takes arrays; `pull` arrays or tensors: of argument number `which` it returns the part of the gradient."""

    def __init__(self, *options):
        self.options = options

    def __call__(self, *inputs):
        inputs = [i if isinstance(i, Tensor) else np.array(i, dtype=float) for i in inputs]
        arrays = [i.data if isinstance(i, Tensor) else i for i in inputs]
        answer = self.value(*arrays)
        if all(isinstance(i, np.ndarray) for i in inputs):
            return answer
        result = Tensor(answer)
        result.operation, result.inputs, result.arrays = self, inputs, arrays
        result.line = next(LINES)
        TAPE[result.line] = result
        return result


def raw(x):
    return x.data if isinstance(x, Tensor) else x


class Same(Operation):
    def value(self, x):
        return x

    def pull(self, which, g, y, x):
        return g


class Negative(Operation):
    def value(self, x):
        return -x

    def pull(self, which, g, y, x):
        return -g


class Add(Operation):
    def value(self, a, b):
        return a + b

    def pull(self, which, g, y, a, b):
        return g


class Subtract(Operation):
    def value(self, a, b):
        return a - b

    def pull(self, which, g, y, a, b):
        return -g if which else g


class Multiply(Operation):
    def value(self, a, b):
        return a * b

    def pull(self, which, g, y, a, b):
        return g * (a if which else b)


class Divide(Operation):
    def value(self, a, b):
        return a / b

    def pull(self, which, g, y, a, b):
        return -(g * y) / b if which else g / b


class Power(Operation):
    def value(self, a, n):
        return a**n

    def pull(self, which, g, y, a, n):
        nothing = raw(a) == 0
        if which:
            return log(a + nothing) * y * g
        flat = nothing & (raw(n) == 0)  # x^0 is flat at 0 too, and 0 * 0^-1 not a number
        return n * g * a ** (n - 1 + flat)


class Contract(Operation):
    """einsum of two operands, in which every index is in two of the three: so a pull is one as well."""

    def value(self, a, b):
        left, right, out = self.options
        return np.einsum(f"{left},{right}->{out}", a, b)

    def pull(self, which, g, y, a, b):
        left, right, out = self.options
        return Contract(left, out, right)(a, g) if which else Contract(out, right, left)(g, b)


def matmul(a, b):
    a, b = (x if isinstance(x, Tensor) else np.array(x, dtype=float) for x in (a, b))
    if len(a.shape) not in (1, 2) or len(b.shape) not in (1, 2) or a.shape[-1] != b.shape[0]:
        raise ValueError(f"no product of {a.shape} and {b.shape}")
    left, right = "ij"[-len(a.shape) :], "jk"[: len(b.shape)]
    return Contract(left, right, (left + right).replace("j", ""))(a, b)


class Transpose(Operation):
    def value(self, x):
        return x.T

    def pull(self, which, g, y, x):
        return g.T


class Reshape(Operation):
    def value(self, x):
        return x.reshape(*self.options)

    def pull(self, which, g, y, x):
        return g.reshape(x.shape)


class Spread(Operation):
    def value(self, x):
        return np.broadcast_to(x, self.options)

    def pull(self, which, g, y, x):
        return g


class Sum(Operation):
    def value(self, x):
        axis, keepdims = self.options
        return x.sum(axis=axis, keepdims=keepdims)

    def pull(self, which, g, y, x):
        axis, rank = self.options[0], len(x.shape)
        gone = set(range(rank)) if axis is None else {int(i) % rank for i in np.ravel(axis)}
        return Spread(*x.shape)(g.reshape(tuple(1 if i in gone else n for i, n in enumerate(x.shape))))


class Pick(Operation):
    def value(self, x):
        return x[self.options[0]]

    def pull(self, which, g, y, x):
        return Put(self.options[0], x.shape)(g)


class Put(Operation):
    def value(self, x):
        key, shape = self.options
        whole = np.zeros(shape)
        np.add.at(whole, key, x)
        return whole

    def pull(self, which, g, y, x):
        return g[self.options[0]]


class Exp(Operation):
    def value(self, x):
        return np.exp(x)

    def pull(self, which, g, y, x):
        return y * g


class Log(Operation):
    def value(self, x):
        return np.log(x)

    def pull(self, which, g, y, x):
        return g / x


class Tanh(Operation):
    def value(self, x):
        return np.tanh(x)

    def pull(self, which, g, y, x):
        return g * (1 + y) * (1 - y)


class Sigmoid(Operation):
    def value(self, x):
        return np.exp(-np.logaddexp(0, -x))

    def pull(self, which, g, y, x):
        return g * y * sigmoid(-x)


class Relu(Operation):
    def value(self, x):
        return np.clip(x, 0, None)

    def pull(self, which, g, y, x):
        return g * np.heaviside(raw(x), 0.0)


class Softplus(Operation):
    def value(self, x):
        return np.logaddexp(0, x)

    def pull(self, which, g, y, x):
        return g * sigmoid(x)


class LogSumExp(Operation):
    def value(self, x):
        return np.logaddexp.reduce(x, axis=self.options[0])

    def pull(self, which, g, y, x):
        kept = list(x.shape)
        kept[self.options[0]] = 1
        return g.reshape(kept) * exp(x - y.reshape(kept))


def both_ways(operation):
    return lambda a, b: operation(a, b), lambda a, b: operation(b, a)


Tensor.__add__, Tensor.__radd__ = both_ways(Add())
Tensor.__sub__, Tensor.__rsub__ = both_ways(Subtract())
Tensor.__mul__, Tensor.__rmul__ = both_ways(Multiply())
Tensor.__truediv__, Tensor.__rtruediv__ = both_ways(Divide())
Tensor.__pow__, Tensor.__rpow__ = both_ways(Power())
Tensor.__matmul__, Tensor.__rmatmul__ = both_ways(matmul)

exp, log, tanh, sigmoid, relu, softplus = Exp(), Log(), Tanh(), Sigmoid(), Relu(), Softplus()


def logsumexp(x, axis=-1):
    return LogSumExp(axis)(x)


def slope(f, x, alone):
    """The gradient of f at x, read back to the line on which f's own variable was made from x."""
    own = Same()(x if isinstance(x, Tensor) else Tensor(x))
    y = f(own)
    if not isinstance(y, Tensor):
        return Tensor(np.zeros(own.shape))
    if alone and y.data.size > 1:
        raise ValueError("only a single number has a gradient")
    return rewind(y, Tensor(np.ones(y.shape)), own.line).get(own, Tensor(np.zeros(own.shape)))


def grad(f):
    return lambda x: slope(f, x, True)


def elementwise_grad(f):
    return lambda x: slope(f, x, False)


def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    moves = [h * np.eye(1, x.size, i).reshape(x.shape) for i in range(x.size)]
    return np.reshape([(f(np.asarray(x + e)) - f(np.asarray(x - e))) / (2 * h) for e in moves], x.shape)


def check_gradient(f, x):
    ours, theirs = grad(f)(x).data, numerical_gradient(lambda p: f(Tensor(p)).data.item(), x)
    return float(np.max(np.abs(ours - theirs) / np.maximum(1e-8, np.abs(ours) + np.abs(theirs))))
