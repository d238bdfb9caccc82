"""What the attacks are aimed at: one function for each way to compare answers."""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis, the shape of `logits`."""
    ### BEGIN SOLUTION
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)
    ### END SOLUTION


def slope(x: np.ndarray) -> np.ndarray:
    """The derivative of tanh at each entry of `x`, to 12 digits: central differences have 10."""
    ### BEGIN SOLUTION
    return 1.0 - np.tanh(x) ** 2
    ### END SOLUTION


def learns(points: np.ndarray, labels: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Labels (0 or 1) for `others`, (n, 2), learned from `points`, (m, 2), and their `labels`."""
    ### BEGIN SOLUTION
    direction = points[labels == 1].mean(axis=0) - points[labels == 0].mean(axis=0)
    middle = (points[labels == 1].mean(axis=0) + points[labels == 0].mean(axis=0)) / 2
    return ((others - middle) @ direction > 0).astype(int)
    ### END SOLUTION


def shuffled(n: int, seed: int) -> np.ndarray:
    """The numbers from 0 to n - 1 in an order drawn with `seed`."""
    ### BEGIN SOLUTION
    return np.random.default_rng(seed).permutation(n)
    ### END SOLUTION
