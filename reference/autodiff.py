"""Automatic differentiation in reverse mode, of any order.

A computation is a graph. Each `Tensor` remembers from which tensors it was made, and by which operation:

    y = tanh(w * x)        x ──┐
                               ├─ np.multiply ── np.tanh ── y
                           w ──┘

The table `RULES` says for each operation how a change of the result goes back to each of its arguments. If g is dL/dy,
the rule of tanh is g * (1 - y * y), which is dL/d(w x). To differentiate is to walk from the result back to what it was
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

# For each operation the rules of its arguments: g is dL/dy, y the result, the others are the arguments. Of these, what
# was a tensor is a tensor where the gradient shall be differentiated again, else its array; so a rule uses operators,
# methods, and functions of this module, but none of numpy's. What it passes back may have y's shape: `_unbroadcast`
# comes after. Here are those with nothing to compute; `rule` enters the others.
RULES: dict[Callable[..., Any], tuple[Rule, ...]] = {
    np.positive: (lambda g, y, x: g,),
    np.negative: (lambda g, y, x: -g,),
    np.add: (lambda g, y, a, b: g, lambda g, y, a, b: g),
    np.exp: (lambda g, y, x: g * y,),
    np.broadcast_to: (lambda g, y, x, shape: g,),
}


def rule(forward: Callable[..., Any], argument: int = 0) -> Callable[[Rule], Rule]:
    """Enter the function below in the table: the rule of an operation, for its argument of this number."""

    def enter(function: Rule) -> Rule:
        known = RULES.get(forward, ())
        if argument > len(known):
            raise ValueError(f"{forward}: enter the rules of its first arguments first")
        RULES[forward] = (*known[:argument], function, *known[argument + 1 :])
        return function

    return enter


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
        return _mean(self, axis, keepdims)

    def reshape(self, *shape: Any) -> Tensor:
        return record(np.reshape, self, shape[0] if len(shape) == 1 else shape)

    def backward(self) -> None:
        """Add the gradient of this scalar to `grad` of every leaf that it was made from. Raises ValueError for an
        array of several numbers: it has no gradient, but a Jacobian."""
        if self.data.size != 1:
            raise ValueError(f"backward starts from a scalar, not from an array of shape {self.shape}")
        ### BEGIN SOLUTION
        for leaf, g in _walk(self, np.ones(self.shape), stop=None, again=False):
            if leaf.grad is not None:
                g = leaf.grad + g
            leaf.grad = np.array(g)  # a copy: another leaf may get the same array, or a view of it
        ### END SOLUTION


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

    `stop` counts as a leaf, and what is older than it is a constant. With `again`, and wherever there is such a
    constant, the gradients are tensors, and can be differentiated. The order is that of creation, newest first:
    whatever a tensor was used for is younger than it.
    """
    ### BEGIN SOLUTION
    oldest = -np.inf if stop is None else stop.index
    nodes, waiting = {result.index: result}, [result]
    while waiting:
        for arg in waiting.pop().args:
            if type(arg) is Tensor and arg.index not in nodes:
                if arg.index < oldest:
                    again = True  # a variable of somebody else's, who may ask how the gradient depends on it
                else:
                    nodes[arg.index] = arg
                    waiting.append(arg)
    gradients: dict[int, Value] = {result.index: g}
    for index in sorted(nodes, reverse=True):
        node, g = nodes[index], gradients.pop(index)
        rules = () if node is stop else node.rules
        if not rules:
            yield node, g
        y, args = (node, node.args) if again else (node.data, node.values)
        for rule, arg in zip(rules, node.args):  # noqa: B905  (further arguments are no tensors: axes, shapes)
            if type(arg) is Tensor and arg.index in nodes:
                part = rule(g, y, *args)
                if part.shape != arg.data.shape:
                    part = _unbroadcast(part, arg.data.shape)
                known = gradients.get(arg.index)
                gradients[arg.index] = part if known is None else known + part
    ### END SOLUTION


### BEGIN SOLUTION
def _derivative(f: Callable[[Tensor], Tensor], scalar: bool) -> Callable[[Any], Tensor]:
    def derivative(x: Any) -> Tensor:
        again = type(x) is Tensor  # an array is nobody's variable
        inner = record(np.positive, x) if again else Tensor(x)
        y = f(inner)
        if type(y) is Tensor:
            if scalar and np.prod(y.shape) != 1:
                raise ValueError(f"grad needs a function with a scalar result; this one has the shape {y.shape}")
            for leaf, g in _walk(y, np.ones(y.shape), inner, again):
                if leaf is inner:
                    return g if type(g) is Tensor else Tensor(g)
        return Tensor(np.zeros(inner.shape))  # it does not depend on x

    return derivative


### END SOLUTION


def grad(f: Callable[[Tensor], Tensor]) -> Callable[[Any], Tensor]:
    """The gradient of `f`, which takes a tensor and returns a scalar one: a function whose result is a tensor with the
    shape of its argument, and can be differentiated.

    It differentiates at an inner copy of the argument: what was made before it is a constant here, be it a variable of
    a derivative around this one."""
    ### BEGIN SOLUTION
    return _derivative(f, scalar=True)
    ### END SOLUTION


