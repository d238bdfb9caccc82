"""Attention: a query asks all positions at once, and gets a mean of their values, weighted by how well their keys fit.

No state goes from word to word, as in recurrent networks: a path from any position to any other is one step long, and
all positions are computed at once. The formulas are those of Vaswani et al., Attention is all you need, 2017
(https://arxiv.org/abs/1706.03762), sections 3.2.1 and 3.2.2.

Arrays are float64; `…` in a shape stands for batch axes, any number of them, the same in all arguments. No function
changes an array that it is given.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def causal_mask(n: int, m: int | None = None) -> np.ndarray:
    """Who may attend to whom when nobody sees the future: True where query i may attend to key j.

    The n queries are the last n of m positions, to which the m keys belong; without m there are as many keys as
    queries. So each query sees itself and all before it.
    Returns booleans of shape (n, m). Raises ValueError where m < n.
    """
    ### BEGIN SOLUTION
    m = n if m is None else m
    if m < n:
        raise ValueError(f"{n} queries cannot be the last of {m} positions")
    return np.tri(n, m, m - n, dtype=bool)
    ### END SOLUTION


def attention(
    Q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Scaled dot-product attention, softmax(Q K^T / √d) V, the softmax over the keys that each query may attend to.

    Q: queries (…, n, d); K: keys (…, m, d); V: values (…, m, e); mask: booleans that can be broadcast to (…, n, m),
    True where a query may attend to a key. None: all may.
    Returns the output (…, n, e) and the weights (…, n, m). Both are 0 for a query that may attend to nothing. Scores of
    10⁶ and more do not overflow.
    Raises ValueError on shapes that do not fit.
    """
    ### BEGIN SOLUTION
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(np.broadcast_to(mask, scores.shape), scores, -np.inf)
    lowest = np.finfo(float).min  # finite, where all scores are -inf
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True, initial=lowest))
    # The largest of a row is exp(0) = 1: a smaller sum is that of nothing.
    weights /= np.maximum(np.sum(weights, axis=-1, keepdims=True), 1.0)
    return weights @ V, weights
    ### END SOLUTION


def attention_backward(
    grad: np.ndarray, Q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients of a loss L with respect to Q, K and V, where grad = dL/dout (…, n, e) is that of the output.

    With weights A: dV = A^T grad, dA = grad V^T; through the softmax of each row, dS = A (dA - Σ_j A_j dA_j); and S is
    Q K^T / √d. What is masked has weight 0, and its gradient is 0 by itself.
    Returns (dQ, dK, dV), shaped like Q, K and V. Raises ValueError on shapes that do not fit.
    """
    ### BEGIN SOLUTION
    out, A = attention(Q, K, V, mask)
    if np.shape(grad) != out.shape:
        raise ValueError(f"a gradient of shape {np.shape(grad)} for an output of shape {out.shape}")
    dA = grad @ np.swapaxes(V, -1, -2)
    dS = A * (dA - np.sum(A * dA, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return dS @ K, np.swapaxes(dS, -1, -2) @ Q, np.swapaxes(A, -1, -2) @ grad
    ### END SOLUTION


def split_heads(x: np.ndarray, h: int) -> np.ndarray:
    """Cut the columns into h heads, each of which attends on its own: (…, n, d) → (…, h, n, d/h).

    Head i has the i-th d/h columns. Raises ValueError where h does not divide d.
    """
    ### BEGIN SOLUTION
    if x.shape[-1] % h != 0:
        raise ValueError(f"{h} heads of {x.shape[-1]} columns")
    return np.stack(np.split(x, h, axis=-1), axis=-3)
    ### END SOLUTION


def merge_heads(x: np.ndarray) -> np.ndarray:
    """What undoes `split_heads`: (…, h, n, e) → (…, n, h e)."""
    ### BEGIN SOLUTION
    return np.concatenate(np.moveaxis(x, -3, 0), axis=-1)
    ### END SOLUTION


def draw_attention(ax: Any, weights: np.ndarray, tokens: list[str]) -> None:
    """Draw the weights (n, n) on the axes `ax` of matplotlib: row i is where token i looks, the darker the more."""
    ax.pcolormesh(weights, cmap="Greys", vmin=0, vmax=1, edgecolors="lightgrey")
    ax.set_xticks(np.arange(len(tokens)) + 0.5, tokens)
    ax.set_yticks(np.arange(len(tokens)) + 0.5, tokens)
    ax.invert_yaxis()
    ax.set_aspect("equal")
