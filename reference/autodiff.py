"""Automatic differentiation in reverse mode, of any order.

A computation is a graph. Each `Tensor` remembers from which tensors it was made, and by which operation:

    y = tanh(w * x)        x ──┐
                               ├─ np.multiply ── np.tanh ── y
                           w ──┘

The table `RULES` says for each operation how a change of the result goes back to each of its arguments. If g is dL/dy,
the rule of tanh is g * (1 - y * y), which is dL d(w x). To differentiate is to walk from the result back to what it was
made from, newest first, and add up.

A rule is written once, with operators that arrays and tensors both have. Called with arrays it gives numbers, which is
quick and enough for training. Called with tensors it makes a graph as any computation does, and that can be
differentiated again: so there is a second derivative, and a sixth.

Sources: Baydin et al., Automatic differentiation in machine learning: a survey, JMLR 18 (2018); Griewank and Walther,
Evaluating derivatives, SIAM (2008), for differentiating at an inner copy of a variable.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Array = np.ndarray
Value = Any  # a Tensor, an array or a number: what an operation and a rule take
Rule = Callable[..., Value]  # rule(g, y, *arguments): the gradient for one of them

_clock = itertools.count()


class Tensor:
    """An array that knows how it was made.

    `data` is a float64 array; `grad`, None or an array of its shape, is where `backward` adds up what it finds for a
    tensor that was not made from others (a leaf).
    """

    __slots__ = ("args", "data", "grad", "index", "rules", "values")
    __array_ufunc__ = None  # array + tensor is ours: numpy would add to each element

    def __init__(self, data: Any) -> None:
        self.data: Array = np.array(data, dtype=np.float64)
        self.grad: Array | None = None
        self.rules: tuple[Rule, ...] = ()
        self.args: tuple[Value, ...] = ()
        self.values: tuple[Any, ...] = ()  # the arguments as arrays, as they were
        self.index = next(_clock)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def T(self) -> Tensor:
        return record(np.transpose, self)

    def __repr__(self) -> str:
        return f"Tensor({self.data!r})"

    def __len__(self) -> int:
        return len(self.data)

    def __add__(self, other: Value) -> Tensor:
        return record(np.add, self, other)

    def __radd__(self, other: Value) -> Tensor:
        return record(np.add, other, self)

    def __sub__(self, other: Value) -> Tensor:
        return record(np.subtract, self, other)

    def __rsub__(self, other: Value) -> Tensor:
        return record(np.subtract, other, self)

    def __mul__(self, other: Value) -> Tensor:
        return record(np.multiply, self, other)

    def __rmul__(self, other: Value) -> Tensor:
        return record(np.multiply, other, self)

    def __truediv__(self, other: Value) -> Tensor:
        return record(np.true_divide, self, other)

    def __rtruediv__(self, other: Value) -> Tensor:
        return record(np.true_divide, other, self)

    def __pow__(self, other: Value) -> Tensor:
        return record(np.power, self, other)

    def __rpow__(self, other: Value) -> Tensor:
        return record(np.power, other, self)

    def __matmul__(self, other: Value) -> Tensor:
        return record(np.matmul, self, other)

    def __rmatmul__(self, other: Value) -> Tensor:
        return record(np.matmul, other, self)

    def __neg__(self) -> Tensor:
        return record(np.negative, self)

    def __getitem__(self, key: Any) -> Tensor:
        return record(operator.getitem, self, key)

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        return record(_sum, self, axis, keepdims)

    def mean(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        total = self.sum(axis, keepdims)
        return total * (max(total.data.size, 1) / max(self.data.size, 1))

    def reshape(self, *shape: Any) -> Tensor:
        return record(np.reshape, self, shape[0] if len(shape) == 1 else shape)

    def backward(self) -> None:
        """Add the gradient of this scalar to `grad` of every leaf that it was made from. Raises ValueError for an
        array of several numbers: it has no gradient, but a Jacobian."""
        if self.data.size != 1:
            raise ValueError(f"backward starts from a scalar, not from an array of shape {self.shape}")
        for leaf, g in _walk(self, np.ones(self.shape), stop=None, again=False):
            if leaf.grad is not None:
                g = leaf.grad + g
            leaf.grad = g if type(g) is Array and g.flags.owndata else np.array(g)  # a view is of somebody else's


def apply(forward: Callable[..., Any], *args: Value) -> Value:
    """The result of an operation: an array where all arguments are arrays, else a tensor."""
    return record(forward, *args) if Tensor in map(type, args) else forward(*args)


def record(forward: Callable[..., Any], *args: Value) -> Tensor:
    """The result of an operation, with what it was made from. Its rules are those of the table."""
    result = Tensor.__new__(Tensor)
    result.values = values = tuple([arg.data if type(arg) is Tensor else arg for arg in args])
    result.data = np.asarray(forward(*values))  # numpy makes numbers of arrays without axes
    result.grad, result.rules, result.args, result.index = None, RULES[forward], args, next(_clock)
    return result


def _walk(result: Tensor, g: Value, stop: Tensor | None, again: bool) -> Iterator[tuple[Tensor, Value]]:
    """Go back from `result`, whose gradient is `g`, to the leaves; give each leaf with its gradient.

    `stop` counts as a leaf, and what is older than it is not looked at. With `again` the gradients are tensors, and can
    be differentiated. The order is that of creation, newest first: whatever a tensor was used for is younger than it.
    """
    oldest = -1 if stop is None else stop.index
    nodes, waiting = {result.index: result}, [result]
    while waiting:
        for arg in waiting.pop().args:
            if type(arg) is Tensor and arg.index >= oldest and arg.index not in nodes:
                nodes[arg.index] = arg
                waiting.append(arg)
    gradients: dict[int, Value] = {result.index: g}
    for index in sorted(nodes, reverse=True):
        node = nodes[index]
        if index not in gradients:
            continue  # it stands under an operation that passes nothing back
        g = gradients.pop(index)
        if node is stop or not node.rules:
            yield node, g
            continue
        y, args = (node, node.args) if again else (node.data, node.values)
        for rule, arg in zip(node.rules, node.args):  # noqa: B905  (further arguments are no tensors: axes, shapes)
            if type(arg) is Tensor and arg.index in nodes:
                part = rule(g, y, *args)
                if part.shape != arg.data.shape:
                    part = _unbroadcast(part, arg.data.shape)
                elif part is g and not arg.rules and not again:
                    part = g.copy()  # a leaf keeps it, and another may get the same
                known = gradients.get(arg.index)
                gradients[arg.index] = part if known is None else known + part


def grad(f: Callable[[Tensor], Tensor]) -> Callable[[Any], Tensor]:
    """The gradient of `f`, which takes a tensor and returns a scalar one: a function whose result has the shape of its
    argument, and can be differentiated."""
    return _derivative(f, scalar=True)


def elementwise_grad(f: Callable[[Tensor], Tensor]) -> Callable[[Any], Tensor]:
    """The derivative of an elementwise `f` at each entry; it nests to any order."""
    return _derivative(f, scalar=False)


def _derivative(f: Callable[[Tensor], Tensor], scalar: bool) -> Callable[[Any], Tensor]:
    """Differentiate at an inner copy of the argument: what was made before it is a constant here, be it a variable of a
    derivative around this one."""

    def derivative(x: Any) -> Tensor:
        again = type(x) is Tensor  # an array is nobody's variable: no graph is needed
        inner = record(np.positive, x) if again else Tensor(x)
        y = f(inner)
        if type(y) is Tensor:
            if scalar and y.data.size != 1:
                raise ValueError(f"grad needs a function with a scalar result; this one has the shape {y.shape}")
            for leaf, g in _walk(y, np.ones(y.shape), inner, again):
                if leaf is inner:
                    return g if type(g) is Tensor else Tensor(g)
        return Tensor(np.zeros(inner.shape))  # it does not depend on x

    return derivative


# Operations that numpy has no single function for. All of them take arrays and tensors.


def exp(x: Value) -> Value:
    return apply(np.exp, x)


def log(x: Value) -> Value:
    return apply(np.log, x)


def tanh(x: Value) -> Value:
    return apply(np.tanh, x)


def sigmoid(x: Value) -> Value:
    """1 / (1 + exp(-x)), which for large |x| neither overflows nor warns."""
    return apply(_sigmoid, x)


def relu(x: Value) -> Value:
    """max(x, 0), with the derivative 0 at 0."""
    return apply(_relu, x)


def softplus(x: Value) -> Value:
    """log(1 + exp(x)), which for large |x| neither overflows nor warns."""
    return apply(_softplus, x)


def logsumexp(x: Value, axis: int = -1) -> Value:
    """log(sum(exp(x))) along an axis, which is left out of the result."""
    return apply(_logsumexp, x, axis)


def affine(x: Value, weights: Value, bias: Value) -> Value:
    """x @ weights + bias in one operation: for x (n, d), weights (d, m) and bias (m,)."""
    return apply(_affine, x, weights, bias)


def log_softmax(x: Value) -> Value:
    """x - logsumexp(x) along the last axis, in one operation."""
    return apply(_log_softmax, x)


def cross_entropy(logits: Value, labels: Array) -> Value:
    """The mean of -log softmax(logits)[label] over the rows of `logits`, (n, classes); `labels` are n integers."""
    return apply(_mean_of_labels, log_softmax(logits), labels) * -1.0


def _sigmoid(x: Array) -> Any:
    return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(x))


def _relu(x: Array) -> Any:
    return np.maximum(x, 0.0)


def _softplus(x: Array) -> Any:
    return np.logaddexp(0.0, x)


def _logsumexp(x: Array, axis: int) -> Any:
    most = np.max(x, axis=axis, keepdims=True)
    return np.squeeze(most, axis) + np.log(np.sum(np.exp(x - most), axis=axis))


def _sum(x: Array, axis: Any, keepdims: bool) -> Any:
    return np.sum(x, axis=axis, keepdims=keepdims)


def _affine(x: Array, weights: Array, bias: Array) -> Any:
    made = x @ weights
    made += bias
    return made


def _log_softmax(x: Array) -> Any:
    shifted = x - x.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def _mean_of_labels(x: Array, labels: Array) -> Any:
    return x[np.arange(len(labels)), labels].mean()


def _scatter(g: Array, shape: tuple[int, ...], key: Any) -> Any:
    """Zeros of this shape, to whose entries at `key` the entries of `g` are added: repeated ones add up."""
    whole = np.zeros(shape)
    np.add.at(whole, key, g)
    return whole


# The rules. g is dL/dy, y the result, the others are the arguments, all of them arrays or all of them tensors where
# they were tensors. What is passed back has the shape of y where arguments were broadcast: `_unbroadcast` comes after.


def _unbroadcast(g: Value, shape: tuple[int, ...]) -> Value:
    """Sum over the axes along which an argument of this shape was repeated."""
    added = len(g.shape) - len(shape)
    axes = tuple(range(added)) + tuple(
        added + axis for axis, size in enumerate(shape) if size == 1 and g.shape[added + axis] != 1
    )
    return g.sum(axis=axes).reshape(shape)


def _repeat(g: Value, x: Value, axis: Any) -> Value:
    """The gradient of a sum along `axis`, for each of the entries of x that were added up."""
    shape = x.shape
    axes = range(len(shape)) if axis is None else np.atleast_1d(axis) % max(len(shape), 1)
    kept = tuple(1 if i in axes else size for i, size in enumerate(shape))
    return apply(np.broadcast_to, g.reshape(kept), shape)


def _positive(x: Value) -> Any:
    """1.0 where x > 0, else 0.0: a constant, whose derivative is 0 wherever it has one."""
    return ((x.data if type(x) is Tensor else x) > 0.0).astype(np.float64)


def _outer(a: Value, b: Value) -> Value:
    return a.reshape(-1, 1) * b


def _matmul_left(g: Value, y: Value, a: Value, b: Value) -> Value:
    if len(b.shape) == 1:
        return g * b if len(a.shape) == 1 else _outer(g, b)
    return g @ b.T


def _matmul_right(g: Value, y: Value, a: Value, b: Value) -> Value:
    if len(a.shape) == 1:
        return g * a if len(b.shape) == 1 else _outer(a, g)
    return a.T @ g


def _power_base(g: Value, y: Value, x: Value, n: Value) -> Value:
    if type(n) is not Tensor and np.ndim(n) == 0:
        return g * (n * x ** (n - 1)) if n != 0 else g * (0.0 * x)  # x**0 is 1, also at 0
    return g * n * x ** (n - 1)


def _to_labels(g: Value, y: Value, x: Value, labels: Array) -> Value:
    chosen = np.zeros(x.shape)
    chosen[np.arange(len(labels)), labels] = 1.0 / len(labels)
    return g * chosen


RULES: dict[Callable[..., Any], tuple[Rule, ...]] = {
    np.positive: (lambda g, y, x: g,),
    np.negative: (lambda g, y, x: -g,),
    np.add: (lambda g, y, a, b: g, lambda g, y, a, b: g),
    np.subtract: (lambda g, y, a, b: g, lambda g, y, a, b: -g),
    np.multiply: (lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    np.true_divide: (lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b),
    np.power: (_power_base, lambda g, y, x, n: g * y * log(x)),
    np.matmul: (_matmul_left, _matmul_right),
    np.exp: (lambda g, y, x: g * y,),
    np.log: (lambda g, y, x: g / x,),
    np.tanh: (lambda g, y, x: g * (1.0 - y * y),),
    _sigmoid: (lambda g, y, x: g * (y * (1.0 - y)),),
    _relu: (lambda g, y, x: g * _positive(x),),
    _softplus: (lambda g, y, x: g * sigmoid(x),),
    _logsumexp: (lambda g, y, x, axis: _repeat(g, x, axis) * exp(x - _repeat(y, x, axis)),),
    _sum: (lambda g, y, x, axis, keepdims: _repeat(g, x, axis),),
    np.reshape: (lambda g, y, x, shape: g.reshape(x.shape),),
    np.transpose: (lambda g, y, x: g.T,),
    np.broadcast_to: (lambda g, y, x, shape: g,),
    operator.getitem: (lambda g, y, x, key: apply(_scatter, g, x.shape, key),),
    _scatter: (lambda g, y, x, shape, key: g[key],),
    _affine: (
        lambda g, y, x, weights, bias: g @ weights.T,
        lambda g, y, x, weights, bias: x.T @ g,
        lambda g, y, x, weights, bias: g.sum(axis=0),
    ),
    _log_softmax: (lambda g, y, x: g - exp(y) * g.sum(axis=-1, keepdims=True),),
    _mean_of_labels: (_to_labels,),
}


# Without any graph: to check one against


def numerical_gradient(f: Callable[[Array], float], x: Any, h: float = 1e-6) -> Array:
    """Central differences (f(x + h e) - f(x - h e)) / 2h for each entry of `x`."""
    x = np.array(x, dtype=np.float64)
    found: Array = np.empty_like(x)
    for index in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[index] += h
        behind[index] -= h
        found[index] = (float(f(ahead)) - float(f(behind))) / (2 * h)
    return found


def check_gradient(f: Callable[[Tensor], Tensor], x: Any) -> float:
    """The largest relative error between `grad(f)` and central differences at `x`."""
    exact = grad(f)(np.asarray(x, dtype=np.float64)).data
    near = numerical_gradient(lambda point: float(f(Tensor(point)).data), x)
    return float(np.max(np.abs(exact - near) / np.maximum(1e-8, np.abs(exact) + np.abs(near)), initial=0.0))