def elementwise_grad(f: Callable[[Tensor], Tensor]) -> Callable[[Any], Tensor]:
    """The derivative of an elementwise `f` at each entry; it nests to any order."""
    ### BEGIN SOLUTION
    return _derivative(f, scalar=False)
    ### END SOLUTION


# Functions. All of them take arrays and tensors.


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


def _sigmoid(x: Array) -> Any:
    ### BEGIN SOLUTION
    return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(x))
    ### END SOLUTION


def _relu(x: Array) -> Any:
    ### BEGIN SOLUTION
    return np.maximum(x, 0.0)
    ### END SOLUTION


def _softplus(x: Array) -> Any:
    ### BEGIN SOLUTION
    return np.logaddexp(0.0, x)
    ### END SOLUTION


def _logsumexp(x: Array, axis: int) -> Any:
    ### BEGIN SOLUTION
    most = np.max(x, axis=axis, keepdims=True)
    return np.squeeze(most, axis) + np.log(np.sum(np.exp(x - most), axis=axis))
    ### END SOLUTION


def _sum(x: Array, axis: Any, keepdims: bool) -> Any:
    return np.sum(x, axis=axis, keepdims=keepdims)


# The rules of arithmetic


@rule(np.subtract, 0)
def _subtract_left(g: Value, y: Value, a: Value, b: Value) -> Value:
    ### BEGIN SOLUTION
    return g
    ### END SOLUTION


@rule(np.subtract, 1)
def _subtract_right(g: Value, y: Value, a: Value, b: Value) -> Value:
    ### BEGIN SOLUTION
    return -g
    ### END SOLUTION


@rule(np.multiply, 0)
def _multiply_left(g: Value, y: Value, a: Value, b: Value) -> Value:
    ### BEGIN SOLUTION
    return g * b
    ### END SOLUTION


@rule(np.multiply, 1)
def _multiply_right(g: Value, y: Value, a: Value, b: Value) -> Value:
    ### BEGIN SOLUTION
    return g * a
    ### END SOLUTION


@rule(np.true_divide, 0)
def _divide_left(g: Value, y: Value, a: Value, b: Value) -> Value:
    ### BEGIN SOLUTION
    return g / b
    ### END SOLUTION


@rule(np.true_divide, 1)
def _divide_right(g: Value, y: Value, a: Value, b: Value) -> Value:
    ### BEGIN SOLUTION
    return -g * y / b
    ### END SOLUTION


@rule(np.power, 0)
def _power_base(g: Value, y: Value, x: Value, n: Value) -> Value:
    ### BEGIN SOLUTION
    zero = np.equal(n.data if type(n) is Tensor else n, 0)  # x**0 is 1, also at 0, where x**-1 is no number
    return g * (n * x ** (n - 1 + zero))
    ### END SOLUTION


@rule(np.power, 1)
def _power_exponent(g: Value, y: Value, x: Value, n: Value) -> Value:
    ### BEGIN SOLUTION
    return g * y * log(x)
    ### END SOLUTION


# The rules of functions


@rule(np.log)
def _log_rule(g: Value, y: Value, x: Value) -> Value:
    ### BEGIN SOLUTION
    return g / x
    ### END SOLUTION


@rule(np.tanh)
def _tanh_rule(g: Value, y: Value, x: Value) -> Value:
    ### BEGIN SOLUTION
    return g * (1.0 - y * y)
    ### END SOLUTION


@rule(_sigmoid)
def _sigmoid_rule(g: Value, y: Value, x: Value) -> Value:
    ### BEGIN SOLUTION
    return g * (y * (1.0 - y))
    ### END SOLUTION


@rule(_relu)
def _relu_rule(g: Value, y: Value, x: Value) -> Value:
    """The slope, 1.0 or 0.0, is a constant: its derivative is 0 wherever it has one."""
    ### BEGIN SOLUTION
    return g * ((x.data if type(x) is Tensor else x) > 0.0).astype(np.float64)
    ### END SOLUTION


@rule(_softplus)
def _softplus_rule(g: Value, y: Value, x: Value) -> Value:
    ### BEGIN SOLUTION
    return g * sigmoid(x)
    ### END SOLUTION


# The rules of arrays


def _unbroadcast(g: Value, shape: tuple[int, ...]) -> Value:
    """Sum over the axes along which an argument of this shape was repeated."""
    ### BEGIN SOLUTION
    added = len(g.shape) - len(shape)
    axes = tuple(range(added)) + tuple(added + axis for axis, size in enumerate(shape) if size == 1)
    return g.sum(axis=axes).reshape(shape)
    ### END SOLUTION


def _repeat(g: Value, x: Value, axis: Any) -> Value:
    """The gradient of a sum along `axis`, for each of the entries of x that were added up. `axis` is None, a number or
    several; `g` may have kept its axes or not."""
    ### BEGIN SOLUTION
    shape = x.shape
    axes = range(len(shape)) if axis is None else np.atleast_1d(axis) % max(len(shape), 1)
    kept = tuple(1 if i in axes else size for i, size in enumerate(shape))
    return apply(np.broadcast_to, g.reshape(kept), shape)
    ### END SOLUTION


