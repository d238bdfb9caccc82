"""Optimisation: how parameters move, given gradients, from gradient descent to AdamW.

The first two functions follow a point x of shape (d,) on its way down a function and return the whole way. The
optimisers do one step at a time on a list of arrays of any shapes, a network's weights and biases, and write the new
values into those arrays, so that the network sees them. Their conventions are those of torch.optim, to the last digits
of float64.

Arrays are float64.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np


def gradient_descent(grad: Callable[[np.ndarray], np.ndarray], x0: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """The iterates of x_{k+1} = x_k - lr grad(x_k), x_0 first.

    grad: takes x of shape (d,) to the gradient there, shape (d,); x0: shape (d,), left as it is; lr: the step size.
    Returns shape (steps + 1, d): row k is x_k. Cost: `steps` gradients.
    Raises ValueError where x0 is not a vector or steps is negative.
    """
    ### BEGIN SOLUTION
    if np.ndim(x0) != 1 or steps < 0:
        raise ValueError(f"x0 of shape {np.shape(x0)}, {steps} steps")
    iterates = np.empty((steps + 1, len(x0)))
    iterates[0] = x0
    for k in range(steps):
        iterates[k + 1] = iterates[k] - lr * grad(iterates[k])
    return iterates
    ### END SOLUTION


def newton(
    grad: Callable[[np.ndarray], np.ndarray],
    hessian: Callable[[np.ndarray], np.ndarray],
    x0: np.ndarray,
    steps: int,
) -> np.ndarray:
    """The iterates of Newton's method, x_{k+1} = x_k - H(x_k)^{-1} grad(x_k), x_0 first.

    No matrix is inverted: the step s solves the linear system H s = grad, which costs O(d³) but less than the inverse
    and loses fewer digits (Nocedal and Wright, Numerical Optimization, 2006, section 3.3).

    grad: takes x of shape (d,) to the gradient, shape (d,); hessian: takes x to the matrix of second derivatives, shape
    (d, d), which must be invertible; x0: shape (d,), left as it is.
    Returns shape (steps + 1, d): row k is x_k.
    Raises ValueError where x0 is not a vector or steps is negative.
    """
    ### BEGIN SOLUTION
    if np.ndim(x0) != 1 or steps < 0:
        raise ValueError(f"x0 of shape {np.shape(x0)}, {steps} steps")
    iterates = np.empty((steps + 1, len(x0)))
    iterates[0] = x0
    for k in range(steps):
        iterates[k + 1] = iterates[k] - np.linalg.solve(hessian(iterates[k]), grad(iterates[k]))
    return iterates
    ### END SOLUTION


def rosenbrock(x: np.ndarray) -> np.ndarray:
    """(1 - x_0)² + 100 (x_1 - x_0²)², x_0 and x_1 being along the last axis: a bent valley, with its minimum at (1, 1).

    H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960.
    """
    valley: np.ndarray = (1 - x[..., 0]) ** 2 + 100 * (x[..., 1] - x[..., 0] ** 2) ** 2
    return valley


def rosenbrock_gradient(x: np.ndarray) -> np.ndarray:
    """The gradient of `rosenbrock` at x, shape (2,)."""
    off = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * off, 200 * off])


def rosenbrock_hessian(x: np.ndarray) -> np.ndarray:
    """The second derivatives of `rosenbrock` at x, shape (2, 2)."""
    return np.array([[2 - 400 * (x[1] - 3 * x[0] ** 2), -400 * x[0]], [-400 * x[0], 200.0]])


def draw_paths(
    ax: Any,
    f: Callable[[np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    box: Sequence[float] = (-2.0, 2.0, -1.0, 3.0),
) -> None:
    """Draw ways across the level lines of f on the axes `ax` of matplotlib.

    f: takes points (..., 2) to numbers; paths: iterates of shape (k, 2) by the name that the legend gives them;
    box: the smallest and largest x_0, then the smallest and largest x_1, that are shown.
    """
    left, right, bottom, top = box
    x, y = np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200))
    heights = f(np.stack([x, y], axis=-1))
    ax.contour(x, y, np.log(heights - np.min(heights) + 1e-3), levels=25, colors="lightgrey", linestyles="solid")
    for name, path in paths.items():
        ax.plot(path[:, 0], path[:, 1], marker=".", label=name)
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.legend()


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """One epoch: the indices 0, …, n - 1 in an order newly drawn from rng, cut into batches.

    Returns a list of arrays of integers. Each has batch_size entries, but for the last one, which takes what is left
    (at least one); together they hold every index exactly once.
    Raises ValueError where n is negative or batch_size is not positive.
    """
    ### BEGIN SOLUTION
    if n < 0 or batch_size < 1:
        raise ValueError(f"{n} samples in batches of {batch_size}")
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]
    ### END SOLUTION


class Optimizer:
    """What optimisers have in common: the arrays that they move.

    params: a list of float64 arrays of any shapes. They belong to the network as well, so `step` writes into them.
    """

    def __init__(self, params: Sequence[np.ndarray]) -> None:
        self.params = list(params)

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Move every array of params, given the gradients: a list as long as params, of the same shapes."""
        raise NotImplementedError(f"{type(self).__name__}.step")


def follow(optimizer: Optimizer, gradient: Callable[[np.ndarray], np.ndarray], x: np.ndarray, steps: int) -> np.ndarray:
    """Where x has been after 0, 1, …, `steps` steps of an optimiser made for [x]: shape (steps + 1, d), to be drawn."""
    places = [np.array(x)]
    while len(places) <= steps:
        optimizer.step([gradient(x)])
        places.append(np.array(x))
    return np.stack(places)


