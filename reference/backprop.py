"""Backpropagation by modules: a network is a chain of layers, and each layer knows its own derivative.

A layer's `forward` computes its output and remembers what its derivative will need. Its `backward` is given
dL/d(output), the derivative of the loss L with respect to that output, stores the derivatives with respect to the
layer's own parameters, and returns dL/d(input), which is dL/d(output) for the layer before. Its `step` moves the
parameters against their derivatives. That is all that training takes.

Arrays are float64. A batch is a matrix with a row for each sample: n rows below.
"""

from typing import Any

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities: p_k = exp(z_k) / sum_j exp(z_j), along the last axis.

    Adding one constant to all scores z of a row leaves p as it is: use it so that nothing overflows, not even
    at scores of 1000 or -1000.

    logits: array (..., k) or a list (of lists) of numbers, k >= 1; it is left as it is.
    Returns an array of the same shape; what is along the last axis is positive and sums to 1.
    Raises ValueError where there is no score to choose from.
    """
    ### BEGIN SOLUTION
    logits = np.asarray(logits, dtype=float)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"softmax needs at least one score, not shape {logits.shape}")
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    probabilities: np.ndarray = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return probabilities
    ### END SOLUTION


class Module:
    """What layers, networks and losses have in common. Calling a module is calling its `forward`."""

    def __call__(self, *inputs: Any) -> Any:
        return self.forward(*inputs)

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """The module's output; what `backward` needs is remembered in attributes."""
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def backward(self, *inputs: Any, **options: Any) -> Any:
        """The derivative with respect to the input of the last `forward`."""
        raise NotImplementedError(f"{type(self).__name__}.backward")

    def step(self, lr: float) -> None:
        """Move the parameters by one step of gradient descent. A module without parameters has nothing to move."""


class Linear(Module):
    """A linear layer, y = x W^T + b: each row of x gives a row of y.

    W: weights (dim_out, dim_in), b: biases (dim_out,), both learnt;
    grad_W, grad_b: dL/dW and dL/db, shaped like W and b, as the last `backward` found them.
    """

    def __init__(self, dim_in: int, dim_out: int, rng: np.random.Generator) -> None:
        """Draw the weights W at random from rng, and set the biases b to zero.

        Were all weights equal, all outputs would be equal and would stay so: the draw breaks the tie. Normal
        weights of mean 0 and variance 2 / dim_in keep the size of what passes through a ReLU network (He et al.,
        2015, https://arxiv.org/abs/1502.01852); other small weights learn as well here.
        """
        self.grad_W = np.zeros((dim_out, dim_in))
        self.grad_b = np.zeros(dim_out)
        ### BEGIN SOLUTION
        self.W = rng.normal(scale=np.sqrt(2.0 / dim_in), size=(dim_out, dim_in))
        self.b = np.zeros(dim_out)
        ### END SOLUTION

    def forward(self, x: np.ndarray) -> np.ndarray:
        """The outputs y = x W^T + b, shape (n, dim_out), for inputs x of shape (n, dim_in).

        Raises ValueError where x has another number of columns.
        """
        ### BEGIN SOLUTION
        if x.ndim != 2 or x.shape[1] != self.W.shape[1]:
            raise ValueError(f"this layer takes inputs of shape (n, {self.W.shape[1]}), not {x.shape}")
        self.x = x
        outputs: np.ndarray = x @ self.W.T + self.b
        return outputs
        ### END SOLUTION

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Store dL/dW in grad_W and dL/db in grad_b, in the place of what was there; return dL/dx.

        grad: dL/dy at the outputs y of the last forward, shape (n, dim_out). By the chain rule, dL/dW_jk is the
        sum of dL/dy_ij dy_ij/dW_jk over the rows i of the batch; likewise for b and x. The loss has divided by n.
        Returns dL/dx, shape (n, dim_in).
        Raises ValueError where grad is not shaped like the outputs.
        """
        ### BEGIN SOLUTION
        if grad.shape != (len(self.x), len(self.b)):
            raise ValueError(f"the outputs have shape {(len(self.x), len(self.b))}, their gradient {grad.shape}")
        self.grad_W = grad.T @ self.x
        self.grad_b = np.sum(grad, axis=0)
        grad_x: np.ndarray = grad @ self.W
        return grad_x
        ### END SOLUTION

    def step(self, lr: float) -> None:
        """Move W and b by one step of gradient descent, of length lr times their gradients. Returns nothing."""
        ### BEGIN SOLUTION
        self.W = self.W - lr * self.grad_W
        self.b = self.b - lr * self.grad_b
        ### END SOLUTION


class ReLU(Module):
    """The rectifier, max(x, 0) at each entry. It has no parameters: its `step` is Module's, which does nothing."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """The entries of x where they are positive, and 0 elsewhere: a new array, shaped like x."""
        ### BEGIN SOLUTION
        self.x = x
        outputs: np.ndarray = np.maximum(x, 0.0)
        return outputs
        ### END SOLUTION

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """dL/dx, shaped like grad = dL/dy. At x = 0, where there is no derivative, we take 0.

        Raises ValueError where grad is not shaped like x.
        """
        ### BEGIN SOLUTION
        if grad.shape != self.x.shape:
            raise ValueError(f"the outputs have shape {self.x.shape}, their gradient {grad.shape}")
        return grad * (self.x > 0)
        ### END SOLUTION