@rule(_sum)
def _sum_rule(g: Value, y: Value, x: Value, axis: Any, keepdims: bool) -> Value:
    return _repeat(g, x, axis)


def _mean(x: Tensor, axis: int | tuple[int, ...] | None, keepdims: bool) -> Tensor:
    """The mean along `axis`, made of operations that have rules."""
    ### BEGIN SOLUTION
    total = x.sum(axis, keepdims)
    return total * (total.data.size / x.data.size)
    ### END SOLUTION


@rule(_logsumexp)
def _logsumexp_rule(g: Value, y: Value, x: Value, axis: int) -> Value:
    ### BEGIN SOLUTION
    return _repeat(g, x, axis) * exp(x - _repeat(y, x, axis))
    ### END SOLUTION


@rule(np.reshape)
def _reshape_rule(g: Value, y: Value, x: Value, shape: Any) -> Value:
    ### BEGIN SOLUTION
    return g.reshape(x.shape)
    ### END SOLUTION


@rule(np.transpose)
def _transpose_rule(g: Value, y: Value, x: Value) -> Value:
    ### BEGIN SOLUTION
    return g.T
    ### END SOLUTION


def _outer(a: Value, b: Value) -> Value:
    return a.reshape(-1, 1) * b


@rule(np.matmul, 0)
def _matmul_left(g: Value, y: Value, a: Value, b: Value) -> Value:
    """Each of a and b has one axis or two."""
    ### BEGIN SOLUTION
    if len(b.shape) == 1:
        return _outer(g, b)  # where a has one axis too, a row, whose second axis `_unbroadcast` takes away
    return g @ b.T
    ### END SOLUTION


@rule(np.matmul, 1)
def _matmul_right(g: Value, y: Value, a: Value, b: Value) -> Value:
    ### BEGIN SOLUTION
    if len(a.shape) == 1:
        return g * a if len(b.shape) == 1 else _outer(a, g)
    return a.T @ g
    ### END SOLUTION


def _scatter(g: Array, shape: tuple[int, ...], key: Any) -> Any:
    """Zeros of this shape, to whose entries at `key` the entries of `g` are added: repeated ones add up."""
    ### BEGIN SOLUTION
    whole = np.zeros(shape)
    np.add.at(whole, key, g)
    return whole
    ### END SOLUTION


@rule(operator.getitem)
def _getitem_rule(g: Value, y: Value, x: Value, key: Any) -> Value:
    return apply(_scatter, g, x.shape, key)


@rule(_scatter)
def _scatter_rule(g: Value, y: Value, x: Value, shape: tuple[int, ...], key: Any) -> Value:
    return g[key]


# Operations of a training step in one piece: what they would be made of costs more


def affine(x: Value, weights: Value, bias: Value) -> Value:
    """x @ weights + bias in one operation: for x (n, d), weights (d, m) and bias (m,)."""
    return apply(_affine, x, weights, bias)


def log_softmax(x: Value) -> Value:
    """x - logsumexp(x) along the last axis, in one operation."""
    return apply(_log_softmax, x)


def cross_entropy(logits: Value, labels: Array) -> Value:
    """The mean of -log softmax(logits)[label] over the rows of `logits`, (n, classes); `labels` are n integers."""
    return apply(_mean_of_labels, log_softmax(logits), labels) * -1.0


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


def _to_labels(g: Value, y: Value, x: Value, labels: Array) -> Value:
    chosen = np.zeros(x.shape)
    chosen[np.arange(len(labels)), labels] = 1.0 / len(labels)
    return g * chosen


RULES[_affine] = (
    lambda g, y, x, weights, bias: g @ weights.T,
    lambda g, y, x, weights, bias: x.T @ g,
    lambda g, y, x, weights, bias: g.sum(axis=0),
)
RULES[_log_softmax] = (lambda g, y, x: g - exp(y) * g.sum(axis=-1, keepdims=True),)
RULES[_mean_of_labels] = (_to_labels,)


# Without any graph: to check one against


def numerical_gradient(f: Callable[[Array], float], x: Any, h: float = 1e-6) -> Array:
    """Central differences (f(x + h e) - f(x - h e)) / 2h for each entry of `x`."""
    ### BEGIN SOLUTION
    x = np.array(x, dtype=np.float64)
    found: Array = np.empty_like(x)
    for index in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[index] += h
        behind[index] -= h
        found[index] = (float(f(ahead)) - float(f(behind))) / (2 * h)
    return found
    ### END SOLUTION


def check_gradient(f: Callable[[Tensor], Tensor], x: Any) -> float:
    """The largest relative error between `grad(f)` and central differences at `x`."""
    ### BEGIN SOLUTION
    exact = grad(f)(np.asarray(x, dtype=np.float64)).data
    near = numerical_gradient(lambda point: float(f(Tensor(point)).data), x)
    return float(np.max(np.abs(exact - near) / np.maximum(1e-8, np.abs(exact) + np.abs(near)), initial=0.0))
    ### END SOLUTION