class SGD(Optimizer):
    """Gradient descent with momentum: each array p has a velocity v of its own shape, which starts at 0.

    With the gradient g, to which weight decay adds weight_decay times p, a step is
        v ← momentum v + g,    p ← p - lr v,
    and with Nesterov's momentum
        v ← momentum v + g,    p ← p - lr (g + momentum v).
    (Sutskever et al., On the importance of initialization and momentum in deep learning, 2013, in the form that
    https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html gives it: lr is outside of v.)

    Raises ValueError where nesterov is asked for without momentum.
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        """Keep the settings, and make the velocities, all 0."""
        super().__init__(params)
        self.lr, self.momentum, self.nesterov, self.weight_decay = lr, momentum, nesterov, weight_decay
        ### BEGIN SOLUTION
        if nesterov and momentum <= 0:
            raise ValueError("Nesterov's momentum needs a momentum above 0")
        self.velocities = [np.zeros_like(p) for p in self.params]
        ### END SOLUTION

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """One step: write the new values into the arrays of params. grads is left as it is. Returns nothing.

        Raises ValueError where grads do not match params.
        """
        ### BEGIN SOLUTION
        _check_shapes(self.params, grads)
        for p, g, v in zip(self.params, grads, self.velocities, strict=True):
            g = g + self.weight_decay * p
            v *= self.momentum
            v += g
            p -= self.lr * (g + self.momentum * v if self.nesterov else v)
        ### END SOLUTION


class Adam(Optimizer):
    """Adam: each entry of each array has a step size of its own, from running means of its gradient and its square.

    With the gradient g, to which weight decay adds weight_decay times p (as in SGD), step number t = 1, 2, … is
        m ← β₁ m + (1 - β₁) g,       m̂ = m / (1 - β₁ᵗ),
        v ← β₂ v + (1 - β₂) g²,      v̂ = v / (1 - β₂ᵗ),
        p ← p - lr m̂ / (√v̂ + eps),
    where m and v start at 0, and g², the root and the fraction are taken entry by entry (Kingma and Ba, Adam: a method
    for stochastic optimization, 2015, algorithm 1, https://arxiv.org/abs/1412.6980).

    betas: β₁ and β₂.
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        """Keep the settings, and make the running means, all 0; no step has been done."""
        super().__init__(params)
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay
        ### BEGIN SOLUTION
        self.t = 0
        self.means = [np.zeros_like(p) for p in self.params]
        self.squares = [np.zeros_like(p) for p in self.params]
        ### END SOLUTION

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """One step: write the new values into the arrays of params. grads is left as it is. Returns nothing.

        Raises ValueError where grads do not match params.
        """
        ### BEGIN SOLUTION
        _check_shapes(self.params, grads)
        _adam_step(self, [g + self.weight_decay * p for p, g in zip(self.params, grads, strict=True)])
        ### END SOLUTION


class AdamW(Adam):
    """Adam with decoupled weight decay: p shrinks by itself, and the decay is in neither gradient nor running means.

    Step t is
        p ← p - lr weight_decay p,
    then the step of Adam without weight decay (Loshchilov and Hutter, Decoupled weight decay regularization, 2019,
    https://arxiv.org/abs/1711.05101, in the form of
    https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html).
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """One step: write the new values into the arrays of params. grads is left as it is. Returns nothing.

        Raises ValueError where grads do not match params.
        """
        ### BEGIN SOLUTION
        _check_shapes(self.params, grads)
        for p in self.params:
            p *= 1 - self.lr * self.weight_decay
        _adam_step(self, grads)
        ### END SOLUTION


def dropout(x: np.ndarray, p: float, rng: np.random.Generator, training: bool = True) -> np.ndarray:
    """Inverted dropout: while training, each entry is set to 0 with probability p, and the others grow by 1 / (1 - p).

    So each entry's mean is what it was, and at test time there is nothing to do. Kept are the entries where
    rng.random(x.shape) >= p: one draw, of x's shape. (Srivastava et al., Dropout: a simple way to prevent neural
    networks from overfitting, 2014, section 10.)

    x: any shape, left as it is; p: at least 0, below 1.
    Returns an array of x's shape; with training=False, one equal to x.
    Raises ValueError where p is not in [0, 1).
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"entries are dropped with probability {p}, which must be at least 0 and below 1")
    if not training:
        return x.copy()
    kept = rng.random(x.shape) >= p
    return x * kept / (1 - p)
    ### END SOLUTION


### BEGIN SOLUTION
def _check_shapes(params: Sequence[np.ndarray], grads: Sequence[np.ndarray]) -> None:
    """Raise ValueError unless there is a gradient for each array, of its shape."""
    if [np.shape(p) for p in params] != [np.shape(g) for g in grads]:
        raise ValueError(f"arrays of shapes {[np.shape(p) for p in params]}, gradients {[np.shape(g) for g in grads]}")


def _adam_step(adam: Adam, grads: Sequence[np.ndarray]) -> None:
    """Algorithm 1 of the paper, with these gradients as they are."""
    adam.t += 1
    beta1, beta2 = adam.betas
    for p, g, m, v in zip(adam.params, grads, adam.means, adam.squares, strict=True):
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        m_hat = m / (1 - beta1**adam.t)
        v_hat = v / (1 - beta2**adam.t)
        p -= adam.lr * m_hat / (np.sqrt(v_hat) + adam.eps)


### END SOLUTION