class SquaredLoss(Module):
    """The squared error of a batch, for regression."""

    def forward(self, outputs: np.ndarray, y: np.ndarray) -> float:
        """The mean over the n rows of |outputs_i - y_i|^2, the squared error summed over the k outputs of a row.

        outputs, y: shape (n, k) both. Raises ValueError where they differ in shape.
        """
        ### BEGIN SOLUTION
        if outputs.shape != y.shape:
            raise ValueError(f"outputs of shape {outputs.shape}, targets of shape {y.shape}")
        self.error = outputs - y
        return float(np.sum(self.error**2) / len(self.error))
        ### END SOLUTION

    def backward(self) -> np.ndarray:
        """dL/d(outputs) at the outputs of the last forward, shape (n, k)."""
        ### BEGIN SOLUTION
        grad: np.ndarray = 2.0 * self.error / len(self.error)
        return grad
        ### END SOLUTION


class CrossEntropyLoss(Module):
    """The cross-entropy of a batch, for classification: the network gives logits, the softmax is in the loss."""

    def forward(self, logits: np.ndarray, y: np.ndarray) -> float:
        """The mean over the n rows of -log p_i[y_i], where p_i = softmax(logits_i).

        Finite at logits of 1000, where p_i[y_i] may be 0 in floating point: simplify the logarithm of the softmax
        before you compute it.

        logits: shape (n, k); y: the right classes, n integers from 0 to k - 1.
        Raises ValueError where there is not one class for each row, or no such class.
        """
        ### BEGIN SOLUTION
        if logits.ndim != 2 or y.shape != (len(logits),):
            raise ValueError(f"logits of shape {logits.shape} need a class for each row, not {y.shape}")
        if len(y) and not 0 <= np.min(y) <= np.max(y) < logits.shape[1]:
            raise ValueError(f"classes must be from 0 to {logits.shape[1] - 1}")
        self.logits, self.y = logits, y
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        right = shifted[np.arange(len(y)), y]
        return float(np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - right))
        ### END SOLUTION

    def backward(self) -> np.ndarray:
        """dL/d(logits) at the logits of the last forward, shape (n, k).

        Work out the derivative of -log softmax(z)[c] with respect to z_k, for k = c and for the others: the result
        is short.
        """
        ### BEGIN SOLUTION
        grad = softmax(self.logits)
        grad[np.arange(len(self.y)), self.y] -= 1.0
        return grad / len(self.y)
        ### END SOLUTION


class Sequential(Module):
    """A chain of modules, each taking what the one before returns. It is a module itself."""

    def __init__(self, layers: list[Module]) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        """The output of the last layer for the input x of the first. With no layers, x."""
        ### BEGIN SOLUTION
        for layer in self.layers:
            x = layer.forward(x)
        return x
        ### END SOLUTION

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Hand dL/d(output) from layer to layer, so that each does its `backward`; return dL/dx."""
        ### BEGIN SOLUTION
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad
        ### END SOLUTION

    def step(self, lr: float) -> None:
        """Let each layer do its `step` with this lr."""
        ### BEGIN SOLUTION
        for layer in self.layers:
            layer.step(lr)
        ### END SOLUTION


def n_params(sizes: list[int]) -> int:
    """How many weights and biases, all together, the linear layers d_0 → d_1 → … → d_L have, sizes = [d_0, …, d_L].

    Raises ValueError where there is no layer: fewer than two sizes.
    """
    ### BEGIN SOLUTION
    if len(sizes) < 2:
        raise ValueError("a network needs two sizes or more")
    return sum(sizes[i] * (sizes[i - 1] + 1) for i in range(1, len(sizes)))
    ### END SOLUTION


def mlp(sizes: list[int], rng: np.random.Generator) -> Sequential:
    """A network of linear layers d_0 → d_1 → … → d_L, sizes = [d_0, …, d_L], with a ReLU between each two of them.

    What comes out are logits, of either sign: there is no ReLU at the end. Weights are drawn from rng, layer by layer.
    Returns a Sequential. Raises ValueError where there are fewer than two sizes.
    """
    ### BEGIN SOLUTION
    if len(sizes) < 2:
        raise ValueError("a network needs two sizes or more")
    layers: list[Module] = []
    for i in range(1, len(sizes)):
        layers += [Linear(sizes[i - 1], sizes[i], rng), ReLU()]
    return Sequential(layers[:-1])
    ### END SOLUTION


def fit(
    X: np.ndarray,
    y: np.ndarray,
    sizes: list[int],
    epochs: int,
    lr: float,
    batch_size: int,
    rng: np.random.Generator,
) -> Sequential:
    """Train mlp(sizes, rng) on the samples X with classes y by minibatch gradient descent on the cross-entropy.

    In each epoch go once through all samples, in an order newly drawn from rng, batch_size of them at a time; the last
    batch may be shorter. For each batch: forward, backward, step.

    X: samples (n, sizes[0]); y: their classes, n integers from 0 to sizes[-1] - 1; lr: the length of a step.
    Returns the trained network. X and y are left as they are.
    Raises ValueError where X, y and sizes do not fit together or batch_size is not positive.
    """
    ### BEGIN SOLUTION
    if len(X) != len(y) or batch_size < 1:
        raise ValueError(f"{len(X)} samples, {len(y)} classes, batches of {batch_size}")
    model = mlp(sizes, rng)
    loss = CrossEntropyLoss()
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            loss.forward(model.forward(X[batch]), y[batch])
            model.backward(loss.backward())
            model.step(lr)
    return model
    ### END SOLUTION


def predict(model: Module, X: np.ndarray) -> np.ndarray:
    """For each row of X (n, d) the class with the largest logit: n integers."""
    ### BEGIN SOLUTION
    classes: np.ndarray = np.argmax(model.forward(X), axis=1)
    return classes
    ### END SOLUTION
